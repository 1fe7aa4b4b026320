"""Reads of responses, and the policy that says by when they are due."""

from __future__ import annotations

from uuid import UUID

from procurement.orders.queries import order_for
from procurement.responses import store
from procurement.responses.model import Response
from procurement.responses.rules import AcknowledgementDue
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.policies import Policy

ACKNOWLEDGEMENT_DUE = Policy(
    "acknowledgement-due",
    AcknowledgementDue,
    "By when suppliers answer a version; the day on which it was issued decides",
    frozenset({"supplier_id", "site", "business_unit"}),
)


async def responses_for(tx: Transaction, order_id: UUID, version: int, by: Principal) -> list[Response]:
    """Return what was answered to a version, the last answer last; raises NotFoundError."""
    order = await order_for(tx, order_id, by)
    if not 0 < version <= order.current_version:
        raise NotFoundError("purchase order version", version)
    return await store.of_version(tx, order_id, version)
