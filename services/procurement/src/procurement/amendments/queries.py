"""Reads of amendments, each with whether its order can still be amended."""

from __future__ import annotations

from uuid import UUID

from procurement.amendments import store
from procurement.amendments.model import Amendment
from procurement.amendments.rules import AmendmentStatus
from procurement.orders.queries import order_for
from procurement.orders.rules.states import TRANSITIONS, Action
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find

AMENDMENTS = Listing(
    name="amendments",
    id=Amendment.id,
    filters=(equal("status", AmendmentStatus, Amendment.status, "Where it stands", example="draft"),),
    sorts=tuple(reversed(both_ways("id", Amendment.id))),
    changed=Amendment.changed_in,
)


async def amendments_of(
    tx: Transaction, order_id: UUID, asked: Asked, by: Principal
) -> tuple[Found[Amendment], bool]:
    """Return a page of an order's amendments, and whether it can still be amended.

    Raises NotFoundError when there is no such order.
    """
    amendable = await _is_amendable(tx, order_id, by)
    return await find(tx, store.of_order(order_id), asked), amendable


async def amendment_of(
    tx: Transaction, order_id: UUID, amendment_id: UUID, by: Principal
) -> tuple[Amendment, bool]:
    """Return an amendment of an order, and whether that can still be amended; raises NotFoundError."""
    amendable = await _is_amendable(tx, order_id, by)
    wanted = store.of_order(order_id).where(Amendment.id == amendment_id)
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("amendment", amendment_id)
    return found, amendable


async def _is_amendable(tx: Transaction, order_id: UUID, by: Principal) -> bool:
    return (await order_for(tx, order_id, by)).status in TRANSITIONS[Action.AMEND]
