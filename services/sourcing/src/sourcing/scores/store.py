"""Scores in SQL: one more, the last, those of a supplier page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, exists, func, select

from purveyor.db import Transaction
from purveyor.pages import PageRequest, Sort
from sourcing.scores.model import SupplierScore

LATEST_FIRST = Sort("-sequence", SupplierScore.sequence, descending=True)


def add_score(tx: Transaction, score: SupplierScore) -> None:
    """Keep a score."""
    tx.session.add(score)


async def forget_scores(tx: Transaction, supplier_id: UUID) -> None:
    """Take a supplier's scores away."""
    await tx.session.execute(delete(SupplierScore).where(SupplierScore.supplier_id == supplier_id))


async def latest_score(tx: Transaction, supplier_id: UUID) -> SupplierScore:
    """Return the last score of a supplier that has one."""
    found = await tx.session.scalars(
        select(SupplierScore)
        .where(SupplierScore.supplier_id == supplier_id)
        .order_by(SupplierScore.sequence.desc())
        .limit(1)
    )
    return found.one()


async def scored_until(tx: Transaction) -> date | None:
    """Return the last day that a supplier has a score of; None when nobody has one."""
    return await tx.session.scalar(select(func.max(SupplierScore.as_of)))


async def reached_since(tx: Transaction, supplier_id: UUID, since: int, threshold: Decimal) -> bool:
    """Return whether a score of a supplier, from that number on, was at a threshold or above it."""
    found: bool | None = await tx.session.scalar(
        select(
            exists().where(
                SupplierScore.supplier_id == supplier_id,
                SupplierScore.sequence >= since,
                SupplierScore.score >= threshold,
            )
        )
    )
    return bool(found)


async def find_scores(tx: Transaction, supplier_id: UUID, page: PageRequest) -> Sequence[SupplierScore]:
    """Return a page of a supplier's scores, the latest first, and the row after it."""
    statement = select(SupplierScore).where(SupplierScore.supplier_id == supplier_id)
    return (await tx.session.scalars(LATEST_FIRST.select(statement, page))).all()
