"""What is counted over the judged lines of suppliers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import History
from purveyor.sql import Statement
from supplier_performance.deliveries.rules import Measures, OnTime, Question, Received, Valued
from supplier_performance.deliveries.store.judged import (
    ALL_SUPPLIERS,
    MONTH,
    THESE_SUPPLIERS,
    WHOLE_WINDOW,
    Whose,
    arguments,
    judged,
)
from supplier_performance.suppliers.rules import CountedAs

COUNTED = """
SELECT counted_as AS supplier_id, period, currency, unit,  -- the row without either is that of all its lines
       count(*) AS lines,
       count(*) FILTER (WHERE due) AS lines_due,
       count(*) FILTER (WHERE due AND on_time) AS lines_on_time,
       count(*) FILTER (WHERE due AND in_full) AS lines_in_full,
       count(*) FILTER (WHERE due AND on_time_in_full) AS lines_on_time_in_full,
       coalesce(sum(days_late) FILTER (WHERE due), 0) AS days_late,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days_late) FILTER (WHERE due) AS p90_days_late,
       sum(received) AS received_quantity,
       sum(rejected) AS rejected_quantity,
       sum(value) AS value,
       sum(spend) AS spend,
       count(*) FILTER (WHERE received > 0) AS lines_received,
       sum(rejected_value) AS rejected_value
FROM judged
WHERE NOT disputed
GROUP BY GROUPING SETS ((counted_as, period), (counted_as, period, currency, unit))
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted over a supplier's lines of a period, in one currency and unit or in all."""

    supplier_id: UUID
    period: date
    currency: str | None
    unit: str | None
    lines: int
    lines_due: int
    lines_on_time: int
    lines_in_full: int
    lines_on_time_in_full: int
    days_late: int
    p90_days_late: int | None
    received_quantity: Decimal
    rejected_quantity: Decimal
    value: Decimal
    spend: Decimal
    lines_received: int
    rejected_value: Decimal


async def measures(
    tx: Transaction, question: Question, graces: History[OnTime], suppliers: Sequence[CountedAs] | None
) -> dict[UUID, Measures]:
    """Return the measures of these suppliers (of all when None); suppliers without lines are left out."""
    asked = arguments(tx, question, graces, suppliers or ())
    of_suppliers = ALL_SUPPLIERS if suppliers is None else THESE_SUPPLIERS
    statement = _counted(len(graces.versions), of_suppliers, WHOLE_WINDOW)
    rows = await statement.all(tx.connection, asked)
    return {supplier_id: measured for (supplier_id, _), measured in _assemble(rows).items()}


async def measures_by_month(
    tx: Transaction, question: Question, graces: History[OnTime], of: Sequence[CountedAs]
) -> dict[date, Measures]:
    """Return one supplier's measures by the first day of each month in which lines were promised."""
    statement = _counted(len(graces.versions), THESE_SUPPLIERS, MONTH)
    rows = await statement.all(tx.connection, arguments(tx, question, graces, of))
    found = {month: measured for (_, month), measured in _assemble(rows).items()}
    return dict(sorted(found.items()))


@cache
def _counted(versions: int, of_suppliers: Whose, period: str) -> Statement[Counted]:
    return Statement(Counted, judged(versions, of_suppliers, period) + COUNTED)


NOTHING, WORTH_NOTHING = Received(Decimal(0), Decimal(0)), Valued(0, *[Decimal(0)] * 3)


def _assemble(rows: Sequence[Counted]) -> Mapping[tuple[UUID, date], Measures]:
    units: dict[tuple[UUID, date], dict[str, Received]] = defaultdict(dict)
    currencies: dict[tuple[UUID, date], dict[str, Valued]] = defaultdict(dict)
    for row in rows:
        if row.unit is None or row.currency is None or not row.received_quantity:
            continue
        of = units[row.supplier_id, row.period]
        of[row.unit] = of.get(row.unit, NOTHING) + Received(row.received_quantity, row.rejected_quantity)
        worth = currencies[row.supplier_id, row.period]
        valued = Valued(row.lines_received, row.value, row.rejected_value, row.spend)
        worth[row.currency] = worth.get(row.currency, WORTH_NOTHING) + valued
    return {
        (key := (row.supplier_id, row.period)): Measures(
            lines=row.lines,
            lines_due=row.lines_due,
            lines_on_time=row.lines_on_time,
            lines_in_full=row.lines_in_full,
            lines_on_time_in_full=row.lines_on_time_in_full,
            days_late=row.days_late,
            p90_days_late=row.p90_days_late,
            by_unit=dict(sorted(units[key].items())),
            by_currency=dict(sorted(currencies[key].items())),
        )
        for row in rows
        if row.currency is None
    }
