"""A file's rows with the line that each begins in; what cannot be read as a row is refused by its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from purveyor.records import Record, Records, without_marks
from purveyor_history.documents import Remark
from purveyor_history.mapping import FileFormat, Mapping, MappingError

LONGEST_ROW = 262_144
"""Characters of one row; a service takes no longer one either (PURVEYOR_MAX_BULK_LINE_BYTES)."""
UNDECODED = range(0xDC80, 0xDD00)
"""What stands for a byte that is not of the file's encoding (PEP 383)."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row: its cells by column, and why it is refused if it is."""

    line: int
    cells: dict[str, str]
    problem: Remark | None = None


class Rows:
    """The rows of an open file, and what is odd about its header."""

    def __init__(self, stream: TextIO, path: Path, mapping: Mapping) -> None:
        self._file = mapping.file
        records = Records(
            longest=LONGEST_ROW, delimiter=mapping.file.delimiter, quote=mapping.file.quote, strict=False
        )
        self._records = _records(stream, records)
        header = next(self._records, None)
        if header is None:
            raise MappingError(f"The file {path} is empty.")
        self.warnings: list[Remark] = []
        self._header = self._named(header, mapping)
        records.width = len(self._header)
        mapping.check_header(self._header)

    def __iter__(self) -> Iterator[FileRow]:
        width = len(self._header)
        for record in self._records:
            if record.fields is None:
                yield self._refused(record, record.problem)
            elif not any(cell.strip() for cell in record.fields):
                continue
            elif len(record.fields) != width:
                yield self._refused(
                    record,
                    f"the row has {len(record.fields)} cells and the first row of the file has {width}",
                )
            else:
                yield self._row(record.line, record.fields)

    def _row(self, line: int, fields: list[str]) -> FileRow:
        cells = dict(zip(self._header, fields, strict=True))
        if not "".join(fields).isascii():
            for column, cell in cells.items():
                if (byte := _undecoded(cell)) is not None:
                    return FileRow(line, {}, Remark(line, column, _not_of(byte, self._file)))
        return FileRow(line, cells)

    def _refused(self, record: Record, reason: str) -> FileRow:
        return FileRow(record.line, {}, Remark(record.line, "row", reason))

    def _named(self, header: Record, mapping: Mapping) -> list[str]:
        """Return the columns' names as the mapping has them; raises MappingError where one is ambiguous."""
        if header.fields is None:
            raise MappingError(f"Line {header.line} of the file names no columns: {header.problem}.")
        used = {column for _, source in mapping.origins() for column in source.columns}
        names = []
        for name in map(str.strip, header.fields):
            if (byte := _undecoded(name)) is not None:
                raise MappingError(f"The column {name!a}: {_not_of(byte, mapping.file)}.")
            clean = name if name in used else without_marks(name)
            if clean != name and clean != " ".join(name.split()):
                self.warnings.append(
                    Remark(header.line, clean, f"its name holds invisible characters: {name!a}; left out")
                )
            names.append(clean)
        for name, count in Counter(names).items():
            if count > 1 and name:
                places = _counted(place for place, other in enumerate(names, 1) if other == name)
                if name in used:
                    raise MappingError(
                        f"Line {header.line} of the file names the column {name!r} more than once, as "
                        f"columns {places}: which of them is meant? Rename the others."
                    )
                self.warnings.append(
                    Remark(header.line, name, f"named as columns {places}; the mapping reads none of them")
                )
        return names


def _records(stream: TextIO, records: Records) -> Iterator[Record]:
    number = 0
    while line := stream.readline(LONGEST_ROW + 2):
        number += 1
        text = line.removesuffix("\n").removesuffix("\r")
        if text == line and len(line) > LONGEST_ROW:
            size = len(line) + _skip_line(stream)
            yield from records.refuse(
                number, size, f"a row of {size:,} characters; {LONGEST_ROW:,} are possible"
            )
        else:
            yield from records.take(number, text)
    yield from records.end()


def _skip_line(stream: TextIO) -> int:
    """Read to the end of a line without keeping it; return how long the rest was."""
    skipped = 0
    while part := stream.readline(LONGEST_ROW):
        skipped += len(part)
        if part.endswith(("\n", "\r")):
            break
    return skipped


def _undecoded(text: str) -> int | None:
    """Return the first byte of a text that is not of its encoding."""
    return next((ord(c) - 0xDC00 for c in text if ord(c) in UNDECODED), None)


def _not_of(byte: int, file: FileFormat) -> str:
    return (
        f"the byte {byte:02X} is not {file.encoding}: if the file is in another encoding (cp1252 is a "
        "common one), set file.encoding in the mapping"
    )


def _counted(numbers: Iterable[int]) -> str:
    return " and ".join(map(str, numbers))
