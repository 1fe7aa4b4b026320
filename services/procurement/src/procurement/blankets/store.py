"""Blanket orders as rows: found, and locked to be changed or called off."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from procurement.blankets.model import BlanketOrder
from purveyor.db import Transaction


def visible_to(supplier_id: UUID | None) -> Select[BlanketOrder]:
    """Select blanket orders; of a supplier (None: of all), its own once they were approved."""
    every = select(BlanketOrder)
    if supplier_id is None:
        return every
    return every.where(BlanketOrder.supplier_id == supplier_id, BlanketOrder.approved_at.is_not(None))


async def lock(tx: Transaction, blanket_order_id: UUID) -> BlanketOrder | None:
    """Lock a blanket order, so that nobody else calls off of it meanwhile."""
    wanted = visible_to(None).where(BlanketOrder.id == blanket_order_id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    return (await tx.session.scalars(wanted)).one_or_none()
