"""Reads the lines behind a figure and their events, judged by the same SQL as the figure itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

from purveyor.db import Transaction
from purveyor.http.pages import PageRequest
from purveyor_contract.events.procurement.orders import POCancelled, POIssued
from supplier_performance.evidence.rules import Measure
from supplier_performance.scorecards.queries import BY_LINE, Question, arguments

ORDER = "promised_on,order_id,line_number"

CONTRIBUTIONS = {
    Measure.ON_TIME: ("due", "on_time::integer", "1"),
    Measure.IN_FULL: ("due", "in_full::integer", "1"),
    Measure.ON_TIME_IN_FULL: ("due", "(on_time AND in_full)::integer", "1"),
    Measure.REJECTED_PPM: ("received > 0", "rejected", "received"),
    Measure.AVERAGE_DAYS_LATE: ("due", "days_late", "1"),
    Measure.P90_DAYS_LATE: ("due", "days_late", "1"),
    Measure.SPEND: ("received > 0", "value", "NULL"),
}
"""Which lines count for a measure, and what each adds above and below the fraction's bar."""

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


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """A line that counts for a figure, as it was judged, and the events that made it so."""

    line: asyncpg.Record
    events: Sequence[asyncpg.Record]

    @property
    def key(self) -> tuple[date, UUID, int]:
        """Its place in the list."""
        return (self.line["promised_on"], self.line["order_id"], self.line["line_number"])


async def evidence(
    tx: Transaction, question: Question, supplier_id: UUID, measure: Measure, page: PageRequest
) -> list[LineEvidence]:
    """Return the lines that count for a measure, by promised date, and one more than the page holds."""
    counts, numerator, denominator = CONTRIBUTIONS[measure]
    sql = BY_LINE + LINES.format(counts=counts, numerator=numerator, denominator=denominator)
    after = page.after(ORDER, date, UUID, int) or (None, None, None)
    lines = await tx.connection.fetch(sql, *arguments(tx, question), [supplier_id], *after, page.limit + 1)
    events = await tx.connection.fetch(
        EVENTS,
        [line["order_id"] for line in lines],
        [line["line_number"] for line in lines],
        [line["judged_on"] for line in lines],
        POIssued.type_name(),
        POCancelled.type_name(),
    )
    by_line: dict[tuple[UUID, int], list[asyncpg.Record]] = defaultdict(list)
    for event in events:
        by_line[event["order_id"], event["line_number"]].append(event)
    return [LineEvidence(line, by_line[line["order_id"], line["line_number"]]) for line in lines]
