"""What a transaction writes beside its state, in one statement: events, audit, an idempotent response."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
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


OUTBOX = {
    "topic": "text",
    "key": "text",
    "sequence": "bigint",
    "event_id": "uuid",
    "type": "text",
    "time": "timestamptz",
    "data": "json",
    "traceparent": "text",
}
AUDIT = {
    "id": "uuid",
    "at": "timestamptz",
    "actor": "text",
    "action": "text",
    "entity": "text",
    "entity_id": "text",
    "before": "jsonb",
    "after": "jsonb",
    "reason": "text",
    "request_id": "text",
}
RESPONSE = {
    "client": "text",
    "key": "text",
    "fingerprint": "bytea",
    "status": "integer",
    "headers": "jsonb",
    "body": "bytea",
    "at": "timestamptz",
}


def _insert(table: str, columns: Mapping[str, str], first: int, *, many: bool) -> str:
    """Return an insert whose parameters begin at `$first`: arrays of rows, or one row that may be absent."""
    kind = "[]" if many else ""
    values = ", ".join(f"${number}::{type_}{kind}" for number, type_ in enumerate(columns.values(), first))
    source = f"* FROM unnest({values})" if many else f"{values} WHERE ${first} IS NOT NULL"
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {source}"  # constants


def _write(*, many: bool) -> str:
    events = _insert("outbox", OUTBOX, 1, many=many)
    audit = _insert("audit_record", AUDIT, 1 + len(OUTBOX), many=many)
    response = _insert("idempotency_record", RESPONSE, 1 + len(OUTBOX) + len(AUDIT), many=False)
    return f"WITH events AS ({events}), audit AS ({audit}) {response}"


WRITE_MANY = _write(many=True)
WRITE_ONE = _write(many=False)
"""What most commands have to say is one event and one audit record; without arrays it costs a third less."""

_event_row = attrgetter(*OUTBOX)
_NO_EVENT, _NO_AUDIT, _NO_RESPONSE = ((None,) * len(columns) for columns in (OUTBOX, AUDIT, RESPONSE))


def _audit_row(record: AuditRecord) -> tuple[Any, ...]:
    return (
        record.id,
        record.at,
        record.actor,
        record.action,
        record.entity,
        record.entity_id,
        _json(record.before),
        _json(record.after),
        record.reason,
        record.request_id,
    )


def _response_row(response: IdempotentResponse) -> tuple[Any, ...]:
    headers = json.dumps(dict(response.headers))
    before = (response.client, response.key, response.fingerprint, response.status)
    return (*before, headers, response.body, response.at)


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
        last = _response_row(response) if response else _NO_RESPONSE
        if len(events) <= 1 and len(audit) <= 1:
            event_row = _event_row(events[0]) if events else _NO_EVENT
            audit_row = _audit_row(audit[0]) if audit else _NO_AUDIT
            await connection.execute(WRITE_ONE, *event_row, *audit_row, *last)
        else:
            event_columns = _columns(map(_event_row, events), len(OUTBOX))
            audit_columns = _columns(map(_audit_row, audit), len(AUDIT))
            await connection.execute(WRITE_MANY, *event_columns, *audit_columns, *last)
        self.wrote_events = self.wrote_events or bool(events)
        self.changes += [(record.entity, record.action) for record in audit]
        self.events, self.audit, self.response = [], [], None


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) or [()] * width


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else to_json(value).decode()
