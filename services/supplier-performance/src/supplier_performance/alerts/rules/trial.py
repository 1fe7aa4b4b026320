"""How a rule would have done over history: how often it would have rung, and how often rightly. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from supplier_performance.alerts.rules.grammar import WatchRule
from supplier_performance.alerts.rules.judging import Point, came_true, judge
from supplier_performance.kpis.rules.grammar import Direction

Of: TypeAlias = tuple[str, str, str]
"""Whom a series is of: the supplier's id, its currency and unit of measure, empty where it has none."""


@dataclass(frozen=True, slots=True)
class Ring:
    """That a rule would have rung for a supplier at the end of a period."""

    of: Of
    key: str
    because: str
    rightly: bool | None
    """Whether what came after bore it out; None: nothing is known of that."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a rule would have done."""

    periods: int
    suppliers: int
    rings: Sequence[Ring]

    def count(self, *, rightly: bool | None) -> int:
        """Return how many rings were right, were wrong, or cannot be told."""
        return sum(ring.rightly is rightly for ring in self.rings)


def try_over(
    rule: WatchRule,
    direction: Direction,
    seen: Sequence[Mapping[Of, Sequence[Point]]],
    following: Sequence[Mapping[Of, Point]],
) -> Tried:
    """Return how a rule would have done over periods, each judged by what was so at its end.

    `seen` holds of each period the series that end with it, `following` the figures of the period after it.
    A supplier that is in breach rings once, until it has recovered.
    """
    breached: set[Of] = set()
    rings, suppliers = [], set()
    for series, after in zip(seen, following, strict=True):
        for of, points in sorted(series.items()):
            suppliers.add(of[0])
            verdict = judge(rule, direction, points, was=of in breached)
            if verdict.breached and of not in breached:
                right = came_true(rule, direction, points, after[of]) if of in after else None
                rings.append(Ring(of, points[-1].key, verdict.because, right))
                breached.add(of)
            elif verdict.breached is False:
                breached.discard(of)
    return Tried(len(seen), len(suppliers), rings)
