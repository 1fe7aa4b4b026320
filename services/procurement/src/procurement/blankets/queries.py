"""Reads of blanket orders."""

from __future__ import annotations

from uuid import UUID

from procurement.blankets import store
from procurement.blankets.model import BlanketOrder
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort

NEWEST_FIRST = Sort("newest", BlanketOrder.id, descending=True)


async def find_blanket_orders(
    tx: Transaction, supplier_id: UUID | None, status: str | None, page: PageRequest
) -> list[BlanketOrder]:
    """Return blanket orders, newest first."""
    wanted = store.every()
    if supplier_id is not None:
        wanted = wanted.where(BlanketOrder.supplier_id == supplier_id)
    if status is not None:
        wanted = wanted.where(BlanketOrder.status == status)
    return list(await tx.session.scalars(NEWEST_FIRST.select(wanted, page)))


async def blanket_order(tx: Transaction, blanket_order_id: UUID) -> BlanketOrder:
    """Return a blanket order; raises NotFoundError."""
    found = (await tx.session.scalars(store.every().where(BlanketOrder.id == blanket_order_id))).one_or_none()
    if found is None:
        raise NotFoundError("blanket order", blanket_order_id)
    return found
