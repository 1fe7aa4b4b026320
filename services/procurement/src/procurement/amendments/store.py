"""Amendments as rows: looked for, and locked to be changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from procurement.amendments.model import Amendment
from purveyor.db import Transaction


def of_order(order_id: UUID) -> Select[Amendment]:
    """Select an order's amendments."""
    return select(Amendment).where(Amendment.order_id == order_id)


async def lock(tx: Transaction, order_id: UUID, amendment_id: UUID) -> Amendment | None:
    """Lock an order's amendment, to change it."""
    wanted = of_order(order_id).where(Amendment.id == amendment_id).with_for_update()
    return (await tx.session.scalars(wanted)).one_or_none()


async def open_one(tx: Transaction, order_id: UUID) -> UUID | None:
    """Return the amendment of an order that is neither issued nor withdrawn, if there is one."""
    open_ones = of_order(order_id).where(Amendment.issued_at.is_(None), Amendment.withdrawn_at.is_(None))
    return await tx.session.scalar(open_ones.with_only_columns(Amendment.id))


async def order_of(tx: Transaction, amendment_id: UUID) -> UUID | None:
    """Return the order that an amendment is of."""
    return await tx.session.scalar(select(Amendment.order_id).where(Amendment.id == amendment_id))


async def found(tx: Transaction, amendment_id: UUID) -> Amendment | None:
    """Return an amendment as it is read, without a lock."""
    return await tx.session.get(Amendment, amendment_id)
