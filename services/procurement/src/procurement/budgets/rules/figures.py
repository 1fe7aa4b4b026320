"""The numbers of a budget, and what is left of it: available = budget − reserved − committed − spent.

Where a budget accumulates, what a period leaves may be taken in later ones, and nothing is taken in a period
that a later one has taken already: what may be taken is the least that is left, from that period on, of all
periods up to each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

HUNDRED = Decimal(100)
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a budget says, and what of it is taken, in its currency."""

    budget: Decimal = NONE
    reserved: Decimal = NONE
    committed: Decimal = NONE
    spent: Decimal = NONE

    @property
    def available(self) -> Decimal:
        """What is left; below zero where a policy or an override let more be taken."""
        return self.budget - self.reserved - self.committed - self.spent

    def __add__(self, other: Figures) -> Figures:
        """Return both together."""
        return Figures(
            self.budget + other.budget,
            self.reserved + other.reserved,
            self.committed + other.committed,
            self.spent + other.spent,
        )

    def by_name(self) -> dict[str, Decimal]:
        """Return them as they are shown and told."""
        names = ("budget", "reserved", "committed", "spent", "available")
        return {name: getattr(self, name) for name in names}


NOTHING = Figures()


@dataclass(frozen=True, slots=True)
class Period:
    """A part of a budget's days, with its figures."""

    number: int
    first_day: date
    last_day: date
    figures: Figures = NOTHING


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Where more is wanted than is left, with the arithmetic."""

    period: int
    figures: Figures
    """Before; where the budget accumulates, those of all periods up to the one that falls short."""
    wanted: Decimal
    tolerance: Decimal

    @property
    def missing(self) -> Decimal:
        """By how much it is exceeded, beyond the tolerance."""
        return self.wanted - max(self.figures.available + self.tolerance, NONE)

    def __str__(self) -> str:
        """Say the arithmetic."""
        one = self.figures
        allowed = f", and {self.tolerance:f} tolerated" if self.tolerance else ""
        return (
            f"budget {one.budget:f} − reserved {one.reserved:f} − committed {one.committed:f} "
            f"− spent {one.spent:f} = {one.available:f} available{allowed}; wanted {self.wanted:f}, "
            f"which is {self.missing:f} too much"
        )


def total(periods: Iterable[Period]) -> Figures:
    """Return the figures of all periods together."""
    return sum((period.figures for period in periods), NOTHING)


def up_to(periods: Sequence[Period], number: int, *, accumulates: bool) -> Figures:
    """Return the figures that a period is judged by: its own, or of all up to it."""
    counted = (one for one in periods if one.number == number or (accumulates and one.number < number))
    return total(counted)


def left(periods: Sequence[Period], number: int, *, accumulates: bool) -> Decimal:
    """Return what may still be taken in a period."""
    judged = [one.number for one in periods if one.number == number or (accumulates and one.number > number)]
    return min(up_to(periods, one, accumulates=accumulates).available for one in judged)


def changed(periods: Sequence[Period], changes: Mapping[int, Figures]) -> list[Period]:
    """Return periods with what entries add to their figures."""
    return [
        Period(one.number, one.first_day, one.last_day, one.figures + changes.get(one.number, NOTHING))
        for one in periods
    ]


def shortfalls(
    periods: Sequence[Period],
    changes: Mapping[int, Figures],
    *,
    accumulates: bool,
    tolerance_percent: Decimal,
) -> Iterator[Shortfall]:
    """Return where changes would take more than is left, with the tolerance, a share of what is budgeted.

    What leaves no less than there was is never too much, whatever was taken before.
    """
    after = changed(periods, changes)
    for one in periods:
        before = up_to(periods, one.number, accumulates=accumulates)
        now = up_to(after, one.number, accumulates=accumulates)
        tolerance = before.budget * tolerance_percent / HUNDRED
        wanted = before.available - now.available
        if wanted > 0 and now.available + tolerance < 0:
            yield Shortfall(one.number, before, wanted, tolerance)
