"""Reads every supplier's standing: as last judged, or measured anew over any window."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from supplier_performance.league.rules import Standing
from supplier_performance.scorecards import queries, rules
from supplier_performance.scorecards.model import MEASURES, Scorecard
from supplier_performance.settings import settings_of
from supplier_performance.suppliers.queries import names


async def standings(tx: Transaction, question: queries.Question, only: UUID | None = None) -> list[Standing]:
    """Measure every supplier (or only one) that has lines in a window, and score it."""
    measured = await queries.measures(tx, question, None if only is None else [only])
    known = await names(tx, list(measured))
    scoring = settings_of(tx).scoring_rules()
    found = []
    for supplier_id, measures in measured.items():
        score = rules.score(measures, scoring)
        found.append(Standing(known[supplier_id], score.value, score.grade, measures))
    return found


async def current_standings(tx: Transaction, only: UUID | None = None) -> list[Standing]:
    """Return every supplier (or only one) that has lines in the rolling window, as last judged."""
    statement = select(Scorecard)
    if only is not None:
        statement = statement.where(Scorecard.id == only)
    scorecards = (await tx.session.scalars(statement)).all()
    known = await names(tx, [scorecard.id for scorecard in scorecards])
    found = [
        Standing(known[card.id], card.score, card.grade, MEASURES.validate_python(card.measures))
        for card in scorecards
    ]
    return [standing for standing in found if standing.measures.lines]
