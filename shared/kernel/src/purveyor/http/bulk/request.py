"""A bulk request: its rows are committed in chunks while it arrives, or all of them or none."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Annotated, TypeVar
from uuid import UUID

import structlog
from fastapi import Depends, Header, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from purveyor.auth import Caller
from purveyor.bulk import Command, SetCommand
from purveyor.db import Database, Transaction
from purveyor.errors import ProblemError, UnavailableError
from purveyor.failures import is_unavailable, may_pass
from purveyor.http.arrival import ANY_SIZE
from purveyor.http.bulk.applying import ROWS_A_SET, ROWS_A_TRANSACTION, Apply, chunks, in_sets, one_by_one
from purveyor.http.bulk.jobs import keep
from purveyor.http.bulk.kind import Kind
from purveyor.http.bulk.progress import shown
from purveyor.http.bulk.response import AT_A_TIME, IN_MEMORY, BulkResponse, KeptResponse
from purveyor.http.bulk.results import BulkResult, Refusals, as_ndjson, refused
from purveyor.http.failures import DATABASE_ERRORS, FailedError, problem_of
from purveyor.http.rows import Row, columns_of, read_raw, read_rows
from purveyor.security import SecurityRecords
from purveyor.texts import HeaderKey

log = structlog.get_logger(__name__)

ATTEMPTS = 3
ASYNC = "respond-async"

ModelT = TypeVar("ModelT", bound=BaseModel)


class BulkRequest:
    """A stream of rows, and whether all of them must be good; `bulk: Bulk` in a route."""

    def __init__(
        self,
        request: Request,
        caller: Caller,
        atomic: Annotated[
            bool, Query(description="One transaction: a single bad row refuses all of them (422)")
        ] = False,
        prefer: Annotated[
            HeaderKey | None,
            Header(
                description="`respond-async`: rows are kept, and worked on as a bulk job (RFC 7240)",
                examples=["respond-async"],
            ),
        ] = None,
    ) -> None:
        self.request = request
        self.caller = caller
        self.atomic = atomic
        self.later = prefer is not None and ASYNC in re.split(r"[\s,;]+", prefer.lower())
        self.database: Database = request.app.state.database
        request.scope[ANY_SIZE] = True

    async def answer(self, model: type[ModelT], command: Command[ModelT]) -> Response:
        """Give every row to a command and answer what became of it.

        A command that raises ProblemError refuses its row, and nothing of that row stays. Rows are committed
        in chunks while the body still arrives. With `?atomic=true` the body is kept in a temporary file, its
        rows go into one transaction, and one bad row refuses them all.
        """
        return await self._answer(model, one_by_one(command, self._note), ROWS_A_TRANSACTION)

    async def answer_sets(self, model: type[ModelT], command: SetCommand[ModelT]) -> Response:
        """Give rows by the thousand to a command that takes them in few statements, else as `answer`.

        Where the database refuses a set it is given in halves, so that one row costs no other.
        """
        return await self._answer(model, in_sets(command, self._note), ROWS_A_SET)

    async def take(self, kind: Kind[ModelT], proposal: UUID | None = None) -> Response:
        """Give rows to the command of a kind as `answer` does, or keep them for a job if that is preferred.

        Then the answer is 202 and names the job, whose rows are worked on once all of them have arrived.
        """
        if not self.later:
            return await self._answer(kind.model, kind.apply(proposal, self._note), kind.at_once)
        raw = await read_raw(
            self.request.stream(), self._media_type, columns_of(kind.model), self._longest_line
        )
        job = await keep(self._transaction, kind, proposal, raw, atomic=self.atomic)
        headers = {"Location": f"/v1/bulk-jobs/{job.id}", "Preference-Applied": ASYNC}
        return Response(shown(job).model_dump_json(), 202, headers, "application/json")

    async def _answer(self, model: type[ModelT], apply: Apply[ModelT], at_once: int) -> Response:
        if not self.atomic:
            rows = await self._rows(self.request.stream(), model)
            return BulkResponse(self._in_chunks(chunks(rows, at_once), apply))
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            # All of it, so that no transaction waits for its arrival.
            async for part in self.request.stream():
                body.write(part)
            body.seek(0)
            rows = await self._rows(_parts(body), model)
            return await self._all_or_nothing(chunks(rows, at_once), apply)

    async def _rows(self, stream: AsyncIterator[bytes], model: type[ModelT]) -> AsyncIterator[Row[ModelT]]:
        return await read_rows(stream, self._media_type, model, self._longest_line)

    @property
    def _media_type(self) -> str:
        return self.request.headers.get("content-type", "")

    @property
    def _longest_line(self) -> int:
        longest: int = self.request.app.state.context.settings.max_bulk_line_bytes
        return longest

    async def _in_chunks(
        self, found: AsyncIterator[list[Row[ModelT]]], apply: Apply[ModelT]
    ) -> AsyncIterator[list[BulkResult]]:
        outage: ProblemError | None = None
        async for chunk in found:
            if outage is None:
                results, outage = await self._commit(chunk, apply)
            else:
                results = [refused(row, outage) for row in chunk]
            yield results

    async def _commit(
        self, chunk: list[Row[ModelT]], apply: Apply[ModelT], attempt: int = 1
    ) -> tuple[list[BulkResult], ProblemError | None]:
        """Commit a chunk; returns its results, and the outage that makes it useless to go on."""
        try:
            async with self._transaction() as tx:
                results = await apply(tx, chunk)
        except DATABASE_ERRORS as error:
            if may_pass(error) and not is_unavailable(error) and attempt < ATTEMPTS:
                return await self._commit(chunk, apply, attempt + 1)
            log.warning("bulk_chunk_failed", first_line=chunk[0].line, exc_info=error)
            problem = problem_of(error) or FailedError()
            outage = problem if isinstance(problem, UnavailableError) else None
            return [refused(row, problem) for row in chunk], outage
        return results, None

    async def _all_or_nothing(
        self, found: AsyncIterator[list[Row[ModelT]]], apply: Apply[ModelT]
    ) -> Response:
        results = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed when it is sent
        refusals = Refusals()
        try:
            async with self._transaction() as tx:
                async for chunk in found:
                    told = await apply(tx, chunk)
                    refusals.look_at(told)
                    results.write(as_ndjson(told))
                    await tx.flush()
                    await tx.close_session()
                if refusals.refused:
                    raise refusals.problem()
        except BaseException:
            results.close()
            raise
        return KeptResponse(results)

    def _note(self, problem: ProblemError) -> None:
        security: SecurityRecords = self.request.app.state.security
        security.note_problem(self.request, problem)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        async with self.database.transaction() as tx:
            tx.actor = self.caller.subject
            tx.request_id = self.request.state.request_id
            yield tx


Bulk = Annotated[BulkRequest, Depends()]


async def _parts(body: IO[bytes]) -> AsyncIterator[bytes]:
    while part := body.read(AT_A_TIME):
        yield part
