"""How figures become points, and how sure a share is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplier_performance.kpis.rules.grammar import Direction
from supplier_performance.templates.rules.points import interval, points
from supplier_performance.templates.rules.template import Worth

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
LINEAR = {"how": "linear", "floor": "70", "target": "98"}
FALLING = {"how": "linear", "floor": "30", "target": "0"}
STEPS = {
    "how": "steps",
    "steps": [{"figure": "80", "points": "40"}, {"figure": "95", "points": "100"}],
}
FEWER = {"how": "steps", "steps": [{"figure": "500", "points": "40"}, {"figure": "50", "points": "100"}]}
NEAR = {"how": "tolerance", "target": "0", "tolerance": "2", "limit": "10"}
FIGURES = st.decimals(-200, 200, places=2)


@pytest.mark.parametrize(
    ("worth", "direction", "figure", "earned"),
    [
        (LINEAR, HIGHER, "70", "0"),
        (LINEAR, HIGHER, "84", "50"),
        (LINEAR, HIGHER, "98", "100"),
        (LINEAR, HIGHER, "200", "100"),
        (LINEAR, HIGHER, "12", "0"),
        (FALLING, LOWER, "-3", "100"),
        (FALLING, LOWER, "15", "50"),
        (FALLING, LOWER, "31", "0"),
        (STEPS, HIGHER, "79.99", "0"),
        (STEPS, HIGHER, "80", "40"),
        (STEPS, HIGHER, "99", "100"),
        (FEWER, LOWER, "501", "0"),
        (FEWER, LOWER, "500", "40"),
        (FEWER, LOWER, "0", "100"),
        (NEAR, LOWER, "-2", "100"),
        (NEAR, LOWER, "6", "50"),
        (NEAR, LOWER, "-6", "50"),
        (NEAR, LOWER, "10", "0"),
        (NEAR | {"limit": "2"}, LOWER, "2.01", "0"),
    ],
)
def test_a_figure_becomes_points(
    worth: dict[str, Any], direction: Direction, figure: str, earned: str
) -> None:
    assert points(Decimal(figure), Worth.model_validate(worth), direction) == Fraction(earned)


@given(
    FIGURES, FIGURES, st.sampled_from([(LINEAR, HIGHER), (FALLING, LOWER), (STEPS, HIGHER), (FEWER, LOWER)])
)
def test_a_better_figure_never_earns_less(
    one: Decimal, other: Decimal, way: tuple[dict[str, Any], Direction]
) -> None:
    worth, direction = Worth.model_validate(way[0]), way[1]
    better, worse = (max(one, other), min(one, other))
    if direction is LOWER:
        better, worse = worse, better
    earned = [points(figure, worth, direction) for figure in (better, worse)]
    assert 100 >= earned[0] >= earned[1] >= 0


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(9, 10, "0.5958", "0.9821"), (0, 10, "0.0000", "0.2775"), (10, 10, "0.7225", "1.0000")],
)
def test_a_share_lies_within_wilsons_interval(numerator: int, denominator: int, low: str, high: str) -> None:
    """Figures of Newcombe 1998 and of the formula reckoned by hand."""
    found = interval(Decimal(numerator), Decimal(denominator))
    assert found is not None
    assert [round(bound, 4) for bound in found] == [Decimal(low), Decimal(high)]


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share_and_narrows_with_the_sample(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = interval(Decimal(count), Decimal(of)) or (Decimal(2), Decimal(-1))
    assert 0 <= low <= Decimal(count) / of + Decimal("1e-20")
    assert Decimal(count) / of - Decimal("1e-20") <= high <= 1
    wide_low, wide_high = interval(Decimal(count * 10), Decimal(of * 10)) or (Decimal(-1), Decimal(2))
    assert wide_high - wide_low < high - low


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 0), (5, 4), (-1, 4)])
def test_what_is_no_share_has_no_interval(numerator: int, denominator: int) -> None:
    assert interval(Decimal(numerator), Decimal(denominator)) is None
