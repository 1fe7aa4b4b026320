"""What a template makes of a supplier's figures: points, a score with its confidence, a grade. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from purveyor.figures import rounded
from supplier_performance.kpis.rules.grammar import (
    CountOf,
    Definition,
    ShareOf,
)
from supplier_performance.kpis.rules.kpi import Kpi
from supplier_performance.templates.rules.points import interval, points
from supplier_performance.templates.rules.template import (
    Consequence,
    GradeBound,
    InForce,
    KpiPart,
    Question,
    Template,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of a KPI over a period of a scorecard: of each currency and unit of measure one."""

    period: int
    """From 0, the latest first."""
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    sample: int
    """How many facts it is of."""
    currency: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered a question with."""

    points: Decimal
    by: str
    on: str
    """The day, in ISO 8601."""


class NotRated(StrEnum):
    """Why a part of a scorecard has no points."""

    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Part:
    """A KPI or a question of a scorecard, with the points that it has earned."""

    code: str
    number: int | None
    """Which version of the KPI made its figures; None of a question."""
    weight: Decimal
    share: Decimal | None
    """The weight that it has once what is not rated has left its own; None: it is not rated."""
    points: Decimal | None
    sample: int
    figures: tuple[Counted, ...] = ()
    between: tuple[Decimal, Decimal] | None = None
    """Of a share, where the true one lies with 95 % confidence, in the KPI's unit."""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    """The points of those bounds."""
    not_rated: NotRated | None = None
    answer: Answered | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard as it was made: its parts add up to the score."""

    template: str
    number: int
    score: Decimal | None
    grade: str | None
    consequence: Consequence
    rated_weight: Decimal
    parts: tuple[Part, ...]
    score_from: Decimal | None = None
    """The score, were every share at the worse end of where it lies with 95 % confidence."""
    score_to: Decimal | None = None


Figures = Mapping[str, Sequence[Counted]]
"""The figures of a supplier, by KPI."""


def rate(
    held: InForce,
    kpis: Mapping[str, Kpi],
    figures: Figures,
    answers: Mapping[str, Answered],
    grade_before: str | None,
) -> Card:
    """Return the scorecard that a template makes of figures and answers; `kpis` are those that it names.

    score = Σ weight × points ÷ Σ weight over what is rated, one decimal; none where that is less than the
    template's least rated weight. The grade that a supplier has holds within the hysteresis.
    """
    template = held.template
    parts = [_of_kpi(part, kpis[part.kpi], figures.get(part.kpi, ()), template) for part in template.kpis]
    parts += [_of_question(question, answers.get(question.code)) for question in template.questions]
    weight = sum((part.weight for part in parts if part.points is not None), Decimal(0))
    shared = [_sharing(part, weight) for part in parts]
    if not weight or weight < template.least_rated_weight:
        return Card(held.code, held.number, None, None, Consequence.NONE, weight, tuple(shared))
    score = _mean([(part.points, part.weight) for part in parts])
    grade = graded(template, score, grade_before)
    return Card(
        template=held.code,
        number=held.number,
        score=score,
        grade=grade,
        consequence=template.consequence(grade),
        rated_weight=weight,
        parts=tuple(shared),
        score_from=_mean([(part.lowest, part.weight) for part in parts]),
        score_to=_mean([(part.highest, part.weight) for part in parts]),
    )


def graded(template: Template, score: Decimal, before: str | None) -> str:
    """Return the grade of a score; the one before holds while the score is near its bounds.

    Near is within the hysteresis: a supplier rises at the bound and so much more, and falls at so much less.
    """
    bounds = template.grades
    for place, bound in enumerate(bounds):
        if bound.grade == before:
            ceiling = bounds[place - 1].lowest + template.hysteresis if place else None
            if bound.lowest - template.hysteresis <= score and (ceiling is None or score < ceiling):
                return bound.grade
    return _grade_of(bounds, score)


def _grade_of(bounds: Sequence[GradeBound], score: Decimal) -> str:
    return next(bound.grade for bound in bounds if score >= bound.lowest)


def _of_kpi(part: KpiPart, kpi: Kpi, counted: Sequence[Counted], template: Template) -> Part:
    """Return a KPI's part: the mean of its periods' points by their weights, of figures by their samples."""
    definition = kpi.definition
    sample = sum(figure.sample for figure in counted)
    known = [figure for figure in counted if figure.value is not None]
    if not known or sample < part.least_sample:
        why = NotRated.TOO_FEW if known else NotRated.NO_DATA
        return Part(part.kpi, kpi.number, part.weight, None, None, sample, tuple(counted), not_rated=why)
    periods: dict[int, list[tuple[Fraction, Fraction]]] = {}
    for figure in known:
        earned = points(figure.value or Decimal(0), part.worth, definition.direction)
        periods.setdefault(figure.period, []).append((earned, Fraction(max(figure.sample, 1))))
    weights = [Fraction(period.weight) for period in template.periods] or [Fraction(1)]
    of_periods = [(_weighed(found), weights[period]) for period, found in periods.items()]
    earned = _weighed(of_periods)
    between = _interval(definition, known)
    bounds = [earned]
    if between is not None:
        bounds += [points(bound, part.worth, definition.direction) for bound in between]
    return Part(
        code=part.kpi,
        number=kpi.number,
        weight=part.weight,
        share=None,
        points=_exactly(earned, 2),
        sample=sample,
        figures=tuple(counted),
        between=between,
        lowest=_exactly(min(bounds), 2),
        highest=_exactly(max(bounds), 2),
    )


def _interval(definition: Definition, known: Sequence[Counted]) -> tuple[Decimal, Decimal] | None:
    """Return the interval of a share of facts, over all periods, in the KPI's unit."""
    counts = isinstance(definition.numerator, CountOf) and isinstance(definition.denominator, CountOf)
    if not counts and not isinstance(definition.numerator, ShareOf):
        return None
    above = sum((figure.numerator or Decimal(0) for figure in known), Decimal(0))
    below = sum((figure.denominator or Decimal(0) for figure in known), Decimal(0))
    found = interval(above, below)
    if found is None:
        return None
    decimals = 4 if definition.decimals is None else definition.decimals
    low, high = (rounded(bound * definition.scale, decimals) for bound in found)
    return low, high


def _of_question(question: Question, answer: Answered | None) -> Part:
    if answer is None:
        why = NotRated.NOT_ANSWERED
        return Part(question.code, None, question.weight, None, None, 0, not_rated=why)
    earned = answer.points
    return Part(
        question.code, None, question.weight, None, earned, 1, lowest=earned, highest=earned, answer=answer
    )


def _sharing(part: Part, weight: Decimal) -> Part:
    """Return a part with the weight that it has where what is not rated has left its own."""
    return replace(part, share=None if part.points is None else rounded(part.weight * 100 / weight, 2))


def _mean(parts: Sequence[tuple[Decimal | None, Decimal]]) -> Decimal:
    rated = [(Fraction(of), Fraction(weight)) for of, weight in parts if of is not None]
    return _exactly(_weighed(rated), 1)


def _weighed(found: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    return sum((of * weight for of, weight in found), Fraction(0)) / sum(weight for _, weight in found)


def _exactly(value: Fraction, decimals: int) -> Decimal:
    """Round half up what lies from 0 to 100, from its exact value."""
    scale = 10**decimals
    doubled = value * scale * 2
    return Decimal((doubled.numerator // doubled.denominator + 1) // 2).scaleb(-decimals)
