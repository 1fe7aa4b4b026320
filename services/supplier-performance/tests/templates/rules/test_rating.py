"""What a template makes of figures: weights that are shared out, grades that do not flap, confidence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.figures import rounded
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.templates.rules.rating import (
    Answered,
    Card,
    Counted,
    NotRated,
    graded,
    rate,
)
from supplier_performance.templates.rules.template import InForce, Template

HUNDRED: dict[str, Any] = {"how": "linear", "floor": "0", "target": "100"}
LATE: dict[str, Any] = {"how": "linear", "floor": "30", "target": "0"}
ON_TIME: dict[str, Any] = {"kpi": "on-time", "weight": "50", "worth": HUNDRED, "least_sample": 3}
DAYS_LATE: dict[str, Any] = {"kpi": "days-late", "weight": "30", "worth": LATE}
ASKED: dict[str, Any] = {"code": "cooperation", "text": "How well?", "weight": "20"}
STATED: dict[str, Any] = {
    "title": "Fasteners",
    "category": "fasteners",
    "kpis": [ON_TIME, DAYS_LATE],
    "questions": [ASKED],
}
SOMEBODY = Answered(Decimal(60), "quentin", "2026-06-01")


def share(above: int, below: int, period: int = 0) -> Counted:
    value = rounded(Decimal(above * 100) / below, 2) if below else None
    return Counted(period, value, Decimal(above), Decimal(below), below)


def days(value: str, sample: int = 5, unit: str | None = None) -> Counted:
    return Counted(0, Decimal(value), None, None, sample, unit=unit)


def card(
    figures: Mapping[str, list[Counted]],
    answers: Mapping[str, Answered] | None = None,
    before: str | None = None,
    **stated: Any,
) -> Card:
    held = InForce("fasteners", 1, Template.model_validate(STATED | stated))
    return rate(held, SHIPPED, figures, answers or {}, before)


def test_parts_add_up_to_the_score() -> None:
    made = card({"on-time": [share(9, 10)], "days-late": [days("6")]}, {"cooperation": SOMEBODY})
    assert [part.points for part in made.parts] == [Decimal(90), Decimal(80), Decimal(60)]
    assert [part.share for part in made.parts] == [Decimal(50), Decimal(30), Decimal(20)]
    assert made.score == Decimal("81.0")
    assert (made.grade, made.rated_weight) == ("B", Decimal(100))


def test_what_is_not_rated_leaves_its_weight_to_the_others() -> None:
    made = card({"on-time": [share(2, 2)], "days-late": [days("6")]}, {"cooperation": SOMEBODY})
    assert [part.not_rated for part in made.parts] == [NotRated.TOO_FEW, None, None]
    assert [part.share for part in made.parts] == [None, Decimal(60), Decimal(40)]
    assert (made.score, made.rated_weight) == (Decimal("72.0"), Decimal(50))


def test_too_little_that_is_rated_makes_no_score() -> None:
    made = card({"days-late": [days("6")]})
    assert (made.score, made.grade, made.rated_weight) == (None, None, Decimal(30))
    assert [part.not_rated for part in made.parts] == [NotRated.NO_DATA, None, NotRated.NOT_ANSWERED]
    assert card({"days-late": [days("6")]}, least_rated_weight="30").score == Decimal("80.0")


def test_an_idle_period_is_no_data_and_not_good() -> None:
    """erpnext#31597, odoo#58653: who delivered nothing had a perfect score, or a miserable one."""
    made = card({"on-time": [Counted(0, None, Decimal(0), Decimal(0), 0)]}, least_rated_weight="0")
    assert (made.score, made.grade) == (None, None)
    assert made.parts[0].not_rated is NotRated.NO_DATA
    idle_now = [
        {"days": 90, "weight": "60"},
        {"days": 90, "weight": "40"},
    ]
    before = card(
        {"on-time": [share(5, 10, period=1), Counted(0, None, Decimal(0), Decimal(0), 0)]}, periods=idle_now
    )
    assert before.parts[0].points == Decimal(50)


def test_periods_count_by_their_weights() -> None:
    periods = [{"days": 90, "weight": "60"}, {"days": 275, "weight": "40"}]
    made = card({"on-time": [share(10, 10), share(5, 10, period=1)]}, periods=periods)
    assert made.parts[0].points == Decimal(80)
    assert made.parts[0].sample == 20


def test_figures_of_units_of_measure_count_by_their_samples() -> None:
    made = card({"days-late": [days("0", 3, "C62"), days("30", 1, "KGM")]})
    assert made.parts[1].points == Decimal(75)


def test_a_perfect_hundred_has_a_grade() -> None:
    made = card({"on-time": [share(10, 10)], "days-late": [days("-2")]}, {"cooperation": SOMEBODY})
    perfect = card({"on-time": [share(10, 10)], "days-late": [days("-2")]})
    assert (perfect.score, perfect.grade) == (Decimal("100.0"), "A")
    assert made.grade == "A"


def test_a_small_sample_says_that_it_is_unsure() -> None:
    few = card({"on-time": [share(9, 10)]})
    many = card({"on-time": [share(900, 1000)]})
    assert few.parts[0].between == (Decimal("59.58"), Decimal("98.21"))
    assert (few.score, few.score_from, few.score_to) == (Decimal("90.0"), Decimal("59.6"), Decimal("98.2"))
    assert (many.score, many.score_from, many.score_to) == (Decimal("90.0"), Decimal("88.0"), Decimal("91.7"))


SCORES = st.decimals(0, 100, places=1)
GRADES = st.sampled_from(["A", "B", "C", "D", "E", None])


@pytest.mark.parametrize(
    ("score", "before", "grade"),
    [
        ("90", "B", "B"),
        ("91.9", "B", "B"),
        ("92", "B", "A"),
        ("88", "A", "A"),
        ("87.9", "A", "B"),
        ("40", "A", "D"),
        ("100", "E", "A"),
        ("90", None, "A"),
    ],
)
def test_a_grade_holds_near_its_bounds(score: str, before: str | None, grade: str) -> None:
    template = Template.model_validate(STATED | {"hysteresis": "2"})
    assert graded(template, Decimal(score), before) == grade


@given(SCORES, GRADES, st.decimals(0, 5, places=1))
def test_the_same_score_again_moves_no_grade(score: Decimal, before: str | None, margin: Decimal) -> None:
    template = Template.model_validate(STATED | {"hysteresis": f"{margin}"})
    once = graded(template, score, before)
    assert graded(template, score, once) == once


@given(SCORES, SCORES, GRADES)
def test_a_better_score_never_has_a_worse_grade(one: Decimal, other: Decimal, before: str | None) -> None:
    template = Template.model_validate(STATED | {"hysteresis": "2"})
    assert graded(template, max(one, other), before) <= graded(template, min(one, other), before)


@given(st.integers(0, 50), st.integers(0, 50), st.decimals(-10, 60, places=2))
def test_a_score_lies_within_its_confidence(above: int, more: int, late: Decimal) -> None:
    made = card({"on-time": [share(above, above + more)], "days-late": [days(f"{late}")]})
    if made.score is not None:
        assert made.score_from is not None
        assert made.score_to is not None
        assert 0 <= made.score_from <= made.score <= made.score_to <= 100
        rated = [part for part in made.parts if part.points is not None]
        total = sum(((part.points or Decimal(0)) * part.weight for part in rated), Decimal(0))
        weight = sum((part.weight for part in rated), Decimal(0))
        assert made.score == rounded(total / weight, 1)
