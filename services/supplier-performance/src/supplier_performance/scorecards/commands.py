"""Judge suppliers again: whenever an event concerns them, and every day for what time alone has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor_messaging.outbox import record
from supplier_performance.scorecards import queries, rules
from supplier_performance.scorecards.model import RULES, Scorecard, ScoreHistory
from supplier_performance.settings import settings_of

SUPPLIERS_A_BATCH = 100

TAKE_DUE = """
DELETE FROM score_due
WHERE due_at <= $1 AND supplier_id IN (
  SELECT supplier_id FROM score_due AS due
  WHERE due_at <= $1 AND NOT EXISTS (
    SELECT FROM score_due AS later
    WHERE later.supplier_id = due.supplier_id AND later.settling AND later.due_at > $1
  )
  GROUP BY supplier_id ORDER BY min(due_at) LIMIT $2
)
RETURNING supplier_id
"""

NOTE_OVERDUE = """
WITH day AS (
  -- Tomorrow begins today at sites east of Greenwich; what begins after the next run is left to it.
  SELECT day::date FROM generate_series($1::date, $1::date + 1, interval '1 day') AS day
), passing AS (
  -- Open lines whose last day is over are late by one day more.
  SELECT supplier_id, day::timestamp AT TIME ZONE time_zone AS due_at
  FROM order_line, day
  WHERE completed_on IS NULL AND cancelled_on IS NULL
    AND promised_on BETWEEN $1 - $2::integer AND day - 1 - $3::integer
  UNION
  -- Lines that enter the rolling window and those that leave it.
  SELECT supplier_id, $1::timestamp AT TIME ZONE 'UTC'
  FROM order_line WHERE promised_on IN ($1, $1 - $2)
  UNION
  -- Suppliers who were judged by rules that are no longer the organisation's.
  SELECT id, $1::timestamp AT TIME ZONE 'UTC' FROM scorecard WHERE rules <> $4::jsonb
)
INSERT INTO score_due (supplier_id, due_at)
SELECT supplier_id, due_at FROM passing WHERE due_at < ($1 + 1)::timestamp AT TIME ZONE 'UTC'
"""


async def judge_overdue_lines(tx: Transaction, business_date: date) -> None:
    """Note the suppliers whose score a business date moves by itself, each for its beginning at the site."""
    settings = settings_of(tx)
    await tx.connection.execute(
        NOTE_OVERDUE,
        business_date,
        settings.score_window_days,
        settings.on_time_grace_days,
        RULES.dump_json(settings.scoring_rules()).decode(),
    )


async def rescore_due_suppliers(tx: Transaction) -> bool:
    """Judge a batch of the suppliers noted as due; returns whether there may be more."""
    rows = await tx.connection.fetch(TAKE_DUE, tx.now, SUPPLIERS_A_BATCH)
    suppliers = sorted({row["supplier_id"] for row in rows})
    if suppliers:
        await rescore(tx, suppliers)
    return len(suppliers) == SUPPLIERS_A_BATCH


async def rescore(tx: Transaction, suppliers: Sequence[UUID]) -> None:
    """Judge suppliers on their rolling window, and say so where a score or a grade has moved."""
    scoring = settings_of(tx).scoring_rules()
    scorecards = await _locked(tx, suppliers)
    window = queries.rolling_window(tx)
    measured = await queries.measures(tx, queries.Question(window), suppliers)
    for supplier_id in suppliers:
        scorecard = scorecards[supplier_id]
        measures = measured.get(supplier_id, rules.Measures())
        moved = scorecard.judge(measures, rules.score(measures, scoring), scoring, window, tx.now)
        if moved is None:
            continue
        record(tx, scorecard, moved)
        tx.session.add(ScoreHistory.of(scorecard))
        tx.audit(
            "score",
            "scorecard",
            supplier_id,
            before={"score": moved.previous_score, "grade": moved.previous_grade},
            after={"score": moved.score, "grade": moved.grade},
        )
    await tx.flush()


async def _locked(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, Scorecard]:
    statement = select(Scorecard).where(Scorecard.id.in_(suppliers)).order_by(Scorecard.id).with_for_update()
    found = {scorecard.id: scorecard for scorecard in await tx.session.scalars(statement)}
    for supplier_id in suppliers:
        if supplier_id not in found:
            found[supplier_id] = Scorecard(id=supplier_id, version=1, sequence=0)
            tx.session.add(found[supplier_id])
    return found


RESCORE_EVERY = timedelta(milliseconds=100)
