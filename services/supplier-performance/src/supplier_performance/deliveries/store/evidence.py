"""The judged lines that a figure rests on, and the events that they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Protocol
from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import History
from purveyor.sql import Statement, columnwise, only
from purveyor_contract.events.procurement.orders import (
    POAmended,
    POCancelled,
    POIssued,
    POLineClosed,
    POLineReopened,
)
from purveyor_contract.events.procurement.promises import PromiseChanged
from supplier_performance.deliveries.rules import Measure, OnTime, Question
from supplier_performance.deliveries.store.judged import THESE_SUPPLIERS, WHOLE_WINDOW, arguments, judged
from supplier_performance.deliveries.store.moved import MOVED
from supplier_performance.suppliers import store as suppliers
from supplier_performance.suppliers.rules import CountedAs


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
    Measure.SPEND: Contribution("received > 0", "spend", "NULL"),
}

LINES = """
SELECT order_id, order_number, line_number, schedule_number, item, category, site, business_unit, unit,
       currency, quantity AS ordered_quantity, ordered_on, promised_on, need_by, first_promised_on,
       last_promised_on, today AS judged_on,
       due, on_time, in_full, days_late, arrived_on, cancelled_on,
       (:grace_versions::integer[])[grace] AS on_time_version,
       received AS received_quantity, rejected AS rejected_quantity, value, rejected_value, spend,
       ({numerator})::numeric AS numerator, ({denominator})::numeric AS denominator
FROM judged
WHERE {counts} AND NOT disputed
  AND (:after_day::date IS NULL
       OR (promised_on, order_id, line_number, coalesce(schedule_number, 0))
          > (:after_day, :after_order::uuid, :after_line::integer, :after_part::integer))
ORDER BY promised_on, order_id, line_number, schedule_number
LIMIT :limit
"""

CHANGING = (POAmended, POCancelled, POLineClosed, POLineReopened, PromiseChanged)
"""What changes that a line is due, beside its receipts."""

EVENTS = """
SELECT line.order_id, line.line_number, event.event_id, event.type, event.sequence, event.recorded_at,
       event.business_date, receipt.quantity, receipt.rejected_quantity, receipt.rejection_reason
FROM (
  SELECT DISTINCT * FROM unnest(:order_id::uuid[], :line_number::integer[], :judged_on::date[])
                         AS line (order_id, line_number, today)
) AS line
JOIN order_event AS event USING (order_id)
LEFT JOIN {moved} AS receipt USING (order_id, line_number, sequence)
WHERE event.type = :issued
   OR event.type = ANY(:changing) AND event.business_date <= line.today
      AND coalesce(event.of_line = line.line_number, true)
   OR receipt.received_on <= line.today
ORDER BY event.order_id, event.sequence, receipt.position
"""

HAS_LINE = Statement(
    only,
    """
    SELECT EXISTS (
      SELECT FROM order_line LEFT JOIN {merged} AS merged USING (supplier_id)
      WHERE order_id = :order_id::uuid AND line_number = :line_number::integer
        AND :supplier_id::uuid IN (supplier_id, present_id)
    )
    """,
    merged=suppliers.MERGED,
)
HAS_LINES = "SELECT EXISTS (SELECT FROM order_line WHERE supplier_id = :supplier_id)"


class OfLine(Protocol):
    """What names a line as it was judged on a day."""

    @property
    def order_id(self) -> UUID:
        """The order's."""

    @property
    def line_number(self) -> int:
        """Of the order."""

    @property
    def judged_on(self) -> date:
        """Until when events are told of it."""


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """An order line as it was judged, with what it adds to a figure."""

    order_id: UUID
    order_number: str
    line_number: int
    schedule_number: int | None
    """The part of the line that it is; None of a line that is due at once."""
    item: str
    category: str
    site: str
    business_unit: str
    unit: str
    currency: str
    ordered_quantity: Decimal
    ordered_on: date | None
    promised_on: date
    """The day that counts."""
    need_by: date
    first_promised_on: date | None
    last_promised_on: date | None
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
    spend: Decimal
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


EVENTS_OF = Statement(LineEvent, EVENTS, moved=MOVED)
ANY_LINES = Statement(only, HAS_LINES)


async def lines(
    tx: Transaction,
    question: Question,
    graces: History[OnTime],
    of: Sequence[CountedAs],
    measure: Measure,
    after: tuple[object, ...] | None,
    limit: int,
) -> list[JudgedLine]:
    """Return a supplier's lines that count for a measure, by promised date, with what each contributes."""
    after_day, after_order, after_line, after_part = after or (None, None, None, None)
    return await _lines(len(graces.versions), measure).all(
        tx.connection,
        arguments(tx, question, graces, of),
        after_day=after_day,
        after_order=after_order,
        after_line=after_line,
        after_part=after_part,
        limit=limit,
    )


async def events(tx: Transaction, judged_lines: Sequence[OfLine]) -> list[LineEvent]:
    """Return the events that judged lines rest on, by order and number."""
    return await EVENTS_OF.all(
        tx.connection,
        columnwise(judged_lines, ("order_id", "line_number", "judged_on")),
        issued=POIssued.type_name(),
        changing=[event.type_name() for event in CHANGING],
    )


async def has_lines(tx: Transaction, supplier_id: UUID) -> bool:
    """Whether any line was ever ordered from a supplier."""
    return bool(await ANY_LINES.one(tx.connection, supplier_id=supplier_id))


@cache
def _lines(versions: int, measure: Measure) -> Statement[JudgedLine]:
    counted = CONTRIBUTIONS[measure]
    return Statement(
        JudgedLine,
        judged(versions, THESE_SUPPLIERS, WHOLE_WINDOW) + LINES,
        counts=counted.counts,
        numerator=counted.numerator,
        denominator=counted.denominator,
    )


async def has_line(tx: Transaction, supplier_id: UUID, order_id: UUID, line_number: int) -> bool:
    """Whether a line is one of a supplier, or of one that was merged into it."""
    [found] = await HAS_LINE.all(
        tx.connection, supplier_id=supplier_id, order_id=order_id, line_number=line_number
    )
    return bool(found)
