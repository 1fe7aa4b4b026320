"""Reads rows from an NDJSON or CSV stream: one line in memory at a time, a bad row never stops the next."""

from __future__ import annotations

import asyncio
import codecs
import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from email.message import Message
from typing import TypeVar

from pydantic import BaseModel

from purveyor.errors import LISTED_OF_A_KIND, FieldError, InvalidError, UnsupportedMediaTypeError
from purveyor.http.rows.columns import Columns, columns_of
from purveyor.http.rows.documents import documents
from purveyor.http.rows.row import TOO_LONG, RawRow, Row, RowError, as_model
from purveyor.records import Record, Records, without_marks

NDJSON = "application/x-ndjson"
CSV = "text/csv"
SEPARATORS = (",", ";", "\t")
"""What may stand between the fields of CSV: of these, what makes columns of the first line that are known."""
OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
CHARSETS = frozenset({"", "utf-8", "utf8", "us-ascii"})
ModelT = TypeVar("ModelT", bound=BaseModel)
Lines = AsyncIterator[tuple[int, bytes | None]]
Fields = AsyncIterator[tuple[int, int, list[str] | RowError]]


async def read_rows(
    stream: AsyncIterator[bytes], media_type: str, model: type[ModelT], longest_line: int
) -> AsyncIterator[Row[ModelT]]:
    """Start reading rows of a model from a stream, as `read_raw` does."""
    raw = await read_raw(stream, media_type, columns_of(model), longest_line)
    return (as_model(row, model) async for row in raw)


async def read_raw(
    stream: AsyncIterator[bytes], media_type: str, columns: Columns, longest_line: int
) -> AsyncIterator[RawRow]:
    """Start reading rows from a stream; lines are counted from 1.

    Raises UnsupportedMediaTypeError for what is neither NDJSON nor CSV in UTF-8, and InvalidError for a CSV
    header that names other columns than those. Empty CSV cells are absent values. Rows of CSV that are lines
    of documents are put together.
    """
    kind = _kind(media_type)
    lines = _lines(await _utf8(stream), longest_line)
    if kind == NDJSON:
        return _json_rows(lines)
    first = [line async for line in _until_text(lines)]
    separator = _separator(first[-1][1] if first else None, columns)
    records = Records(longest=longest_line, delimiter=separator)
    found = _records(_again(first, lines), records)
    header = await _header(found, columns)
    records.width = len(header)
    rows = _csv_rows(found, header, columns)
    return documents(rows, columns, longest_line) if columns.are_of_documents else rows


def _kind(media_type: str) -> str:
    header = Message()
    header["Content-Type"] = media_type or "nothing"
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in (NDJSON, CSV):
        raise UnsupportedMediaTypeError(f"Send {NDJSON} or {CSV}, not {kind or 'nothing'}.")
    charset = header.get_param("charset", "")
    if str(charset).lower() not in CHARSETS:
        raise UnsupportedMediaTypeError(f"Send it in UTF-8, not in {charset}.")
    if header.get_param("header", "present") == "absent":
        raise UnsupportedMediaTypeError("The first line of CSV names the columns: header=present.")
    return kind


async def _utf8(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Return a stream without a byte order mark; raises UnsupportedMediaTypeError for one of UTF-16."""
    begin = b""
    async for part in stream:
        begin += part
        if len(begin) >= len(codecs.BOM_UTF32_LE):
            break
    return _behind(_without_mark(begin), stream)


async def _behind(begin: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begin
    async for part in stream:
        yield part


def _without_mark(begin: bytes) -> bytes:
    for mark, encoding in OTHER_MARKS.items():
        if begin.startswith(mark):
            raise UnsupportedMediaTypeError(
                f"This is {encoding}: save it as UTF-8 (a spreadsheet calls that `CSV UTF-8`)."
            )
    return begin.removeprefix(codecs.BOM_UTF8)


async def _lines(stream: AsyncIterator[bytes], longest: int) -> Lines:
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


async def _json_rows(lines: Lines) -> AsyncIterator[RawRow]:
    async for number, line in lines:
        if line is None:
            yield RawRow(number, 0, [RowError(pointer="", detail=TOO_LONG)])
        elif line.strip():
            yield RawRow(number, len(line), line)


async def _until_text(lines: Lines) -> Lines:
    """Pass lines on up to the first that holds something."""
    async for number, line in lines:
        yield number, line
        if line is None or line.strip():
            return


async def _again(first: Sequence[tuple[int, bytes | None]], lines: Lines) -> Lines:
    for line in first:
        yield line
    async for line in lines:
        yield line


def _separator(first: bytes | None, columns: Columns) -> str:
    """Return what separates the fields of a file whose first line is this."""
    text = (first or b"").decode(errors="replace")

    def known(separator: str) -> int:
        try:
            names = next(csv.reader([text], delimiter=separator), [])
        except csv.Error:
            return 0
        return sum(without_marks(name) in columns.lists for name in names)

    return max(SEPARATORS, key=known)


async def _records(lines: Lines, records: Records) -> Fields:
    """Go through the CSV records that lines make, each with the line that it begins in and its size."""
    async for number, line in lines:
        if line is None:
            found = records.refuse(number, 0, TOO_LONG)
        else:
            try:
                text = line.decode()
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
    return record.line, record.size, RowError(pointer="", detail=detail)


async def _header(records: Fields, columns: Columns) -> list[str]:
    try:
        _, _, header = await anext(records)
    except StopAsyncIteration:
        header = RowError(pointer="", detail="The file is empty")
    if isinstance(header, RowError):
        raise InvalidError("csv_header_wrong", f"The first line must name the columns. {header.detail}.")
    names = [without_marks(name) for name in header]
    unknown = [name for name in dict.fromkeys(names) if name not in columns.lists]
    errors = [
        FieldError(f"/{name}", f"No such column; known are {', '.join(sorted(columns.lists))}", line=1)
        for name in unknown[:LISTED_OF_A_KIND]
    ]
    if unknown[LISTED_OF_A_KIND:]:
        errors.append(FieldError("", f"And {len(unknown) - LISTED_OF_A_KIND:,} more unknown columns", line=1))
    errors += [
        FieldError(f"/{name}", "Named twice", line=1) for name in columns.lists if names.count(name) > 1
    ]
    if errors:
        raise InvalidError("csv_header_wrong", "The first line names columns wrongly.", errors=errors)
    return names


async def _csv_rows(records: Fields, header: Sequence[str], columns: Columns) -> AsyncIterator[RawRow]:
    async for number, size, fields in records:
        if isinstance(fields, RowError):
            yield RawRow(number, size, [fields])
        elif len(fields) != len(header):
            detail = f"Has {len(fields)} fields where the header names {len(header)} columns"
            yield RawRow(number, size, [RowError(pointer="", detail=detail)])
        else:
            yield RawRow(number, size, _cells(dict(zip(header, fields, strict=True)), columns))


def _cells(fields: Mapping[str, str], columns: Columns) -> dict[str, str | list[str]] | list[RowError]:
    """Return what the cells of a row say that say anything, or which cannot be read."""
    cells, errors = {}, []
    for name, cell in fields.items():
        if cell.strip():
            try:
                cells[name] = columns.value(name, cell)
            except ValueError as error:
                errors.append(RowError(pointer=f"/{name}", detail=str(error)))
    return errors or cells
