"""Which templates make sense: weights of a hundred, points that rise, grades that every score has one of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NoReturn

from purveyor.errors import FieldError, InvalidError
from supplier_performance.kpis.rules.grammar import Direction, FigureUnit
from supplier_performance.kpis.rules.kpi import Kpi
from supplier_performance.templates.rules.template import (
    GRADES,
    LONGEST_DAYS,
    How,
    Template,
    Worth,
)

HUNDRED = Decimal(100)
TOGETHER = (FigureUnit.MONEY, FigureUnit.QUANTITY)
ASKED: Mapping[How, Sequence[str]] = {
    How.LINEAR: ("floor", "target"),
    How.STEPS: ("steps",),
    How.TOLERANCE: ("target", "tolerance", "limit"),
}
"""What each way of making points asks for, and all that it takes."""


def check(
    template: Template,
    kpis: Mapping[str, Kpi],
    ours: Collection[str],
    categories: Sequence[str],
    root: str = "",
) -> None:
    """Raise InvalidError for the first thing that makes no sense, naming where.

    `kpis` are those that hold, by code, `ours` those of them that no supplier is shown; `categories` those of
    what the template names that sourcing has told; `root` is where the template stands in what was sent.
    """
    if template.category not in categories:
        _wrong(
            "category_unknown", f"{root}/category", f"Sourcing has told of no category {template.category}."
        )
    _check_weights(template, root)
    _check_once([part.kpi for part in template.kpis], root + "/kpis/{}/kpi")
    _check_once([question.code for question in template.questions], root + "/questions/{}/code")
    for number, part in enumerate(template.kpis):
        at = f"{root}/kpis/{number}"
        kpi = kpis.get(part.kpi)
        if kpi is None:
            _wrong("kpi_unknown", f"{at}/kpi", f"There is no KPI {part.kpi}: see GET /v1/kpis.")
        if part.kpi in ours:
            why = f"No supplier is shown {part.kpi}, and each is shown its scorecard: name another."
            _wrong("kpi_ours", f"{at}/kpi", why)
        if kpi.definition.unit in TOGETHER:
            why = f"{part.kpi} is in {kpi.definition.unit}, a figure each: divide it, as a percentage does."
            _wrong("kpi_not_comparable", f"{at}/kpi", why)
        _check_worth(part.worth, kpi.definition.direction, f"{at}/worth")
    _check_periods(template, root)
    _check_grades(template, f"{root}/grades")


def _check_weights(template: Template, root: str) -> None:
    of_kpis = sum((part.weight for part in template.kpis), Decimal(0))
    weights = of_kpis + sum((question.weight for question in template.questions), Decimal(0))
    if weights != HUNDRED:
        _wrong(
            "weights_off", f"{root}/kpis", f"Weights of KPIs and questions add up to 100, not to {weights}."
        )


def _check_once(codes: Sequence[str], pointer: str) -> None:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            _wrong("stated_twice", pointer.format(place), f"{code} is there already: state it once.")


def _check_worth(worth: Worth, direction: Direction, at: str) -> None:
    for name in ("floor", "target", "steps", "tolerance", "limit"):
        is_there = getattr(worth, name) is not None
        if is_there != (name in ASKED[worth.how]):
            why = "is left out" if is_there else "is needed"
            _wrong("points_unclear", f"{at}/{name}", f"{name} {why}, where points are made by {worth.how}.")
    higher = direction is Direction.HIGHER
    match worth:
        case Worth(how=How.LINEAR, floor=Decimal() as floor, target=Decimal() as target):
            if floor == target or (target > floor) != higher:
                side = "above" if higher else "below"
                _wrong("points_reversed", f"{at}/target", f"The better figures lie {side} the floor {floor}.")
        case Worth(how=How.TOLERANCE, tolerance=Decimal() as tolerance, limit=Decimal() as limit):
            if limit < tolerance:
                why = f"No less than the tolerance {tolerance}: beyond it points fall."
                _wrong("points_reversed", f"{at}/limit", why)
        case Worth(steps=list() as steps):
            for place, (worse, better) in enumerate(pairwise(steps), 1):
                if (better.figure > worse.figure) != higher or better.figure == worse.figure:
                    _wrong("points_reversed", f"{at}/steps/{place}/figure", "Steps go from worse to better.")
                if better.points <= worse.points:
                    _wrong("points_reversed", f"{at}/steps/{place}/points", "What is better earns more.")


def _check_periods(template: Template, root: str) -> None:
    weights = sum((period.weight for period in template.periods), Decimal(0))
    if template.periods and weights != HUNDRED:
        _wrong("weights_off", f"{root}/periods", f"Weights of periods add up to 100, not to {weights}.")
    if sum(period.days for period in template.periods) > LONGEST_DAYS:
        _wrong("periods_too_long", f"{root}/periods", f"Periods are of {LONGEST_DAYS} days together at most.")


def _check_grades(template: Template, at: str) -> None:
    """Check that every score has a grade, and that each grade can be reached and left."""
    grades, margin = template.grades, template.hysteresis
    for place, (better, worse) in enumerate(pairwise(grades), 1):
        if GRADES.index(worse.grade) <= GRADES.index(better.grade):
            _wrong("grades_disordered", f"{at}/{place}/grade", f"{worse.grade} follows {better.grade}.")
        if worse.lowest >= better.lowest:
            why = f"Lower than that of {better.grade}, which is {better.lowest}."
            _wrong("grades_disordered", f"{at}/{place}/lowest", why)
        if better.lowest - worse.lowest <= margin:
            why = f"{better.grade} begins {better.lowest - worse.lowest} above {worse.grade}: no more than "
            _wrong("hysteresis_too_wide", f"{at}/{place - 1}/lowest", why + f"the hysteresis {margin}.")
    if grades[-1].lowest:
        last = len(grades) - 1
        _wrong("grades_disordered", f"{at}/{last}/lowest", "0: every score has a grade.")
    if grades[0].lowest + margin > HUNDRED:
        why = f"With the hysteresis {margin} no score rises to it: not even a perfect 100."
        _wrong("hysteresis_too_wide", f"{at}/0/lowest", why)


def _wrong(code: str, pointer: str, detail: str) -> NoReturn:
    raise InvalidError(code, detail, errors=[FieldError(pointer, detail)])
