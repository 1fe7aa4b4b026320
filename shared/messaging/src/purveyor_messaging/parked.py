"""Parked events: those that could not be applied, and those of their stream that wait behind them."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg
import structlog

from purveyor.db import Connection, Transaction, new_id
from purveyor.errors import NotFoundError
from purveyor.jobs import Chore
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.failures import may_pass
from purveyor_messaging.streams import Stream, Turn, read_streams, write_streams

log = structlog.get_logger(__name__)

RELEASED_AT_ONCE = 200
RELEASE_EVERY = timedelta(seconds=1)
LONGEST_ERROR = 4_000


class Reason(StrEnum):
    """Why an event is parked."""

    GAP = "gap"
    """Events before it are missing; it is applied by itself when they arrive."""
    FAILED = "failed"
    """Its handler failed."""
    BEHIND = "behind"
    """An earlier event of its stream is parked."""
    FORKED = "forked"
    """Its number was taken by another event, or it follows on one that was never applied here."""
    UNREADABLE = "unreadable"
    """It is not an event of ours; it can only be dropped."""


REASONS = {Turn.GAP: Reason.GAP, Turn.FORK: Reason.FORKED}
"""Why the first parked event of a stream waits, where that does not lie in itself."""


@dataclass(frozen=True, slots=True)
class Parking:
    """An event to be parked, and why."""

    envelope: Envelope
    reason: Reason
    error: str | None = None
    attempts: int = 0
    applied_before: int | None = None


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """An event as it is parked."""

    id: int
    consumer: str
    envelope: Envelope
    reason: Reason
    error: str | None
    attempts: int
    parked_at: datetime


ENVELOPE = "event_id, type, source, topic, key, sequence, time, data, traceparent, previous, epoch"
COLUMNS = f"id, consumer, {ENVELOPE}, reason, error, attempts, parked_at"

PARK = f"""
INSERT INTO parked_event (consumer, {ENVELOPE}, reason, error, attempts)
SELECT $1, * FROM unnest(
  $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[], $9::bytea[],
  $10::text[], $11::uuid[], $12::integer[], $13::text[], $14::text[], $15::integer[])
ON CONFLICT DO NOTHING
"""  # noqa: S608  # constants

OF_STREAM = f"""
SELECT {COLUMNS} FROM parked_event
WHERE consumer = $1 AND topic = $2 AND key = $3 ORDER BY sequence, id LIMIT $4
"""  # noqa: S608  # constants

FAILED_AGAIN = """
UPDATE parked_event SET reason = 'failed', error = $2, attempts = attempts + 1 WHERE id = $1
"""

SUPERSEDED = """
DELETE FROM parked_event WHERE consumer = $1 AND topic = $2 AND key = $3
RETURNING sequence, event_id::text, reason
"""

READY = """
SELECT i.key FROM inbox i
JOIN parked_event p
  ON p.consumer = i.consumer AND p.topic = i.topic AND p.key = i.key AND p.sequence = i.parked_from
WHERE i.consumer = $1 AND i.topic = $2 AND i.parked_from IS NOT NULL AND i.parked_from = i.sequence + 1
  AND p.reason IN ('gap', 'behind')
LIMIT 100
"""


async def park(transaction: Transaction, consumer: Consumer, parkings: Sequence[Parking]) -> None:
    """Write events down with their reasons; those that are parked already stay as they are."""
    rows = [(*each.envelope, each.reason.value, each.error, each.attempts) for each in parkings]
    if rows:
        await transaction.connection.execute(PARK, consumer.name, *zip(*rows, strict=True))


def unreadable(topic: str, partition: int, offset: int, time: datetime, data: bytes, error: str) -> Parking:
    """Return what is to be parked of a message that is no event of ours: it has no stream to hold up."""
    place = (topic, f"partition {partition}", offset + 1)
    envelope = Envelope(new_id(), "unreadable", "unknown", *place, time, data)
    return Parking(envelope, Reason.UNREADABLE, _storable(error), 1)


async def release(transaction: Transaction, consumer: Consumer, stream: Stream) -> int:
    """Apply a stream's parked events that are next, as far as they go; returns how many were applied.

    One whose failure may pass stays where it is, for `releasing` to come back to.
    """
    settled: list[int] = []
    applied = 0
    for event in await _parked_of(transaction.connection, consumer, stream, RELEASED_AT_ONCE):
        turn = stream.place_of(event.envelope)
        if turn in (Turn.NEXT, Turn.RESTATED):
            try:
                error = await attempt(transaction, consumer, event)
            except Exception as passing:
                log.warning("release_retried", consumer=consumer.name, error=repr(passing))
                break
            if error is not None:
                break
            stream.advance_to(event.envelope)
            applied += 1
        elif turn is not Turn.DUPLICATE:
            break
        settled.append(event.id)
    await transaction.connection.execute("DELETE FROM parked_event WHERE id = ANY($1)", settled)
    await _note_first(transaction.connection, consumer, stream)
    return applied


async def _note_first(connection: Connection, consumer: Consumer, stream: Stream) -> None:
    """Note where the parked events of a stream begin now, and why the first of them waits."""
    first = next(iter(await _parked_of(connection, consumer, stream, 1)), None)
    stream.parked_from = first.envelope.sequence if first else None
    stream.touched = True
    reason = REASONS.get(stream.place_of(first.envelope)) if first else None
    if first and reason and reason is not first.reason:
        await connection.execute("UPDATE parked_event SET reason = $2 WHERE id = $1", first.id, reason.value)


async def supersede(transaction: Transaction, consumer: Consumer, stream: Stream, event: Envelope) -> None:
    """Go on from a snapshot that has been applied: what was parked of its stream is dropped, on record."""
    superseded = await transaction.connection.fetch(SUPERSEDED, consumer.name, consumer.topic, stream.key)
    before = {
        "sequence": stream.sequence,
        "epoch": stream.epoch,
        "event": str(stream.recent[0]) if stream.recent else None,
        "parked": [dict(row) for row in superseded],
    }
    stream.restate(event)
    after = {"sequence": event.sequence, "epoch": event.epoch, "event": str(event.id)}
    transaction.audit("restate", "stream", f"{consumer.topic}/{stream.key}", before=before, after=after)


def releasing(consumer: Consumer) -> Chore:
    """Go on with each stream whose first parked event is next and has not failed by itself, one by one."""
    keys: list[str] = []
    released = 0

    async def release_next(transaction: Transaction) -> bool:
        nonlocal released
        if not keys:
            released = 0
            keys.extend(
                row[0] for row in await transaction.connection.fetch(READY, consumer.name, consumer.topic)
            )
            return bool(keys)
        key = keys.pop()
        transaction.actor = f"consumer:{consumer.name}"
        streams = await read_streams(transaction.connection, consumer, [key])
        if streams[key].may_release:
            released += await release(transaction, consumer, streams[key])
            await write_streams(transaction.connection, consumer, streams)
        return bool(keys) or released > 0

    return Chore(f"release-parked-events {consumer.name}", RELEASE_EVERY, release_next, RELEASE_EVERY)


async def listed(
    connection: Connection, *, consumer: str | None = None, after: int = 0, limit: int = 50
) -> list[ParkedEvent]:
    """Return parked events in the order in which they were parked."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM parked_event WHERE id > $1 AND ($2::text IS NULL OR consumer = $2) "  # noqa: S608
        "ORDER BY id LIMIT $3",
        after,
        consumer,
        limit,
    )
    return [_parked_event(row) for row in rows]


async def locked(connection: Connection, parked_id: int) -> ParkedEvent:
    """Return a parked event, locked so that nobody else decides about it; raises NotFoundError."""
    row = await connection.fetchrow(
        f"SELECT {COLUMNS} FROM parked_event WHERE id = $1 FOR UPDATE",  # noqa: S608  # constants
        parked_id,
    )
    if row is None:
        raise NotFoundError("parked event", parked_id)
    return _parked_event(row)


def describe(error: BaseException) -> str:
    """Return an error as an operator needs it: what, and where."""
    return _storable("".join(traceback.format_exception(error)))


def _storable(text: str) -> str:
    """Return the end of a text as PostgreSQL can hold it."""
    return text[-LONGEST_ERROR:].replace("\0", "\\0")


async def attempt(transaction: Transaction, consumer: Consumer, event: ParkedEvent) -> str | None:
    """Apply a parked event on its own; returns the error, which is noted too, when it cannot be applied."""
    try:
        async with transaction.savepoint():
            await consumer.handle(transaction, event.envelope)
    except Exception as error:
        if may_pass(error):
            raise
        log.exception("parked_event_failed_again", consumer=consumer.name, parked_event=event.id)
        await transaction.connection.execute(FAILED_AGAIN, event.id, describe(error))
        return describe(error)
    return None


async def _parked_of(
    connection: Connection, consumer: Consumer, stream: Stream, limit: int
) -> list[ParkedEvent]:
    rows = await connection.fetch(OF_STREAM, consumer.name, consumer.topic, stream.key, limit)
    return [_parked_event(row) for row in rows]


def _parked_event(row: asyncpg.Record) -> ParkedEvent:
    return ParkedEvent(row[0], row[1], Envelope._make(row[2:13]), Reason(row[13]), *row[14:])
