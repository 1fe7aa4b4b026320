"""What a bid is out for, whatever it costs: an answer that ends the matter, too few points of evaluators."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from sourcing.bids.rules.content import BidContent
from sourcing.evaluations.rules.inputs import GivenMark
from sourcing.tenders.rules.content import TenderContent
from sourcing.tenders.rules.criteria import Formula


def knocked_out(
    tender: TenderContent, supplier_id: UUID, bid: BidContent, marks: Sequence[GivenMark]
) -> str | None:
    """Return why a bid is out by its answers and marks; None when it is not."""
    for question in tender.asked:
        said = bid.answer_to(question.code)
        required = question.required_answer
        if required is not None and (said or "").strip().casefold() != required.casefold():
            return f"It does not answer {question.code} with what is required: {required}."
    for criterion in tender.criteria:
        if criterion.formula is not Formula.SCORED or criterion.least is None:
            continue
        found = mean_mark(marks, supplier_id, criterion.code)
        if found is not None and found < Fraction(criterion.least):
            return f"It has fewer points for {criterion.code} than the {criterion.least:f} that it takes."
    return None


def mean_mark(marks: Sequence[GivenMark], supplier_id: UUID, criterion: str) -> Fraction | None:
    """Return what evaluators gave a bid on average, exactly; None where nobody gave anything."""
    given = [
        Fraction(one.mark) for one in marks if (one.supplier_id, one.criterion) == (supplier_id, criterion)
    ]
    return sum(given, Fraction(0)) / len(given) if given else None
