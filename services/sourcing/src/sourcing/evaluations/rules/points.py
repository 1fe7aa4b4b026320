"""What bids get by each criterion of a tree, each with its arithmetic, and together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import mean
from uuid import UUID

from sourcing.bids.rules.content import BidContent
from sourcing.evaluations.rules.inputs import EvaluationInputs, Known
from sourcing.evaluations.rules.knockouts import mean_mark
from sourcing.evaluations.rules.results import CriterionResult, six
from sourcing.evaluations.rules.scoring import DIGITS, HUNDRED, Weighed, linear, lowest, ranked, shares, total
from sourcing.tenders.rules.criteria import Formula, TenderCriterion, number_of

COST_ALONE = TenderCriterion(code="cost", title="Cost", weight=HUNDRED, formula=Formula.LOWEST)
"""What bids are judged by where a tender has no criteria."""
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Judged:
    """A bid for a lot that is in, with what criteria judge."""

    supplier_id: UUID
    content: BidContent
    cost: Fraction
    lead_time: int | None
    """The longest of its items; None unless each has one."""
    known: Known
    medians: Sequence[Known]
    """Of the categories of the lot's items."""


@dataclass(frozen=True, slots=True)
class _Value:
    value: Decimal | None
    estimated: bool = False


def points_of(
    inputs: EvaluationInputs, bids: Sequence[Judged]
) -> dict[str, tuple[list[CriterionResult], Decimal]]:
    """Return what each bid gets by each criterion, and in all, of 100."""
    criteria = inputs.content.criteria or [COST_ALONE]
    counting = shares([Weighed(one.code, one.parent, one.weight) for one in criteria])
    found: dict[str, list[CriterionResult]] = {str(bid.supplier_id): [] for bid in bids}
    points: dict[str, dict[str, Decimal]] = {str(bid.supplier_id): {} for bid in bids}
    for one in criteria:
        if one.formula is None:
            continue
        values = {str(bid.supplier_id): _value(inputs, one, one.formula, bid) for bid in bids}
        stated = {bidder: of.value for bidder, of in values.items() if of.value is not None}
        given = _points(one, one.formula, stated)
        for bidder, of in values.items():
            points[bidder][one.code] = given.get(bidder, NONE)
            found[bidder].append(
                _shown(one, one.formula, of, stated, given.get(bidder, NONE), counting[one.code])
            )
    return {bidder: (found[bidder], total(points[bidder], counting)) for bidder in found}


def _value(inputs: EvaluationInputs, one: TenderCriterion, formula: Formula, bid: Judged) -> _Value:
    match formula:
        case Formula.SCORED:
            return _Value(_decimal(mean_mark(inputs.marks, bid.supplier_id, one.code)))
        case Formula.LEAD_TIME:
            return _Value(None if bid.lead_time is None else Decimal(bid.lead_time))
        case Formula.PERFORMANCE:
            return _known(bid.known.score, [median.score for median in bid.medians])
        case Formula.RISK:
            return _known(bid.known.risk, [median.risk for median in bid.medians])
        case _ if one.asked is not None:
            return _Value(number_of(bid.content.answer_to(one.asked)))
        case _:
            return _Value(_decimal(bid.cost))


def _known(own: Decimal | None, medians: Sequence[Decimal | None]) -> _Value:
    """Return what is known of a supplier, or the mean of its categories' medians, which says so."""
    if own is not None:
        return _Value(own)
    there = [median for median in medians if median is not None]
    return _Value(_decimal(mean(map(Fraction, there))) if there else None, estimated=bool(there))


def _decimal(exact: Fraction | None) -> Decimal | None:
    if exact is None:
        return None
    with localcontext(prec=DIGITS):
        return Decimal(exact.numerator) / Decimal(exact.denominator)


def _points(one: TenderCriterion, formula: Formula, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    match formula:
        case Formula.LINEAR if one.best is not None and one.worst is not None:
            return linear(values, one.best, one.worst)
        case Formula.RANK:
            return ranked(values)
        case Formula.SCORED | Formula.PERFORMANCE:
            return dict(values)
        case Formula.RISK:
            return {bidder: HUNDRED - value for bidder, value in values.items()}
        case _:
            return lowest(values)


def _shown(
    one: TenderCriterion,
    formula: Formula,
    of: _Value,
    values: Mapping[str, Decimal],
    points: Decimal,
    share: Decimal,
) -> CriterionResult:
    with localcontext(prec=DIGITS):
        counted = points * share / HUNDRED
    return CriterionResult(
        code=one.code,
        formula=formula,
        value=None if of.value is None else six(of.value),
        points=six(points),
        share=six(share),
        counted=six(counted),
        how=_how(one, formula, of.value, values),
        estimated=of.estimated,
    )


def _how(one: TenderCriterion, formula: Formula, value: Decimal | None, values: Mapping[str, Decimal]) -> str:
    """Say how points came about, by the numbers that are shown."""
    if value is None:
        return "nothing is stated or known: 0"
    own, least = f"{six(value):f}", min(values.values())
    count, place = len(values), sorted(values.values()).index(value) + 1
    by_formula = {
        Formula.LINEAR: f"({own} - {one.worst}) ÷ ({one.best} - {one.worst}) × 100, from 0 to 100",
        Formula.RANK: "the only one: 100" if count == 1 else f"({count} - {place}) ÷ ({count} - 1) × 100",
        Formula.SCORED: f"the mean of its marks: {own}",
        Formula.PERFORMANCE: f"the score of its performance: {own}",
        Formula.RISK: f"100 - {own}",
    }
    of_lowest = "the lowest: 100" if value == least else f"{six(least):f} ÷ {own} × 100"
    return by_formula.get(formula, of_lowest)
