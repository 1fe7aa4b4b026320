"""Trends are told from chance, and changes of level are found where they are best explained."""

from __future__ import annotations

from itertools import combinations
from math import log
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplier_performance.alerts.rules.statistics import _noise, mann_kendall, segments

VALUES = st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=9)


@pytest.mark.parametrize(
    ("values", "s", "p"),
    [
        ([1, 2, 3, 4, 5], 10, 0.0275),
        ([5, 4, 3, 2, 1], -10, 0.0275),
        ([1, 1, 1, 1], 0, 1.0),
        ([1, 2, 2, 3], 5, 0.1486),
        ([4, 6, 2, 8, 5, 9, 7, 10], 16, 0.0635),
        ([7], 0, 1.0),
        ([1, 2], 1, 1.0),
    ],
)
def test_a_trend_is_told_by_pairs_that_rise_and_how_seldom_chance_does_it(
    values: list[float], s: int, p: float
) -> None:
    found = mann_kendall(values)
    assert found.s == s
    assert found.p == pytest.approx(p, abs=0.0001)


@given(values=VALUES)
def test_a_series_turned_round_in_time_or_sign_has_the_opposite_trend(values: list[float]) -> None:
    found = mann_kendall(values)
    for turned in (values[::-1], [-value for value in values]):
        assert (mann_kendall(turned).s, mann_kendall(turned).p) == (-found.s, found.p)
    assert 0 <= found.p <= 1


def cost(values: list[float], starts: tuple[int, ...], price: float) -> float:
    ends = (*starts[1:], len(values))
    parts = [values[first:end] for first, end in zip(starts, ends, strict=True)]
    deviations = sum((value - fmean(part)) ** 2 for part in parts for value in part)
    return deviations + price * (len(starts) - 1)


@settings(max_examples=60)
@given(values=VALUES, penalty=st.sampled_from([0.5, 1.0, 3.0]))
def test_no_other_segmentation_is_better(values: list[float], penalty: float) -> None:
    found = segments(values, penalty)
    assert found[0] == 0
    assert found == sorted(set(found))
    price = penalty * _noise(values) * log(len(values))
    inside = range(1, len(values))
    best = min(
        cost(values, (0, *chosen), price)
        for size in range(len(values))
        for chosen in combinations(inside, size)
    )
    assert cost(values, tuple(found), price) == pytest.approx(best, abs=1e-4)


def test_a_level_that_changed_is_found_and_noise_is_none() -> None:
    noise = [0.3, -0.2, 0.1, -0.4, 0.2, 0.0, -0.1, 0.4]
    assert segments(noise, 3) == [0]
    assert segments([*noise, *(value - 9 for value in noise)], 3) == [0, 8]
    assert segments([5.0] * 6, 3) == [0]
    assert segments([5.0] * 6 + [1.0] * 3, 3) == [0, 6]
    assert segments([5.0], 3) == [0]
