"""Compares the heads of all streams: what a producer has published, and what a subscriber has applied.

What is missing at the end of a stream shows nowhere else until the stream speaks again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from purveyor.db import Connection, Database
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.outbox import AS_ENVELOPE
from purveyor_messaging.transport import Publisher

FETCHED = 1_000
REPLAYED_AT_ONCE = 1_000

HEADS = """
SELECT DISTINCT ON (key COLLATE "C") key, sequence, event_id
FROM (
  SELECT key, sequence, event_id, id FROM outbox WHERE topic = $1 AND time < $2
  UNION ALL
  SELECT key, sequence, event_id, 0 FROM stream_head WHERE topic = $1
) AS told
ORDER BY key COLLATE "C", sequence DESC, id DESC
"""

APPLIED = """
SELECT key, sequence, recent[1], parked_from IS NOT NULL FROM inbox
WHERE consumer = $1 AND topic = $2 ORDER BY key COLLATE "C"
"""

LOGGED = """
SELECT coalesce(
  (SELECT event_id = $4 FROM outbox WHERE topic = $1 AND key = $2 AND sequence = $3
   ORDER BY (event_id = $4) DESC LIMIT 1),
  (SELECT sequence > $3 OR event_id = $4 FROM stream_head WHERE topic = $1 AND key = $2 AND sequence >= $3)
)
"""
"""Of what was archived, only the last event of a stream is known."""

MISSING = f"""
SELECT {AS_ENVELOPE.format(source="$4")}
FROM outbox WHERE topic = $1 AND key = $2 AND sequence > $3 ORDER BY sequence, id
"""  # noqa: S608  # constants

NOTE = """
INSERT INTO stream_comparison (consumer, compared_at, streams, behind, ahead, forked)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (consumer) DO UPDATE SET
  compared_at = excluded.compared_at, streams = excluded.streams, behind = excluded.behind,
  ahead = excluded.ahead, forked = excluded.forked
"""


class Kind(StrEnum):
    """How a subscriber's stream differs from its producer's."""

    BEHIND = "behind"
    """Events that were recorded long enough ago are neither applied nor parked."""
    AHEAD = "ahead"
    """The subscriber has applied what the producer does not know."""
    FORKED = "forked"
    """The last event applied is another one than the producer's of that number."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stream in which a subscriber stands elsewhere than its producer."""

    kind: Kind
    key: str
    recorded: int
    """The number of the producer's last event; 0 where it has none."""
    applied: int
    """The number of the subscriber's last one; 0 where it has none."""


@dataclass(slots=True)
class Comparison:
    """How many streams were compared, and how many of each kind differ."""

    streams: int = 0
    behind: int = 0
    ahead: int = 0
    forked: int = 0

    def count(self, kind: Kind) -> None:
        """Count a difference."""
        setattr(self, kind.value, getattr(self, kind.value) + 1)


_Head = tuple[int, UUID]
_Applied = tuple[int, UUID | None, bool]


async def differences(
    producer: Connection, subscriber: Connection, consumer: Consumer, before: datetime, seen: Comparison
) -> AsyncIterator[Difference]:
    """Yield the streams that differ, by key, in bounded memory; counts what it saw.

    An event younger than `before` may be on its way. A stream with parked events is not behind: it is known
    why it waits, and the parked events raise their own alarm.
    """
    async for key, head, applied in _pairs(producer, subscriber, consumer, before):
        seen.streams += 1
        kind = await _kind(producer, consumer.topic, key, head, applied)
        if kind is not None:
            seen.count(kind)
            yield Difference(kind, key, head[0] if head else 0, applied[0] if applied else 0)


async def _kind(
    producer: Connection, topic: str, key: str, head: _Head | None, applied: _Applied | None
) -> Kind | None:
    sequence, event_id, is_parked = applied or (0, None, False)
    if head == (sequence, event_id):
        return None
    if sequence > 0 and event_id is not None:
        is_same = await producer.fetchval(LOGGED, topic, key, sequence, event_id)
        if is_same is None:
            return Kind.AHEAD
        if not is_same:
            return Kind.FORKED
    return Kind.BEHIND if head and head[0] > sequence and not is_parked else None


async def _pairs(
    producer: Connection, subscriber: Connection, consumer: Consumer, before: datetime
) -> AsyncIterator[tuple[str, _Head | None, _Applied | None]]:
    """Walk through both sides in the order of keys, as a merge join does."""
    async with producer.transaction(readonly=True), subscriber.transaction(readonly=True):
        heads = aiter(producer.cursor(HEADS, consumer.topic, before, prefetch=FETCHED, timeout=None))
        inbox = aiter(subscriber.cursor(APPLIED, consumer.name, consumer.topic, prefetch=FETCHED))
        head, applied = await anext(heads, None), await anext(inbox, None)
        while head is not None or applied is not None:
            key = min(row[0].encode() for row in (head, applied) if row is not None).decode()
            left = right = None
            if head is not None and head[0] == key:
                left, head = (head[1], head[2]), await anext(heads, None)
            if applied is not None and applied[0] == key:
                right, applied = (applied[1], applied[2], applied[3]), await anext(inbox, None)
            yield key, left, right


async def replay_missing(
    database: Database, source: str, publisher: Publisher, consumer: Consumer, behind: Sequence[Difference]
) -> int:
    """Publish again what a subscriber lacks at the ends of streams; returns how many events."""
    count = 0
    async with database.connection() as connection:
        batch: list[Envelope] = []
        for stream in behind:
            rows = await connection.fetch(MISSING, consumer.topic, stream.key, stream.applied, source)
            batch += [Envelope._make(row) for row in rows]
            count += len(rows)
            if len(batch) >= REPLAYED_AT_ONCE:
                await publisher.publish(batch)
                batch = []
        if batch:
            await publisher.publish(batch)
    return count


async def note(connection: Connection, consumer: Consumer, at: datetime, seen: Comparison) -> None:
    """Keep what a comparison found, for the metrics of whoever runs in this database."""
    await connection.execute(NOTE, consumer.name, at, seen.streams, seen.behind, seen.ahead, seen.forked)
