"""Takes over scores, opens reviews, and carries out what a category manager decides."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.suppliers import SupplierEvent
from purveyor_contract.events.supplier_performance.suppliers import (
    SupplierScoreRestated,
    SupplierScoreUpdated,
)
from purveyor_messaging import epochs
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.outbox import record
from purveyor_messaging.restating import as_told
from sourcing.reviews import store
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.queries import REVIEW_THRESHOLD
from sourcing.reviews.rules import (
    NO_NEW_ORDERS,
    DecidedReview,
    Decision,
    asks_for_review,
    check_told,
    why_stopped,
)
from sourcing.scores.commands import forget_scores, keep_score
from sourcing.scores.store import latest_score, reached_since
from sourcing.suppliers import commands as suppliers
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.identity import REPRESENTATIVE
from sourcing.suppliers.rules.qualification import BUYING_STOPPED, ENDED, Move
from sourcing.suppliers.store.rows import lock_supplier


async def take_score(tx: Transaction, score: SupplierScoreUpdated, envelope: Envelope) -> None:
    """Keep a supplier's score and open a review where it asks for one; raises NotFoundError.

    A supplier that was lost with an earlier database has no score to keep.
    """
    try:
        supplier = await keep_score(tx, score, envelope)
    except NotFoundError:
        if await epochs.was_lost(tx, SupplierEvent.topic, score.supplier_id):
            return
        raise
    _follow_consequence(tx, supplier, score)
    if supplier.status not in BUYING_STOPPED:
        await _open_review_if_due(tx, supplier, score, envelope.sequence)


def _follow_consequence(tx: Transaction, supplier: Supplier, score: SupplierScoreUpdated | None) -> None:
    """Stop new orders from a locked supplier while its grade says so, and no longer.

    Who does no business any more has no consequence; one that was merged is judged with the other.
    """
    if score is None or score.consequence != NO_NEW_ORDERS or supplier.status in ENDED:
        suppliers.unblock_locked(
            tx, supplier, BlockCause.PERFORMANCE, supplier.id, "Its grade stops no orders any more"
        )
        return
    why = why_stopped(supplier.display_number, score.grade, score.template)
    told = f"Your scorecard says {score.grade}: nothing new is ordered until it is better"
    suppliers.block_locked(tx, supplier, BlockCause.PERFORMANCE, supplier.id, why, told)


async def retake_scores(tx: Transaction, restated: SupplierScoreRestated, envelope: Envelope) -> None:
    """Keep the scores that hold after performance lost some; only the last of them may ask for a review."""
    if restated.part == 1:
        try:
            supplier = await forget_scores(tx, restated.supplier_id)
        except NotFoundError:
            if await epochs.was_lost(tx, SupplierEvent.topic, restated.supplier_id):
                return
            raise
        if not restated.events:
            _follow_consequence(tx, supplier, None)
    for place, told in enumerate(restated.events, 1):
        score = SupplierScoreUpdated.model_validate(told.data)
        if restated.part == restated.parts and place == len(restated.events):
            await take_score(tx, score, as_told(told, envelope))
        else:
            await keep_score(tx, score, as_told(told, envelope))


async def decide(
    tx: Transaction, review_id: UUID, seen: Seen, decision: Decision, reason: str, told: str | None
) -> SupplierReview:
    """Answer a review; a suspension or termination of the supplier is carried out at once.

    Raises ConflictError when it was decided before, or when the supplier is where the decision cannot lead,
    and InvalidError for a reason that the supplier would not be told.
    """
    check_told(decision, told)
    supplier = await lock_supplier(tx, (await store.get_review(tx, review_id)).supplier_id)
    review = await store.lock_review(tx, review_id)
    expect_version(review, seen)
    expect_another(tx.actor, supplier.represented_by, REPRESENTATIVE)
    if review.is_open and decision is Decision.SUSPEND:
        _expect_suspendable(supplier)
    await _answer(tx, supplier, review, decision, reason, told)
    if decision is Decision.SUSPEND:
        suppliers.suspend_locked(tx, supplier, reason, told)
    elif decision is Decision.TERMINATE:
        suppliers.terminate_locked(tx, supplier, reason, told)
    return review


async def answer_by_terminating(tx: Transaction, supplier: Supplier, reason: str, told: str | None) -> None:
    """Answer the open review, if any, of a locked supplier that is about to be terminated by hand."""
    review = await store.open_review_of(tx, supplier.id)
    if review is not None:
        await _answer(tx, supplier, review, Decision.TERMINATE, reason, told)


async def move_open_review(tx: Transaction, gone: Supplier, stays: Supplier) -> None:
    """Have the open review, if any, of a supplier decided for the one that it was merged into; both locked.

    Where that one has a review of its own open, one decision is enough: the other is answered by it.
    """
    review = await store.open_review_of(tx, gone.id)
    if review is None:
        return
    review = await store.lock_review(tx, review.id)
    if await store.open_review_of(tx, stays.id) is not None:
        reason = f"It goes on as {stays.display_number}, whose own review is open and decides for both"
        await _answer(tx, gone, review, Decision.CONTINUE, reason, None)
        return
    review.supplier_id = stays.id
    record(tx, stays, review.opened())
    after = {"supplier": str(stays.id)}
    tx.audit("move", "supplier_review", review.id, before={"supplier": str(gone.id)}, after=after)
    await tx.session.flush()


async def _answer(
    tx: Transaction,
    supplier: Supplier,
    review: SupplierReview,
    decision: Decision,
    reason: str,
    told: str | None,
) -> None:
    latest = await latest_score(tx, supplier.id)
    record(tx, supplier, review.decide(decision, reason, told, tx.actor, tx.now, latest))
    after = {"decision": decision.value, "supplier": str(supplier.id), "reason_for_supplier": told}
    tx.audit("decide", "supplier_review", review.id, after=after, reason=reason)


async def _open_review_if_due(
    tx: Transaction, supplier: Supplier, score: SupplierScoreUpdated, sequence: int
) -> None:
    if score.score is None or await store.open_review_of(tx, supplier.id) is not None:
        return
    in_force = (await policies.history(tx, REVIEW_THRESHOLD)).in_force(score.as_of)
    threshold = in_force.value.score
    last = await _last_decided(tx, supplier.id, threshold)
    if not asks_for_review(score.score, score.grade, threshold, last):
        return
    review = SupplierReview(
        id=new_id(),
        version=1,
        supplier_id=supplier.id,
        score=score.score,
        grade=score.grade,
        threshold=threshold,
        threshold_version=in_force.number,
        score_sequence=sequence,
        opened_at=tx.now,
    )
    store.add_review(tx, review)
    record(tx, supplier, review.opened())
    after = {"supplier": str(supplier.id), "score": score.score, "grade": score.grade, "threshold": threshold}
    tx.audit("open", "supplier_review", review.id, after=after)


async def _last_decided(tx: Transaction, supplier_id: UUID, threshold: Decimal) -> DecidedReview | None:
    review = await store.last_decided(tx, supplier_id)
    if review is None or review.decided_sequence is None:
        return None
    recovered = await reached_since(tx, supplier_id, review.decided_sequence, threshold)
    return DecidedReview(grade=review.decided_grade, recovered_since=recovered)


def _expect_suspendable(supplier: Supplier) -> None:
    if Move.SUSPEND in supplier.allowed_actions:
        return
    allowed = [Decision.CONTINUE.value]
    allowed += [Decision.TERMINATE.value] if Move.TERMINATE in supplier.allowed_actions else []
    raise ConflictError(
        "wrong_state",
        f"Supplier {supplier.display_number} is {supplier.status}, so there is nothing to suspend.",
        allowed=allowed,
    )
