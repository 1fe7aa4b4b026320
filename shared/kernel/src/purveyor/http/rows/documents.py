"""Puts rows of CSV together to documents, such as an order: consecutive rows that state the same key.

All rows are read before the first document is given: one whose rows are not together is refused as a whole,
and not imported by the half that came first. They wait in a temporary file, and so do the keys.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from purveyor.http.rows.columns import Columns
from purveyor.http.rows.row import TOO_LONG, RawRow, RowError

IN_MEMORY = 1_048_576
BESIDE = "a line beside its own cannot be read, and may be of it"


@dataclass(slots=True)
class _Document:
    """A document while its rows are read."""

    line: int
    key: str
    head: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    size: int = 0
    errors: list[RowError] = field(default_factory=list)

    def take(self, row: RawRow, cells: Mapping[str, Any], columns: Columns, longest: int) -> None:
        self.size += row.size
        if self.size > longest:
            self.lines.clear()
            self.errors = [RowError(pointer="", detail=TOO_LONG, line=row.line)]
            return
        for column, value in cells.items():
            if column in columns.of_line:
                continue
            before = self.head.setdefault(column, value)
            if before != value:
                place = self.stated[column]
                detail = (
                    f"{value} here and {before} in line {place}: all rows of one say the same, or nothing"
                )
                self.errors.append(RowError(pointer=f"/{column}", detail=detail, line=row.line))
            self.stated.setdefault(column, row.line)
        line = {name: cells[column] for column, name in columns.of_line.items() if column in cells}
        self.lines.append(line)
        self.places.append(row.line)

    def as_json(self) -> bytes:
        errors = [error.model_dump() for error in self.errors]
        content = asdict(self) | {"errors": errors}
        return json.dumps(content).encode() + b"\n"


async def documents(rows: AsyncIterator[RawRow], columns: Columns, longest: int) -> AsyncIterator[RawRow]:
    """Put rows together to documents, and give them when all have been read."""
    with (
        tempfile.SpooledTemporaryFile(IN_MEMORY) as found,
        # A file without a name, which SQLite keeps beside a bounded cache and takes away.
        closing(sqlite3.connect("")) as keys,
    ):
        keys.execute("CREATE TABLE known (key BLOB PRIMARY KEY, line INTEGER, times INTEGER) WITHOUT ROWID")
        async for document in _put_together(rows, columns, longest):
            if document.key:
                _note(keys, document)
            found.write(document.as_json())
        found.seek(0)
        for text in found:
            document = _Document(**json.loads(text))
            document.errors = [RowError(**error) for error in json.loads(text)["errors"]]
            yield _as_row(document, _apart(keys, document) if document.key else None, columns)


async def _put_together(
    rows: AsyncIterator[RawRow], columns: Columns, longest: int
) -> AsyncIterator[_Document]:
    current: _Document | None = None
    unreadable: int | None = None
    async for row in rows:
        errors = row.content if isinstance(row.content, list) else _without_key(row, columns)
        if errors:
            if current is not None:
                current.errors.append(RowError(pointer="", detail=BESIDE, line=row.line))
                yield current
                current = None
            unreadable = row.line
            yield _Document(row.line, "", size=row.size, errors=errors)
            continue
        assert isinstance(row.content, Mapping)  # noqa: S101  # CSV has cells
        key = json.dumps([row.content.get(column) for column in columns.known_by])
        if current is None or current.key != key:
            if current is not None:
                yield current
            current = _Document(row.line, key)
            if unreadable is not None:
                current.errors.append(RowError(pointer="", detail=BESIDE, line=unreadable))
        current.take(row, row.content, columns, longest)
        unreadable = None
    if current is not None:
        yield current


def _without_key(row: RawRow, columns: Columns) -> list[RowError]:
    own = columns.known_by[-1]
    if isinstance(row.content, Mapping) and own not in row.content:
        return [RowError(pointer=f"/{own}", detail="Every row states of which document it is a line")]
    return []


def _note(keys: sqlite3.Connection, document: _Document) -> None:
    keys.execute(
        "INSERT INTO known VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
        (_hashed(document.key), document.line),
    )


def _apart(keys: sqlite3.Connection, document: _Document) -> int | None:
    """Return in which line a document began whose rows are not together."""
    line, times = keys.execute(
        "SELECT line, times FROM known WHERE key = ?", (_hashed(document.key),)
    ).fetchone()
    return line if times > 1 else None


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _as_row(document: _Document, began: int | None, columns: Columns) -> RawRow:
    errors = document.errors
    if began is not None:
        own = columns.known_by[-1]
        detail = f"its rows are not together: they begin in line {began}, and others stand between them"
        errors = [RowError(pointer=f"/{own}", detail=f"{document.head[own]}: {detail}"), *errors]
    if errors:
        return RawRow(document.line, document.size, errors, document.places)
    content = document.head | {"lines": document.lines}
    return RawRow(document.line, document.size, content, document.places)
