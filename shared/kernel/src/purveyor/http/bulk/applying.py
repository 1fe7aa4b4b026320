"""Gives rows to commands within a transaction: what one fails with costs no other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from purveyor.bulk import BulkOutcome, Command, SetCommand
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.failures import may_pass
from purveyor.http.bulk.results import BulkResult, done, not_valid, refused
from purveyor.http.failures import FailedError, problem_of
from purveyor.http.rows import RawRow, Row

log = structlog.get_logger(__name__)

ROWS_A_TRANSACTION = 200
ROWS_A_SET = 1_000
BYTES_A_TRANSACTION = 4_194_304

ModelT = TypeVar("ModelT", bound=BaseModel)
RowT = TypeVar("RowT", bound=Row[Any] | RawRow)
Apply = Callable[[Transaction, Sequence[Row[ModelT]]], Awaitable[list[BulkResult]]]
Note = Callable[[ProblemError], None]
"""Told of every refusal by a command, for the security records."""


def one_by_one(command: Command[ModelT], note: Note) -> Apply[ModelT]:
    """Return what gives rows to a command one by one; what it raises refuses its row, nothing of which stays.

    What may pass, or ended the transaction, is raised.
    """

    async def one(tx: Transaction, row: Row[ModelT]) -> BulkResult:
        if isinstance(row.content, list):
            return not_valid(row)
        try:
            async with tx.savepoint():
                outcome = await command(tx, row.content)
        except Exception as error:
            return _failed(tx, row, error, note)
        return done(row, outcome)

    async def apply(tx: Transaction, chunk: Sequence[Row[ModelT]]) -> list[BulkResult]:
        return [await one(tx, row) for row in chunk]

    return apply


def in_sets(command: SetCommand[ModelT], note: Note) -> Apply[ModelT]:
    """Return what gives rows to a command that takes many; a set that fails is given in halves."""

    async def some(tx: Transaction, rows: Sequence[Row[ModelT]]) -> list[BulkResult]:
        if not rows:
            return []
        contents = [row.content for row in rows if not isinstance(row.content, list)]
        try:
            async with tx.savepoint():
                outcomes = await command(tx, contents)
        except Exception as error:
            if len(rows) == 1:
                return [_failed(tx, rows[0], error, note)]
            if may_pass(error) or tx.connection.is_closed():
                raise
            middle = len(rows) // 2
            return await some(tx, rows[:middle]) + await some(tx, rows[middle:])
        return [_result(row, outcome, note) for row, outcome in zip(rows, outcomes, strict=True)]

    async def apply(tx: Transaction, chunk: Sequence[Row[ModelT]]) -> list[BulkResult]:
        good = [row for row in chunk if not isinstance(row.content, list)]
        results = {result.line: result for result in await some(tx, good)}
        return [results.get(row.line) or not_valid(row) for row in chunk]

    return apply


async def chunks(rows: AsyncIterator[RowT], at_once: int) -> AsyncIterator[list[RowT]]:
    """Group rows into what a transaction takes."""
    chunk: list[RowT] = []
    size = 0
    async for row in rows:
        chunk.append(row)
        size += row.size
        if len(chunk) == at_once or size >= BYTES_A_TRANSACTION:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _failed(tx: Transaction, row: Row[ModelT], error: Exception, note: Note) -> BulkResult:
    if isinstance(error, ProblemError):
        return _result(row, error, note)
    if may_pass(error) or tx.connection.is_closed():
        raise error
    log.warning("bulk_row_failed", line=row.line, exc_info=error)
    return refused(row, problem_of(error) or FailedError())


def _result(row: Row[ModelT], outcome: BulkOutcome | ProblemError, note: Note) -> BulkResult:
    if isinstance(outcome, ProblemError):
        note(outcome)
        return refused(row, outcome)
    return done(row, outcome)
