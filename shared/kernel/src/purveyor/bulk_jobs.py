"""Bulk requests that are worked on later: their rows in parts, what became of them, how far each has come.

A part is done in one transaction with its results and the count, so that a worker that dies has done it or
not, and the next one goes on behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Uuid, column, select, table

from purveyor.days import Moment
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.pending import as_json
from purveyor.sql import Statement, only
from purveyor.texts import Code
from purveyor.tracing import traceparent_of

FORGOTTEN_AT_A_TIME = 100
NEVER_ARRIVED_AFTER = timedelta(days=1)


class Status(StrEnum):
    """Where a bulk job is in its life."""

    ARRIVING = "arriving"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


TO_DO = (Status.WAITING, Status.RUNNING)


@dataclass(frozen=True, slots=True)
class BulkJob:
    """Rows of one request, and how far the work on them has come."""

    id: UUID
    kind: str
    proposal_id: UUID | None
    atomic: bool
    status: Status
    asked_by: str
    asked_at: datetime
    request_id: str | None
    rows: int
    parts: int
    next_part: int
    done: int
    refused: int
    problem: Mapping[str, Any] | None
    finished_at: datetime | None
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A part that is to be done next, locked, and the job that it is of."""

    job_id: UUID
    rows: bytes


COLUMNS = ", ".join(BulkJob.__slots__)
BEGIN = Statement(
    BulkJob,
    """
    INSERT INTO bulk_job (
      id, kind, proposal_id, atomic, status, asked_by, asked_at, worked_at, request_id, traceparent
    ) VALUES (:id, :kind, :proposal_id, :atomic, 'arriving', :actor, :now, :now, :request_id, :traceparent)
    RETURNING {columns}
    """,
    columns=COLUMNS,
)
ADD = Statement(
    only,
    "INSERT INTO bulk_part (job_id, nth, rows) VALUES (:id, :nth, :rows)",
)
ARRIVED = Statement(
    BulkJob,
    """
    UPDATE bulk_job SET rows = :rows, parts = :parts,
      status = CASE WHEN :parts > 0 THEN 'waiting' ELSE 'done' END,
      finished_at = CASE WHEN :parts > 0 THEN NULL ELSE :now::timestamptz END
    WHERE id = :id AND status = 'arriving' RETURNING {columns}
    """,
    columns=COLUMNS,
)
DUE = Statement(
    Due,
    """
    SELECT job.id AS job_id, part.rows
    FROM bulk_job AS job JOIN bulk_part AS part ON part.job_id = job.id AND part.nth = job.next_part
    WHERE job.status IN ('waiting', 'running') AND part.results IS NULL
    ORDER BY job.worked_at, job.id
    LIMIT 1
    FOR UPDATE OF part SKIP LOCKED
    """,
)
"""Of jobs the one that was worked on longest ago, so that a large one does not keep others waiting."""

PART = Statement(only, "SELECT rows FROM bulk_part WHERE job_id = :id AND nth = :nth")
KEEP = Statement(
    only, "UPDATE bulk_part SET results = :results, rows = NULL WHERE job_id = :id AND nth = :nth"
)
ADVANCE = Statement(
    BulkJob,
    """
    UPDATE bulk_job SET next_part = :next_part, done = done + :done, refused = refused + :refused,
      worked_at = :now,
      status = CASE WHEN status = 'cancelled' THEN status
                    WHEN :next_part > parts THEN 'done' ELSE 'running' END,
      finished_at = CASE WHEN status = 'cancelled' OR :next_part > parts THEN :now::timestamptz END
    WHERE id = :id AND NOT (:whole AND status = 'cancelled') RETURNING {columns}
    """,
    columns=COLUMNS,
)
REFUSE = Statement(
    only,
    """
    UPDATE bulk_job SET status = 'refused', problem = :problem, refused = :refused, finished_at = :now
    WHERE id = :id AND status <> 'cancelled'
    """,
)
READ = Statement(BulkJob, "SELECT {columns} FROM bulk_job WHERE id = :id", columns=COLUMNS)
CANCEL = Statement(
    BulkJob,
    """
    UPDATE bulk_job SET status = 'cancelled' WHERE id = :id AND status IN ('waiting', 'running')
    RETURNING {columns}
    """,
    columns=COLUMNS,
)
STOPPED = Statement(
    only,
    """
    UPDATE bulk_job SET finished_at = :now WHERE id IN (
      SELECT part.job_id
      FROM bulk_job AS job JOIN bulk_part AS part ON part.job_id = job.id AND part.nth = job.next_part
      WHERE job.status = 'cancelled' AND job.finished_at IS NULL
      FOR UPDATE OF part SKIP LOCKED
    ) AND finished_at IS NULL
    """,
)
"""Who works on a part has it locked; one that finished meanwhile has ended the job."""

RESULTS = Statement(
    only, "SELECT results FROM bulk_part WHERE job_id = :id AND nth = :nth AND results IS NOT NULL"
)
FORGET = Statement(
    only,
    """
    DELETE FROM bulk_job WHERE id IN (
      SELECT id FROM bulk_job
      WHERE finished_at < :finished_before OR (status = 'arriving' AND asked_at < :asked_before)
      LIMIT :most FOR UPDATE SKIP LOCKED
    ) RETURNING id
    """,
)
JOBS = table(
    "bulk_job",
    *(column(name) for name in BulkJob.__slots__ if name not in {"id", "asked_at"}),
    column("id", Uuid()),
    column("asked_at", DateTime(timezone=True)),
    column("changed_in", BigInteger()),
)
LISTED = Listing(
    name="bulk jobs",
    id=JOBS.c.id,
    filters=(
        equal("status", Status, JOBS.c.status, "Where it stands", example="running"),
        equal("kind", Code, JOBS.c.kind, "What is done with its rows", example="import-suppliers"),
        *between("asked", Moment, JOBS.c.asked_at, "Asked for at this moment"),
    ),
    sorts=(*both_ways("id", JOBS.c.id)[::-1], *both_ways("asked_at", JOBS.c.asked_at, JOBS.c.id)),
    changed=JOBS.c.changed_in,
)


async def begin(tx: Transaction, kind: str, proposal_id: UUID | None, *, atomic: bool) -> BulkJob:
    """Begin a job whose rows are about to arrive."""
    return await BEGIN.one(
        tx.connection,
        id=new_id(),
        kind=kind,
        proposal_id=proposal_id,
        atomic=atomic,
        actor=tx.actor,
        now=tx.now,
        request_id=tx.request_id,
        traceparent=traceparent_of(),
    )


async def add_part(tx: Transaction, job_id: UUID, nth: int, rows: bytes) -> None:
    """Keep some rows of a job that is arriving."""
    await ADD.all(tx.connection, id=job_id, nth=nth, rows=rows)


async def arrived(tx: Transaction, job_id: UUID, rows: int, parts: int) -> BulkJob:
    """Let a job be worked on, whose rows are all there."""
    job = await ARRIVED.one(tx.connection, id=job_id, rows=rows, parts=parts, now=tx.now)
    tx.audit("ask", "bulk_job", job.id, after={"kind": job.kind, "rows": rows, "atomic": job.atomic})
    return job


async def due(tx: Transaction) -> tuple[BulkJob, bytes] | None:
    """Return a part to do, which no other worker does meanwhile, and its job."""
    found = await DUE.one_or_none(tx.connection)
    return None if found is None else (await READ.one(tx.connection, id=found.job_id), found.rows)


async def part(tx: Transaction, job_id: UUID, nth: int) -> bytes:
    """Return the rows of a part that is not done."""
    rows: bytes = await PART.one(tx.connection, id=job_id, nth=nth)
    return rows


async def keep(tx: Transaction, job_id: UUID, nth: int, results: bytes) -> None:
    """Keep what became of a part's rows, and the rows no longer."""
    await KEEP.all(tx.connection, id=job_id, nth=nth, results=results)


async def advance(
    tx: Transaction, job: BulkJob, next_part: int, *, done: int, refused: int, whole: bool = False
) -> bool:
    """Note how far a job has come; returns False where all of it was done, and it was cancelled meanwhile."""
    moved = await ADVANCE.one_or_none(
        tx.connection, id=job.id, next_part=next_part, done=done, refused=refused, whole=whole, now=tx.now
    )
    return moved is not None


async def refuse(tx: Transaction, job: BulkJob, problem: Mapping[str, Any], refused: int) -> None:
    """Note that an atomic job was refused, and why."""
    await REFUSE.all(tx.connection, id=job.id, problem=as_json(problem), refused=refused, now=tx.now)


async def read(tx: Transaction, job_id: UUID, asked_by: str | None) -> BulkJob:
    """Return a job that somebody asked for, anybody where None; raises NotFoundError."""
    job = await READ.one_or_none(tx.connection, id=job_id)
    if job is None or (asked_by is not None and job.asked_by != asked_by):
        raise NotFoundError("bulk job", job_id)
    return job


async def find_jobs(tx: Transaction, asked_by: str | None, asked: Asked) -> Found[BulkJob]:
    """Return a page of the jobs that somebody asked for, of all where None."""
    statement = select(*(JOBS.c[name] for name in BulkJob.__slots__))
    if asked_by is not None:
        statement = statement.where(JOBS.c.asked_by == asked_by)
    found = await find(tx, statement, asked)
    return found.each([BulkJob(*row[: len(BulkJob.__slots__)]) for row in found.rows])


async def cancel(tx: Transaction, job: BulkJob) -> BulkJob:
    """Stop a job behind the part that is being done, with which it ends; what was done stays."""
    cancelled = await CANCEL.one_or_none(tx.connection, id=job.id)
    if cancelled is None:
        raise ConflictError(
            "wrong_state",
            f"The job is {job.status}: there is nothing to stop.",
            status_now=job.status,
            allowed=[],
        )
    tx.audit("cancel", "bulk_job", job.id, before={"status": job.status}, after={"done": cancelled.done})
    return cancelled


async def end_cancelled(tx: Transaction) -> None:
    """End the cancelled jobs of which nobody is doing a part, also those whose worker died in one."""
    await STOPPED.all(tx.connection, now=tx.now)


async def results(tx: Transaction, job_id: UUID, nth: int) -> bytes | None:
    """Return what became of a part's rows; None before it is done."""
    found: bytes | None = await RESULTS.one_or_none(tx.connection, id=job_id, nth=nth)
    return found


async def forget(tx: Transaction, kept: timedelta) -> bool:
    """Delete some jobs that finished long ago, or never arrived whole; says whether there are more."""
    gone = await FORGET.all(
        tx.connection,
        finished_before=tx.now - kept,
        asked_before=tx.now - NEVER_ARRIVED_AFTER,
        most=FORGOTTEN_AT_A_TIME,
    )
    return len(gone) == FORGOTTEN_AT_A_TIME
