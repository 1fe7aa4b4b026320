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
from supplier_performance.deliveries.queries import Contribution, Question, events_of, lines_that_count
from supplier_performance.evidence.rules import Measure

ORDER = "promised_on,order_id,line_number"

CONTRIBUTIONS = {
    Measure.ON_TIME: Contribution("due", "on_time::integer", "1"),
    Measure.IN_FULL: Contribution("due", "in_full::integer", "1"),
    Measure.ON_TIME_IN_FULL: Contribution("due", "(on_time AND in_full)::integer", "1"),
    Measure.REJECTED_PPM: Contribution("received > 0", "rejected", "received"),
    Measure.AVERAGE_DAYS_LATE: Contribution("due", "days_late", "1"),
    Measure.P90_DAYS_LATE: Contribution("due", "days_late", "1"),
    Measure.SPEND: Contribution("received > 0", "value", "NULL"),
}
"""Which lines count for a measure, and what each adds above and below the fraction's bar."""


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
    after = page.after(ORDER, date, UUID, int)
    lines = await lines_that_count(tx, question, supplier_id, CONTRIBUTIONS[measure], after, page.limit + 1)
    events = await events_of(tx, lines)
    by_line: dict[tuple[UUID, int], list[asyncpg.Record]] = defaultdict(list)
    for event in events:
        by_line[event["order_id"], event["line_number"]].append(event)
    return [LineEvidence(line, by_line[line["order_id"], line["line_number"]]) for line in lines]
