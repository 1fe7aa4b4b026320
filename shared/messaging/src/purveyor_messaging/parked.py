"""Parked events: those that could not be applied, and those of their stream that wait behind them."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from purveyor.db import Connection, Transaction
from purveyor.errors import NotFoundError
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.streams import Stream

LONGEST_ERROR = 4_000
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
"""Of an event that waits, until it is tried again: doubled from the first to the longest."""


class Reason(StrEnum):
    """Why an event is parked."""

    GAP = "gap"
    """Events before it are missing; it is applied by itself when they arrive."""
    FAILED = "failed"
    """Its handler failed for a reason that lies in itself: a person decides."""
    WAITING = "waiting"
    """Its handler failed for a reason that may pass; it is tried again by itself, with growing pauses."""
    BEHIND = "behind"
    """An earlier event of its stream is parked."""
    FORKED = "forked"
    """Its number was taken by another event, or it follows on one that was never applied here."""
    UNREADABLE = "unreadable"
    """It is not an event of ours; it can only be dropped."""


@dataclass(frozen=True, slots=True)
class Parking:
    """An event to be parked, and why."""

    envelope: Envelope
    reason: Reason
    error: str | None = None
    attempts: int = 0
    applied_before: int | None = None

    @property
    def pause(self) -> timedelta | None:
        """How long it waits until it is tried again by itself, if it is."""
        return pause_after(self.attempts) if self.reason is Reason.WAITING else None


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
    retry_at: datetime | None
    """When it is tried again by itself, of one that waits."""


ENVELOPE = "event_id, type, source, topic, key, sequence, time, data, traceparent, previous, epoch"
COLUMNS = f"id, consumer, {ENVELOPE}, reason, error, attempts, parked_at, retry_at"

PARK = f"""
INSERT INTO parked_event (consumer, {ENVELOPE}, reason, error, attempts, retry_at)
SELECT $1, {ENVELOPE}, reason, error, attempts, clock_timestamp() + pause
FROM unnest(
  $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[], $9::bytea[],
  $10::text[], $11::uuid[], $12::integer[], $13::text[], $14::text[], $15::integer[], $16::interval[]
) AS parking ({ENVELOPE}, reason, error, attempts, pause)
ON CONFLICT DO NOTHING
"""  # noqa: S608  # constants

OF_STREAM = f"""
SELECT {COLUMNS} FROM parked_event
WHERE consumer = $1 AND topic = $2 AND key = $3 ORDER BY sequence, id LIMIT $4
"""  # noqa: S608  # constants


async def park(transaction: Transaction, consumer: Consumer, parkings: Sequence[Parking]) -> None:
    """Write events down with their reasons; those that are parked already stay as they are."""
    rows = [(*each.envelope, each.reason.value, each.error, each.attempts, each.pause) for each in parkings]
    if rows:
        await transaction.connection.execute(PARK, consumer.name, *zip(*rows, strict=True))


def unreadable(topic: str, partition: int, offset: int, time: datetime, data: bytes, error: str) -> Parking:
    """Return what is to be parked of a message that is no event of ours: it has no stream to hold up.

    Its id is its place, so that one which is fetched again is not parked again.
    """
    place = (topic, f"partition {partition}", offset + 1)
    place_id = uuid5(NAMESPACE_URL, f"kafka:{topic}/{partition}/{offset}")
    envelope = Envelope(place_id, "unreadable", "unknown", *place, time, data)
    return Parking(envelope, Reason.UNREADABLE, _storable(error), 1)


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


def pause_after(attempts: int) -> timedelta:
    """Return how long an event waits that has been tried so often."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 16)), LONGEST_PAUSE)


def describe(error: BaseException) -> str:
    """Return an error as an operator needs it: what, and where."""
    return _storable("".join(traceback.format_exception(error)))


def _storable(text: str) -> str:
    """Return the end of a text as PostgreSQL can hold it."""
    return text[-LONGEST_ERROR:].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


async def of_stream(
    connection: Connection, consumer: Consumer, stream: Stream, limit: int
) -> list[ParkedEvent]:
    """Return the first parked events of a stream."""
    rows = await connection.fetch(OF_STREAM, consumer.name, consumer.topic, stream.key, limit)
    return [_parked_event(row) for row in rows]


def _parked_event(row: asyncpg.Record) -> ParkedEvent:
    return ParkedEvent(row[0], row[1], Envelope._make(row[2:13]), Reason(row[13]), *row[14:])
