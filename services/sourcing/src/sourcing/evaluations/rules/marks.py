"""Marks of evaluators: which are to be given, and which lie so far off that they are to be explained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from statistics import median
from uuid import UUID

from sourcing.evaluations.rules.inputs import GivenMark
from sourcing.tenders.rules.content import TenderContent
from sourcing.tenders.rules.criteria import Formula

Pair = tuple[UUID, str]
"""A bidder and a criterion."""


def to_be_given(tender: TenderContent, bidders: Collection[UUID]) -> list[Pair]:
    """Return what each evaluator gives a mark: every criterion that is scored, of every bid."""
    scored = [one.code for one in tender.criteria if one.formula is Formula.SCORED]
    return [(bidder, code) for bidder in bidders for code in scored]


def outliers(marks: Sequence[GivenMark], points: int) -> list[GivenMark]:
    """Return the marks that lie so many points or more off the median of all that were given there."""
    given: dict[Pair, list[Decimal]] = defaultdict(list)
    for one in marks:
        given[one.supplier_id, one.criterion].append(one.mark)
    return [one for one in marks if abs(one.mark - median(given[one.supplier_id, one.criterion])) >= points]
