"""What a supplier would be judged by, and as, now."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Policy, Version
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Question
from supplier_performance.scorecards.model import Scorecard
from supplier_performance.scorecards.rules import ScoringRules, Yardstick

SCORING = Policy("scoring", ScoringRules, "How measures become a score and a grade")


async def judged_now(tx: Transaction, supplier_id: UUID) -> Scorecard:
    """Return the scorecard that a supplier would get now, for one whose first judgement is still to come."""
    today = await yardstick(tx, tx.day)
    measured = await deliveries.measures_of(tx, Question(today.window), supplier_id)
    scorecard = Scorecard(id=supplier_id, version=0, sequence=0)
    scorecard.judge(measured, today, tx.now)
    return scorecard


async def yardstick(tx: Transaction, on: date) -> Yardstick:
    """Return what suppliers are judged by on a day."""
    scoring = await scoring_in_force(tx, on)
    return Yardstick(
        window=await deliveries.rolling_window(tx, on),
        rules=scoring.value,
        versions=await deliveries.versions_in_force(tx, on) | {SCORING.name: scoring.number},
    )


async def scoring_in_force(tx: Transaction, on: date) -> Version[ScoringRules]:
    """Return what turns measures into a score on a day."""
    return (await policies.history(tx, SCORING)).in_force(on)
