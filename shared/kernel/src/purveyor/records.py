"""Puts lines together to CSV records (RFC 4180), so that one bad quote costs its own line and no other.

A quoted field may hold line breaks. A quote that is opened by mistake makes a record of whatever follows, up
to the next quote or the end of the file: such a record is given up, its first line is refused, and the lines
behind it are read as if nothing had happened.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from purveyor.unseen import OF_NO_WIDTH

READ_AGAIN_FREELY = 1_000
"""Lines that may be read a second time, beside as many as were read a first time: so time is bounded."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record by the line that it begins in: its fields, or why there are none."""

    line: int
    size: int
    fields: list[str] | None
    problem: str = ""


class Records:
    """Takes a file's lines one after the other and gives the records that they complete.

    `width`, once the header is known, is how many fields a record of several lines has to have; without it
    every record that is well-formed is believed. Sizes are in characters.
    """

    def __init__(self, *, longest: int, delimiter: str = ",", quote: str = '"', strict: bool = True) -> None:
        self.width: int | None = None
        self._longest = longest
        self._delimiter, self._quote, self._strict = delimiter, quote, strict
        self._open_quote = open_quote(delimiter, quote)
        self._waiting: deque[tuple[int, str]] = deque()
        self._kept: list[tuple[int, str]] = []
        self._size = self._read = self._read_again = 0

    def take(self, number: int, line: str) -> list[Record]:
        """Take a line without its end; return what it completes, and what turned out to be none."""
        self._read += 1
        self._waiting.append((number, line))
        return self._work()

    def refuse(self, number: int, size: int, problem: str) -> list[Record]:
        """Take a line that cannot be read: it is refused, and a record that is open ends before it."""
        found = self.end(f"line {number}, which cannot be read")
        return [*found, Record(number, size, None, problem)]

    def end(self, where: str = "the end of the file") -> list[Record]:
        """Take that there are no more lines."""
        found: list[Record] = []
        while self._kept:
            found += self._give_up(f"a quoted field is never closed: not before {where}")
            found += self._work()
        return found

    def _work(self) -> list[Record]:
        found: list[Record] = []
        while self._waiting:
            number, line = self._waiting.popleft()
            goes_on = self._open_quote.match(f"{self._quote}{line}" if self._kept else line)
            self._kept.append((number, line))
            self._size += len(line) + 1
            if self._size > self._longest:
                if len(self._kept) == 1:
                    found.append(Record(number, self._size, None, "longer than a row may be"))
                    self._forget()
                else:
                    found += self._give_up(
                        f"longer than a row may be; its quoted field is not closed by line {number}"
                    )
            elif not goes_on:
                found += self._complete()
        return found

    def _complete(self) -> list[Record]:
        lines = [f"{line}\n" for _, line in self._kept]
        first, last = self._kept[0][0], self._kept[-1][0]
        try:
            (fields,) = self._parse(lines, strict=self._strict or len(lines) > 1)
        except csv.Error as error:
            if len(lines) > 1:
                return self._give_up(f"a quoted field is not closed before line {last}: {error}")
            size = self._size
            self._forget()
            return [Record(first, size, None, str(error))]
        if len(lines) > 1 and self.width is not None and self._is_suspicious(fields):
            return self._give_up(
                f"a quote that is opened here is closed in line {last}, and rows seem to lie between them"
            )
        record = Record(first, self._size, fields)
        self._forget()
        return [record] if fields else []

    def _is_suspicious(self, fields: list[str]) -> bool:
        """Whether a record of several lines is none: too wide, too narrow, or made of rows.

        With its quotes closed where they should be, no line within it would read like a row, and not both the
        first and the last.
        """
        lines = [line for _, line in self._kept]
        if len(fields) != self.width:
            return True
        if self.width == 1:
            return False
        return any(map(self._reads_like_a_row, lines[1:-1])) or (
            self._reads_like_a_row(lines[0]) and self._reads_like_a_row(lines[-1])
        )

    def _reads_like_a_row(self, line: str) -> bool:
        if line.count(self._delimiter) + 1 == self.width:
            return True
        try:
            (fields,) = self._parse([line], strict=False)
        except csv.Error:
            return False
        return len(fields) == self.width

    def _parse(self, lines: list[str], *, strict: bool) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, quotechar=self._quote, strict=strict)

    def _give_up(self, problem: str) -> list[Record]:
        """Refuse the line that the open record began in, and read those behind it once more.

        Where that was done too often, they are refused as well, each by its number.
        """
        (first, line), *rest = self._kept
        self._forget()
        found = [Record(first, len(line) + 1, None, problem)]
        if self._read_again + len(rest) > self._read + READ_AGAIN_FREELY:
            return found + [
                Record(number, len(text) + 1, None, f"stands behind the quote that line {first} opens")
                for number, text in rest
                if text.strip()
            ]
        self._read_again += len(rest)
        self._waiting.extendleft(reversed(rest))
        return found

    def _forget(self) -> None:
        self._kept, self._size = [], 0


def open_quote(delimiter: str, quote: str) -> re.Pattern[str]:
    """Return what matches a line, from the start of a field on, that ends within quotes."""
    d, q = re.escape(delimiter), re.escape(quote)
    quoted = rf"{q}(?:[^{q}]++|{q}{q})*+"
    return re.compile(rf"(?:(?:{quoted}{q}|[^{q}{d}][^{d}]*+|{d}))*+{quoted}\Z")


def without_marks(name: str) -> str:
    """Return a column's name without what nobody sees in it: blanks around it, marks of order and of joining.

    Programs put a byte order mark at the head of a file, and people copy names out of pages that hold others.
    """
    return " ".join("".join(c for c in name if c not in OF_NO_WIDTH).split())
