"""The outbox: events written in the transaction of the state they speak of, and kept as the event log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opentelemetry import trace

from purveyor.errors import TooLargeError

LARGEST_EVENT_BYTES = 900_000
"""A broker takes messages of 1 MiB by default (message.max.bytes), headers included."""


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

    def __post_init__(self) -> None:
        """Refuse, in the transaction that records it, an event that no broker would take."""
        size = len(self.data.encode())
        if size > LARGEST_EVENT_BYTES:
            raise TooLargeError(
                "event_too_large",
                f"It would be an event of {size:,} bytes, and {LARGEST_EVENT_BYTES:,} can travel. Split it.",
            )


def current_traceparent() -> str | None:
    """Return the W3C trace context of the current span, for its event to carry; None outside a trace."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
