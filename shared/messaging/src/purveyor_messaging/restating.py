"""A stream told again in a new epoch: the events that hold, instead of whatever was told before."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor.sql import Statement
from purveyor_messaging.consumer import Subscription
from purveyor_messaging.envelope import Envelope, Restated, ToldEvent, is_restated
from purveyor_messaging.outbox import LARGEST_EVENT_BYTES, Streamed, record

FARTHEST = 100_000
"""Events of one stream that can have been lost."""
LARGEST_PART_BYTES = LARGEST_EVENT_BYTES * 3 // 4
"""Of the events in one part, beside what tells of them."""


@dataclass(frozen=True, slots=True)
class Retelling:
    """How a service tells the streams of a topic again, and which aggregate holds their counter."""

    event: type[Restated]
    lock: Callable[[Transaction, UUID], Awaitable[Streamed | None]]
    """Locks the aggregate of a stream by its key; None where the database has none."""


@dataclass(frozen=True, slots=True)
class _Logged:
    event_id: UUID
    type: str
    sequence: int
    time: datetime
    data: str


LOGGED = Statement(
    _Logged,
    """
    SELECT event_id, type, sequence, time, data::text AS data FROM outbox
    WHERE topic = :topic AND key = :key
    ORDER BY sequence, id
    """,
)


@dataclass(slots=True)
class _Counter:
    """The counter of a stream whose aggregate is gone."""

    sequence: int


async def tell_again(tx: Transaction, retelling: Retelling, key: str, *, beyond: int, reason: str) -> int:
    """Record what a stream's log holds as one event, or several parts; returns its number.

    It is numbered past everything that was ever told: past `beyond`, unless that is so far that it was never
    this service that told it, and past the log. Raises ConflictError
    when a part of its history was archived.
    """
    event = retelling.event
    aggregate: Streamed = await retelling.lock(tx, UUID(key)) or _Counter(0)
    logged = await LOGGED.all(tx.connection, topic=event.topic, key=key)
    last = logged[-1].sequence if logged else 0
    if logged and logged[0].sequence > 1 and not any(map(_begins_again, logged)):
        raise ConflictError(
            "log_archived",
            f"Events before number {logged[0].sequence} of {event.topic} {key} are archived: read them back "
            "into the log first (purveyor events archive --read-back).",
        )
    own = max(aggregate.sequence, last)
    aggregate.sequence = max(own, beyond) if beyond <= own + FARTHEST else own
    parts = list(_parts(logged))
    for number, told in enumerate(parts, 1):
        said = {"reason": reason, "part": number, "parts": len(parts), "events": told}
        record(tx, aggregate, event.model_validate({event.key_field: key} | said))
    return int(aggregate.sequence)


def retold(
    event: type[Restated], forget: Callable[[Transaction, UUID], Awaitable[None]], *handled: Subscription
) -> Subscription:
    """Subscribe to a stream that is told again: forget what it made here, then apply what holds, in order."""
    by_type = {subscription.event.type_name(): subscription for subscription in handled}

    async def handle(tx: Transaction, restated: Restated, envelope: Envelope) -> None:
        if restated.part == 1:
            await forget(tx, UUID(envelope.key))
        for told in restated.events:
            subscription = by_type.get(told.type)
            if subscription is not None:
                one = subscription.event.model_validate(told.data)
                await subscription.handle(tx, one, as_told(told, envelope))

    return Subscription(event, handle)


def as_told(told: ToldEvent, by: Envelope) -> Envelope:
    """Return the envelope that an event had when it was told first."""
    return by._replace(
        id=told.id,
        type=told.type,
        sequence=told.sequence,
        time=told.time,
        data=json.dumps(told.data).encode(),
        previous=None,
    )


def _parts(logged: Sequence[_Logged]) -> Iterator[list[ToldEvent]]:
    """Yield what holds of a log, in parts that can travel; one part, if an empty one, at least."""
    begins = max((n for n, row in enumerate(logged) if _begins_again(row)), default=None)
    part: list[ToldEvent] = []
    size = 0
    for row in logged if begins is None else logged[begins:]:
        data = json.loads(row.data)
        again = [ToldEvent.model_validate(each) for each in data["events"]] if is_restated(row.type) else None
        for told in again if again is not None else [_told(row, data)]:
            bytes_ = len(told.model_dump_json().encode())
            if part and size + bytes_ > LARGEST_PART_BYTES:
                yield part
                part, size = [], 0
            part.append(told)
            size += bytes_
    yield part


def _told(row: _Logged, data: dict[str, Any]) -> ToldEvent:
    return ToldEvent(id=row.event_id, type=row.type, sequence=row.sequence, time=row.time, data=data)


def _begins_again(row: _Logged) -> bool:
    return is_restated(row.type) and json.loads(row.data)["part"] == 1
