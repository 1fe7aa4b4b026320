"""Which KPI of sourcing stands beside which one of procurement, and how far apart they are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True, slots=True)
class Pair:
    """A promise and its outcome: two KPIs whose figures are of 100, and the higher the better."""

    code: str
    title: str
    promised: str
    """The KPI of what sourcing tells."""
    outcome: str
    """The KPI of what procurement tells."""


PAIRS = (
    Pair(
        "qualification",
        "Qualified, and as promised: how much of the time, and how many of the lines",
        "qualification-validity",
        "on-time-in-full",
    ),
    Pair(
        "qualification-result",
        "What the qualification found, of 100, and how many of the lines were as promised",
        "qualification-result",
        "on-time-in-full",
    ),
    Pair(
        "documents",
        "How many documents held, and how many orders were perfect",
        "document-validity",
        "perfect-order",
    ),
)
"""Those of prices and lead times come with what sourcing will tell of them."""


class Place(NamedTuple):
    """Whom, what and when a figure is of; figures that are of no category are of all of a supplier's."""

    period: str
    supplier_id: str
    category: str


Figures: TypeAlias = Mapping[Place, Decimal | None]


@dataclass(frozen=True, slots=True)
class Known:
    """The figures that are known of the KPIs, and as of when."""

    figures: Mapping[str, Figures]
    whole: frozenset[str]
    """KPIs whose facts say no category."""
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A promise beside its outcome; None: there is no data of it."""

    pair: Pair
    promised: Decimal | None
    outcome: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """The outcome less the promise: below zero, it was promised more than came."""
        if self.promised is None or self.outcome is None:
            return None
        return self.outcome - self.promised


def places(figures: Mapping[str, Figures]) -> list[Place]:
    """Return whom, what and when anything is known of, the latest period first.

    What is of no category stands beside each category of the supplier and the period, and alone where there
    is none.
    """
    found = {place for of_kpi in figures.values() for place in of_kpi}
    told = {(place.period, place.supplier_id) for place in found if place.category}
    shown = {place for place in found if place.category or (place.period, place.supplier_id) not in told}
    by_whom = sorted(shown, key=lambda place: (place.supplier_id, place.category))
    return sorted(by_whom, key=lambda place: place.period, reverse=True)


def comes_after(place: Place, last: Place) -> bool:
    """Whether a place stands behind another in that order."""
    if place.period != last.period:
        return place.period < last.period
    return (place.supplier_id, place.category) > (last.supplier_id, last.category)


def compared(figures: Mapping[str, Figures], place: Place) -> list[Compared]:
    """Return the promises and outcomes of a place of which there is any data."""
    found = [
        Compared(pair, _at(figures[pair.promised], place), _at(figures[pair.outcome], place))
        for pair in PAIRS
    ]
    return [one for one in found if one.promised is not None or one.outcome is not None]


def _at(figures: Figures, place: Place) -> Decimal | None:
    return figures.get(place, figures.get(place._replace(category="")))


@dataclass(frozen=True, slots=True)
class Period:
    """A period's name, and its first and last day within the window."""

    name: str
    first: date
    last: date
