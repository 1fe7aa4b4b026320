"""Whether a series gets worse more than chance would make it, and where its level changed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, log, pi, sqrt
from statistics import fmean, median

NORMAL_MEDIAN = 0.6745
"""The median of |x| of a standard normal x: what makes a median deviation a standard deviation."""


@dataclass(frozen=True, slots=True)
class Monotone:
    """What the Mann-Kendall test says of a series."""

    s: int
    """How many more pairs rise than fall, in time."""
    p: float
    """How often chance alone would do as much, on both sides."""


def mann_kendall(values: Sequence[float]) -> Monotone:
    """Test a series for a trend, whatever its form (Mann 1945, Kendall 1975; ties after Gilbert 1987, 16.4).

    By the normal approximation with a correction for continuity; a series of one value has none.
    """
    n = len(values)
    s = sum((later > one) - (later < one) for nth, one in enumerate(values) for later in values[nth + 1 :])
    tied = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    if variance <= 0 or s == 0:
        return Monotone(s, 1.0)
    z = (abs(s) - 1) / sqrt(variance)
    return Monotone(s, erfc(z / sqrt(2)))


def segments(values: Sequence[float], penalty: float) -> list[int]:
    """Return where segments of one level begin, the first at 0: the best of all segmentations.

    The best has the least sum of squared deviations from its segments' means, and for each change `penalty` ×
    variance of the noise × ln n (optimal partitioning, Jackson et al. 2005, by the criterion of Yao 1988).
    The noise is told from successive differences, which a change of level touches once.
    """
    n = len(values)
    price = penalty * _noise(values) * log(max(n, 2))
    sums, squares = [0.0], [0.0]
    for value in values:
        sums.append(sums[-1] + value)
        squares.append(squares[-1] + value * value)

    def cost(first: int, end: int) -> float:
        total = sums[end] - sums[first]
        return max(squares[end] - squares[first] - total * total / (end - first), 0.0)

    best, begins = [-price], [0]
    slack = 1e-9 * (1 + squares[-1])  # what floats cannot tell apart is no change
    for end in range(1, n + 1):
        found, where = best[0] + cost(0, end) + price, 0
        for first in range(1, end):
            candidate = best[first] + cost(first, end) + price
            if candidate < found - slack:
                found, where = candidate, first
        best.append(found)
        begins.append(where)
    starts, end = [], n
    while end:
        end = begins[end]
        starts.append(end)
    return starts[::-1]


def _noise(values: Sequence[float]) -> float:
    """Return the variance of what varies from one value to the next.

    By the median step, or by the mean one where most steps are none.
    """
    steps = [abs(later - one) for one, later in pairwise(values)]
    if not any(steps):
        return 0.0
    deviation = median(steps) / NORMAL_MEDIAN / sqrt(2) or fmean(steps) * sqrt(pi) / 2
    return deviation * deviation
