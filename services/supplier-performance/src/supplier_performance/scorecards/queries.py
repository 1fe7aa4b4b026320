"""Reads of scorecards: as a supplier was last judged, as it was before, as it would be now."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.http.pages import PageRequest, Sort
from supplier_performance.deliveries.queries import Question, measures_of, rolling_window
from supplier_performance.scorecards.model import RULES, Scorecard, ScoreHistory
from supplier_performance.scorecards.rules import Grading, ScoringRules, Weights, score
from supplier_performance.settings import SupplierPerformanceSettings, settings_of

NEWEST_FIRST = Sort("-sequence", ScoreHistory.sequence, descending=True)


async def scorecard_of(tx: Transaction, supplier_id: UUID) -> Scorecard | None:
    """Return a supplier's scorecard; None before it was first judged."""
    return await tx.session.get(Scorecard, supplier_id)


async def history_of(tx: Transaction, supplier_id: UUID, page: PageRequest) -> Sequence[ScoreHistory]:
    """Return a supplier's scores, the newest first, and one more than the page holds when there are more."""
    statement = select(ScoreHistory).where(ScoreHistory.supplier_id == supplier_id)
    return (await tx.session.scalars(NEWEST_FIRST.select(statement, page))).all()


async def judged_now(tx: Transaction, supplier_id: UUID) -> Scorecard:
    """Return the scorecard that a supplier would get now, for one whose first judgement is still to come."""
    window, scoring = rolling_window(tx), scoring_rules(tx)
    measured = await measures_of(tx, Question(window), supplier_id)
    scorecard = Scorecard(id=supplier_id, version=0, sequence=0)
    scorecard.judge(measured, score(measured, scoring), scoring, window, tx.now)
    return scorecard


async def judged_by_other_rules(tx: Transaction, rules: ScoringRules) -> Sequence[UUID]:
    """Return the suppliers who were judged by rules that are no longer the organisation's."""
    statement = select(Scorecard.id).where(Scorecard.rules != RULES.dump_python(rules, mode="json"))
    return (await tx.session.scalars(statement)).all()


def scoring_rules(tx: Transaction) -> ScoringRules:
    """Return what turns measures into a score, as the organisation has set it."""
    return rules_of(settings_of(tx))


def rules_of(settings: SupplierPerformanceSettings) -> ScoringRules:
    """Return the scoring rules that settings state."""
    return ScoringRules(
        weights=Weights(
            on_time=settings.weight_on_time,
            in_full=settings.weight_in_full,
            quality=settings.weight_quality,
            punctuality=settings.weight_punctuality,
        ),
        grading=Grading(a=settings.grade_a, b=settings.grade_b, c=settings.grade_c, d=settings.grade_d),
        minimum_lines=settings.score_minimum_lines,
        worst_ppm=settings.quality_worst_ppm,
        worst_days=settings.punctuality_worst_days,
        grace_days=settings.on_time_grace_days,
        window_days=settings.score_window_days,
    )
