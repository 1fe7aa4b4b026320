"""The league table in SQL, over what scorecards and suppliers declare for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction
from purveyor.http.pages import PageRequest
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
  WHERE lines > 0 AND ($1::uuid IS NULL OR scorecard.id = $1)
), ranked AS (
  SELECT *, (figure IS NULL)::integer AS unknown, -coalesce(figure, 0) AS place FROM standing
)
SELECT * FROM ranked
WHERE $2::integer IS NULL
   OR (unknown, place, spelling, id) > ($2, $3::numeric, $4::varchar COLLATE "C", $5::uuid)
ORDER BY unknown, place, spelling, id
LIMIT $6
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
    LeagueSort.SPEND: "measures -> 'spend' ->> $7",
    LeagueSort.NAME: "0",
}

Ranked = tuple[Rank, Standing]


@dataclass(frozen=True, slots=True)
class Table:
    """Which league table is asked for: how sorted, whose spend, and whether only one supplier may be seen."""

    sort: LeagueSort
    currency: str | None = None
    only: UUID | None = None

    @property
    def order(self) -> str:
        """The name of the order, in cursors."""
        return f"{self.sort},{self.currency}"

    def after(self, page: PageRequest) -> tuple[object, ...] | None:
        """Return the rank that a page starts after."""
        return page.after(self.order, int, Decimal, str, UUID)


async def last_judged(tx: Transaction, table: Table, page: PageRequest) -> Sequence[Ranked]:
    """Return suppliers with lines in the rolling window as last judged, one more than the page holds."""
    sql = LAST_JUDGED.format(
        figure=FIGURES[table.sort], scorecards=scorecards.JUDGED, suppliers=suppliers.NAMED
    )
    after = table.after(page) or (None,) * 4
    spend = (table.currency,) if table.sort is LeagueSort.SPEND else ()
    rows = await tx.connection.fetch(sql, table.only, *after, page.limit + 1, *spend)
    return [
        (
            (row["unknown"], row["place"], row["spelling"], row["id"]),
            Standing(
                SupplierName(row["id"], row["number"], row["name"], row["status"], row["spelling"]),
                row["score"],
                row["grade"],
                MEASURES.validate_python(row["measures"]),
            ),
        )
        for row in rows
    ]
