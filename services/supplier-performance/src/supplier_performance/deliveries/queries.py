"""Measures of suppliers, straight from their order lines.

Every figure starts from the same lines, judged in the same way (`JUDGED`):

- a line belongs to the window that its promised date lies in;
- it is judged on the day asked for or, when none is, on today at its own site;
- it is *due* once all of it has arrived, or once its last day (promised, plus the grace) is over; what was
  cancelled before its last day was over is not due;
- it is *on time* when what had arrived reached the ordered quantity by its last day, *in full* when what
  had been accepted has reached it by the day of judgement;
- its days late run from the promised date to the day on which all had arrived, else to the day of judgement
  (or of the cancellation); early days are negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor_contract.events.procurement.orders import POCancelled, POIssued
from supplier_performance.deliveries.rules import Measures, Window
from supplier_performance.settings import settings_of
from supplier_performance.suppliers.names import SupplierName
from supplier_performance.suppliers.queries import names

JUDGED = """
WITH line AS (
  SELECT *, promised_on + $5::integer AS last_day,
         coalesce($3::date, ($4::timestamptz AT TIME ZONE time_zone)::date) AS today
  FROM order_line
  WHERE promised_on BETWEEN $1::date AND $2::date AND {of_suppliers}
), known AS (
  -- What was known of it on that day. Its totals hold, unless something arrived after the day asked for.
  SELECT *,
         least(today, cancelled_on) AS open_until,
         CASE WHEN completed_on <= today THEN completed_on END AS arrived_on,
         CASE WHEN last_received_on > today THEN
           (SELECT coalesce(sum(receipt.quantity), 0) {receipts_until_today})
         ELSE received_quantity END AS received,
         CASE WHEN last_received_on > today THEN
           (SELECT coalesce(sum(receipt.rejected_quantity), 0) {receipts_until_today})
         ELSE rejected_quantity END AS rejected
  FROM line
), judged AS (
  SELECT *,
         arrived_on IS NOT NULL OR last_day < open_until AS due,
         coalesce(arrived_on <= last_day, false) AS on_time,
         coalesce(in_full_on <= today, false) AS in_full,
         coalesce(arrived_on, open_until) - promised_on AS days_late,
         -- Twenty decimals in the quotient, so that rounding is that of the exact value.
         round(received * price * 1.00000000000000000000 / price_base_quantity, minor_units) AS value,
         {period} AS period
  FROM known
)
"""

COUNTED = """
SELECT supplier_id, period, currency,  -- the row without a currency is that of all its lines
       count(*) AS lines,
       count(*) FILTER (WHERE due) AS lines_due,
       count(*) FILTER (WHERE due AND on_time) AS lines_on_time,
       count(*) FILTER (WHERE due AND in_full) AS lines_in_full,
       count(*) FILTER (WHERE due AND on_time AND in_full) AS lines_on_time_in_full,
       coalesce(sum(days_late) FILTER (WHERE due), 0) AS days_late,
       percentile_disc(0.9) WITHIN GROUP (ORDER BY days_late) FILTER (WHERE due) AS p90_days_late,
       sum(received) AS received_quantity,
       sum(rejected) AS rejected_quantity,
       sum(value) AS value
FROM judged
GROUP BY GROUPING SETS ((supplier_id, period), (supplier_id, period, currency))
"""

RECEIPTS_UNTIL_TODAY = """
FROM received_line AS receipt
WHERE (receipt.order_id, receipt.line_number) = (line.order_id, line.line_number)
  AND receipt.received_on <= line.today
"""
THESE_SUPPLIERS = "supplier_id = ANY($6::uuid[])"
WHOLE_WINDOW = "$1::date"
MONTH = "date_trunc('month', promised_on)::date"


def _judged(of_suppliers: str, period: str) -> str:
    return JUDGED.format(of_suppliers=of_suppliers, period=period, receipts_until_today=RECEIPTS_UNTIL_TODAY)


BY_LINE = _judged(THESE_SUPPLIERS, WHOLE_WINDOW)
BY_SUPPLIER = BY_LINE + COUNTED
BY_MONTH = _judged(THESE_SUPPLIERS, MONTH) + COUNTED
IN_ALL = _judged("true", WHOLE_WINDOW) + COUNTED

LINES = """
SELECT order_id, order_number, line_number, item, category, site, business_unit, unit, currency,
       quantity AS ordered_quantity, ordered_on, promised_on, today AS judged_on,
       due, on_time, in_full, days_late, arrived_on, cancelled_on,
       received AS received_quantity, rejected AS rejected_quantity, value,
       ({numerator})::numeric AS numerator, ({denominator})::numeric AS denominator
FROM judged
WHERE {counts} AND ($7::date IS NULL OR (promised_on, order_id, line_number) > ($7, $8::uuid, $9::integer))
ORDER BY promised_on, order_id, line_number
LIMIT $10
"""

EVENTS = """
SELECT line.order_id, line.line_number, event.event_id, event.type, event.sequence, event.recorded_at,
       event.business_date, receipt.quantity, receipt.rejected_quantity, receipt.rejection_reason
FROM unnest($1::uuid[], $2::integer[], $3::date[]) AS line (order_id, line_number, today)
JOIN order_event AS event USING (order_id)
LEFT JOIN received_line AS receipt USING (order_id, line_number, sequence)
WHERE event.type = $4
   OR event.type = $5 AND event.business_date <= line.today
   OR receipt.received_on <= line.today
ORDER BY event.order_id, event.sequence, receipt.position
"""

PASSING = """
WITH day AS (
  -- Tomorrow begins today at sites east of Greenwich; what begins after the next run is left to it.
  SELECT day::date FROM generate_series($1::date, $1::date + 1, interval '1 day') AS day
), passing AS (
  -- Open lines whose last day is over are late by one day more.
  SELECT supplier_id, day::timestamp AT TIME ZONE time_zone AS due_at
  FROM order_line, day
  WHERE completed_on IS NULL AND cancelled_on IS NULL
    AND promised_on BETWEEN $1 - $2::integer AND day - 1 - $3::integer
  UNION
  -- Lines that enter the rolling window and those that leave it.
  SELECT supplier_id, $1::timestamp AT TIME ZONE 'UTC'
  FROM order_line WHERE promised_on IN ($1, $1 - $2)
)
SELECT supplier_id, due_at FROM passing WHERE due_at < ($1 + 1)::timestamp AT TIME ZONE 'UTC'
"""

HAS_LINES = "SELECT EXISTS (SELECT FROM order_line WHERE supplier_id = $1)"


@dataclass(frozen=True, slots=True)
class Contribution:
    """Which judged lines count for a figure, and what each adds above and below its bar, in SQL."""

    counts: str
    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines are asked about, and when they are judged: None is today at each line's site."""

    window: Window
    as_of: date | None = None


def today(tx: Transaction) -> date:
    """Return the day on which windows end by default: that of the moment, in UTC."""
    return tx.now.astimezone(UTC).date()


def rolling_window(tx: Transaction, last: date | None = None) -> Window:
    """Return the rolling window that ends on a day, by default today."""
    return Window.rolling(last or today(tx), settings_of(tx).score_window_days)


async def measures(
    tx: Transaction, question: Question, suppliers: Sequence[UUID] | None = None
) -> dict[UUID, Measures]:
    """Return the measures of these suppliers (of all when None); suppliers without lines are left out."""
    asked = arguments(tx, question)
    if suppliers is None:
        rows = await tx.connection.fetch(IN_ALL, *asked)
    else:
        rows = await tx.connection.fetch(BY_SUPPLIER, *asked, suppliers)
    return {supplier_id: measured for (supplier_id, _), measured in _assemble(rows).items()}


async def measures_of(tx: Transaction, question: Question, supplier_id: UUID) -> Measures:
    """Return one supplier's measures."""
    found = await measures(tx, question, [supplier_id])
    return found.get(supplier_id, Measures())


async def measures_by_month(tx: Transaction, question: Question, supplier_id: UUID) -> dict[date, Measures]:
    """Return one supplier's measures by the first day of each month in which lines were promised."""
    rows = await tx.connection.fetch(BY_MONTH, *arguments(tx, question), [supplier_id])
    found = {month: measured for (_, month), measured in _assemble(rows).items()}
    return dict(sorted(found.items()))


def arguments(tx: Transaction, question: Question) -> tuple[object, ...]:
    """Return the arguments of `JUDGED`, $1 to $5."""
    window = question.window
    return (window.first, window.last, question.as_of, tx.now, settings_of(tx).on_time_grace_days)


def _assemble(rows: Sequence[asyncpg.Record]) -> Mapping[tuple[UUID, date], Measures]:
    spend: dict[tuple[UUID, date], dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        if row["currency"] is not None and row["received_quantity"]:
            spend[row["supplier_id"], row["period"]][row["currency"]] = row["value"]
    return {
        (key := (row["supplier_id"], row["period"])): Measures(
            lines=row["lines"],
            lines_due=row["lines_due"],
            lines_on_time=row["lines_on_time"],
            lines_in_full=row["lines_in_full"],
            lines_on_time_in_full=row["lines_on_time_in_full"],
            days_late=row["days_late"],
            p90_days_late=row["p90_days_late"],
            received_quantity=row["received_quantity"],
            rejected_quantity=row["rejected_quantity"],
            spend=dict(sorted(spend[key].items())),
        )
        for row in rows
        if row["currency"] is None
    }


async def lines_that_count(
    tx: Transaction,
    question: Question,
    supplier_id: UUID,
    contribution: Contribution,
    after: tuple[object, ...] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Return a supplier's lines that count for a figure, by promised date, with what each contributes."""
    sql = BY_LINE + LINES.format(
        counts=contribution.counts, numerator=contribution.numerator, denominator=contribution.denominator
    )
    place = after or (None, None, None)
    return await tx.connection.fetch(sql, *arguments(tx, question), [supplier_id], *place, limit)


async def events_of(tx: Transaction, lines: Sequence[asyncpg.Record]) -> list[asyncpg.Record]:
    """Return the events that judged lines rest on, by order and number."""
    return await tx.connection.fetch(
        EVENTS,
        [line["order_id"] for line in lines],
        [line["line_number"] for line in lines],
        [line["judged_on"] for line in lines],
        POIssued.type_name(),
        POCancelled.type_name(),
    )


async def suppliers_moved_by(tx: Transaction, business_date: date) -> list[tuple[UUID, datetime]]:
    """Return whose figures a business date moves by itself, each with its beginning at the site."""
    settings = settings_of(tx)
    window, grace = settings.score_window_days, settings.on_time_grace_days
    return [tuple(row) for row in await tx.connection.fetch(PASSING, business_date, window, grace)]


async def visible_supplier(tx: Transaction, by: Principal, supplier_id: UUID) -> SupplierName:
    """Return a supplier; raises NotFoundError when it is unknown or the caller is another supplier.

    One that has lines is known even before sourcing has said who it is.
    """
    if by.may_see_supplier(supplier_id):
        supplier = (await names(tx, [supplier_id]))[supplier_id]
        if supplier.name is not None or await tx.connection.fetchval(HAS_LINES, supplier_id):
            return supplier
    raise NotFoundError("supplier", supplier_id)
