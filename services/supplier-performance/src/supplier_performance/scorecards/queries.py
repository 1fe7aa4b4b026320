"""What a supplier would be judged by, and as, now."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from supplier_performance.deliveries.queries import measures_of, rolling_window
from supplier_performance.deliveries.rules import Question
from supplier_performance.scorecards.model import Scorecard
from supplier_performance.scorecards.rules import Grading, ScoringRules, Weights, score
from supplier_performance.settings import SupplierPerformanceSettings, settings_of


async def judged_now(tx: Transaction, supplier_id: UUID) -> Scorecard:
    """Return the scorecard that a supplier would get now, for one whose first judgement is still to come."""
    window, scoring = rolling_window(tx), scoring_rules(tx)
    measured = await measures_of(tx, Question(window), supplier_id)
    scorecard = Scorecard(id=supplier_id, version=0, sequence=0)
    scorecard.judge(measured, score(measured, scoring), scoring, window, tx.now)
    return scorecard


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
