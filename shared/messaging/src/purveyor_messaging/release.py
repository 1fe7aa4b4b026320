"""How parked events go on: when what was missing before them has come, or what held them up may be over."""

from __future__ import annotations

from datetime import timedelta

import structlog

from purveyor.db import Connection, Transaction
from purveyor.jobs import Chore
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.failures import Overtaken, may_pass
from purveyor_messaging.parked import ParkedEvent, Reason, describe, of_stream, pause_after
from purveyor_messaging.streams import Stream, Turn, read_streams, write_streams

log = structlog.get_logger(__name__)

RELEASED_AT_ONCE = 200
RELEASE_EVERY = timedelta(seconds=1)
REASONS = {Turn.GAP: Reason.GAP, Turn.FORK: Reason.FORKED}
"""Why the first parked event of a stream waits, where that does not lie in itself."""

FAILED_AGAIN = """
UPDATE parked_event SET reason = $2, error = $3, attempts = attempts + 1, retry_at = clock_timestamp() + $4
WHERE id = $1
"""

SUPERSEDED = """
DELETE FROM parked_event
WHERE consumer = $1 AND topic = $2 AND key = $3 AND (epoch < $4 OR sequence <= $5)
RETURNING sequence, event_id::text, reason
"""

READY = """
SELECT i.key FROM inbox i
JOIN parked_event p
  ON p.consumer = i.consumer AND p.topic = i.topic AND p.key = i.key AND p.sequence = i.parked_from
WHERE i.consumer = $1 AND i.topic = $2 AND i.parked_from IS NOT NULL AND i.parked_from = i.sequence + 1
  AND (p.reason IN ('gap', 'behind') OR p.reason = 'waiting' AND p.retry_at <= clock_timestamp())
UNION
SELECT i.key FROM inbox i
JOIN parked_event p ON p.consumer = i.consumer AND p.topic = i.topic AND p.key = i.key
WHERE i.consumer = $1 AND i.topic = $2 AND i.parked_from IS NOT NULL AND p.epoch > i.epoch
  AND p.type LIKE '%Restated.v%' AND p.reason = 'waiting' AND p.retry_at <= clock_timestamp()
LIMIT 100
"""
"""Streams whose first parked event may be the next one, and those that a snapshot waits to tell again."""


async def release(
    transaction: Transaction, consumer: Consumer, stream: Stream, at_most: int | None = None
) -> int:
    """Apply a stream's parked events that are next, as far as they go; returns how many were applied.

    One whose failure may pass waits where it is, for `releasing` to come back to.
    """
    events = await of_stream(transaction.connection, consumer, stream, at_most or RELEASED_AT_ONCE)
    snapshot = next((event for event in events if stream.place_of(event.envelope) is Turn.RESTATED), None)
    if snapshot is not None:
        # Nothing before it counts once it is applied, and nothing goes on until it is.
        if snapshot.reason is Reason.FAILED or await attempt(transaction, consumer, snapshot) is not None:
            return 0
        await supersede(transaction, consumer, stream, snapshot.envelope)
        return 1 + await release(transaction, consumer, stream, at_most)
    settled: list[int] = []
    applied = 0
    for event in events:
        turn = stream.place_of(event.envelope)
        if turn is Turn.NEXT:
            if await attempt(transaction, consumer, event) is not None:
                break
            stream.advance_to(event.envelope)
            applied += 1
        elif turn is not Turn.DUPLICATE:
            break
        settled.append(event.id)
    await transaction.connection.execute("DELETE FROM parked_event WHERE id = ANY($1)", settled)
    await _note_first(transaction.connection, consumer, stream)
    return applied


async def attempt(transaction: Transaction, consumer: Consumer, event: ParkedEvent) -> str | None:
    """Apply a parked event on its own; returns the error, which is noted too, when it cannot be applied."""
    try:
        async with transaction.savepoint():
            await consumer.handle(transaction, event.envelope)
            await transaction.flush()
    except Exception as error:
        return await _note_failure(transaction.connection, consumer, event, error)
    return None


async def _note_failure(
    connection: Connection, consumer: Consumer, event: ParkedEvent, error: Exception
) -> str:
    """Write down that an event failed again, and that it is tried again if that may help."""
    reason = Reason.WAITING if may_pass(error) else Reason.FAILED
    pause = pause_after(event.attempts + 1) if reason is Reason.WAITING else None
    failed = describe(error)
    await connection.execute(FAILED_AGAIN, event.id, reason.value, failed, pause)
    level = log.warning if reason is Reason.WAITING else log.error
    level("parked_event_failed_again", consumer=consumer.name, parked_event=event.id, error=failed)
    return failed


async def _note_first(connection: Connection, consumer: Consumer, stream: Stream) -> None:
    """Note where the parked events of a stream begin now, and why the first of them waits."""
    first = next(iter(await of_stream(connection, consumer, stream, 1)), None)
    stream.parked_from = first.envelope.sequence if first else None
    stream.touched = True
    reason = REASONS.get(stream.place_of(first.envelope)) if first else None
    if first and reason and reason is not first.reason:
        await connection.execute("UPDATE parked_event SET reason = $2 WHERE id = $1", first.id, reason.value)


async def supersede(transaction: Transaction, consumer: Consumer, stream: Stream, event: Envelope) -> None:
    """Go on from a snapshot that has been applied: what was parked before it is dropped, on record."""
    superseded = await transaction.connection.fetch(
        SUPERSEDED, consumer.name, consumer.topic, stream.key, event.epoch, event.sequence
    )
    before = {
        "sequence": stream.sequence,
        "epoch": stream.epoch,
        "event": str(stream.recent[0]) if stream.recent else None,
        "parked": [dict(row) for row in superseded],
    }
    stream.restate(event)
    await _note_first(transaction.connection, consumer, stream)
    after = {"sequence": event.sequence, "epoch": event.epoch, "event": str(event.id)}
    transaction.audit("restate", "stream", f"{consumer.topic}/{stream.key}", before=before, after=after)


def releasing(consumer: Consumer) -> Chore:
    """Go on with each stream whose first parked event is next and has not failed by itself, one by one."""
    return Chore(
        f"release-parked-events {consumer.name}", RELEASE_EVERY, _Releasing(consumer).next_one, RELEASE_EVERY
    )


class _Releasing:
    """Goes from stream to stream, a transaction each, and takes less of one whose transaction was lost."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._keys: list[str] = []
        self._released = 0
        self._at_most = RELEASED_AT_ONCE
        self._lost: tuple[str, Exception] | None = None

    async def next_one(self, transaction: Transaction) -> bool:
        """Go on with the next stream; returns whether there may be more."""
        lost, self._lost = self._lost, None
        if lost is not None:
            await self._take_less(transaction, *lost)
        if not self._keys:
            self._released = 0
            rows = await transaction.connection.fetch(READY, self._consumer.name, self._consumer.topic)
            self._keys.extend(row[0] for row in rows)
            return bool(self._keys)
        key = self._keys.pop()
        transaction.actor = f"consumer:{self._consumer.name}"
        try:
            self._released += await self._release(transaction, key)
        except Overtaken:
            raise
        except Exception as error:
            self._lost = key, error
            raise
        return bool(self._keys) or self._released > 0

    async def _release(self, transaction: Transaction, key: str) -> int:
        streams = await read_streams(transaction.connection, self._consumer, [key])
        released = await release(transaction, self._consumer, streams[key], self._at_most)
        await write_streams(transaction.connection, self._consumer, streams)
        await transaction.flush()
        self._at_most = min(self._at_most * 2, RELEASED_AT_ONCE)
        return released

    async def _take_less(self, transaction: Transaction, key: str, error: Exception) -> None:
        """Halve what is released at once; of a single event that took its transaction along, note it."""
        if self._at_most > 1:
            self._at_most //= 2
            return
        streams = await read_streams(transaction.connection, self._consumer, [key])
        for event in await of_stream(transaction.connection, self._consumer, streams[key], 1):
            await _note_failure(transaction.connection, self._consumer, event, error)
        self._at_most = RELEASED_AT_ONCE
