"""What became of rows: a result each, as it is answered and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from purveyor.bulk import BulkOutcome
from purveyor.errors import FieldError, InvalidError, ProblemError
from purveyor.http.rows import Row, RowError

NAMED = 100
"""Of the errors in an atomic request so many are named, and all are counted."""
ModelT = TypeVar("ModelT", bound=BaseModel)


class BulkResult(BaseModel):
    """What became of one row; the answer to a bulk request is one of these a line (NDJSON)."""

    line: int = Field(description="In the request's body, from 1", examples=[2])
    status: Literal["created", "updated", "unchanged", "proposed", "refused"] = Field(examples=["created"])
    id: UUID | str | None = Field(default=None, examples=["0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"])
    code: str | None = Field(default=None, description="Why it was refused, for programs", examples=[None])
    errors: list[RowError] = Field(default=[], examples=[[]])


def done(row: Row[ModelT], outcome: BulkOutcome) -> BulkResult:
    """Return what a row's command did."""
    return BulkResult(line=row.line, status=outcome.status, id=outcome.id)


def not_valid(row: Row[ModelT]) -> BulkResult:
    """Return the refusal of a row that cannot be read."""
    errors = row.content if isinstance(row.content, list) else []
    return BulkResult(line=row.line, status="refused", code="row_not_valid", errors=errors)


def refused(row: Row[ModelT], problem: ProblemError) -> BulkResult:
    """Return the refusal of a row for a problem."""
    errors = [row.error(error.pointer, error.detail) for error in problem.errors]
    errors = errors or [RowError(pointer="", detail=problem.detail)]
    return BulkResult(line=row.line, status="refused", code=problem.code, errors=errors)


def as_ndjson(results: Sequence[BulkResult]) -> bytes:
    """Return results, one a line."""
    return b"".join(result.model_dump_json().encode() + b"\n" for result in results)


class Refusals:
    """Collects why rows of an atomic request were refused."""

    def __init__(self) -> None:
        self.rows = self.refused = 0
        self._errors: list[FieldError] = []

    def look_at(self, results: Sequence[BulkResult]) -> None:
        """Take in what became of some rows."""
        self.rows += len(results)
        for result in results:
            if result.status != "refused":
                continue
            self.refused += 1
            if len(self._errors) < NAMED:
                self._errors += [
                    FieldError(error.pointer, error.detail, error.line or result.line)
                    for error in result.errors
                ]

    def problem(self) -> InvalidError:
        """Return the refusal of the request."""
        return InvalidError(
            "rows_refused",
            f"{self.refused:,} of {self.rows:,} rows were refused, and the request is atomic:"
            " nothing was changed.",
            errors=self._errors[:NAMED],
            rows=self.rows,
            refused=self.refused,
        )
