"""What a cell's text says about how it came here: read in a wrong encoding once, or with invisible marks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from purveyor.unseen import OF_NO_WIDTH
from purveyor_history.documents import Remark

REPLACEMENT = "\ufffd"
TAKEN_FOR = ("cp1252", "latin-1", "cp437", "mac-roman")
"""Encodings that UTF-8 is often taken for."""


def doubts(file_line: int, row: Mapping[str, str], columns: Collection[str]) -> Iterator[Remark]:
    """Go through what is odd about the texts of a row, in the columns that the mapping reads."""
    for column, cell in row.items():
        if cell.isascii() or column not in columns:
            continue
        if REPLACEMENT in cell:
            yield Remark(
                file_line,
                column,
                f"{cell!r} holds U+FFFD: characters were lost before the file came here, in a wrong encoding",
            )
        elif (meant := perhaps_meant(cell)) is not None:
            yield Remark(
                file_line,
                column,
                f"{cell!r} looks like {meant!r} in a wrong encoding: see file.encoding in the mapping, and "
                "how the file was written",
            )
        elif not OF_NO_WIDTH.isdisjoint(cell):
            yield Remark(file_line, column, f"invisible characters were left out: {cell!a}")


def perhaps_meant(text: str) -> str | None:
    """Return what a text was before UTF-8 was taken for another encoding (`MÃ¼ller`: Müller), if it was.

    A text that is meant as it stands is hardly ever UTF-8 by accident: `SÃO` and `Ü` are not.
    """
    for encoding in TAKEN_FOR:
        try:
            meant = text.encode(encoding).decode()
        except UnicodeError:
            continue
        if meant != text:
            return meant
    return None
