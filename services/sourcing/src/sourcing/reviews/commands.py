"""Takes over scores, opens reviews, and carries out what a category manager decides."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError
from purveyor.http.preconditions import expect_version
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.outbox import record
from sourcing.reviews import queries
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.rules import Decision, asks_for_review
from sourcing.scores.model import SupplierScore
from sourcing.settings import settings_of
from sourcing.suppliers import commands as suppliers
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.queries import lock as lock_supplier
from sourcing.suppliers.rules import Move, Status

ALREADY_STOPPED = (Status.SUSPENDED, Status.TERMINATED)


async def take_score(tx: Transaction, score: SupplierScoreUpdated, envelope: Envelope) -> None:
    """Keep a supplier's score and open a review where it asks for one.

    Raises NotFoundError for a supplier that sourcing does not have: performance can know it from nowhere
    else, so one of the two has lost something, and the event is parked until a person has looked.
    """
    supplier = await lock_supplier(tx, score.supplier_id)
    figures = score.model_dump(exclude={"previous_score", "previous_grade"})
    tx.session.add(SupplierScore(**figures, sequence=envelope.sequence, published_at=envelope.time))
    # Not through the mapped object: a score is no change of the supplier, whose ETag stays as people saw it.
    await tx.session.execute(
        update(Supplier)
        .where(Supplier.id == supplier.id)
        .values(score=score.score, grade=score.grade, scored_on=score.as_of)
        .execution_options(synchronize_session=False)
    )
    if supplier.status not in ALREADY_STOPPED:
        await _open_review_if_due(tx, supplier, score, envelope.sequence)


async def decide(
    tx: Transaction, review_id: UUID, seen: int, decision: Decision, reason: str
) -> SupplierReview:
    """Answer a review; a suspension or termination of the supplier is carried out at once.

    Raises ConflictError when it was decided before, or when the supplier is where the decision cannot lead.
    """
    supplier = await lock_supplier(tx, await queries.supplier_of(tx, review_id))
    review = await queries.lock(tx, review_id)
    expect_version(review, seen)
    if review.is_open and decision is Decision.SUSPEND:
        _expect_suspendable(supplier)
    await suppliers.record_decision(tx, supplier, review, decision, reason)
    if decision is Decision.SUSPEND:
        suppliers.suspend_locked(tx, supplier, reason)
    elif decision is Decision.TERMINATE:
        suppliers.terminate_locked(tx, supplier, reason)
    return review


async def _open_review_if_due(
    tx: Transaction, supplier: Supplier, score: SupplierScoreUpdated, sequence: int
) -> None:
    threshold = settings_of(tx).review_threshold
    if score.score is None or await queries.open_review_of(tx, supplier.id) is not None:
        return
    last = await queries.last_decided(tx, supplier.id, threshold)
    if not asks_for_review(score.score, score.grade, threshold, last):
        return
    review = SupplierReview(
        id=new_id(),
        version=1,
        supplier_id=supplier.id,
        score=score.score,
        grade=score.grade,
        threshold=threshold,
        score_sequence=sequence,
        opened_at=tx.now,
    )
    tx.session.add(review)
    record(tx, supplier, review.opened())
    after = {"supplier": str(supplier.id), "score": score.score, "grade": score.grade}
    tx.audit("open", "supplier_review", review.id, after=after)


def _expect_suspendable(supplier: Supplier) -> None:
    if Move.SUSPEND in supplier.allowed_actions:
        return
    allowed = [Decision.CONTINUE.value]
    allowed += [Decision.TERMINATE.value] if Move.TERMINATE in supplier.allowed_actions else []
    raise ConflictError(
        "supplier_not_approved",
        f"Supplier {supplier.display_number} is {supplier.status}, so there is nothing to suspend.",
        allowed=allowed,
    )
