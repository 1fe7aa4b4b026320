"""The event log as a supplier reads it: what happened to its own things, and of that what it is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from purveyor.db import Connection
from purveyor_messaging import feed
from purveyor_messaging.audience import NOTHING, Told, as_told
from purveyor_messaging.cloudevents import CloudEventForSupplier, attributes_of
from purveyor_messaging.envelope import Envelope, Event, is_restated
from purveyor_messaging.outbox import AS_ENVELOPE

LOOKED_AT = 5_000
"""How many positions one request looks through for events of one supplier."""

READ_OWN = f"""
SELECT p.first_position + listed.number - 1 AS position, {AS_ENVELOPE.format(source="$3")}
FROM publication p
CROSS JOIN LATERAL unnest(p.ids) WITH ORDINALITY AS listed (id, number)
LEFT JOIN outbox o ON o.id = listed.id
WHERE p.first_position >= coalesce(
    (SELECT max(first_position) FROM publication WHERE first_position <= $1::bigint + 1), 1)
  AND p.first_position <= $2::bigint
  AND p.first_position + listed.number - 1 BETWEEN $1::bigint + 1 AND $2::bigint
  AND (o.id IS NULL OR (o.type = ANY($4::text[]) AND $5::text IN (
    o.data ->> 'supplier_id', o.data #>> '{{events,0,data,supplier_id}}')))
ORDER BY position
LIMIT $6
"""  # noqa: S608  # constants
"""A stream told again may name its supplier only in the events that hold; what is archived is null."""


class LoggedEventForSupplier(BaseModel):
    """An event, and its place in this service's log."""

    position: int = Field(
        description="Its place in the order of publication, among events that are not shown; never changes",
        examples=[42],
    )
    event: CloudEventForSupplier


class EventPageForSupplier(BaseModel):
    """A stretch of the log; it may hold nothing of the supplier's though there is more to read."""

    items: list[LoggedEventForSupplier]
    next_after: int = Field(description="Ask with this `after` for what follows", examples=[42])
    up_to_date: bool = Field(description="Whether this is all that was published until now", examples=[True])
    epoch: int = Field(description="The incarnation of the log; ask with it next time", examples=[1])


def tellings(published: tuple[type[Event], ...]) -> Mapping[str, Told]:
    """Return what suppliers are told of each type of event that they hear of."""
    told = {event.type_name(): event.to_supplier for event in published}
    return {type_: what for type_, what in told.items() if what}


async def read(
    connection: Connection, source: str, supplier_id: UUID, told: Mapping[str, Told], after: int, limit: int
) -> tuple[list[LoggedEventForSupplier], int, bool]:
    """Return a supplier's events after a position, where to go on, and whether that is the log's end.

    Raises GoneError for positions that are archived.
    """
    last = await feed.last_position(connection)
    until = min(after + LOOKED_AT, last)
    rows = await connection.fetch(READ_OWN, after, until, source, list(told), str(supplier_id), limit)
    if any(row["event_id"] is None for row in rows):
        raise await feed.archived(connection, after)
    events = [_event(row[0], Envelope._make(row[1:]), told) for row in rows]
    reached = events[-1].position if len(events) == limit else max(after, until)
    return events, reached, reached >= last


def _event(position: int, envelope: Envelope, told: Mapping[str, Told]) -> LoggedEventForSupplier:
    data = json.loads(envelope.data)
    content = as_told(data, told[envelope.type])
    if is_restated(envelope.type):
        content["events"] = [_told_again(event, told) for event in data["events"] if told.get(event["type"])]
    return LoggedEventForSupplier(
        position=position,
        event=CloudEventForSupplier(**attributes_of(envelope), data=content),
    )


def _told_again(event: Mapping[str, Any], told: Mapping[str, Told]) -> dict[str, Any]:
    return {name: event[name] for name in ("id", "type", "time")} | {
        "data": as_told(event["data"], told.get(event["type"], NOTHING))
    }
