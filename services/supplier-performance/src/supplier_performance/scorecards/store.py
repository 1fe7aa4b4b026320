"""Scorecards in SQL, and what a neighbour may rank them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_messaging.outbox import last_numbers
from supplier_performance.scorecards.model import Scorecard, ScoreHistory

Grade = Literal["A", "B", "C", "D", "E"]
JUDGED = """(
  SELECT id, score, grade, measures, lines, lines_late, on_time_percent, in_full_percent,
         on_time_in_full_percent, rejected_ppm, average_days_late
  FROM scorecard
)"""
"""Suppliers as they were last judged, with the figures that they are ranked by."""

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


async def scorecard_of(tx: Transaction, supplier_id: UUID) -> Scorecard | None:
    """Return a supplier's scorecard; None before it was first judged."""
    return await tx.session.get(Scorecard, supplier_id)


async def history_of(tx: Transaction, supplier_id: UUID, asked: Asked) -> Found[ScoreHistory]:
    """Return a page of a supplier's scores."""
    return await find(tx, select(ScoreHistory).where(ScoreHistory.supplier_id == supplier_id), asked)


async def lock_if_any(tx: Transaction, supplier_id: UUID) -> Scorecard | None:
    """Lock a supplier's scorecard, if it was ever judged."""
    return await tx.session.get(Scorecard, supplier_id, with_for_update=True)


async def locked(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, Scorecard]:
    """Lock the scorecards of these suppliers, new ones for those who were never judged."""
    statement = select(Scorecard).where(Scorecard.id.in_(suppliers)).order_by(Scorecard.id).with_for_update()
    found = {scorecard.id: scorecard for scorecard in await tx.session.scalars(statement)}
    new = [supplier_id for supplier_id in suppliers if supplier_id not in found]
    told = await last_numbers(tx, SupplierScoreUpdated.topic, [str(one) for one in new]) if new else {}
    for supplier_id in new:
        found[supplier_id] = Scorecard(id=supplier_id, version=1, sequence=told.get(str(supplier_id), 0))
        tx.session.add(found[supplier_id])
    return found


async def judged_by_other_versions(tx: Transaction, versions: Mapping[str, int]) -> Sequence[UUID]:
    """Return the suppliers who were judged by other versions of the policies."""
    statement = select(Scorecard.id).where(Scorecard.policy_versions.is_distinct_from(dict(versions)))
    return (await tx.session.scalars(statement)).all()


async def judged_until(tx: Transaction) -> date | None:
    """Return the last day for which a supplier was judged; None when nobody was."""
    return await tx.session.scalar(select(func.max(Scorecard.as_of)))
