"""Reads rows from an NDJSON or CSV stream: one line in memory at a time, a bad row never stops the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError

from purveyor.errors import LISTED_OF_A_KIND, FieldError, InvalidError, ProblemError, few_of_each_kind
from purveyor.records import Record, Records, without_marks

NDJSON = "application/x-ndjson"
CSV = "text/csv"
TOO_LONG = "Longer than a row may be (PURVEYOR_MAX_BULK_LINE_BYTES)"
ModelT = TypeVar("ModelT", bound=BaseModel)


class RowError(BaseModel):
    """One thing that was wrong with a row."""

    column: str | None = Field(description="Column, or path within the row; null: the row as a whole")
    detail: str = Field(description="What was wrong and what would be right")


@dataclass(frozen=True, slots=True)
class Row(Generic[ModelT]):
    """A row: its content, or why it cannot be read as such."""

    line: int
    size: int
    content: ModelT | list[RowError]


class UnsupportedMediaTypeError(ProblemError):
    """The body is of a kind that this operation does not read."""

    status = 415
    title = "Unsupported media type"


async def read_rows(
    stream: AsyncIterator[bytes], media_type: str, model: type[ModelT], longest_line: int
) -> AsyncIterator[Row[ModelT]]:
    """Start reading rows of a model from a stream; lines are counted from 1.

    Raises UnsupportedMediaTypeError for a media type other than NDJSON and CSV, and InvalidError for a CSV
    header that names unknown columns. Empty CSV cells are absent values.
    """
    lines = _lines(stream, longest_line)
    kind = media_type.partition(";")[0].strip().lower()
    if kind == NDJSON:
        return _json_rows(lines, model)
    if kind == CSV:
        records = Records(longest=longest_line)
        found = _records(lines, records)
        header = await _header(found, model)
        records.width = len(header)
        return _csv_rows(found, header, model)
    raise UnsupportedMediaTypeError(
        "unsupported_media_type", f"Send {NDJSON} or {CSV}, not {kind or 'nothing'}."
    )


async def _lines(stream: AsyncIterator[bytes], longest: int) -> AsyncIterator[tuple[int, bytes | None]]:
    """Split a stream into numbered lines; None stands for one that is too long."""
    number, kept, too_long = 1, bytearray(), False
    async for chunk in stream:
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            too_long = too_long or len(kept) + end - start > longest
            yield number, None if too_long else bytes(kept) + chunk[start:end]
            number, too_long, start = number + 1, False, end + 1
            kept.clear()
        if not too_long:
            kept += chunk[start:]
            if len(kept) > longest:
                too_long = True
                kept.clear()
        await asyncio.sleep(0)  # what has arrived already is read without a pause, and others wait
    if kept or too_long:
        yield number, None if too_long else bytes(kept)


async def _json_rows(
    lines: AsyncIterator[tuple[int, bytes | None]], model: type[ModelT]
) -> AsyncIterator[Row[ModelT]]:
    async for number, line in lines:
        if line is None:
            yield Row(number, 0, [RowError(column=None, detail=TOO_LONG)])
        elif line.strip():
            yield Row(number, len(line), _read(model, line))


async def _records(
    lines: AsyncIterator[tuple[int, bytes | None]], records: Records
) -> AsyncIterator[tuple[int, int, list[str] | RowError]]:
    """Go through the CSV records that lines make, each with the line that it begins in and its size."""
    async for number, line in lines:
        if line is None:
            found = records.refuse(number, 0, TOO_LONG)
        else:
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                found = records.refuse(number, len(line), f"not UTF-8: {error.reason}")
            else:
                found = records.take(number, text)
        for record in found:
            yield _told(record)
    for record in records.end():
        yield _told(record)


def _told(record: Record) -> tuple[int, int, list[str] | RowError]:
    if record.fields is not None:
        return record.line, record.size, record.fields
    problem = record.problem
    detail = problem if problem == TOO_LONG else f"Not CSV (RFC 4180): {problem}"
    return record.line, record.size, RowError(column=None, detail=detail)


async def _header(
    records: AsyncIterator[tuple[int, int, list[str] | RowError]], model: type[BaseModel]
) -> list[str]:
    known = {field.alias or name for name, field in model.model_fields.items()}
    try:
        _, _, header = await anext(records)
    except StopAsyncIteration:
        header = RowError(column=None, detail="The file is empty")
    if isinstance(header, RowError):
        raise InvalidError("csv_header_wrong", f"The first line must name the columns. {header.detail}.")
    names = [without_marks(name) for name in header]
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    errors = [
        FieldError(f"/body/1/{name}", f"No such column; known are {', '.join(sorted(known))}")
        for name in unknown[:LISTED_OF_A_KIND]
    ]
    if unknown[LISTED_OF_A_KIND:]:
        errors.append(FieldError("/body/1", f"And {len(unknown) - LISTED_OF_A_KIND:,} more unknown columns"))
    errors += [FieldError(f"/body/1/{name}", "Named twice") for name in known if names.count(name) > 1]
    if errors:
        raise InvalidError("csv_header_wrong", "The first line names columns wrongly.", errors=errors)
    return names


async def _csv_rows(
    records: AsyncIterator[tuple[int, int, list[str] | RowError]], header: list[str], model: type[ModelT]
) -> AsyncIterator[Row[ModelT]]:
    async for number, size, fields in records:
        if isinstance(fields, RowError):
            yield Row(number, size, [fields])
        elif len(fields) != len(header):
            detail = f"Has {len(fields)} fields where the header names {len(header)} columns"
            yield Row(number, size, [RowError(column=None, detail=detail)])
        else:
            cells = {name: cell for name, cell in zip(header, fields, strict=True) if cell.strip()}
            yield Row(number, size, _read(model, cells))


def _read(model: type[ModelT], content: bytes | Mapping[str, str]) -> ModelT | list[RowError]:
    try:
        if isinstance(content, bytes):
            return model.model_validate_json(content)
        return model.model_validate_strings(content)
    except ValidationError as error:
        return [
            RowError(
                column=".".join(str(part) for part in item["loc"]) or None,
                detail=str(item["msg"]).removeprefix("Value error, "),
            )
            for item in few_of_each_kind(error.errors(include_url=False))
        ]
