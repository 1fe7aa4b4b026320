"""What suppliers may be ordered from for, in SQL, for who looks at all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from purveyor.db import Transaction
from sourcing.suppliers.model import CategoryApproval, Supplier, SupplierBlock
from sourcing.suppliers.rules.qualification import ORDERED_FROM


async def approvals_of_all(tx: Transaction, day: date) -> Sequence[tuple[UUID, str]]:
    """Return every approval in force on a day of suppliers that are ordered from: of whom, for what."""
    in_force = or_(CategoryApproval.expires_on.is_(None), CategoryApproval.expires_on >= day)
    found = await tx.session.execute(
        select(CategoryApproval.supplier_id, CategoryApproval.category)
        .join(Supplier, Supplier.id == CategoryApproval.supplier_id)
        .where(Supplier.status.in_(ORDERED_FROM), in_force)
    )
    return [(row[0], row[1]) for row in found]


async def stopped_by_grade(tx: Transaction, consequences: Collection[str]) -> set[UUID]:
    """Return suppliers of whose grade one of some consequences follows."""
    found = await tx.session.scalars(select(Supplier.id).where(Supplier.consequence.in_(consequences)))
    return set(found)


async def blocks_of_all(tx: Transaction) -> Sequence[tuple[UUID, Sequence[str] | None]]:
    """Return every block: of whom, for which categories; None: for all."""
    found = await tx.session.execute(select(SupplierBlock.supplier_id, SupplierBlock.categories))
    return [(row[0], row[1]) for row in found]
