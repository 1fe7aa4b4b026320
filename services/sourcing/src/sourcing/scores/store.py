"""Scores in SQL: one more, the last, those of a supplier page by page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from sourcing.scores.model import SupplierScore
from sourcing.suppliers.store.finding import Grade

SCORES = Listing(
    name="scores",
    filters=(
        equal("grade", Grade, SupplierScore.grade, "What it makes", example="D"),
        *between("as_of", Day, SupplierScore.as_of, "As of this day"),
    ),
    sorts=both_ways("sequence", SupplierScore.sequence)[::-1],
)


def add_score(tx: Transaction, score: SupplierScore) -> None:
    """Keep a score."""
    tx.session.add(score)


async def forget_scores(tx: Transaction, supplier_id: UUID) -> None:
    """Take a supplier's scores away."""
    await tx.session.execute(delete(SupplierScore).where(SupplierScore.supplier_id == supplier_id))


async def latest_score(tx: Transaction, supplier_id: UUID) -> SupplierScore | None:
    """Return the last score of a supplier, if it has one."""
    found = await tx.session.scalars(
        select(SupplierScore)
        .where(SupplierScore.supplier_id == supplier_id)
        .order_by(SupplierScore.sequence.desc())
        .limit(1)
    )
    return found.one_or_none()


async def latest_scores(tx: Transaction, supplier_ids: Collection[UUID]) -> dict[UUID, SupplierScore]:
    """Return the last score of each supplier that has one."""
    found = await tx.session.scalars(
        select(SupplierScore)
        .ext(distinct_on(SupplierScore.supplier_id))
        .where(SupplierScore.supplier_id.in_(supplier_ids))
        .order_by(SupplierScore.supplier_id, SupplierScore.sequence.desc())
    )
    return {score.supplier_id: score for score in found}


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


async def find_scores(tx: Transaction, supplier_id: UUID, asked: Asked) -> Found[SupplierScore]:
    """Return a page of a supplier's scores."""
    return await find(tx, select(SupplierScore).where(SupplierScore.supplier_id == supplier_id), asked)
