"""Requisitions as rows: found, and locked to be changed or ordered."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from procurement.requisitions.model import Requisition
from purveyor.db import Transaction


async def lock(tx: Transaction, requisition_id: UUID) -> Requisition | None:
    """Lock a requisition, so that nobody else decides or orders of it meanwhile."""
    return (await lock_all(tx, [requisition_id])).get(requisition_id)


async def lock_all(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Requisition]:
    """Lock requisitions in the order of their ids: two who need the same ones never wait in a circle."""
    wanted = select(Requisition).where(Requisition.id.in_(ids)).order_by(Requisition.id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    return {found.id: found for found in await tx.session.scalars(wanted)}
