"""Reads of amendments."""

from __future__ import annotations

from uuid import UUID

from procurement.amendments import store
from procurement.amendments.model import Amendment
from procurement.orders.queries import order_for
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort

NEWEST_FIRST = Sort("newest", Amendment.id, descending=True)


async def amendments_of(tx: Transaction, order_id: UUID, page: PageRequest, by: Principal) -> list[Amendment]:
    """Return an order's amendments, newest first; raises NotFoundError when there is no such order."""
    await order_for(tx, order_id, by)
    return list(await tx.session.scalars(NEWEST_FIRST.select(store.of_order(order_id), page)))


async def amendment_of(tx: Transaction, order_id: UUID, amendment_id: UUID) -> Amendment:
    """Return an amendment of an order; raises NotFoundError when there is none."""
    wanted = store.of_order(order_id).where(Amendment.id == amendment_id)
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("amendment", amendment_id)
    return found
