"""Sends documents in bulk, and finds out what became of each."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import httpx

from purveyor_history.fates import DIFFERS, Complaint, Fate
from purveyor_history.known import recognise
from purveyor_history.platform import Platform, RefusedError
from purveyor_history.wire import Document, KeyT

ROWS_A_REQUEST = 1_000
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.2
AT_ONCE = 8

LINE_PATH = re.compile(r"lines\.(\d+)(?:\.(\w+))?")

T = TypeVar("T")


class Sender:
    """Sends rows with one token; those of a service that has a proposal are added to it."""

    def __init__(self, platform: Platform, token: str, proposals: Mapping[str, str]) -> None:
        self._platform = platform
        self._token = token
        self._proposals = proposals

    async def bulk(self, service: str, path: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send rows, again after a failure that may pass: what is there already is `unchanged`."""
        body = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
        pause = FIRST_PAUSE_SECONDS
        proposal = self._proposals.get(service)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._platform.bulk(
                    self._token, service, f"{path}:import", body, proposal=proposal
                )
            except (httpx.TransportError, RefusedError) as error:
                passing = isinstance(error, httpx.TransportError) or error.answer.status >= 500
                if not passing or attempt == ATTEMPTS:
                    raise
            await asyncio.sleep(pause)
            pause *= 2
        raise AssertionError("unreachable")

    async def documents(self, path: str, documents: Sequence[Document[KeyT]]) -> dict[KeyT, Fate]:
        """Send orders or receipts.

        A refused line is left out, and the rest of its document is sent again; of a document that is here
        otherwise, those lines are unchanged that are as they were.
        """
        fates: dict[KeyT, Fate] = {}
        again: list[tuple[Document[KeyT], list[int]]] = []
        for chunk in chunks(documents):
            sending = [(document, list(document.lines)) for document in chunk]
            for document, fate in zip(chunk, await self._rows(path, sending), strict=True):
                fates[document.key] = fate
                rest = [number for number in document.lines if number not in fate.line_complaints]
                if fate.line_complaints and not fate.complaints and rest:
                    again.append((document, rest))
        for pairs in chunks(again):
            for (document, _), second in zip(pairs, await self._rows(path, pairs), strict=True):
                first = fates[document.key]
                first.status, first.id, first.code = second.status, second.id, second.code
                first.lines, first.complaints = second.lines, second.complaints
                first.line_complaints = second.line_complaints | first.line_complaints
        for others in chunks([one for one in documents if fates[one.key].code == DIFFERS], AT_ONCE):
            await asyncio.gather(*(self._compare(path, one, fates[one.key]) for one in others))
        return fates

    async def _rows(self, path: str, sending: Sequence[tuple[Document[KeyT], list[int]]]) -> list[Fate]:
        rows = [document.row(numbers) for document, numbers in sending]
        fates = []
        results = await self.bulk("procurement", path, rows)
        for (document, numbers), result in zip(sending, results, strict=True):
            fate = Fate(result["status"], result["id"], result["code"])
            if fate.status != "refused":
                fate.lines = {number: document.lines[number]["line_number"] for number in numbers}
            for complaint in complaints_in(result):
                match = LINE_PATH.fullmatch(complaint.field)
                if match is None:
                    fate.complaints.append(complaint)
                else:
                    about = Complaint(match[2] or "line_number", complaint.reason)
                    fate.line_complaints.setdefault(numbers[int(match[1])], about)
            fates.append(fate)
        return fates

    async def _compare(self, path: str, document: Document[KeyT], fate: Fate) -> None:
        """Find out what of a document is here as the file has it."""
        found = await self._platform.done(self._token, "procurement", "GET", path, params=document.found_by)
        for one in found.body["items"]:
            there = one
            if "lines" not in there:
                whole = f"{path}/{one['id']}"
                there = (await self._platform.done(self._token, "procurement", "GET", whole)).body
            if there["imported"] and there["source_system"] == document.head["source_system"]:
                recognise(document, fate, there)


def chunks(items: Sequence[T], size: int = ROWS_A_REQUEST) -> Iterator[Sequence[T]]:
    """Cut items into pieces of a size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def complaints_in(result: Mapping[str, Any]) -> list[Complaint]:
    """Return what a service had against a row, each by the field's names from the document down."""
    return [
        Complaint(error["pointer"].removeprefix("/").replace("/", "."), error["detail"])
        for error in result["errors"]
    ]
