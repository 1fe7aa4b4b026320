"""Blanket orders as rows: found, and locked to be changed or called off."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from procurement.blankets.model import BlanketOrder
from purveyor.db import Transaction


def every() -> Select[BlanketOrder]:
    """Select blanket orders."""
    return select(BlanketOrder)


async def lock(tx: Transaction, blanket_order_id: UUID) -> BlanketOrder | None:
    """Lock a blanket order, so that nobody else calls off of it meanwhile."""
    wanted = every().where(BlanketOrder.id == blanket_order_id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    return (await tx.session.scalars(wanted)).one_or_none()
