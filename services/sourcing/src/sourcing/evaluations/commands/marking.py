"""Evaluators give marks apart, once, explain those that lie far off, and the technical envelope closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError, NotFoundError
from purveyor.versions import Seen
from sourcing.bids.commands.opening import exclude
from sourcing.bids.store.rows import opened_of
from sourcing.evaluations import store
from sourcing.evaluations.model import EvaluationMark
from sourcing.evaluations.queries import counting_marks
from sourcing.evaluations.rules.knockouts import knocked_out
from sourcing.evaluations.rules.marks import outliers, to_be_given
from sourcing.tenders import queries as tendering
from sourcing.tenders.commands.parts import lock, lock_as_lead
from sourcing.tenders.commands.rounds import note_technical_closed
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.states import TenderMove, TenderStatus
from sourcing.tenders.rules.team import evaluators


@dataclass(frozen=True, slots=True)
class MarkStated:
    """What an evaluator gives an answer, and why."""

    supplier_id: UUID
    criterion: str
    mark: Decimal
    comment: str | None


@dataclass(frozen=True, slots=True)
class ExplanationStated:
    """Why a mark lies far off what others gave."""

    supplier_id: UUID
    criterion: str
    explanation: str


async def give(tx: Transaction, tender_id: UUID, stated: Sequence[MarkStated]) -> Tender:
    """Give the caller's marks, all of them at once: from then on they are shown those of others.

    Raises ForbiddenError for who does not judge, ConflictError for who has, InvalidError when any is missing.
    """
    tender = await lock(tx, tender_id)
    _expect_evaluator(tx, tender)
    tender.expect_possible(TenderMove.MARK)
    if tender.round > 1 or any(one.person == tx.actor for one in await store.marks_of(tx, tender_id)):
        raise ConflictError("marks_given_already", "Marks are given once, and stand.")
    bidders = [one.supplier_id for one in await opened_of(tx, tender_id) if one.counts]
    wanted = to_be_given(tender.says, bidders)
    _expect_all(stated, {(one.supplier_id, one.criterion) for one in stated}, set(wanted))
    marks = [
        EvaluationMark(
            tender_id=tender_id,
            supplier_id=one.supplier_id,
            criterion=one.criterion,
            person=tx.actor,
            mark=one.mark,
            comment=one.comment,
            given_at=tx.now,
        )
        for one in stated
    ]
    store.keep(tx, *marks)
    said = [{"supplier": one.supplier_id, "criterion": one.criterion, "mark": one.mark} for one in stated]
    tx.audit("give_marks", "tender", tender_id, after={"marks": said})
    return tender


async def explain(tx: Transaction, tender_id: UUID, stated: Sequence[ExplanationStated]) -> Tender:
    """Say why marks of the caller's lie far off; raises NotFoundError for one that they did not give."""
    tender = await lock(tx, tender_id)
    _expect_evaluator(tx, tender)
    tender.expect_possible(TenderMove.MARK)
    own = {
        (one.supplier_id, one.criterion): one
        for one in await store.marks_of(tx, tender_id)
        if one.person == tx.actor
    }
    for one in stated:
        mark = own.get((one.supplier_id, one.criterion))
        if mark is None:
            raise NotFoundError("evaluation mark", one.criterion)
        mark.explanation = one.explanation
        after = {"supplier": one.supplier_id, "criterion": one.criterion}
        tx.audit("explain_mark", "tender", tender_id, after=after, reason=one.explanation)
    return tender


async def close_technical(tx: Transaction, tender_id: UUID, seen: Seen) -> Tender:
    """Close the technical envelopes: bids that are out by then stay sealed in their prices, for good."""
    tender = await lock_as_lead(tx, tender_id, seen)
    tender.expect_possible(TenderMove.CLOSE_TECHNICAL)
    await expect_judged(tx, tender)
    marks, content = await counting_marks(tx, tender), tender.says
    excluded = []
    for bid in await opened_of(tx, tender_id):
        says = bid.says
        if not bid.counts or bid.round != tender.round or says is None:
            continue
        why_not = knocked_out(content, bid.supplier_id, says, marks)
        if why_not is not None:
            exclude(tx, bid, why_not)
            excluded.append(bid.supplier_id)
    note_technical_closed(tx, tender, excluded)
    return tender


async def expect_judged(tx: Transaction, tender: Tender) -> None:
    """Raise ConflictError unless enough evaluators have given their marks, and outliers are explained."""
    bidders = [one.supplier_id for one in await opened_of(tx, tender.id) if one.counts]
    if not to_be_given(tender.says, bidders):
        return
    policy = (await tendering.policy(tx, tender.says)).value
    marks = await counting_marks(tx, tender)
    judged = {one.person for one in marks}
    if len(judged) < policy.least_evaluators:
        detail = f"{len(judged)} evaluators have given marks, and {policy.least_evaluators} do at least."
        raise ConflictError("marks_missing", detail)
    if tender.stands is not TenderStatus.OPENED or tender.round > 1:
        return  # they were explained when the marks were given
    explained = {
        (one.supplier_id, one.criterion, one.person)
        for one in await store.marks_of(tx, tender.id)
        if one.explanation is not None
    }
    open_ones = [
        f"{one.person} of {one.criterion}"
        for one in outliers(marks, policy.outlier_points)
        if (one.supplier_id, one.criterion, one.person) not in explained
    ]
    if open_ones:
        detail = (
            f"These lie {policy.outlier_points} points or more off the median: {', '.join(open_ones[:10])}."
        )
        raise ConflictError("outliers_unexplained", detail)


def _expect_evaluator(tx: Transaction, tender: Tender) -> None:
    if tx.actor not in evaluators(tender.members):
        detail = "Bids are judged by those who are named for it and have declared to have no conflict."
        raise ForbiddenError("not_an_evaluator", detail)


def _expect_all(
    stated: Sequence[MarkStated], given: set[tuple[UUID, str]], wanted: set[tuple[UUID, str]]
) -> None:
    counted = Counter((one.supplier_id, one.criterion) for one in stated)
    errors = [
        FieldError(f"/marks/{place}", "This bid is given no such mark, or has one already.")
        for place, one in enumerate(stated)
        if (one.supplier_id, one.criterion) not in wanted or counted[one.supplier_id, one.criterion] > 1
    ]
    missing = sorted(wanted - given)
    if missing:
        supplier, criterion = missing[0]
        errors.append(
            FieldError("/marks", f"{len(missing)} are missing: {criterion} of {supplier} is the first.")
        )
    if errors:
        raise InvalidError("marks_incomplete", errors[0].detail, errors=errors)
