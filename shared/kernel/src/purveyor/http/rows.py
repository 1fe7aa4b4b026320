"""Reads rows from an NDJSON or CSV stream: one line in memory at a time, a bad row never stops the next."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError

from purveyor.errors import LISTED_OF_A_KIND, FieldError, InvalidError, ProblemError, few_of_each_kind

NDJSON = "application/x-ndjson"
CSV = "text/csv"
TOO_LONG = "Longer than a row may be (PURVEYOR_MAX_BULK_LINE_BYTES)"
OPEN_QUOTE = re.compile(r'(?:(?:"(?:[^"]++|"")*+"|[^",][^,]*+|),)*+"(?:[^"]++|"")*+\Z')
"""A line, from the start of a field on, that ends within quotes: the next line belongs to the record too."""

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
        records = _records(lines, longest_line)
        header = await _header(records, model)
        return _csv_rows(records, header, model)
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
    lines: AsyncIterator[tuple[int, bytes | None]], longest: int
) -> AsyncIterator[tuple[int, int, list[str] | RowError]]:
    """Put lines together to CSV records (RFC 4180: a quoted field may hold line breaks).

    A record is parsed once, when its last line has come, however many lines it has.
    """
    first, size, kept = 1, 0, list[str]()
    async for number, line in lines:
        if not kept:
            first, size = number, 0
        size += len(line or b"") + 1
        if line is None or size > longest:
            never_closed = f"; its quoted field is not closed by line {number}" if kept else ""
            yield first, size, RowError(column=None, detail=TOO_LONG + never_closed)
            kept.clear()
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            goes_on = OPEN_QUOTE.match(f'"{text}' if kept else text)
            kept.append(f"{text}\n")
            if goes_on:
                continue
            [fields] = csv.reader(kept, strict=True)
        except UnicodeDecodeError as error:
            yield first, size, RowError(column=None, detail=f"Not UTF-8: {error.reason}")
        except csv.Error as error:
            yield first, size, RowError(column=None, detail=f"Not CSV (RFC 4180): {error}")
        else:
            if fields:
                yield first, size, fields
        kept.clear()
    if kept:
        yield first, size, RowError(column=None, detail="Not CSV (RFC 4180): a quoted field is never closed")


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
    names = [name.strip() for name in header]
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
