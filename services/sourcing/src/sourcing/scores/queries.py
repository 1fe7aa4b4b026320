"""Finds a supplier's scores."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.http.pages import PageRequest, Sort
from sourcing.scores.model import SupplierScore

LATEST_SCORE_FIRST = Sort("-sequence", SupplierScore.sequence, descending=True)


async def latest_score(tx: Transaction, supplier_id: UUID) -> SupplierScore:
    """Return the last score of a supplier that has one."""
    found = await tx.session.scalars(
        select(SupplierScore)
        .where(SupplierScore.supplier_id == supplier_id)
        .order_by(SupplierScore.sequence.desc())
        .limit(1)
    )
    return found.one()


async def scores_of(tx: Transaction, supplier_id: UUID, page: PageRequest) -> Sequence[SupplierScore]:
    """Return a page of a supplier's scores, the latest first, and the row after it."""
    statement = select(SupplierScore).where(SupplierScore.supplier_id == supplier_id)
    return (await tx.session.scalars(LATEST_SCORE_FIRST.select(statement, page))).all()
