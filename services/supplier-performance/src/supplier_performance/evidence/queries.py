"""Reads the lines behind a figure and their events, judged by the same SQL as the figure itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.pages import PageRequest
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Measure, Question
from supplier_performance.deliveries.store.evidence import JudgedLine, LineEvent


def order_of(question: Question, supplier_id: UUID, measure: Measure) -> str:
    """Return all that a cursor of evidence is bound to."""
    return f"evidence,{question},{supplier_id},{measure}"


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """A line that counts for a figure, as it was judged, and the events that made it so."""

    line: JudgedLine
    events: Sequence[LineEvent]

    @property
    def key(self) -> tuple[date, UUID, int, int]:
        """Its place in the list."""
        line = self.line
        return (line.promised_on, line.order_id, line.line_number, line.schedule_number or 0)


async def evidence(
    tx: Transaction, question: Question, supplier_id: UUID, measure: Measure, page: PageRequest
) -> list[LineEvidence]:
    """Return the lines that count for a measure, by promised date, and one more than the page holds."""
    after = page.after(order_of(question, supplier_id, measure), date, UUID, int, int)
    lines = await deliveries.lines_that_count(tx, question, supplier_id, measure, after, page.limit + 1)
    by_line: dict[tuple[UUID, int], list[LineEvent]] = defaultdict(list)
    for event in await deliveries.events_of(tx, lines):
        by_line[event.order_id, event.line_number].append(event)
    return [LineEvidence(line, by_line[line.order_id, line.line_number]) for line in lines]
