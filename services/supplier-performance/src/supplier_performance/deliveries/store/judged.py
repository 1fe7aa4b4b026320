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
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import History
from purveyor.sql import Statement, columnwise, only
from purveyor_contract.events.procurement.orders import POCancelled, POIssued
from supplier_performance.deliveries.rules import Measure, Measures, OnTime, Question, Received, Valued
from supplier_performance.deliveries.store import grace

JUDGED = """
WITH line AS (
  SELECT *, promised_on + (:grace_days::integer[])[grace] AS last_day,
         coalesce(:as_of::date, (:now::timestamptz AT TIME ZONE time_zone)::date) AS today
  FROM (SELECT *, {grace} AS grace FROM order_line) AS promised
  WHERE promised_on BETWEEN :first::date AND :last::date AND {of_suppliers}
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
), fate AS (
  SELECT *,
         arrived_on IS NOT NULL OR last_day < open_until AS due,
         coalesce(arrived_on <= last_day, false) AS on_time,
         coalesce(in_full_on <= today, false) AS in_full,
         coalesce(arrived_on, open_until) - promised_on AS days_late,
         -- Twenty decimals in the quotient, so that rounding is that of the exact value.
         round(received * price * 1.00000000000000000000 / price_base_quantity, minor_units) AS value,
         {period} AS period
  FROM known
), judged AS (
  SELECT *, on_time AND in_full AS on_time_in_full,
         -- The line's share, weighted by its value: what adds up over units of measure.
         CASE WHEN received > 0 THEN round(value * rejected * 1.00000000000000000000 / received, 6) ELSE 0 END
           AS rejected_value
  FROM fate
)
"""

COUNTED = """
SELECT supplier_id, period, currency, unit,  -- the row without either is that of all its lines
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
       count(*) FILTER (WHERE received > 0) AS lines_received,
       sum(rejected_value) AS rejected_value
FROM judged
GROUP BY GROUPING SETS ((supplier_id, period), (supplier_id, period, currency, unit))
"""

RECEIPTS_UNTIL_TODAY = """
FROM received_line AS receipt
WHERE (receipt.order_id, receipt.line_number) = (line.order_id, line.line_number)
  AND receipt.received_on <= line.today
"""
THESE_SUPPLIERS = "supplier_id = ANY(:suppliers::uuid[])"
ALL_SUPPLIERS = "true"
WHOLE_WINDOW = ":first::date"
MONTH = "date_trunc('month', promised_on)::date"


@dataclass(frozen=True, slots=True)
class Contribution:
    """Which judged lines count for a figure, and what each adds above and below its bar, in SQL."""

    counts: str
    numerator: str
    denominator: str


CONTRIBUTIONS = {
    Measure.ON_TIME: Contribution("due", "on_time::integer", "1"),
    Measure.IN_FULL: Contribution("due", "in_full::integer", "1"),
    Measure.ON_TIME_IN_FULL: Contribution("due", "on_time_in_full::integer", "1"),
    Measure.REJECTED_PPM: Contribution("received > 0", "rejected", "received"),
    Measure.AVERAGE_DAYS_LATE: Contribution("due", "days_late", "1"),
    Measure.P90_DAYS_LATE: Contribution("due", "days_late", "1"),
    Measure.SPEND: Contribution("received > 0", "value", "NULL"),
}

LINES = """
SELECT order_id, order_number, line_number, item, category, site, business_unit, unit, currency,
       quantity AS ordered_quantity, ordered_on, promised_on, today AS judged_on,
       due, on_time, in_full, days_late, arrived_on, cancelled_on,
       (:grace_versions::integer[])[grace] AS on_time_version,
       received AS received_quantity, rejected AS rejected_quantity, value, rejected_value,
       ({numerator})::numeric AS numerator, ({denominator})::numeric AS denominator
FROM judged
WHERE {counts}
  AND (:after_day::date IS NULL
       OR (promised_on, order_id, line_number) > (:after_day, :after_order::uuid, :after_line::integer))
ORDER BY promised_on, order_id, line_number
LIMIT :limit
"""

EVENTS = """
SELECT line.order_id, line.line_number, event.event_id, event.type, event.sequence, event.recorded_at,
       event.business_date, receipt.quantity, receipt.rejected_quantity, receipt.rejection_reason
FROM unnest(:order_id::uuid[], :line_number::integer[], :judged_on::date[])
       AS line (order_id, line_number, today)
JOIN order_event AS event USING (order_id)
LEFT JOIN received_line AS receipt USING (order_id, line_number, sequence)
WHERE event.type = :issued
   OR event.type = :cancelled AND event.business_date <= line.today
   OR receipt.received_on <= line.today
ORDER BY event.order_id, event.sequence, receipt.position
"""

PASSING = """
WITH day AS (
  -- Tomorrow begins today at sites east of Greenwich; what begins after the next run is left to it.
  SELECT day::date FROM generate_series(:day::date, :day::date + 1, interval '1 day') AS day
), passing AS (
  -- Open lines whose last day is over are late by one day more.
  SELECT supplier_id, day::timestamp AT TIME ZONE time_zone AS due_at
  FROM order_line, day
  WHERE completed_on IS NULL AND cancelled_on IS NULL
    AND promised_on BETWEEN :day - :window::integer AND day - 1 AND promised_on + {grace} < day
  UNION
  -- Lines that enter the rolling window and those that leave it.
  SELECT supplier_id, :day::timestamp AT TIME ZONE 'UTC'
  FROM order_line WHERE promised_on IN (:day, :day - :window)
)
SELECT supplier_id, due_at FROM passing WHERE due_at < (:day + 1)::timestamp AT TIME ZONE 'UTC'
"""

HAS_LINES = "SELECT EXISTS (SELECT FROM order_line WHERE supplier_id = :supplier_id)"


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """An order line as it was judged, with what it adds to a figure."""

    order_id: UUID
    order_number: str
    line_number: int
    item: str
    category: str
    site: str
    business_unit: str
    unit: str
    currency: str
    ordered_quantity: Decimal
    ordered_on: date | None
    promised_on: date
    judged_on: date
    due: bool
    on_time: bool
    in_full: bool
    days_late: int
    arrived_on: date | None
    cancelled_on: date | None
    received_quantity: Decimal
    rejected_quantity: Decimal
    value: Decimal
    rejected_value: Decimal
    numerator: Decimal
    denominator: Decimal | None
    on_time_version: int
    """Of the policy that says until when it was on time."""


@dataclass(frozen=True, slots=True)
class LineEvent:
    """An event that a line's judgement rests on, with what a receipt said of the line."""

    order_id: UUID
    line_number: int
    event_id: UUID
    type: str
    sequence: int
    recorded_at: datetime
    business_date: date | None
    quantity: Decimal | None
    rejected_quantity: Decimal | None
    rejection_reason: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A supplier whose figures a day moves by itself, and when the day begins."""

    supplier_id: UUID
    due_at: datetime


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
    lines_received: int
    rejected_value: Decimal


EVENTS_OF = Statement(LineEvent, EVENTS)
ANY_LINES = Statement(only, HAS_LINES)


async def measures(
    tx: Transaction, question: Question, graces: History[OnTime], suppliers: Sequence[UUID] | None
) -> dict[UUID, Measures]:
    """Return the measures of these suppliers (of all when None); suppliers without lines are left out."""
    asked = _arguments(tx, question, graces)
    of_suppliers = ALL_SUPPLIERS if suppliers is None else THESE_SUPPLIERS
    statement = _counted(len(graces.versions), of_suppliers, WHOLE_WINDOW)
    rows = await statement.all(tx.connection, asked, {"suppliers": suppliers})
    return {supplier_id: measured for (supplier_id, _), measured in _assemble(rows).items()}


async def measures_by_month(
    tx: Transaction, question: Question, graces: History[OnTime], supplier_id: UUID
) -> dict[date, Measures]:
    """Return one supplier's measures by the first day of each month in which lines were promised."""
    statement = _counted(len(graces.versions), THESE_SUPPLIERS, MONTH)
    asked = _arguments(tx, question, graces)
    rows = await statement.all(tx.connection, asked, suppliers=[supplier_id])
    found = {month: measured for (_, month), measured in _assemble(rows).items()}
    return dict(sorted(found.items()))


async def lines(
    tx: Transaction,
    question: Question,
    graces: History[OnTime],
    supplier_id: UUID,
    measure: Measure,
    after: tuple[object, ...] | None,
    limit: int,
) -> list[JudgedLine]:
    """Return a supplier's lines that count for a measure, by promised date, with what each contributes."""
    after_day, after_order, after_line = after or (None, None, None)
    return await _lines(len(graces.versions), measure).all(
        tx.connection,
        _arguments(tx, question, graces),
        suppliers=[supplier_id],
        after_day=after_day,
        after_order=after_order,
        after_line=after_line,
        limit=limit,
    )


async def events(tx: Transaction, judged_lines: Sequence[JudgedLine]) -> list[LineEvent]:
    """Return the events that judged lines rest on, by order and number."""
    return await EVENTS_OF.all(
        tx.connection,
        columnwise(judged_lines, ("order_id", "line_number", "judged_on")),
        issued=POIssued.type_name(),
        cancelled=POCancelled.type_name(),
    )


async def moved_by(
    tx: Transaction, business_date: date, window_days: int, graces: History[OnTime]
) -> list[Moved]:
    """Return whose figures a business date moves by itself, each with its beginning at the site."""
    statement = _passing(len(graces.versions))
    return await statement.all(tx.connection, grace.arguments(graces), day=business_date, window=window_days)


async def has_lines(tx: Transaction, supplier_id: UUID) -> bool:
    """Whether any line was ever ordered from a supplier."""
    return bool(await ANY_LINES.one(tx.connection, supplier_id=supplier_id))


@cache
def _judged(versions: int, of_suppliers: str, period: str) -> str:
    return JUDGED.format(
        grace=grace.chosen(versions),
        of_suppliers=of_suppliers,
        period=period,
        receipts_until_today=RECEIPTS_UNTIL_TODAY,
    )


@cache
def _counted(versions: int, of_suppliers: str, period: str) -> Statement[Counted]:
    return Statement(Counted, _judged(versions, of_suppliers, period) + COUNTED)


@cache
def _lines(versions: int, measure: Measure) -> Statement[JudgedLine]:
    counted = CONTRIBUTIONS[measure]
    return Statement(
        JudgedLine,
        _judged(versions, THESE_SUPPLIERS, WHOLE_WINDOW) + LINES,
        counts=counted.counts,
        numerator=counted.numerator,
        denominator=counted.denominator,
    )


@cache
def _passing(versions: int) -> Statement[Moved]:
    return Statement(Moved, PASSING, grace=grace.DAYS.format(chosen=grace.chosen(versions)))


def _arguments(tx: Transaction, question: Question, graces: History[OnTime]) -> dict[str, Any]:
    window = question.window
    asked = {"first": window.first, "last": window.last, "as_of": question.as_of, "now": tx.now}
    return asked | grace.arguments(graces)


NOTHING, WORTH_NOTHING = Received(Decimal(0), Decimal(0)), Valued(0, Decimal(0), Decimal(0))


def _assemble(rows: Sequence[Counted]) -> Mapping[tuple[UUID, date], Measures]:
    units: dict[tuple[UUID, date], dict[str, Received]] = defaultdict(dict)
    currencies: dict[tuple[UUID, date], dict[str, Valued]] = defaultdict(dict)
    for row in rows:
        if row.unit is None or row.currency is None or not row.received_quantity:
            continue
        of = units[row.supplier_id, row.period]
        of[row.unit] = of.get(row.unit, NOTHING) + Received(row.received_quantity, row.rejected_quantity)
        worth = currencies[row.supplier_id, row.period]
        valued = Valued(row.lines_received, row.value, row.rejected_value)
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
