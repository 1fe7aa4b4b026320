"""The outbox: events written in the transaction of the state they speak of, and kept as the event log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opentelemetry import trace


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """A row of the outbox before it has its id."""

    event_id: UUID
    topic: str
    key: str
    sequence: int
    type: str
    time: datetime
    data: str
    traceparent: str | None


def current_traceparent() -> str | None:
    """Return the W3C trace context of the current span, for its event to carry; None outside a trace."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
