"""Events set aside on disk: however many there are, memory holds a page of them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from tempfile import TemporaryFile
from typing import Self

from purveyor_messaging.envelope import Envelope


class Spool(AbstractContextManager["Spool"]):
    """Pages of events in a file without a name, which is gone with the block; iterate as often as needed."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  # closed where the block ends
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, page: Sequence[Envelope]) -> None:
        """Set a page of events aside, after those that are there."""
        self._file.seek(0, 2)
        pickle.dump([tuple(event) for event in page], self._file)
        self.count += len(page)

    def __iter__(self) -> Iterator[list[Envelope]]:
        """Yield the pages as they were added."""
        at = 0
        while True:
            self._file.seek(at)
            try:
                page = pickle.load(self._file)  # noqa: S301  # nobody else has this file
            except EOFError:
                return
            at = self._file.tell()
            yield [Envelope._make(event) for event in page]
