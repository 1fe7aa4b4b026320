"""On which days a change is tried, and during which of them grades would have been others. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from supplier_performance.templates.rules.rating import Card
from supplier_performance.templates.rules.template import Consequence

MOST_DAYS = 240
"""Twenty years of months."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a supplier was on a day, by one way of judging."""

    grade: str | None
    score: Decimal | None
    consequence: Consequence

    @classmethod
    def of(cls, card: Card) -> Standing:
        """Return what a scorecard says."""
        return cls(card.grade, card.score, card.consequence)


NOTHING = Standing(None, None, Consequence.NONE)


@dataclass(frozen=True, slots=True)
class Span:
    """For how long a grade would have been another: days that were tried, from the first to the last."""

    first: date
    last: date
    held: Standing
    """On the first of them, as it is judged."""
    tried: Standing
    """On the first of them, as it would have been."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Whose grade would have been another."""

    supplier_id: UUID
    spans: Sequence[Span]
    orders_stopped: int
    """Orders of days on which there would have been none, and were."""
    orders_let: int
    """Orders of days on which there would have been some, and nothing new was to be ordered."""


def month_ends(first: date, last: date) -> list[date]:
    """Return the last day of each month from one day to another, and that last day itself."""
    found = []
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        found.append(min(following - timedelta(days=1), last))
        month = following
    return found


def spans(days: Sequence[date], held: Mapping[date, Standing], tried: Mapping[date, Standing]) -> list[Span]:
    """Return the runs of days on which two ways of judging make another grade, each of one pair of grades."""
    found: list[Span] = []
    open_since: Span | None = None
    for day in days:
        was, would = held.get(day, NOTHING), tried.get(day, NOTHING)
        pair = (was.grade, would.grade)
        if open_since is not None and pair != (open_since.held.grade, open_since.tried.grade):
            found.append(open_since)
            open_since = None
        if was.grade != would.grade:
            first = day if open_since is None else open_since.first
            start = Span(first, day, was, would) if open_since is None else open_since
            open_since = Span(first, day, start.held, start.tried)
    return [*found, open_since] if open_since is not None else found


def barred(
    days: Sequence[date], one: Mapping[date, Standing], other: Mapping[date, Standing]
) -> list[tuple[date, date]]:
    """Return from when until when nothing new is ordered by one way of judging, and by the other it is.

    What a day makes holds until the next one that is tried.
    """
    stops = Consequence.NO_NEW_ORDERS
    found = []
    for place, day in enumerate(days):
        if one.get(day, NOTHING).consequence is stops and other.get(day, NOTHING).consequence is not stops:
            last = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else day
            found.append((day, last))
    return found
