"""Bulk requests as jobs: how their rows are kept when they arrive, and worked on part by part."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from opentelemetry import context, trace

from purveyor import bulk_jobs
from purveyor.bulk_jobs import BulkJob
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.failures import may_pass
from purveyor.http.bulk.applying import chunks
from purveyor.http.bulk.kind import Kind
from purveyor.http.bulk.results import BulkResult, Refusals, as_ndjson, refused
from purveyor.http.failures import DATABASE_ERRORS, FailedError, problem_of
from purveyor.http.rows import RawRow, Row, RowError, as_model
from purveyor.jobs import Chore
from purveyor.tracing import context_of

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(milliseconds=500)


class _Undone(Exception):  # noqa: N818  # a way out of a savepoint, not an error
    """All rows of an atomic job are taken back."""


async def keep(
    transaction: Callable[[], AbstractAsyncContextManager[Transaction]],
    kind: Kind[Any],
    proposal: UUID | None,
    rows: AsyncIterator[RawRow],
    *,
    atomic: bool,
) -> BulkJob:
    """Keep rows as they arrive, in transactions of their own; the job is worked on when all are there."""
    async with transaction() as tx:
        begun = await bulk_jobs.begin(tx, kind.name, proposal, atomic=atomic)
    count = parts = 0
    async for chunk in chunks(rows, kind.at_once):
        parts += 1
        count += len(chunk)
        async with transaction() as tx:
            await bulk_jobs.add_part(tx, begun.id, parts, packed(chunk))
    async with transaction() as tx:
        return await bulk_jobs.arrived(tx, begun.id, count, parts)


def packed(rows: Sequence[RawRow]) -> bytes:
    """Return rows as they are kept until they are worked on."""
    return b"".join(json.dumps(_packed(row)).encode() + b"\n" for row in rows)


def _packed(row: RawRow) -> dict[str, Any]:
    kept: dict[str, Any] = {"line": row.line, "size": row.size, "places": list(row.places)}
    if isinstance(row.content, bytes):
        return kept | {"json": row.content.decode(errors="surrogateescape")}
    if isinstance(row.content, list):
        return kept | {"errors": [error.model_dump() for error in row.content]}
    return kept | {"cells": row.content}


def unpacked(rows: bytes) -> list[RawRow]:
    """Return rows as they arrived."""
    found = []
    for line in rows.splitlines():
        kept = json.loads(line)
        content: Any = kept.get("cells")
        if "json" in kept:
            content = kept["json"].encode(errors="surrogateescape")
        elif "errors" in kept:
            content = [RowError(**error) for error in kept["errors"]]
        found.append(RawRow(kept["line"], kept["size"], content, kept["places"]))
    return found


def chores(kinds: Sequence[Kind[Any]]) -> tuple[Chore, ...]:
    """Return what works on the jobs of some kinds, and forgets those that finished long ago."""
    by_name = {kind.name: kind for kind in kinds}

    async def work(tx: Transaction) -> bool:
        return await _work(tx, by_name)

    return (
        Chore("work-on-bulk-jobs", LOOK_EVERY, work),
        Chore("forget-bulk-jobs", timedelta(minutes=1), _forget),
    )


async def _work(tx: Transaction, kinds: dict[str, Kind[Any]]) -> bool:
    """Do the next part of a job, or all of an atomic one; says whether there was any."""
    await bulk_jobs.end_cancelled(tx)
    found = await bulk_jobs.due(tx)
    if found is None:
        return False
    job, rows = found
    tx.actor, tx.request_id = job.asked_by, job.request_id
    token = context.attach(context_of(job.traceparent or ""))
    try:
        with trace.get_tracer(__name__).start_as_current_span(
            f"work on {job.kind}", attributes={"bulk_job.id": str(job.id), "bulk_job.part": job.next_part}
        ):
            await _do(tx, job, kinds[job.kind], rows)
    finally:
        context.detach(token)
    return True


async def _do(tx: Transaction, job: BulkJob, kind: Kind[Any], rows: bytes) -> None:
    if job.atomic:
        await _all_or_nothing(tx, job, kind, rows)
        return
    results = await _apply(tx, job, kind, [as_model(row, kind.model) for row in unpacked(rows)])
    bad = sum(result.status == "refused" for result in results)
    await bulk_jobs.keep(tx, job.id, job.next_part, as_ndjson(results))
    await bulk_jobs.advance(tx, job, job.next_part + 1, done=len(results), refused=bad)


async def _apply(
    tx: Transaction, job: BulkJob, kind: Kind[Any], rows: Sequence[Row[Any]]
) -> list[BulkResult]:
    """Give a part's rows to their command; raises what may pass, and the part is done again."""
    try:
        async with tx.savepoint():
            results = await kind.apply(job.proposal_id, _note)(tx, rows)
            await tx.flush()
    except DATABASE_ERRORS as error:
        if may_pass(error) or tx.connection.is_closed():
            raise
        log.warning("bulk_part_failed", job_id=str(job.id), first_line=rows[0].line, exc_info=error)
        problem = problem_of(error) or FailedError()
        return [refused(row, problem) for row in rows]
    return results


async def _all_or_nothing(tx: Transaction, job: BulkJob, kind: Kind[Any], first: bytes) -> None:
    refusals = Refusals()
    try:
        async with tx.savepoint():
            for nth in range(1, job.parts + 1):
                kept = first if nth == 1 else await bulk_jobs.part(tx, job.id, nth)
                results = await _apply(tx, job, kind, [as_model(row, kind.model) for row in unpacked(kept)])
                refusals.look_at(results)
                await bulk_jobs.keep(tx, job.id, nth, as_ndjson(results))
                await tx.close_session()
            going = not refusals.refused and await bulk_jobs.advance(
                tx, job, job.parts + 1, done=job.rows, refused=0, whole=True
            )
            if not going:
                raise _Undone
    except _Undone:
        if refusals.refused:
            await bulk_jobs.refuse(tx, job, as_problem(refusals.problem()), refusals.refused)


def as_problem(problem: ProblemError) -> dict[str, Any]:
    """Return a refusal as it is kept with a job."""
    errors = [error.shown() for error in problem.errors]
    return {"code": problem.code, "detail": problem.detail, "errors": errors} | problem.extensions


def _note(problem: ProblemError) -> None:
    if problem.status in {401, 403}:
        log.info("bulk_row_not_allowed", code=problem.code)


async def _forget(tx: Transaction) -> bool:
    settings = tx.database.settings
    assert settings is not None  # noqa: S101  # a worker's database has them
    return await bulk_jobs.forget(tx, settings.bulk_jobs_kept)
