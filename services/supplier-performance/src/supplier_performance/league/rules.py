"""How a league table is ordered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from supplier_performance.deliveries.rules import Measures
from supplier_performance.suppliers.rules import SupplierName

Rank = tuple[int, Decimal, str, UUID]
"""Whether there is no figure, the figure (negated: the highest comes first), the name, the supplier's id."""


class LeagueSort(StrEnum):
    """What a league table may be sorted by: figures from the highest, names from A; no figure comes last."""

    SCORE = "score"
    ON_TIME = "on_time"
    IN_FULL = "in_full"
    ON_TIME_IN_FULL = "on_time_in_full"
    REJECTED_PPM = "rejected_ppm"
    DAYS_LATE = "days_late"
    LINES = "lines"
    LINES_LATE = "lines_late"
    SPEND = "spend"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Standing:
    """A supplier's line in the table."""

    supplier: SupplierName
    score: Decimal | None
    grade: str | None
    measures: Measures


def rank(standing: Standing, sort: LeagueSort, currency: str) -> Rank:
    """Return what places a supplier in the table; no two suppliers have the same rank.

    `currency` says whose spend is compared.
    """
    measures = standing.measures
    figure: Decimal | int | None = {
        LeagueSort.SCORE: standing.score,
        LeagueSort.ON_TIME: measures.on_time_percent,
        LeagueSort.IN_FULL: measures.in_full_percent,
        LeagueSort.ON_TIME_IN_FULL: measures.on_time_in_full_percent,
        LeagueSort.REJECTED_PPM: measures.rejected_ppm,
        LeagueSort.DAYS_LATE: measures.average_days_late,
        LeagueSort.LINES: measures.lines,
        LeagueSort.LINES_LATE: measures.lines_late,
        LeagueSort.SPEND: measures.spend.get(currency),
        LeagueSort.NAME: 0,
    }[sort]
    supplier = standing.supplier
    return (int(figure is None), -Decimal(figure or 0), supplier.spelling, supplier.id)
