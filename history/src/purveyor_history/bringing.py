"""Brings a file part by part, and notes which parts are done: who is killed goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Urls
from pathlib import Path

from pydantic import BaseModel, ValidationError

from purveyor_history.client import Importer, UncountedError
from purveyor_history.mapping import Mapping
from purveyor_history.parts import Parts
from purveyor_history.proposals import Proposal
from purveyor_history.report import Report, report_on
from purveyor_history.waiting import Progress

PARTS = "parts of the file"
AT_A_TIME = 1_048_576


class _Done(BaseModel):
    """A part that was brought, and what came of it."""

    of: str
    part: int
    report: Report


class Journal:
    """Which parts of one file were brought by one mapping to one platform: a line each.

    What it does not know is sent again, and is `unchanged` where it was brought: losing it costs time only.
    """

    def __init__(self, path: Path, file: Path, mapping: Mapping, urls: Urls[str, str], parts: int) -> None:
        self._path = path
        said = hashlib.sha256(f"{mapping.model_dump_json()} {sorted(urls.items())} {parts}".encode())
        with file.open("rb") as stream:
            while content := stream.read(AT_A_TIME):
                said.update(content)
        self._of = said.hexdigest()

    def reports(self) -> dict[int, Report]:
        """Return what came of the parts that were brought; a line that was cut off counts for nothing."""
        if not self._path.exists():
            return {}
        found = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                done = _Done.model_validate_json(line)
            except ValidationError:
                continue
            if done.of == self._of:
                found[done.part] = done.report
        return found

    def note(self, part: int, report: Report) -> None:
        """Note that a part was brought."""
        with self._path.open("a", encoding="utf-8") as stream:
            # A line that was cut off may stand before it.
            stream.write(f"\n{_Done(of=self._of, part=part, report=report).model_dump_json()}\n")

    def end(self) -> None:
        """Forget it: everything was brought."""
        self._path.unlink(missing_ok=True)


def read_only(parts: Parts, mapping: Mapping) -> Report:
    """Account for every row by what reading alone finds."""
    total = Report(0)
    for number in range(len(parts)):
        total.add(report_on(parts.read(number), None, mapping))
    return total


async def propose(
    importer: Importer, parts: Parts, mapping: Mapping, name: str, progress: Progress
) -> tuple[Report, list[Proposal]]:
    """Propose all parts together; returns what each service counted."""
    total = Report(0)
    async with importer.proposing(name) as proposals:
        for number in range(len(parts)):
            _tell(progress, number, parts)
            history = parts.read(number)
            total.add(
                report_on(history, await importer.add(history, approve=mapping.supplier.approved), mapping)
            )
    _tell(progress, len(parts), parts)
    return total, proposals


async def send(
    importer: Importer, parts: Parts, mapping: Mapping, journal: Journal | None, progress: Progress
) -> tuple[Report, UncountedError | None]:
    """Send all parts that were not brought yet; returns why performance was not seen to count them, if so."""
    total, uncounted = Report(0), None
    done = journal.reports() if journal is not None else {}
    for number in range(len(parts)):
        _tell(progress, number, parts)
        if number in done:
            total.add(done[number])
            continue
        history = parts.read(number)
        try:
            sent = await importer.send(history, approve=mapping.supplier.approved, wait=uncounted is None)
        except UncountedError as error:
            sent, uncounted = error.sent, error
        report = report_on(history, sent, mapping)
        if journal is not None and not report.not_let_in:
            journal.note(number, report)
        total.add(report)
    _tell(progress, len(parts), parts)
    if journal is not None:
        journal.end()
    return total, uncounted


def _tell(progress: Progress, number: int, parts: Parts) -> None:
    if len(parts) > 1:
        progress(PARTS, number, len(parts))
