"""What rings, what does not, and when nothing is concluded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from supplier_performance.alerts.rules.grammar import Severity, WatchRule
from supplier_performance.alerts.rules.judging import Point, came_true, is_worse, judge
from supplier_performance.alerts.rules.moves import MOVES, AtRisk, Move, Status, is_at_risk
from supplier_performance.alerts.rules.trial import try_over
from supplier_performance.kpis.rules.grammar import Direction

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
LEVEL = {"test": "threshold", "breach_at": "85", "recover_at": "90", "sample": 3}


def rule(**test: Any) -> WatchRule:
    return WatchRule.model_validate({"kpi": "on-time", "by": "month", "severity": "warning", "test": test})


def points(*values: str | int | None) -> list[Point]:
    return [
        Point(
            f"2026-{nth:02}", None if value is None else Decimal(value), Decimal(5), 0 if value is None else 5
        )
        for nth, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(
    ("value", "was", "breached"),
    [(84, False, True), (85, False, False), (86, True, True), (89, True, True), (90, True, False)],
)
def test_a_threshold_rings_below_one_level_and_is_recovered_at_another(
    value: int, was: bool, breached: bool
) -> None:
    assert judge(rule(**LEVEL), HIGHER, points(value), was=was).breached is breached


def test_where_lower_is_better_higher_is_worse() -> None:
    late = rule(test="threshold", breach_at="10", recover_at="8")
    assert judge(late, LOWER, points(11), was=False).breached
    assert judge(late, LOWER, points(9), was=True).breached
    assert not judge(late, LOWER, points(8), was=True).breached
    assert is_worse(Decimal(2), Decimal(1), LOWER)
    assert not is_worse(Decimal(1), Decimal(1), HIGHER)


def test_of_too_little_nothing_is_concluded() -> None:
    few = [Point("2026-01", Decimal(1), Decimal(2), 2)]
    assert judge(rule(**LEVEL), HIGHER, few, was=True).breached is None
    assert judge(rule(**LEVEL), HIGHER, points(None), was=False).breached is None
    for test in ("trend", "change"):
        assert (
            judge(rule(test=test, periods=6), HIGHER, points(1, None, 2, None, None, 3), was=True).breached
            is None
        )


@given(values=st.lists(st.integers(0, 100), min_size=1, max_size=40), recover=st.integers(85, 95))
def test_between_its_levels_a_threshold_stays_as_it_was(values: list[int], recover: int) -> None:
    watched = rule(test="threshold", breach_at="85", recover_at=str(recover))
    was = False
    for value in values:
        now = judge(watched, HIGHER, points(value), was=was).breached
        if 85 <= value < recover:
            assert now == was
        was = bool(now)


def test_a_trend_rings_towards_worse_alone() -> None:
    trend = rule(test="trend", periods=6)
    falling = points(96, 95, 91, 90, 84, 80)
    assert judge(trend, HIGHER, falling, was=False).breached is True
    assert judge(trend, LOWER, falling, was=False).breached is False
    assert judge(trend, HIGHER, points(96, 91, 95, 90, 96, 94), was=True).breached is False
    assert (
        judge(rule(test="trend", periods=6, confidence="0.999"), HIGHER, falling, was=False).breached is False
    )


def test_a_change_rings_when_it_is_recent_worse_and_large_enough() -> None:
    steady = (95, 94, 96, 95, 94, 96, 95)
    change = {"test": "change", "periods": 12, "recent": 3}
    fallen = points(*steady, 80, 81, 79)
    assert judge(rule(**change), HIGHER, fallen, was=False).breached is True
    assert judge(rule(**change), LOWER, fallen, was=False).breached is False
    assert judge(rule(**change, worse_by="20"), HIGHER, fallen, was=False).breached is False
    assert judge(rule(**change), HIGHER, points(*steady, 80, 81, 79, 80), was=False).breached is False
    assert judge(rule(**change), HIGHER, points(*steady), was=False).breached is False


def test_silence_rings_after_periods_in_each_of_which_something_was_heard() -> None:
    silence = rule(test="silence", periods=4, silent=2)
    assert judge(silence, HIGHER, points(1, 1, 1, 1, None, None), was=False).breached is True
    assert judge(silence, HIGHER, points(1, None, 1, 1, None, None), was=False).breached is False
    assert judge(silence, HIGHER, points(1, 1, 1, 1, None, 1), was=True).breached is False
    assert judge(silence, HIGHER, points(None, None, None, None, None, None), was=True).breached is True


def test_a_ring_was_right_when_what_followed_is_bad() -> None:
    before, level = points(95, 95, 80), rule(**LEVEL)
    assert came_true(level, HIGHER, before, points(89)[0]) is True
    assert came_true(level, HIGHER, before, points(90)[0]) is False
    assert came_true(level, HIGHER, before, points(None)[0]) is None
    trend = rule(test="trend", periods=4)
    assert came_true(trend, HIGHER, before, points(89)[0]) is True
    assert came_true(trend, HIGHER, before, points(90)[0]) is False
    assert came_true(trend, HIGHER, points(None), points(90)[0]) is None
    silence = rule(test="silence", periods=4)
    assert came_true(silence, HIGHER, before, points(None)[0]) is True
    assert came_true(silence, HIGHER, before, points(1)[0]) is False


def test_over_history_a_rule_rings_once_until_it_has_recovered() -> None:
    one, other = ("a", "", ""), ("b", "EUR", "")
    values = [(80, 95), (88, 95), (91, 95), (70, 84), (70, 95)]
    seen = [{one: points(a), other: points(b)} for a, b in values]
    following = [{one: points(a)[0], other: points(b)[0]} for a, b in values[1:]] + [{}]
    found = try_over(rule(**LEVEL), HIGHER, seen, following)
    assert (found.periods, found.suppliers) == (5, 2)
    assert [(ring.of, ring.rightly) for ring in found.rings] == [(one, True), (one, True), (other, False)]
    assert [found.count(rightly=told) for told in (True, False, None)] == [2, 1, 0]
    last = try_over(rule(**LEVEL), HIGHER, seen[-1:], following[-1:])
    assert [ring.rightly for ring in last.rings] == [None]


def test_a_rule_says_how_many_periods_it_looks_at() -> None:
    looks = [LEVEL, {"test": "trend", "periods": 6}, {"test": "change", "periods": 9}]
    assert [rule(**test).periods for test in looks] == [1, 6, 9]
    assert rule(test="silence", periods=4, silent=2).periods == 6
    with pytest.raises(ValidationError):
        rule(test="trend", periods=3)


def test_what_may_be_done_about_an_alert_depends_on_where_it_stands() -> None:
    assert set(MOVES) == set(Status)
    assert Move.ACKNOWLEDGE in MOVES[Status.OPEN]
    assert Move.ACKNOWLEDGE not in MOVES[Status.ACKNOWLEDGED]
    assert MOVES[Status.RECOVERED] == (Move.RESOLVE,)
    assert MOVES[Status.RESOLVED] == ()


def test_a_supplier_is_at_risk_by_many_alerts_or_by_a_critical_one() -> None:
    warning, critical = Severity.WARNING, Severity.CRITICAL
    assert not is_at_risk([warning] * 2, AtRisk())
    assert is_at_risk([warning] * 3, AtRisk())
    assert is_at_risk([critical], AtRisk())
    assert not is_at_risk([critical], AtRisk(critical_alerts=2))
