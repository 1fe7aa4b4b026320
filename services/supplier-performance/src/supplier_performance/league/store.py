"""The league table in SQL, over what scorecards and suppliers declare for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.pages import PageRequest
from purveyor.sql import Statement
from supplier_performance.league.rules import LeagueSort, Rank, Standing
from supplier_performance.scorecards import store as scorecards
from supplier_performance.scorecards.model import MEASURES
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.rules import SupplierName

LAST_JUDGED = """
WITH standing AS (
  SELECT scorecard.id, score, grade, measures, number, name, status,
         ({figure})::numeric AS figure, coalesce(spelling, '') AS spelling
  FROM {scorecards} AS scorecard LEFT JOIN {suppliers} AS supplier USING (id)
  WHERE lines > 0 AND merged_into IS NULL AND (:only::uuid[] IS NULL OR scorecard.id = ANY(:only))
), ranked AS (
  SELECT id, score, grade, measures, number, name, status, spelling,
         (figure IS NULL)::integer AS unknown, -coalesce(figure, 0) AS place
  FROM standing
)
SELECT * FROM ranked
WHERE :unknown::integer IS NULL
   OR (unknown, place, spelling, id) > (:unknown, :place::numeric, :spelling::varchar COLLATE "C", :id::uuid)
ORDER BY unknown, place, spelling, id
LIMIT :limit
"""

FIGURES = {
    LeagueSort.SCORE: "score",
    LeagueSort.ON_TIME: "on_time_percent",
    LeagueSort.IN_FULL: "in_full_percent",
    LeagueSort.ON_TIME_IN_FULL: "on_time_in_full_percent",
    LeagueSort.REJECTED_PPM: "rejected_ppm",
    LeagueSort.DAYS_LATE: "average_days_late",
    LeagueSort.LINES: "lines",
    LeagueSort.LINES_LATE: "lines_late",
    LeagueSort.SPEND: "coalesce(measures -> 'by_currency' -> :currency ->> 'accepted', "
    "measures -> 'by_currency' -> :currency ->> 'received', "
    "measures -> 'spend' ->> :currency)",
    LeagueSort.NAME: "0",
}

Ranked = tuple[Rank, Standing]


@dataclass(frozen=True, slots=True)
class Table:
    """Which league table is asked for: how sorted, whose spend, over which window, and of which suppliers."""

    sort: LeagueSort
    currency: str | None = None
    only: Sequence[UUID] | None = None
    window: str = ""

    @property
    def order(self) -> str:
        """All that a cursor is bound to."""
        return f"league,{self.sort},{self.currency},{self.window},{sorted(map(str, self.only or ()))}"

    def after(self, page: PageRequest) -> tuple[object, ...] | None:
        """Return the rank that a page starts after."""
        return page.after(self.order, int, Decimal, str, UUID)


async def last_judged(tx: Transaction, table: Table, page: PageRequest) -> Sequence[Ranked]:
    """Return suppliers with lines in the rolling window as last judged, one more than the page holds."""
    unknown, place, spelling, supplier_id = table.after(page) or (None,) * 4
    asked = {
        "only": table.only,
        "currency": table.currency,
        "unknown": unknown,
        "place": place,
        "spelling": spelling,
        "id": supplier_id,
        "limit": page.limit + 1,
    }
    return await _last_judged(table.sort).all(tx.connection, asked)


@cache
def _last_judged(sort: LeagueSort) -> Statement[Ranked]:
    return Statement(
        _ranked,
        LAST_JUDGED,
        figure=FIGURES[sort],
        scorecards=scorecards.JUDGED,
        suppliers=suppliers.NAMED,
    )


def _ranked(
    *, unknown: int, place: Decimal, score: Decimal | None, grade: str | None, measures: Any, **supplier: Any
) -> Ranked:
    named = SupplierName(**supplier)
    standing = Standing(named, score, grade, MEASURES.validate_python(measures))
    return (unknown, place, named.spelling, named.id), standing
