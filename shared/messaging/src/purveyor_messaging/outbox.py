"""The outbox: events written in the transaction of the state they speak of, and kept as the event log."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from purveyor.db import Transaction, new_id
from purveyor.errors import TooLargeError
from purveyor.pending import Computed, Journal
from purveyor.tracing import traceparent_of
from purveyor_messaging.envelope import Event

LARGEST_EVENT_BYTES = 900_000
"""A broker takes messages of 1 MiB by default (message.max.bytes), headers included."""

PREVIOUS = """
CASE WHEN row.sequence > 1 THEN coalesce((
  SELECT before.event_id FROM outbox AS before
  WHERE before.topic = row.topic AND before.key = row.key AND before.sequence = row.sequence - 1 LIMIT 1
), (
  SELECT head.event_id FROM stream_head AS head
  WHERE head.topic = row.topic AND head.key = row.key AND head.sequence = row.sequence - 1
)) END
"""
"""A stream is a chain: every event names the one before it, which its number finds in the log.

Where all of the stream is archived, it is the head that was kept of it.
"""

EPOCH = "(SELECT max(number) FROM epoch)"

OUTBOX = Journal(
    "outbox",
    {
        "topic": "text",
        "key": "text",
        "sequence": "bigint",
        "event_id": "uuid",
        "type": "text",
        "time": "timestamptz",
        "data": "json",
        "traceparent": "text",
    },
    computed={
        "previous": Computed(
            PREVIOUS,
            f"coalesce(lag(event_id) OVER (PARTITION BY topic, key ORDER BY sequence), {PREVIOUS})",
        ),
        "epoch": Computed(EPOCH, EPOCH),
    },
)


AS_ENVELOPE = """event_id, type, {source}::text AS source, topic, key, sequence, time,
       convert_to(data::text, 'UTF8') AS data, traceparent, previous, epoch"""
"""What is selected of the log to make envelopes: their fields, in order; the source is a parameter."""

LAST_NUMBERS = """
SELECT key, max(sequence)
FROM (
  SELECT key, sequence FROM outbox WHERE topic = $1 AND key = ANY($2)
  UNION ALL
  SELECT key, sequence FROM stream_head WHERE topic = $1 AND key = ANY($2)
) AS told
GROUP BY key
"""


class Aggregate:
    """Columns of an aggregate: its key, its optimistic version (the ETag), its stream's counter.

    An ORM update of a row that another transaction changed meanwhile fails (StaleDataError) instead of
    overwriting it.
    """

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    sequence: Mapped[int] = mapped_column(default=0)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Streamed(Protocol):
    """Anything that holds its stream's counter."""

    sequence: Any


def record(tx: Transaction, aggregate: Streamed, *events: Event) -> None:
    """Append events to the stream of a locked (or new) aggregate, numbering them from its counter."""
    for event in events:
        aggregate.sequence += 1
        record_numbered(tx, event, aggregate.sequence)


def record_numbered(tx: Transaction, event: Event, sequence: int) -> None:
    """Append an event whose number a hot statement has already taken from the locked aggregate.

    Raises TooLargeError, in the transaction that records it, for an event that no broker would take.
    """
    data = event.model_dump_json()
    size = len(data.encode())
    if size > LARGEST_EVENT_BYTES:
        raise TooLargeError(
            "event_too_large",
            f"It would be an event of {size:,} bytes, and {LARGEST_EVENT_BYTES:,} can travel. Split it.",
        )
    stream = (event.topic, event.key, sequence)
    tx.append(OUTBOX, (*stream, new_id(), event.type_name(), tx.now, data, traceparent_of()))


async def last_numbers(tx: Transaction, topic: str, keys: Collection[str]) -> dict[str, int]:
    """Return the number of the last event of those streams that have any.

    For an aggregate that comes into being a second time, under a key that is not its own: its stream may have
    been told before, if only that nothing is left of it.
    """
    return dict(map(tuple, await tx.connection.fetch(LAST_NUMBERS, topic, list(keys))))
