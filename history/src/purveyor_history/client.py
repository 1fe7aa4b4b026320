"""Brings a history into the running platform by its public APIs, and waits until every service has it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from purveyor_history.documents import History, Order, Receipt, ReceiptKey
from purveyor_history.mapping import Site
from purveyor_history.platform import Platform, RefusedError
from purveyor_history.wire import Document, KeyT, order_document, receipt_document, supplier_row

ROWS_A_REQUEST = 1_000
ORDERS_A_TURN = 500
"""Receipts follow their orders soon: suppliers are judged a while after the last event of an import."""
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.2
LOOK_EVERY_SECONDS = 0.1
AT_ONCE = 8
TURNS_AT_ONCE = 3
PATIENCE_SECONDS = 120.0
"""How long to wait for a service that makes no progress."""

NOT_LET_IN = "import_not_let_in"
"""The code of a row that nobody has let in."""

SITE_UNKNOWN = "site_unknown"
"""The code of an order that was let in and whose site is still to be made."""

LINE_PATH = re.compile(r"lines\.(\d+)(?:\.(\w+))?")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class StillCountingError(RuntimeError):
    """A service did not take in what it should in time; what was sent is there, and will be taken in."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a service had against a document: a field, and the reason."""

    field: str
    reason: str


@dataclass(slots=True)
class Fate:
    """What became of a document: created, proposed, unchanged or refused; its lines that are there."""

    status: str = "refused"
    id: str | None = None
    code: str | None = None
    lines: frozenset[int] = frozenset()
    complaints: list[Complaint] = field(default_factory=list)
    line_complaints: dict[int, Complaint] = field(default_factory=dict)


@dataclass(slots=True)
class Sent:
    """What became of everything that was sent, by what tells it from others of its kind."""

    sites: dict[str, Complaint] = field(default_factory=dict)
    suppliers: dict[str, Fate] = field(default_factory=dict)
    orders: dict[str, Fate] = field(default_factory=dict)
    receipts: dict[ReceiptKey, Fate] = field(default_factory=dict)

    def all(self) -> Iterator[Fate]:
        """Go through the fates of all documents."""
        yield from self.suppliers.values()
        yield from self.orders.values()
        yield from self.receipts.values()


class UncountedError(StillCountingError):
    """Everything was sent, and performance was not seen to count it; `sent` says what became of it."""

    def __init__(self, sent: Sent, why: Exception) -> None:
        super().__init__(str(why))
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one service was proposed to import, and what it adds up to there."""

    service: str
    id: str
    digest: str
    figures: dict[str, Any]

    @classmethod
    def of(cls, service: str, shown: dict[str, Any]) -> Proposal:
        """Read a proposal as a service shows it."""
        return cls(service, shown["id"], shown["figures"]["digest"], shown["figures"])


async def let_in(platform: Platform, token: str, proposals: Iterable[Proposal]) -> None:
    """Let in what somebody else has proposed; raises RefusedError for who proposed it, or other rows."""
    for proposal in proposals:
        path = f"/v1/imports/{proposal.id}:approve"
        await platform.done(token, proposal.service, "POST", path, body={"digest": proposal.digest})


async def find_proposals(platform: Platform, token: str, ids: Iterable[str]) -> list[Proposal]:
    """Return proposals with their figures now, whichever service each is of; raises RefusedError for none."""
    found = []
    for id_ in ids:
        for service in ("sourcing", "procurement"):
            answer = await platform.ask(token, service, "GET", f"/v1/imports/{id_}")
            if answer.status < 400:
                found.append(Proposal.of(service, answer.body))
                break
            if answer.status != 404 or service == "procurement":
                raise RefusedError(answer)
    return found


async def bring(
    platform: Platform,
    tokens: tuple[str, str],
    history: History,
    name: str,
    *,
    approve: bool,
    progress: Progress,
) -> Sent:
    """Let the first person propose a history, the second let it in, and the first send it."""
    importer = Importer(platform, tokens[0], progress)
    _, proposals = await importer.propose(history, name, approve=approve)
    await let_in(platform, tokens[1], proposals)
    return await importer.send(history, approve=approve)


class Importer:
    """Sends a history with one token: suppliers to sourcing; sites, orders and receipts to procurement."""

    def __init__(self, platform: Platform, token: str, progress: Progress) -> None:
        self._platform = platform
        self._token = token
        self._progress = progress
        self._proposals: dict[str, str] = {}

    async def send(self, history: History, *, approve: bool) -> Sent:
        """Send everything, and return when performance has counted it; the same again changes nothing.

        With `approve` suppliers count as approved for what was ordered from them. Raises UncountedError when
        all was sent and only the counting could not be waited for.
        """
        sent = Sent()
        await self._compare_sites(history, sent)
        await self._send_suppliers(history, sent, approve=approve)
        await self._wait_for_procurement(sent)
        await self._send_turns(history, sent)
        try:
            await self._wait_for_performance(history, sent)
        except (StillCountingError, RefusedError, httpx.TransportError) as error:
            raise UncountedError(sent, error) from error
        return sent

    async def propose(self, history: History, name: str, *, approve: bool) -> tuple[Sent, list[Proposal]]:
        """Propose everything that is not there yet; returns what each service counted.

        Nothing is made or imported, no site either, until somebody else has let the proposals in.
        """
        sent = Sent()
        await self._compare_sites(history, sent)
        for service in ("sourcing", "procurement"):
            begun = await self._platform.done(
                self._token, service, "POST", "/v1/imports", body={"name": name}
            )
            self._proposals[service] = begun.body["id"]
        await self._send_suppliers(history, sent, approve=approve)
        await self._send_turns(history, sent)
        proposals = [
            Proposal.of(
                service, (await self._platform.done(self._token, service, "GET", f"/v1/imports/{id_}")).body
            )
            for service, id_ in self._proposals.items()
        ]
        self._proposals.clear()
        return sent, proposals

    async def _send_turns(self, history: History, sent: Sent) -> None:
        """Send orders, each before its receipts; several turns are under way at a time."""
        orders = [
            order
            for order in history.orders.values()
            if sent.suppliers[order.header.supplier_reference].status != "refused"
        ]
        receipts_of: defaultdict[str, list[Receipt]] = defaultdict(list)
        for receipt in history.receipts.values():
            receipts_of[receipt.order_reference].append(receipt)
        done, gate = 0, asyncio.Semaphore(TURNS_AT_ONCE)

        async def turn(part: Sequence[Order]) -> None:
            nonlocal done
            async with gate:
                documents = [order_document(order) for order in part]
                fates = await self._send_orders(documents, part)
                receipts = [
                    document
                    for reference, fate in fates.items()
                    for receipt in receipts_of[reference]
                    if (document := receipt_document(receipt, fate.id, fate.lines)).lines
                ]
                sent.orders |= fates
                sent.receipts |= await self._send_documents("/v1/goods-receipts", receipts)
                done += len(part)
                self._progress("orders and receipts", done, len(orders))

        try:
            async with asyncio.TaskGroup() as group:
                for _, part in _chunks(orders, ORDERS_A_TURN):
                    group.create_task(turn(part))
        except BaseExceptionGroup as failed:
            # What one turn failed with is what the others failed with, or were stopped for.
            raise failed.exceptions[0] from failed

    async def _send_orders(
        self, documents: Sequence[Document[str]], orders: Sequence[Order]
    ) -> dict[str, Fate]:
        """Send orders; those that were let in and only lack their site are sent again once it is made."""
        fates = await self._send_documents("/v1/purchase-orders", documents)
        lacking = [
            (document, order)
            for document, order in zip(documents, orders, strict=True)
            if fates[document.key].code == SITE_UNKNOWN
        ]
        if lacking:
            await self._make_sites({order.header.site.code: order.header.site for _, order in lacking})
            again = await self._send_documents("/v1/purchase-orders", [document for document, _ in lacking])
            fates |= again
        return fates

    async def _make_sites(self, sites: Mapping[str, Site]) -> None:
        """Make sites that are missing; what another turn, or another importer, has made meanwhile stays."""
        for code, site in sites.items():
            path = f"/v1/sites/{code}"
            answer = await self._platform.ask(self._token, "procurement", "PUT", path, body=_described(site))
            if answer.status >= 400 and answer.status != 428:
                raise RefusedError(answer)

    async def _compare_sites(self, history: History, sent: Sent) -> None:
        """Note sites that exist and are described otherwise."""
        for site in history.sites:
            path = f"/v1/sites/{site.code}"
            answer = await self._platform.ask(self._token, "procurement", "GET", path)
            if answer.status == 404:
                continue
            if answer.status >= 400:
                raise RefusedError(answer)
            if any(answer.body[name] != value for name, value in _described(site).items()):
                sent.sites[site.code] = Complaint(
                    "site", "it exists and is described otherwise; left as it is"
                )

    async def _send_suppliers(self, history: History, sent: Sent, *, approve: bool) -> None:
        """Send suppliers; one that is there and differs is left as it is.

        Its orders are imported if it was imported itself, and refused if it was registered there.
        """
        since = history.known_since() if approve else {}
        rows = [supplier_row(one, since.get(one.reference)) for one in history.suppliers.values()]
        for done, chunk in _chunks(rows):
            self._progress("suppliers", done, len(rows))
            for row, result in zip(chunk, await self._bulk("sourcing", "/v1/suppliers", chunk), strict=True):
                fate = Fate(result["status"], result["id"], result["code"], complaints=_complaints(result))
                if result["code"] == "differs_from_import":
                    fate.status = "unchanged"
                sent.suppliers[row["external_reference"]] = fate
        self._progress("suppliers", len(rows), len(rows))

    async def _wait_for_procurement(self, sent: Sent) -> None:
        """Wait until procurement has heard of every supplier."""
        waiting = {fate.id for fate in sent.suppliers.values() if fate.id is not None}
        there = len(waiting)

        async def known(supplier_id: str) -> str | None:
            answer = await self._platform.ask(
                self._token, "procurement", "GET", f"/v1/suppliers/{supplier_id}"
            )
            return supplier_id if answer.status == 200 else None

        async def look() -> int:
            for _, chunk in _chunks(sorted(waiting), AT_ONCE):
                found = await asyncio.gather(*(known(supplier_id) for supplier_id in chunk))
                waiting.difference_update(one for one in found if one is not None)
            return there - len(waiting)

        await self._wait("procurement knows the suppliers", there, look)

    async def _send_documents(self, path: str, documents: Sequence[Document[KeyT]]) -> dict[KeyT, Fate]:
        """Send orders or receipts; a refused line is left out, and the rest of its document is sent again."""
        fates: dict[KeyT, Fate] = {}
        again: list[tuple[Document[KeyT], list[int]]] = []
        for _, chunk in _chunks(documents):
            sending = [(document, sorted(document.lines)) for document in chunk]
            for document, fate in zip(chunk, await self._send_rows(path, sending), strict=True):
                fates[document.key] = fate
                if fate.status == "refused" and fate.code != NOT_LET_IN:
                    rest = await self._without_refused_lines(path, document, fate)
                    if rest:
                        again.append((document, rest))
        for _, pairs in _chunks(again):
            for (document, rest), second in zip(pairs, await self._send_rows(path, pairs), strict=True):
                first = fates[document.key]
                if second.status == "refused":
                    first.code = second.code
                    first.complaints += second.complaints
                else:
                    first.status, first.id, first.complaints = second.status, second.id, []
                    first.lines = frozenset(rest)
        return fates

    async def _send_rows(self, path: str, sending: Sequence[tuple[Document[KeyT], list[int]]]) -> list[Fate]:
        rows = [document.row(numbers) for document, numbers in sending]
        fates = []
        for (_, numbers), result in zip(sending, await self._bulk("procurement", path, rows), strict=True):
            fate = Fate(result["status"], result["id"], result["code"])
            if fate.status != "refused":
                fate.lines = frozenset(numbers)
            for complaint in _complaints(result):
                match = LINE_PATH.fullmatch(complaint.field)
                if match is None:
                    fate.complaints.append(complaint)
                else:
                    about = Complaint(match[2] or "line_number", complaint.reason)
                    fate.line_complaints.setdefault(numbers[int(match[1])], about)
            fates.append(fate)
        return fates

    async def _without_refused_lines(self, path: str, document: Document[KeyT], fate: Fate) -> list[int]:
        """Return the lines to send again: those not complained of, or those that were imported before."""
        if fate.line_complaints and not fate.complaints:
            return [number for number in sorted(document.lines) if number not in fate.line_complaints]
        found = await self._platform.done(self._token, "procurement", "GET", path, params=document.found_by)
        if not found.body["items"]:
            return []
        one = found.body["items"][0]
        if "lines" not in one:
            one = (await self._platform.done(self._token, "procurement", "GET", f"{path}/{one['id']}")).body
        there = sorted(line["line_number"] for line in one["lines"])
        if not set(there) < set(document.lines):
            return []
        for number in set(document.lines) - set(there):
            reference = document.head["external_reference"]
            reason = f"{reference} was imported before without this line; it is not changed"
            fate.line_complaints[number] = Complaint("line_number", reason)
        return there

    async def _wait_for_performance(self, history: History, sent: Sent) -> None:
        """Wait until performance has counted each supplier's lines and the quantity received of them."""
        expected = _expected(history, sent)
        if not expected:
            return
        days = [
            history.orders[reference].lines[number].promised_on
            for reference, fate in sent.orders.items()
            for number in fate.lines
        ]
        window = {"from": min(days).isoformat(), "to": max(days).isoformat(), "limit": 200}

        async def look() -> int:
            counted = 0
            cursor: str | None = None
            while True:
                params = window if cursor is None else window | {"cursor": cursor}
                page = await self._platform.done(
                    self._token, "supplier-performance", "GET", "/v1/scorecards", params=params
                )
                for entry in page.body["items"]:
                    lines, quantity = expected.get(entry["supplier"]["id"], (0, Decimal(0)))
                    measures = entry["measures"]
                    received = sum(Decimal(of["received"]) for of in measures["quantities"])
                    if measures["lines"] >= lines and received >= quantity:
                        counted += lines
                cursor = page.body["next_cursor"]
                if cursor is None:
                    return counted

        total = sum(lines for lines, _ in expected.values())
        await self._wait("performance has counted the lines", total, look)

    async def _wait(self, what: str, total: int, look: Callable[[], Awaitable[int]]) -> None:
        """Look until all is there; raises StillCountingError when nothing moves for long."""
        most, since = -1, time.monotonic()
        while (done := await look()) < total:
            self._progress(what, done, total)
            if done > most:
                most, since = done, time.monotonic()
            elif time.monotonic() - since > PATIENCE_SECONDS:
                raise StillCountingError(
                    f"Waiting until {what}: {done} of {total}, unmoved for {PATIENCE_SECONDS:.0f} seconds. "
                    "Do the workers run? Look at `purveyor events parked`; the import may be run again."
                )
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        self._progress(what, total, total)

    async def _bulk(self, service: str, path: str, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
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


def _described(site: Site) -> dict[str, str]:
    return {"name": site.name, "country": site.country, "time_zone": site.time_zone}


def _chunks(items: Sequence[Any], size: int = ROWS_A_REQUEST) -> Iterator[tuple[int, Sequence[Any]]]:
    for start in range(0, len(items), size):
        yield start, items[start : start + size]


def _complaints(result: dict[str, Any]) -> list[Complaint]:
    return [Complaint(error["column"] or "", error["detail"]) for error in result["errors"]]


def _expected(history: History, sent: Sent) -> dict[str, tuple[int, Decimal]]:
    """Return how many lines and how much received quantity each supplier's id should have, at least."""
    expected: dict[str, tuple[int, Decimal]] = {}
    for reference, fate in sent.orders.items():
        supplier_id = sent.suppliers[history.orders[reference].header.supplier_reference].id
        if supplier_id is not None and fate.lines:
            lines, quantity = expected.get(supplier_id, (0, Decimal(0)))
            expected[supplier_id] = (lines + len(fate.lines), quantity)
    for key, fate in sent.receipts.items():
        receipt = history.receipts[key]
        order = history.orders[receipt.order_reference]
        supplier_id = sent.suppliers[order.header.supplier_reference].id
        if supplier_id is not None and fate.lines:
            lines, quantity = expected[supplier_id]
            received = sum((receipt.lines[number].quantity for number in fate.lines), Decimal(0))
            expected[supplier_id] = (lines, quantity + received)
    return expected
