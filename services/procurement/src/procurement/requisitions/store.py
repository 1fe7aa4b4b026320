"""Requisitions as rows: found, and locked to be changed or ordered."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from procurement.requisitions.model import Requisition, RequisitionLine, RequisitionOrderLine
from purveyor.db import Transaction


async def lock(tx: Transaction, requisition_id: UUID) -> Requisition | None:
    """Lock a requisition, so that nobody else decides or orders of it meanwhile."""
    return (await lock_all(tx, [requisition_id])).get(requisition_id)


async def lock_all(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Requisition]:
    """Lock requisitions in the order of their ids: two who need the same ones never wait in a circle."""
    wanted = select(Requisition).where(Requisition.id.in_(ids)).order_by(Requisition.id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    return {found.id: found for found in await tx.session.scalars(wanted)}


async def ordered_with(tx: Transaction, order_id: UUID) -> dict[UUID, Requisition]:
    """Lock the requisitions that an order orders of."""
    wanted = select(RequisitionOrderLine.requisition_id).where(RequisitionOrderLine.order_id == order_id)
    return await lock_all(tx, set(await tx.session.scalars(wanted)))


async def suggested(tx: Transaction, ids: Collection[UUID]) -> dict[tuple[UUID, int], UUID | None]:
    """Return of whom the lines of requisitions are to be ordered, as far as that was said."""
    wanted = select(RequisitionLine.requisition_id, RequisitionLine.line_number, RequisitionLine.supplier_id)
    found = await tx.session.execute(wanted.where(RequisitionLine.requisition_id.in_(ids)))
    return {(requisition_id, number): supplier_id for requisition_id, number, supplier_id in found}
