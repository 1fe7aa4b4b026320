"""Bulk requests: NDJSON or CSV in, one result a row out, in bounded memory whatever the stream's size."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Annotated, Any, ClassVar, Literal, TypeVar
from uuid import UUID

import structlog
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from purveyor.auth import Caller
from purveyor.db import Database, Transaction
from purveyor.errors import InvalidError, ProblemError, UnavailableError
from purveyor.failures import is_unavailable, may_pass
from purveyor.http.arrival import ANY_SIZE
from purveyor.http.failures import DATABASE_ERRORS, FailedError, problem_of
from purveyor.http.rows import CSV, NDJSON, Row, RowError, read_rows
from purveyor.security import SecurityRecords

log = structlog.get_logger(__name__)

ROWS_A_TRANSACTION = 200
ROWS_A_SET = 1_000
BYTES_A_TRANSACTION = 4_194_304
ATTEMPTS = 3
IN_MEMORY = 1_048_576
AT_A_TIME = 65_536

ModelT = TypeVar("ModelT", bound=BaseModel)


class BulkResult(BaseModel):
    """What became of one row; the answer to a bulk request is one of these a line (NDJSON)."""

    line: int = Field(description="In the request's body, from 1", examples=[2])
    status: Literal["created", "updated", "unchanged", "proposed", "refused"] = Field(examples=["created"])
    id: UUID | str | None = Field(default=None, examples=["0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"])
    code: str | None = Field(default=None, description="Why it was refused, for programs", examples=[None])
    errors: list[RowError] = Field(default=[], examples=[[]])


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What a row's command did, and to what."""

    status: Literal["created", "updated", "unchanged", "proposed"]
    id: UUID | str | None = None


Command = Callable[[Transaction, ModelT], Awaitable[BulkOutcome]]
SetCommand = Callable[[Transaction, Sequence[ModelT]], Awaitable[Sequence[BulkOutcome | ProblemError]]]
"""Does what a command does for many rows at once; what it has against one is returned, and costs no other."""

Apply = Callable[[Transaction, Sequence[Row[ModelT]]], Awaitable[list[BulkResult]]]


class BulkRequest:
    """A stream of rows, and whether all of them must be good; `bulk: Bulk` in a route."""

    def __init__(
        self,
        request: Request,
        caller: Caller,
        atomic: Annotated[
            bool, Query(description="One transaction: a single bad row refuses all of them (422)")
        ] = False,
    ) -> None:
        self.request = request
        self.caller = caller
        self.atomic = atomic
        self.database: Database = request.app.state.database
        request.scope[ANY_SIZE] = True

    async def answer(self, model: type[ModelT], command: Command[ModelT]) -> Response:
        """Give every row to a command and answer what became of it.

        A command that raises ProblemError refuses its row, and nothing of that row stays. Rows are committed
        in chunks while the body still arrives. With `?atomic=true` the body is kept in a temporary file, its
        rows go into one transaction, and one bad row refuses them all.
        """

        async def apply(tx: Transaction, chunk: Sequence[Row[ModelT]]) -> list[BulkResult]:
            return [await self._apply(tx, row, command) for row in chunk]

        return await self._answer(model, apply, ROWS_A_TRANSACTION)

    async def answer_sets(self, model: type[ModelT], command: SetCommand[ModelT]) -> Response:
        """Give rows by the thousand to a command that takes them in few statements, else as `answer`.

        Where the database refuses a set it is given in halves, so that one row costs no other.
        """

        async def apply(tx: Transaction, chunk: Sequence[Row[ModelT]]) -> list[BulkResult]:
            good = [row for row in chunk if not isinstance(row.content, list)]
            results = {result.line: result for result in await self._apply_set(tx, good, command)}
            return [results.get(row.line) or _not_valid(row) for row in chunk]

        return await self._answer(model, apply, ROWS_A_SET)

    async def _answer(self, model: type[ModelT], apply: Apply[ModelT], at_once: int) -> Response:
        if not self.atomic:
            rows = await self._rows(self.request.stream(), model)
            return BulkResponse(self._in_chunks(_chunks(rows, at_once), apply))
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            # All of it, so that no transaction waits for its arrival.
            async for part in self.request.stream():
                body.write(part)
            body.seek(0)
            rows = await self._rows(_parts(body), model)
            return await self._all_or_nothing(_chunks(rows, at_once), apply)

    async def _rows(self, stream: AsyncIterator[bytes], model: type[ModelT]) -> AsyncIterator[Row[ModelT]]:
        longest = self.request.app.state.context.settings.max_bulk_line_bytes
        return await read_rows(stream, self.request.headers.get("content-type", ""), model, longest)

    async def _in_chunks(
        self, chunks: AsyncIterator[list[Row[ModelT]]], apply: Apply[ModelT]
    ) -> AsyncIterator[list[BulkResult]]:
        outage: ProblemError | None = None
        async for chunk in chunks:
            if outage is None:
                results, outage = await self._commit(chunk, apply)
            else:
                results = [_refused(row.line, outage) for row in chunk]
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
            return [_refused(row.line, problem) for row in chunk], outage
        return results, None

    async def _all_or_nothing(
        self, chunks: AsyncIterator[list[Row[ModelT]]], apply: Apply[ModelT]
    ) -> Response:
        results = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed by _provisional
        refused = False
        try:
            async with self._transaction() as tx:
                async for chunk in chunks:
                    found = await apply(tx, chunk)
                    refused = refused or any(result.status == "refused" for result in found)
                    _write(results, found)
                    await tx.flush()
                    await tx.close_session()
                if refused:
                    raise _Refused
        except _Refused:
            pass
        except BaseException:
            results.close()
            raise
        return BulkResponse(_provisional(results, refused), 422 if refused else 200)

    async def _apply(self, tx: Transaction, row: Row[ModelT], command: Command[ModelT]) -> BulkResult:
        if isinstance(row.content, list):
            return _not_valid(row)
        try:
            async with tx.savepoint():
                outcome = await command(tx, row.content)
        except Exception as error:
            return self._failed(tx, row, error)
        return self._result(row, outcome)

    async def _apply_set(
        self, tx: Transaction, rows: Sequence[Row[ModelT]], command: SetCommand[ModelT]
    ) -> list[BulkResult]:
        if not rows:
            return []
        contents = [row.content for row in rows if not isinstance(row.content, list)]
        try:
            async with tx.savepoint():
                outcomes = await command(tx, contents)
        except Exception as error:
            if len(rows) == 1:
                return [self._failed(tx, rows[0], error)]
            if may_pass(error) or tx.connection.is_closed():
                raise
            middle = len(rows) // 2
            first = await self._apply_set(tx, rows[:middle], command)
            return first + await self._apply_set(tx, rows[middle:], command)
        return [self._result(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]

    def _failed(self, tx: Transaction, row: Row[ModelT], error: Exception) -> BulkResult:
        """Return the refusal of a row whose command failed; raises what may pass or ended the transaction."""
        if isinstance(error, ProblemError):
            return self._result(row, error)
        if may_pass(error) or tx.connection.is_closed():
            raise error
        log.warning("bulk_row_failed", line=row.line, exc_info=error)
        return _refused(row.line, problem_of(error) or FailedError())

    def _result(self, row: Row[ModelT], outcome: BulkOutcome | ProblemError) -> BulkResult:
        if isinstance(outcome, ProblemError):
            security: SecurityRecords = self.request.app.state.security
            security.note_problem(self.request, outcome)
            return _refused(row.line, outcome)
        return BulkResult(line=row.line, status=outcome.status, id=outcome.id)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        async with self.database.transaction() as tx:
            tx.actor = self.caller.subject
            tx.request_id = self.request.state.request_id
            yield tx


Bulk = Annotated[BulkRequest, Depends()]


class BulkResponse(Response):
    """Results as NDJSON, sent while the request may still arrive."""

    media_type = NDJSON
    row: ClassVar[type[BaseModel] | None] = None
    """What a row of the request is, in the class that a route declares."""

    def __init__(self, batches: AsyncIterator[list[BulkResult]], status_code: int = 200) -> None:
        super().__init__(status_code=status_code)
        del self.headers["content-length"]
        self.batches = batches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send results as they come.

        Rows never wait for a client that sends everything before it reads anything: what it has not read
        yet waits in a temporary file.
        """
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        more = asyncio.Event()
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as results:
            try:
                async with asyncio.TaskGroup() as group:
                    work = group.create_task(self._work(results, more))
                    work.add_done_callback(lambda _: more.set())
                    group.create_task(_send_all(results, more, work, send))
            except* ClientDisconnect:
                log.info("bulk_client_left")
        await send({"type": "http.response.body", "body": b""})

    async def _work(self, results: IO[bytes], more: asyncio.Event) -> None:
        async for batch in self.batches:
            results.seek(0, os.SEEK_END)
            _write(results, batch)
            more.set()


class _Refused(Exception):  # noqa: N818  # a way out of the transaction, not an error
    """A row of an atomic request was refused."""


def _not_valid(row: Row[ModelT]) -> BulkResult:
    errors = row.content if isinstance(row.content, list) else []
    return BulkResult(line=row.line, status="refused", code="row_not_valid", errors=errors)


def _refused(line: int, problem: ProblemError) -> BulkResult:
    errors = [
        RowError(column=error.pointer.strip("/").replace("/", ".") or None, detail=error.detail)
        for error in problem.errors
    ]
    errors = errors or [RowError(column=None, detail=problem.detail)]
    return BulkResult(line=line, status="refused", code=problem.code, errors=errors)


async def _chunks(rows: AsyncIterator[Row[ModelT]], at_once: int) -> AsyncIterator[list[Row[ModelT]]]:
    chunk: list[Row[ModelT]] = []
    size = 0
    async for row in rows:
        chunk.append(row)
        size += row.size
        if len(chunk) == at_once or size >= BYTES_A_TRANSACTION:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


async def _parts(body: IO[bytes]) -> AsyncIterator[bytes]:
    while part := body.read(AT_A_TIME):
        yield part


async def _provisional(results: IO[bytes], refused: bool) -> AsyncIterator[list[BulkResult]]:
    """Read the results of an atomic request back; when a row was refused, every other one was too."""
    with results:
        results.seek(0)
        for line in results:
            result = BulkResult.model_validate_json(line)
            if refused and result.status != "refused":
                result = _refused(result.line, _REFUSED_WITH_OTHERS)
            yield [result]


def _write(results: IO[bytes], batch: Sequence[BulkResult]) -> None:
    results.write(b"".join(result.model_dump_json().encode() + b"\n" for result in batch))


async def _send_all(results: IO[bytes], more: asyncio.Event, work: asyncio.Task[None], send: Send) -> None:
    sent = 0
    while True:
        await more.wait()
        more.clear()
        done = work.done()
        results.seek(sent)
        while part := results.read(AT_A_TIME):
            sent += len(part)
            await send({"type": "http.response.body", "body": part, "more_body": True})
            results.seek(sent)
        results.seek(0)
        results.truncate()
        sent = 0
        if done:
            return


_REFUSED_WITH_OTHERS = InvalidError(
    "refused_with_others", "Another row was refused, and the request is atomic: nothing was changed."
)


def route(model: type[BaseModel]) -> dict[str, Any]:
    """Return what declares a bulk route: `@router.post("/orders:import", **bulk.route(OrderRow))`."""
    schema = model.model_json_schema()
    row = _without_references(schema, schema.pop("$defs", {}))
    row.pop("$defs", None)
    columns = ",".join(field.alias or name for name, field in model.model_fields.items())
    return {
        "response_class": type("BulkResponse", (BulkResponse,), {"row": model}),
        "response_model": BulkResult,
        "responses": {422: {"content": {NDJSON: {"schema": {"$ref": "#/components/schemas/BulkResult"}}}}},
        "response_description": "A result for every row, one JSON object a line",
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "description": "One row a line, in a stream of any length",
                "content": {
                    NDJSON: {"schema": row},
                    CSV: {"schema": {"type": "string"}, "example": f"{columns}\n"},
                },
            }
        },
    }


def _without_references(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_without_references(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _without_references(definitions[name], definitions)
    return {key: _without_references(value, definitions) for key, value in schema.items()}
