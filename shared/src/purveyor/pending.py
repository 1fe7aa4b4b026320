"""What a transaction writes beside its state, in one statement: events, audit, an idempotent response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from pydantic_core import to_json

from purveyor.messaging.outbox import OutboxEvent


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what to which thing, what it was before and after, and why."""

    id: UUID
    at: datetime
    actor: str
    action: str
    entity: str
    entity_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class IdempotentResponse:
    """The answer to a request with an `Idempotency-Key`, kept for a day."""

    client: str
    key: str
    fingerprint: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: datetime


WRITE = """
WITH events AS (
  INSERT INTO outbox (topic, key, sequence, event_id, type, time, data, traceparent)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::timestamptz[],
                       $7::json[], $8::text[])
), audit AS (
  INSERT INTO audit_record (id, at, actor, action, entity, entity_id, before, after, reason, request_id)
  SELECT * FROM unnest($9::uuid[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::text[],
                       $15::jsonb[], $16::jsonb[], $17::text[], $18::text[])
)
INSERT INTO idempotency_record (client, key, fingerprint, status, headers, body, at)
SELECT $19, $20, $21, $22, $23::jsonb, $24, $25 WHERE $20::text IS NOT NULL
"""


Mark: TypeAlias = tuple[list[OutboxEvent], int, list[AuditRecord], int, int]


@dataclass(slots=True)
class PendingWrites:
    """Collects what a command has to say beside its state, until the transaction writes it."""

    events: list[OutboxEvent] = field(default_factory=list)
    audit: list[AuditRecord] = field(default_factory=list)
    response: IdempotentResponse | None = None
    wrote_events: bool = False
    changes: list[tuple[str, str]] = field(default_factory=list)
    """Entity and action of every audit record written."""

    def mark(self) -> Mark:
        """Note what is collected now, for `return_to`."""
        return self.events, len(self.events), self.audit, len(self.audit), len(self.changes)

    def return_to(self, mark: Mark) -> None:
        """Hold what was collected at the mark, even if it was written since: that has been undone as well."""
        self.events, events, self.audit, audit, changes = mark
        del self.events[events:]
        del self.audit[audit:]
        del self.changes[changes:]

    async def write(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        """Write everything collected and forget it; one round trip, none when there is nothing."""
        events, audit, response = self.events, self.audit, self.response
        if not (events or audit or response):
            return
        await connection.execute(
            WRITE,
            [event.topic for event in events],
            [event.key for event in events],
            [event.sequence for event in events],
            [event.event_id for event in events],
            [event.type for event in events],
            [event.time for event in events],
            [event.data for event in events],
            [event.traceparent for event in events],
            [record.id for record in audit],
            [record.at for record in audit],
            [record.actor for record in audit],
            [record.action for record in audit],
            [record.entity for record in audit],
            [record.entity_id for record in audit],
            [_json(record.before) for record in audit],
            [_json(record.after) for record in audit],
            [record.reason for record in audit],
            [record.request_id for record in audit],
            response.client if response else None,
            response.key if response else None,
            response.fingerprint if response else None,
            response.status if response else None,
            json.dumps(dict(response.headers)) if response else None,
            response.body if response else None,
            response.at if response else None,
        )
        self.wrote_events = self.wrote_events or bool(events)
        self.changes += [(record.entity, record.action) for record in audit]
        self.events, self.audit, self.response = [], [], None


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else to_json(value).decode()
