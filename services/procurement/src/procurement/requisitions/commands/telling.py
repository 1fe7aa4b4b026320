"""What is told of a requisition whose lines were decided."""

from __future__ import annotations

from collections.abc import Collection

from procurement.requisitions.model import Requisition
from procurement.requisitions.model.events import decided_events, line_closed_event
from procurement.requisitions.rules.states import IN_DECISION
from purveyor.db import Transaction
from purveyor_messaging.outbox import record

REQUISITION = "requisition"


def tell_rejected(tx: Transaction, found: Requisition, numbers: Collection[int]) -> None:
    """Record that lines were rejected."""
    record(tx, found, *(line_closed_event(found, found.line(number)) for number in sorted(numbers)))


def tell_decided(tx: Transaction, found: Requisition, before: str) -> None:
    """Record what became of a requisition, when the last of its lines was decided just now."""
    if before in IN_DECISION and found.status not in IN_DECISION:
        record(tx, found, *decided_events(found))
