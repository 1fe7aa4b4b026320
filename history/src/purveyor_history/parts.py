"""Reads a file of any size in bounded memory: in parts, in each of which orders are whole.

Lines and deliveries of one order may stand anywhere in a file. So the rows of a large one are first sorted
into parts on disk, by their order's reference, and each part is read as a history of its own. What suppliers
are is known of the whole file: it is read twice.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from pathlib import Path
from zlib import crc32

from purveyor_history.cells import CellError, Cells
from purveyor_history.documents import History, Remark, Supplier
from purveyor_history.keys import Keys
from purveyor_history.mapping import Mapping, MappingError, Site
from purveyor_history.reading import Reader, opened, read_history
from purveyor_history.rows import FileRow

BYTES_A_PART = 8_388_608
"""Of the file: some 20,000 to 80,000 rows, which take 50 to 200 MB as documents."""
MOST_PARTS = 256


@dataclass(slots=True)
class Whole:
    """What is known of a file as a whole."""

    suppliers: dict[str, Supplier] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    warnings: list[Remark] = field(default_factory=list)
    rows: int = 0
    orders: int = 0
    lines: int = 0
    receipts: int = 0

    def add(self, part: History, mapping: Mapping) -> None:
        """Add a part of the file."""
        for reference, supplier in part.suppliers.items():
            self.suppliers[reference] = self._one(self.suppliers.get(reference, supplier), supplier, mapping)
        for reference, day in part.known_since().items():
            self.since[reference] = min(day, self.since.get(reference, day))
        self.sites |= {site.code: site for site in part.sites}
        self.rows += part.rows
        self.orders += len(part.orders)
        self.lines += sum(len(order.lines) for order in part.orders.values())
        self.receipts += len(part.receipts)

    def _one(self, known: Supplier, other: Supplier, mapping: Mapping) -> Supplier:
        """Return a supplier as its first row in the file has it, with what others know beside."""
        first, second = sorted((known, other), key=lambda supplier: supplier.file_line)
        if first.legal_name != second.legal_name:
            reason = f"the name of before is kept: {first.legal_name}"
            self.warnings.append(Remark(second.file_line, mapping.supplier.legal_name.label, reason))
        first.categories |= second.categories
        first.country = first.country or second.country
        first.identifiers = second.identifiers | first.identifiers
        return first


class Parts:
    """The parts of a file, read one after the other; each knows its suppliers as the whole file does."""

    def __init__(self, spools: list[Path], mapping: Mapping, today: date, warnings: list[Remark]) -> None:
        self._spools = spools
        self._mapping = mapping
        self._today = today
        self._warnings = warnings
        self._suppliers_keys = Keys(Cells(mapping.file))
        self._only: History | None = None
        self.whole = Whole()

    @classmethod
    def of_one(cls, history: History, mapping: Mapping, today: date) -> Parts:
        """Return a history that is read already as its only part."""
        parts = cls([], mapping, today, [])
        parts._only = history
        parts.whole.add(history, mapping)
        return parts

    def __len__(self) -> int:
        return 1 if self._only is not None else len(self._spools)

    def read(self, number: int) -> History:
        """Read a part."""
        if self._only is not None:
            return self._only
        history = self._read(number)
        history.suppliers = {reference: self.whole.suppliers[reference] for reference in history.suppliers}
        history.since = self.whole.since
        if number == 0:
            history.warnings = [*self._warnings, *self.whole.warnings, *history.warnings]
        return history

    def look_at_all(self) -> None:
        """Read every part once, for what is known of the whole."""
        for number in range(len(self._spools)):
            self.whole.add(self._read(number), self._mapping)

    def _read(self, number: int) -> History:
        reader = Reader(self._mapping, self._today, self._suppliers_keys)
        with self._spools[number].open(encoding="ascii") as spool:
            for text in spool:
                line, cells, problem = json.loads(text)
                reader.take_or_refuse(FileRow(line, cells, Remark(*problem) if problem else None))
        return reader.history


@contextmanager
def in_parts(path: Path, mapping: Mapping, *, today: date) -> Iterator[Parts]:
    """Read a file; raises MappingError when it is not the kind of file that the mapping describes."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise MappingError(f"The file {path} cannot be read: {error.strerror}.") from error
    count = min(ceil(size / BYTES_A_PART), MOST_PARTS)
    if count <= 1:
        yield Parts.of_one(read_history(path, mapping, today=today), mapping, today)
        return
    with tempfile.TemporaryDirectory(prefix="purveyor-import-") as folder:
        spools = [Path(folder) / f"{number}.ndjson" for number in range(count)]
        parts = Parts(spools, mapping, today, _sorted_into(spools, path, mapping))
        parts.look_at_all()
        if not parts.whole.rows:
            raise MappingError(f"The file {path} has a header and no rows.")
        yield parts


def _sorted_into(spools: list[Path], path: Path, mapping: Mapping) -> list[Remark]:
    """Write each row to the part of its order; returns what is odd about the file's header."""
    cells = Cells(mapping.file)
    with ExitStack() as stack:
        files = [stack.enter_context(spool.open("w", encoding="ascii")) for spool in spools]
        rows = stack.enter_context(opened(path, mapping))
        for row in rows:
            problem = row.problem and (row.problem.line, row.problem.column, row.problem.reason)
            number = 0 if problem else _part_of(row, cells, mapping, len(files))
            files[number].write(json.dumps((row.line, row.cells, problem)) + "\n")
        return rows.warnings


def _part_of(row: FileRow, cells: Cells, mapping: Mapping, count: int) -> int:
    try:
        reference = cells.required(row.cells, mapping.order.reference)
    except CellError:
        return 0  # where it is refused
    return crc32(reference.encode("utf-8", "surrogatepass")) % count
