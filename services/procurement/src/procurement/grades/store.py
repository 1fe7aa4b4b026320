"""Grades in SQL."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select

from procurement.grades.model import SupplierGrade
from purveyor.db import Transaction
from purveyor.sql import Statement, only

KEEP: Statement[UUID] = Statement(
    only,
    """
    INSERT INTO supplier_grade (supplier_id, grade) VALUES (:supplier_id, :grade)
    ON CONFLICT (supplier_id) DO UPDATE SET grade = excluded.grade
    RETURNING supplier_id
    """,
)


async def keep(tx: Transaction, supplier_id: UUID, grade: str | None) -> None:
    """Note a supplier's grade in the place of the one from before."""
    await KEEP.one(tx.connection, supplier_id=supplier_id, grade=grade)


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Take back what was told of a supplier."""
    await tx.session.execute(delete(SupplierGrade).where(SupplierGrade.supplier_id == supplier_id))


async def kept_of(tx: Transaction, supplier_id: UUID) -> str | None:
    """Return the grade that was told last of a supplier, under its own id."""
    return await tx.session.scalar(
        select(SupplierGrade.grade).where(SupplierGrade.supplier_id == supplier_id)
    )
