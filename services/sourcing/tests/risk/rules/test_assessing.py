"""How factors add up to a risk: a mean of what is known, levels that do not flap, caps that win."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sourcing.risk.rules.assessing import (
    CAPS,
    RANKS,
    Cap,
    RiskLevel,
    Standing,
    assess,
    capped,
    level_of,
    mean,
    settled,
    share_of,
)
from sourcing.risk.rules.factors import Factor, Reading, worst
from sourcing.risk.rules.policy import FinancialBounds, RiskLevels, RiskPolicy, RiskWeights

TODAY = date(2026, 11, 20)
POLICY = RiskPolicy()
LEVELS = RiskLevels()
points = st.decimals(0, 100, places=1)
known = st.dictionaries(st.sampled_from(Factor), points)
means = st.none() | points
levels = st.none() | st.sampled_from(RiskLevel)
caps = st.frozensets(st.sampled_from(Cap))


@st.composite
def weights(draw: st.DrawFn) -> RiskWeights:
    """Return weights that add up to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=7, max_size=7)))
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    return RiskWeights(**dict(zip((factor.value for factor in Factor), shares, strict=True)))


def reading(of: Decimal | int, holds_until: date | None = None, as_of: date = TODAY) -> Reading:
    return Reading(points=Decimal(of), source="us", as_of=as_of, holds_until=holds_until, because="so")


@given(known, weights())
def test_the_mean_lies_between_the_least_and_the_greatest_that_count(
    known: dict[Factor, Decimal], weights: RiskWeights
) -> None:
    counting = [value for factor, value in known.items() if weights.of(factor)]
    found = mean(known, weights)
    if not counting:
        assert found is None
        return
    assert found is not None
    assert min(counting) <= found <= max(counting)


@given(known, weights(), st.sampled_from(Factor), points)
def test_a_factor_that_is_worse_makes_no_mean_better(
    known: dict[Factor, Decimal], weights: RiskWeights, factor: Factor, other: Decimal
) -> None:
    better, worse = sorted((known.get(factor, Decimal(0)), other))
    before, after = mean(known | {factor: better}, weights), mean(known | {factor: worse}, weights)
    assert (before is None) == (after is None)
    assert before is None or after is None or before <= after


@given(known, weights(), st.sampled_from(Factor))
def test_what_is_not_known_counts_neither_as_zero_nor_at_all(
    known: dict[Factor, Decimal], weights: RiskWeights, factor: Factor
) -> None:
    without = {one: value for one, value in known.items() if one is not factor}
    stale = {one: reading(value) for one, value in without.items()}
    stale[factor] = reading(0, TODAY - timedelta(days=1))
    policy = POLICY.model_copy(update={"weights": weights})
    found = assess(stale, (), policy, TODAY, None)
    assert found.overall == mean(without, weights)
    assert found.share_known == share_of(without, weights)
    [shown] = [one for one in found.factors if one.factor is factor]
    assert (shown.standing, shown.contribution) == (Standing.STALE, None)
    assert shown.reading == stale[factor]


@given(known, weights())
def test_the_parts_that_are_shown_make_the_mean(known: dict[Factor, Decimal], weights: RiskWeights) -> None:
    policy = POLICY.model_copy(update={"weights": weights})
    found = assess({one: reading(value) for one, value in known.items()}, (), policy, TODAY, None)
    parts = [one.contribution for one in found.factors if one.contribution is not None]
    if found.overall is not None:
        assert abs(sum(parts) - found.overall) <= Decimal("0.1")
    assert [one.factor for one in found.factors] == list(Factor)
    assert sum(one.weight for one in found.factors) == 100


@given(st.lists(points), points)
def test_a_mean_that_moves_by_less_than_the_hysteresis_changes_the_level_once(
    steps: list[Decimal], about: Decimal
) -> None:
    near = [max(Decimal(0), about - (step % Decimal("4.9"))) for step in steps]
    level, changes = level_of(about, LEVELS), 0
    for one in near:
        after = settled(one, level, LEVELS)
        changes += after is not level
        level = after or level
    assert changes == 0


@given(points, levels)
def test_a_level_rises_at_once_and_never_lies_over_what_the_mean_was_within_reach_of(
    overall: Decimal, before: RiskLevel | None
) -> None:
    found = settled(overall, before, LEVELS)
    assert found is not None
    assert RANKS[level_of(overall, LEVELS)] <= RANKS[found]
    assert RANKS[found] <= RANKS[level_of(overall + LEVELS.hysteresis, LEVELS)]
    assert settled(overall, found, LEVELS) is found
    assert settled(None, before, LEVELS) is None


def test_a_level_begins_at_its_bound_and_ends_under_the_hysteresis() -> None:
    assert settled(Decimal("49.9"), None, LEVELS) is RiskLevel.MEDIUM
    assert settled(Decimal(50), RiskLevel.LOW, LEVELS) is RiskLevel.HIGH
    assert settled(Decimal(45), RiskLevel.HIGH, LEVELS) is RiskLevel.HIGH
    assert settled(Decimal("44.9"), RiskLevel.HIGH, LEVELS) is RiskLevel.MEDIUM
    assert settled(Decimal(10), RiskLevel.CRITICAL, LEVELS) is RiskLevel.LOW
    assert settled(Decimal(75), None, LEVELS) is RiskLevel.CRITICAL


@given(known, caps, levels)
def test_caps_win_whatever_the_mean_is(
    known: dict[Factor, Decimal], caps: frozenset[Cap], before: RiskLevel | None
) -> None:
    found = assess({one: reading(value) for one, value in known.items()}, caps, POLICY, TODAY, before)
    assert found.level is capped(found.uncapped_level, caps)
    for cap in caps:
        assert found.level is not None
        assert RANKS[found.level] >= RANKS[CAPS[cap]]
    if Cap.SANCTION_CONFIRMED in caps:
        assert found.level is RiskLevel.CRITICAL
    if not caps:
        assert found.level is found.uncapped_level
    assert found.uncapped_level is settled(found.overall, before, POLICY.levels)


@given(st.dictionaries(st.sampled_from(Factor), st.dates(TODAY, TODAY + timedelta(days=9)), min_size=1))
def test_it_is_looked_at_again_on_the_first_day_on_which_something_does_not_hold(
    ends: dict[Factor, date],
) -> None:
    readings = {factor: reading(50, end) for factor, end in ends.items()}
    found = assess(readings, (), POLICY, TODAY, None)
    assert found.changes_on is not None
    day_before = found.changes_on - timedelta(days=1)
    assert all(one.holds(day_before) for one in readings.values())
    assert not all(one.holds(found.changes_on) for one in readings.values())


def test_the_worst_of_what_holds_counts_and_else_the_latest_that_did() -> None:
    old = TODAY - timedelta(days=9)
    bad, mild = reading(90, TODAY - timedelta(days=1), old), reading(20, TODAY)
    assert worst([bad, mild], TODAY) is mild
    assert worst([bad, mild], TODAY - timedelta(days=1)) is bad
    assert worst([bad, mild], TODAY + timedelta(days=1)) is mild
    assert worst([], TODAY) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": {"financial": 21}},
        {"weights": {"financial": -1, "geographic": 36}},
        {"levels": {"medium": "60"}},
        {"levels": {"high": "75"}},
        {"levels": {"medium": "0"}},
        {"levels": {"hysteresis": "30"}},
        {"financial": {"safe": "4.35"}},
        {"holding": {"financial": 0}},
    ],
)
def test_a_policy_that_says_nothing_clear_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RiskPolicy.model_validate(wrong)


def test_the_bounds_of_a_policy_may_be_narrow() -> None:
    assert FinancialBounds(distress=Decimal("1.1"), safe=Decimal("1.11")).safe == Decimal("1.11")
