"""Security records: who was refused for want of a right, or has read personal data; what, why, from where.

Each goes to the log at once, under a name of its own, and to a table a moment later: in a transaction of
its own, because that of a refused request is rolled back, and without any answer waiting for it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

import structlog
from sqlalchemy import DateTime, Uuid, column, select, table
from starlette.requests import Request

from purveyor.auth import Principal
from purveyor.days import Moment
from purveyor.db import Database, Transaction, new_id
from purveyor.errors import ProblemError
from purveyor.failures import may_pass
from purveyor.jobs import Chore
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.observability import SecurityMetrics
from purveyor.pending import Journal
from purveyor.process import growing_pauses
from purveyor.quotas import address_of
from purveyor.texts import Code, Line

log = structlog.get_logger(__name__)
STREAM = "purveyor.security"
"""The `logger` of their lines, for whoever watches a company's systems."""

LONGEST_TEXT = 200
"""Characters kept of anything that a client says of itself or asks for."""
MOST_WAITING = 10_000
AT_A_TIME = 500
CLOSING_SECONDS = 5
FORGOTTEN_AT_A_TIME = 5_000

Kind: TypeAlias = Literal["refused", "hidden", "read"]
"""Hidden: a supplier was told that something does not exist, which is another's, or does not exist."""

RECORDS = Journal(
    "security_record",
    {
        "id": "uuid",
        "at": "timestamptz",
        "kind": "text",
        "code": "text",
        "client": "text",
        "subject": "text",
        "supplier_id": "uuid",
        "method": "text",
        "route": "text",
        "entity": "text",
        "address": "text",
        "request_id": "text",
    },
)
TABLE = table(
    RECORDS.table,
    column("id", Uuid()),
    column("at", DateTime(timezone=True)),
    *map(column, RECORDS.columns.keys() - {"id", "at"}),
)
LISTED = Listing(
    name="security records",
    id=TABLE.c.id,
    filters=(
        equal("kind", Kind, TABLE.c.kind, "What came of it", example="refused"),
        equal("code", Code, TABLE.c.code, "The problem's code, or what was read", example="token_required"),
        equal("client", Line, TABLE.c.client, "Which client it was"),
        equal("subject", Line, TABLE.c.subject, "Who it was", example="bo"),
        equal("address", Code, TABLE.c.address, "From where it came", example="192.0.2.7"),
        *between("at", Moment, TABLE.c.at, "Tried or read at this moment"),
    ),
    sorts=both_ways("id", TABLE.c.id)[::-1],
)
FORGET = """
DELETE FROM security_record WHERE id IN (
  SELECT id FROM security_record WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True, slots=True)
class SecurityRecord:
    """One row, its fields in the order of the journal's columns."""

    id: UUID
    at: datetime
    kind: Kind
    code: str
    client: str | None
    subject: str | None
    supplier_id: UUID | None
    method: str
    route: str
    entity: str | None
    address: str
    request_id: str


class SecurityRecords:
    """Takes security records, and writes them in batches while requests are answered."""

    def __init__(self, database: Database, metrics: SecurityMetrics) -> None:
        self._database = database
        self.metrics = metrics
        self._waiting: deque[SecurityRecord] = deque()
        self._writing: asyncio.Task[None] | None = None
        database.before_close.append(self.close)

    def note_problem(self, request: Request, problem: ProblemError) -> None:
        """Note a refusal if it was for want of a right or a valid token, or told a supplier of nothing."""
        caller: Principal | None = getattr(request.state, "principal", None)
        route = _route(request)
        if problem.status in {401, 403}:
            self.metrics.refusals.labels(problem.code, route).inc()
            # Who says nothing of themselves has tried nothing: counted, not kept.
            if problem.code != "token_required":
                self._note(request, "refused", problem.code, caller)
        elif problem.status == 404 and caller is not None and caller.supplier_id is not None:
            self.metrics.hidden.labels(route).inc()
            self._note(request, "hidden", problem.code, caller)

    def note_read(self, request: Request, what: str) -> None:
        """Note that an answer shows personal data."""
        self.metrics.reads.labels(what).inc()
        self._note(request, "read", what, getattr(request.state, "principal", None))

    def _note(self, request: Request, kind: Kind, code: str, caller: Principal | None) -> None:
        record = SecurityRecord(
            new_id(),
            self._database.clock(),
            kind,
            code,
            _kept(caller.client) if caller else None,
            _kept(caller.subject) if caller else None,
            caller.supplier_id if caller else None,
            request.method,
            _route(request),
            _kept(" ".join(f"{name}={value}" for name, value in request.path_params.items())) or None,
            _kept(address_of(request.scope)),
            request.state.request_id,
        )
        log.info(
            f"security_{kind}",
            logger=STREAM,
            code=code,
            client=record.client,
            subject=record.subject,
            supplier_id=record.supplier_id,
            method=record.method,
            route=record.route,
            entity=record.entity,
            address=record.address,
        )
        if len(self._waiting) >= MOST_WAITING:
            self.metrics.dropped.inc()
            return
        self._waiting.append(record)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())

    async def written(self) -> None:
        """Wait until everything noted is in the table."""
        while self._writing is not None and not self._writing.done():
            await self._writing

    async def close(self) -> None:
        """Write what waits, but do not wait for long for a database that is away."""
        try:
            # Which ends the writing, too.
            async with asyncio.timeout(CLOSING_SECONDS):
                await self.written()
        except TimeoutError:
            log.error("security_records_not_written", records=len(self._waiting))

    async def _write_all(self) -> None:
        pauses = growing_pauses()
        while self._waiting:
            batch = [self._waiting[place] for place in range(min(AT_A_TIME, len(self._waiting)))]
            try:
                await self._write(batch)
            except Exception as error:
                if not may_pass(error):
                    await self._write_apart(batch)
                    continue
                log.warning("security_records_wait", records=len(self._waiting), exc_info=error)
                await asyncio.sleep(next(pauses))
            else:
                for _ in batch:
                    self._waiting.popleft()
                pauses = growing_pauses()

    async def _write_apart(self, batch: list[SecurityRecord]) -> None:
        """Write one by one what cannot be written together: a record that is refused keeps back no other."""
        for record in batch:
            try:
                await self._write([record])
            except Exception as error:
                if may_pass(error):
                    return
                log.exception("security_record_refused", record=repr(record))
                self.metrics.dropped.inc()
            self._waiting.popleft()

    async def _write(self, batch: list[SecurityRecord]) -> None:
        async with self._database.transaction() as tx:
            for record in batch:
                tx.append(RECORDS, tuple(getattr(record, column) for column in RECORDS.columns))


def _kept(text: str) -> str:
    """Return what a client said as a table can hold it, and no more of it than is of use."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\x00")[:LONGEST_TEXT]


def _route(request: Request) -> str:
    return getattr(request.scope.get("route"), "path", "")


async def find_records(tx: Transaction, asked: Asked) -> Found[Any]:
    """Return a page of records."""
    return await find(tx, select(TABLE), asked)


async def forget_old_records(tx: Transaction) -> bool:
    """Delete records that were kept for long enough, some at a time; returns whether there are more."""
    settings = tx.database.settings
    if settings is None:
        return False
    done = await tx.connection.execute(FORGET, tx.now - settings.security_records_kept, FORGOTTEN_AT_A_TIME)
    return done == f"DELETE {FORGOTTEN_AT_A_TIME}"


FORGETTING = Chore("forget-security-records", timedelta(minutes=10), forget_old_records)
