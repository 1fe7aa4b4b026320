"""The scoring policy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplier_performance.deliveries.rules import Measures, Received
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.scorecards.rules import (
    Component,
    Grading,
    Score,
    ScoringRules,
    Weights,
    default_figures,
    default_template,
    punctuality,
    quality,
    score,
)
from supplier_performance.templates.rules.rating import rate
from supplier_performance.templates.rules.template import DEFAULT, InForce

RULES = ScoringRules()


@st.composite
def measured(draw: st.DrawFn) -> Measures:
    due = draw(st.integers(0, 50))
    on_time = draw(st.integers(0, due))
    in_full = draw(st.integers(0, due))
    received = draw(st.decimals(0, 10_000, places=3))
    return Measures(
        lines=due + draw(st.integers(0, 10)),
        lines_due=due,
        lines_on_time=on_time,
        lines_in_full=in_full,
        lines_on_time_in_full=draw(st.integers(max(0, on_time + in_full - due), min(on_time, in_full))),
        days_late=draw(st.integers(-30 * due, 90 * due)),
        by_unit={"C62": Received(received, received * draw(st.decimals(0, 1, places=3)))},
    )


@st.composite
def weighed(draw: st.DrawFn) -> ScoringRules:
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    on_time, in_full, quality, punctuality = parts
    weights = Weights(on_time=on_time, in_full=in_full, quality=quality, punctuality=punctuality)
    return ScoringRules(weights=weights)


@given(measured(), weighed())
def test_a_score_lies_between_nothing_and_a_hundred(measures: Measures, rules: ScoringRules) -> None:
    value = score(measures, rules).value
    assert value is None or 0 <= value <= 100


@given(measured())
def test_there_is_a_score_exactly_when_enough_lines_are_due(measures: Measures) -> None:
    judged = score(measures, RULES)
    assert (judged.value is None) == (measures.lines_due < RULES.minimum_lines)
    assert (judged.grade is None) == (judged.value is None)


@given(measured(), weighed())
def test_one_more_line_on_time_never_lowers_the_score(measures: Measures, rules: ScoringRules) -> None:
    if measures.lines_on_time < measures.lines_due:
        better = replace(measures, lines_on_time=measures.lines_on_time + 1)
        assert_no_worse(better, measures, rules)


@given(measured(), weighed())
def test_one_more_line_in_full_never_lowers_the_score(measures: Measures, rules: ScoringRules) -> None:
    if measures.lines_in_full < measures.lines_due:
        better = replace(measures, lines_in_full=measures.lines_in_full + 1)
        assert_no_worse(better, measures, rules)


@given(measured(), weighed())
def test_fewer_rejects_never_lower_the_score(measures: Measures, rules: ScoringRules) -> None:
    better = replace(
        measures,
        by_unit={unit: Received(of.received, of.rejected / 2) for unit, of in measures.by_unit.items()},
    )
    assert_no_worse(better, measures, rules)


@given(measured(), weighed(), st.integers(1, 100))
def test_arriving_earlier_never_lowers_the_score(measures: Measures, rules: ScoringRules, days: int) -> None:
    better = replace(measures, days_late=measures.days_late - days)
    assert_no_worse(better, measures, rules)


@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1))
def test_a_higher_score_never_has_a_lower_grade(one: Decimal, other: Decimal) -> None:
    grading = Grading()
    low, high = sorted((one, other))
    assert grading.grade(high) <= grading.grade(low)


def assert_no_worse(better: Measures, worse: Measures, rules: ScoringRules) -> None:
    now, before = score(better, rules).value, score(worse, rules).value
    assert (now is None) == (before is None)
    if now is not None and before is not None:
        assert now >= before


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        ("100", "A"),
        ("90", "A"),
        ("89.9", "B"),
        ("75", "B"),
        ("74.9", "C"),
        ("60", "C"),
        ("40", "D"),
        ("39.9", "E"),
    ],
)
def test_a_grade_begins_at_its_threshold(points: str, grade: str) -> None:
    assert Grading().grade(Decimal(points)) == grade


def test_the_score_is_the_weighted_mean_of_its_parts() -> None:
    measures = Measures(
        lines=10,
        lines_due=10,
        lines_on_time=8,
        lines_in_full=9,
        lines_on_time_in_full=7,
        days_late=30,
        by_unit={"C62": Received(Decimal(1000), Decimal(10))},
    )
    # on time 80, in full 90, quality 100 − 10,000/50,000 × 100 = 80, punctuality 100 − 3/30 × 100 = 90
    assert score(measures, RULES).value == Decimal("83.5")
    assert score(measures, RULES).grade == "B"


def test_a_score_shows_its_parts_with_their_weights_even_where_too_few_lines_were_due() -> None:
    measures = Measures(
        lines_due=2,
        lines_on_time=1,
        lines_in_full=2,
        days_late=6,
        by_unit={"C62": Received(Decimal(1000), Decimal(10))},
    )
    parts = (
        Component("on_time", Decimal(50), 40),
        Component("in_full", Decimal(100), 20),
        Component("quality", Decimal(80), 25),
        Component("punctuality", Decimal(90), 15),
    )
    assert score(measures, RULES) == Score(None, None, parts)
    assert score(measures, ScoringRules(minimum_lines=2)) == Score(Decimal("73.5"), "C", parts)


@pytest.mark.parametrize(("rejected", "points"), [(8, "99.6"), (9, "99.6"), (11, "99.5"), (14, "99.3")])
def test_a_score_is_rounded_half_up_to_one_decimal(rejected: int, points: str) -> None:
    measures = Measures(
        lines_due=3,
        lines_on_time=3,
        lines_in_full=3,
        by_unit={"C62": Received(Decimal(10_000), Decimal(rejected))},
    )
    # a reject of ten thousand is worth 0.2 of quality's points, and quality a quarter of the score
    assert str(score(measures, RULES).value) == points


def test_what_was_never_delivered_has_no_quality_and_earns_none() -> None:
    nothing = Measures(lines=5, lines_due=5, days_late=150)
    assert score(nothing, RULES).value == Decimal(0)
    assert nothing.rejected_ppm is None


def test_quality_is_gone_at_five_percent_rejects() -> None:
    assert quality(Decimal(0), RULES.worst_ppm) == 100
    assert quality(Decimal(25_000), RULES.worst_ppm) == 50
    assert quality(Decimal(50_000), RULES.worst_ppm) == 0
    assert quality(Decimal(999_999), RULES.worst_ppm) == 0


def test_being_early_earns_nothing_extra_and_a_month_late_leaves_nothing() -> None:
    assert punctuality(Decimal(-10), RULES.worst_days) == 100
    assert punctuality(Decimal(0), RULES.worst_days) == 100
    assert punctuality(Decimal(15), RULES.worst_days) == 50
    assert punctuality(Decimal(31), RULES.worst_days) == 0


@given(measured(), weighed())
def test_the_default_template_makes_todays_scores(measures: Measures, rules: ScoringRules) -> None:
    held = InForce(DEFAULT, 0, default_template(rules))
    made = rate(held, SHIPPED, default_figures(measures), {}, None)
    today = score(measures, rules)
    assert (made.score, made.grade) == (today.value, today.grade)
    if made.score is not None:
        shown = [part.value for part in today.components if part.weight]
        assert [part.points for part in made.parts] == shown
