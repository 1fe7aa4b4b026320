"""Bulk jobs over HTTP: how far they have come, what became of their rows, and how to stop them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from purveyor import bulk_jobs
from purveyor.auth import ADMIN, Principal, requires
from purveyor.bulk_jobs import LISTED, BulkJob
from purveyor.db import Database
from purveyor.http.bulk import BulkResult
from purveyor.http.bulk.progress import BulkJobShown, shown
from purveyor.http.bulk.route import OF_RESULTS
from purveyor.http.lists import Listed, listed
from purveyor.http.rows import NDJSON
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page

SCOPE = "bulk:jobs"


class KeptResults(StreamingResponse):
    """Results as NDJSON, from the parts that are done."""

    media_type = NDJSON


def bulk_jobs_router(*roles: str) -> APIRouter:
    """Return the routes of bulk jobs, for who may send rows: they see their own, and an admin all of them."""
    router = APIRouter(prefix="/v1/bulk-jobs", tags=["bulk jobs"], route_class=TransactionRoute)
    may_ask: Principal = requires(SCOPE, *roles)

    @router.get("", summary="List bulk jobs")
    async def list_bulk_jobs(
        tx: Tx,
        asked: Annotated[Listed, listed(LISTED, BulkJobShown)],
        by: Principal = may_ask,
    ) -> Page[BulkJobShown]:
        """List bulk jobs, the latest first."""
        return asked.page(await bulk_jobs.find_jobs(tx, _whose(by), asked), shown)

    @router.get("/{job_id}", summary="Read how far a bulk job has come")
    async def get_bulk_job(job_id: UUID, tx: Tx, by: Principal = may_ask) -> BulkJobShown:
        """Read how far the work on a job's rows has come."""
        return shown(await bulk_jobs.read(tx, job_id, _whose(by)))

    @router.get(
        "/{job_id}/results",
        summary="Read what became of a bulk job's rows",
        response_class=KeptResults,
        response_model=BulkResult,
        responses={200: OF_RESULTS},
        response_description="A result for every row that was looked at, one JSON object a line",
    )
    async def get_bulk_job_results(
        job_id: UUID, tx: Tx, request: Request, by: Principal = may_ask
    ) -> KeptResults:
        """Read a result for every row that was looked at so far, in the order in which they were sent.

        They are kept for a week after the job's end, or as PURVEYOR_BULK_JOBS_KEPT says.
        """
        job = await bulk_jobs.read(tx, job_id, _whose(by))
        return KeptResults(_results(request.app.state.database, job))

    @router.post("/{job_id}:cancel", summary="Stop a bulk job")
    async def cancel_bulk_job(job_id: UUID, tx: Tx, by: Principal = may_ask) -> BulkJobShown:
        """Stop a job behind the part that is worked on; what was done stays, of an atomic one nothing."""
        return shown(await bulk_jobs.cancel(tx, await bulk_jobs.read(tx, job_id, _whose(by))))

    return router


def _whose(by: Principal) -> str | None:
    return None if ADMIN in by.roles else by.subject


async def _results(database: Database, job: BulkJob) -> AsyncIterator[bytes]:
    for nth in range(1, job.next_part):
        async with database.transaction(reading=True) as tx:
            yield await bulk_jobs.results(tx, job.id, nth) or b""
