"""Reads a list's file from a stream: some rows in memory at a time, a broken row never stops the next."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from purveyor.records import Record, Records, without_marks
from sourcing.screening.rules.forms import PLAIN, READERS, Form, read_ftm, read_ofac
from sourcing.screening.rules.parties import Party
from sourcing.screening.store.lists import BrokenRow

AT_ONCE = 1_000
END_OF_FILE = "\x1a"
"""What programs of DOS put at a file's end, and OFAC still does."""


@dataclass(slots=True)
class Rows:
    """Rows that were read together: parties by their lines, what is broken, how many name nobody."""

    parties: list[tuple[int, Party]] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    skipped: int = 0

    def __len__(self) -> int:
        return len(self.parties) + len(self.broken) + self.skipped


async def read(stream: AsyncIterator[bytes], form: Form, longest: int) -> AsyncIterator[Rows]:
    """Go through the rows of a file, some at a time."""
    rows = Rows()
    reader = _Entities() if form is Form.FOLLOW_THE_MONEY else _Table(form, longest)
    async for number, line in _lines(stream, longest):
        if isinstance(line, str):
            reader.take(number, line, rows)
        else:
            rows.broken.append(BrokenRow(number, line.decode()))
        if len(rows) >= AT_ONCE:
            yield rows
            rows = Rows()
            await asyncio.sleep(0)
    reader.end(rows)
    yield rows


class _Entities:
    def take(self, number: int, line: str, rows: Rows) -> None:
        if not line.strip():
            return
        try:
            party = read_ftm(line)
        except ValueError as error:
            rows.broken.append(BrokenRow(number, str(error)))
            return
        if party is None:
            rows.skipped += 1
        else:
            rows.parties.append((number, party))

    def end(self, rows: Rows) -> None:
        """Take that there are no more lines."""


class _Table:
    def __init__(self, form: Form, longest: int) -> None:
        self._records = Records(longest=longest)
        self._read: Callable[[Sequence[str]], Party] | None = read_ofac if form is Form.OFAC_SDN else None
        self._form = form

    def take(self, number: int, line: str, rows: Rows) -> None:
        if line.strip(f"{END_OF_FILE} "):
            self._keep(self._records.take(number, line), rows)

    def end(self, rows: Rows) -> None:
        self._keep(self._records.end(), rows)

    def _keep(self, records: list[Record], rows: Rows) -> None:
        for record in records:
            if record.fields is None:
                rows.broken.append(BrokenRow(record.line, f"not CSV (RFC 4180): {record.problem}"))
                continue
            try:
                if self._read is None:
                    self._read = self._by_header(record.fields)
                    self._records.width = len(record.fields)
                else:
                    rows.parties.append((record.line, self._read(record.fields)))
            except ValueError as error:
                rows.broken.append(BrokenRow(record.line, str(error)))

    def _by_header(self, fields: Sequence[str]) -> Callable[[Sequence[str]], Party]:
        names = [without_marks(name).lower() for name in fields]
        needed, read_row = READERS[self._form]
        missing = [name for name in needed if name not in names]
        unknown = [name for name in names if self._form is Form.CSV and name not in PLAIN]
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]

        def read_fields(fields: Sequence[str]) -> Party:
            if missing:
                raise ValueError(f"the first line names no column {', '.join(missing)}")
            if unknown:
                known = ", ".join(PLAIN)
                raise ValueError(f"the first line names {', '.join(unknown)}, which is no column: {known}")
            if twice:
                raise ValueError(f"the first line names {', '.join(twice)} twice")
            if len(fields) != len(names):
                raise ValueError(f"has {len(fields)} fields where the first line names {len(names)}")
            return read_row(dict(zip(names, fields, strict=True)))

        return read_fields


async def _lines(stream: AsyncIterator[bytes], longest: int) -> AsyncIterator[tuple[int, str | bytes]]:
    """Go through a stream's lines, numbered; bytes are why one cannot be read."""
    number, kept, too_long = 0, bytearray(), False
    async for chunk in stream:
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            number += 1
            whole = bytes(kept) + part
            kept.clear()
            yield (
                number,
                b"longer than a row may be" if too_long or len(whole) > longest else _text(number, whole),
            )
            too_long = False
        kept += rest
        if len(kept) > longest:
            kept.clear()
            too_long = True
    if kept or too_long:
        yield number + 1, b"longer than a row may be" if too_long else _text(number + 1, bytes(kept))


def _text(number: int, line: bytes) -> str | bytes:
    try:
        return (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).decode().removesuffix("\r")
    except UnicodeDecodeError as error:
        return f"not UTF-8: {error.reason}".encode()
