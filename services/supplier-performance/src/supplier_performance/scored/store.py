"""Scores that were published in SQL, and what a neighbour may read of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from supplier_performance.scored.model import ScoreHistory

Grade = Literal["A", "B", "C", "D", "E"]

SCORES_HAD = "(SELECT supplier_id, sequence, as_of, grade, score, judged_at FROM score_history)"
"""Every score that was published, by the number of its event in the supplier's stream."""

HISTORY = Listing(
    name="score history",
    filters=(
        equal("grade", Grade, ScoreHistory.grade, "What it made", example="D"),
        *between("as_of", Day, ScoreHistory.as_of, "As of this day"),
    ),
    sorts=both_ways("sequence", ScoreHistory.sequence)[::-1],
)


async def history_of(tx: Transaction, supplier_id: UUID, asked: Asked) -> Found[ScoreHistory]:
    """Return a page of a supplier's scores."""
    return await find(tx, select(ScoreHistory).where(ScoreHistory.supplier_id == supplier_id), asked)


async def known_at(tx: Transaction, supplier_id: UUID, moment: datetime) -> ScoreHistory | None:
    """Return the last score that was published before a moment; None where there was none."""
    statement = select(ScoreHistory).where(ScoreHistory.supplier_id == supplier_id)
    statement = statement.where(ScoreHistory.judged_at < moment).order_by(ScoreHistory.sequence.desc())
    return (await tx.session.scalars(statement.limit(1))).first()
