"""Suppliers for who looks at all of them, or at those that changed: some at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_

from purveyor.db import Transaction
from sourcing.suppliers.model import Supplier


@dataclass(frozen=True, slots=True)
class Changed:
    """A supplier, and the transaction that changed it last."""

    id: UUID
    changed_in: int


async def changed_since(
    tx: Transaction, since: tuple[int, UUID], before: int, at_most: int
) -> Sequence[Changed]:
    """Return suppliers that were changed after one, and by transactions before another, in their order."""
    found = await tx.session.execute(
        select(Supplier.id, Supplier.changed_in)
        .where(tuple_(Supplier.changed_in, Supplier.id) > since, Supplier.changed_in < before)
        .order_by(Supplier.changed_in, Supplier.id)
        .limit(at_most)
    )
    return [Changed(*row) for row in found]


async def following(tx: Transaction, after: UUID, at_most: int) -> Sequence[Supplier]:
    """Return the suppliers that follow on one by their ids."""
    found = await tx.session.scalars(
        select(Supplier).where(Supplier.id > after).order_by(Supplier.id).limit(at_most)
    )
    return found.all()


async def some(tx: Transaction, ids: Sequence[UUID]) -> Sequence[Supplier]:
    """Return suppliers by their ids, by the order of these; those that are not there are left out."""
    found = await tx.session.scalars(select(Supplier).where(Supplier.id.in_(ids)).order_by(Supplier.id))
    return found.all()


async def count(tx: Transaction) -> int:
    """Return how many suppliers there are."""
    return (await tx.session.scalars(select(func.count()).select_from(Supplier))).one()
