"""Keys that a mapping makes of cells: two rows with one key have to mean the same thing by it."""

from __future__ import annotations

from collections.abc import Mapping as Columns
from dataclasses import dataclass

from purveyor_history.cells import CellError, Cells
from purveyor_history.mapping import Source


@dataclass(frozen=True, slots=True)
class _Made:
    """What a key was made of first, and in which line of the file."""

    parts: tuple[str, ...]
    text: str
    whole: str
    file_line: int

    def is_other_than(self, again: _Made) -> bool:
        """Whether another row gives the same key by accident: other cells run together, or cut off alike."""
        return (self.text == again.text and self.parts != again.parts) or self.whole != again.whole


class Keys:
    """The keys of one file, each with what it was made of where it stood first."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._made: dict[tuple[str, str, str], _Made] = {}

    def check(
        self, file_line: int, row: Columns[str, str], source: Source, key: str | None, within: str = ""
    ) -> None:
        """Raise CellError when other cells gave the same key before; `within` is what it has to be one in.

        A template runs columns together (`4700/1` and `2` is not `4700` and `1/2`), and `longest` cuts off
        what may have been the difference. A key that is one column's text cannot be another's.
        """
        if key is None or source.constant is not None or (source.template is None and source.longest is None):
            return
        made = _Made(*self._cells.origin(row, source), file_line)
        first = self._made.setdefault((source.label, within, key), made)
        if first.is_other_than(made):
            raise CellError(
                source.label,
                f"the key {key!r} is made of {_shown(made)} here and of {_shown(first)} in line "
                f"{first.file_line} of the file; let the mapping make keys that tell them apart",
            )


def _shown(made: _Made) -> str:
    return " and ".join(repr(part) for part in made.parts)
