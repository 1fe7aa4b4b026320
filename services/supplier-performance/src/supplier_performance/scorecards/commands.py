"""Judge suppliers again: whenever an event concerns them, and every day for what time alone has changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from purveyor.db import Transaction
from purveyor.observability import continued_trace
from purveyor_messaging.outbox import record
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Measures, Question
from supplier_performance.due import store as due
from supplier_performance.scorecards import queries, store
from supplier_performance.scorecards.queries import Judged
from supplier_performance.suppliers import store as suppliers

SUPPLIERS_A_BATCH = 100
RESCORE_EVERY = timedelta(milliseconds=100)


async def judge_overdue_lines(tx: Transaction, business_date: date) -> None:
    """Note the suppliers whose score a business date moves by itself, each for its beginning at the site."""
    for moved in await deliveries.suppliers_moved_by(tx, business_date):
        due.note(tx, moved.supplier_id, moved.due_at)
    valid = await queries.yardstick(tx, business_date)
    anew = {*await store.judged_by_other_versions(tx, valid.versions), *await store.judged_by_templates(tx)}
    for supplier_id in sorted(anew):
        due.note(tx, supplier_id, datetime.combine(business_date, time(), UTC))


async def rescore_due_suppliers(tx: Transaction) -> bool:
    """Judge a batch of the suppliers noted as due; returns whether there may be more."""
    causes = await due.take(tx, SUPPLIERS_A_BATCH)
    if causes:
        await rescore(tx, await _of_present(tx, causes))
    return len(causes) == SUPPLIERS_A_BATCH


async def _of_present(tx: Transaction, causes: due.Causes) -> due.Causes:
    """Return why suppliers are judged by which one each is at present, in the order of their ids."""
    present = await suppliers.present(tx, list(causes))
    if not present:
        return causes
    of_present: dict[UUID, list[str]] = {}
    for supplier_id, traces in causes.items():
        of_present.setdefault(present.get(supplier_id, supplier_id), []).extend(traces)
    return dict(sorted(of_present.items()))


async def rescore(tx: Transaction, causes: due.Causes) -> None:
    """Judge suppliers on their rolling window, and say so where a score or a grade has moved.

    Each is judged in the trace of what caused it, so that a review can be followed back to a receipt.
    """
    suppliers = list(causes)
    today = await queries.yardstick(tx, tx.day)
    scorecards = await store.locked(tx, suppliers)
    question = Question(today.window)
    found = await deliveries.measures(tx, question, suppliers)
    measured = {supplier_id: found.get(supplier_id, Measures()) for supplier_id in suppliers}
    grades = {supplier_id: scorecards[supplier_id].grade for supplier_id in suppliers}
    with tx.session.no_autoflush:  # scorecards of who was never judged say nothing yet
        cards = await queries.cards(tx, today, Judged(question, tx.day, measured, grades))
    for supplier_id in suppliers:
        scorecard = scorecards[supplier_id]
        moved = scorecard.judge(measured[supplier_id], cards[supplier_id], today, tx.now)
        if moved is None:
            continue
        with continued_trace("judge supplier", causes[supplier_id]):
            record(tx, scorecard, moved)
        tx.session.add(scorecard.past())
        tx.audit(
            "score",
            "scorecard",
            supplier_id,
            before={"score": moved.previous_score, "grade": moved.previous_grade},
            after={
                "score": moved.score,
                "grade": moved.grade,
                "consequence": moved.consequence,
                "policies": moved.policy_versions,
                "template": {moved.template: moved.template_number},
            },
        )
    await tx.flush()
