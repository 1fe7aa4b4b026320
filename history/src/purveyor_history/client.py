"""Brings a history into the running platform by its public APIs, and waits until every service has it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

import httpx

from purveyor_history.documents import History, Order, Receipt, ReceiptKey, Supplier
from purveyor_history.platform import Platform, RefusedError

ROWS_A_REQUEST = 250
ORDERS_A_TURN = 250
"""Receipts follow their orders soon: suppliers are judged a while after the last event of an import."""
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.2
LOOK_EVERY_SECONDS = 0.1
AT_ONCE = 8
PATIENCE_SECONDS = 120.0
"""How long to wait for a service that makes no progress."""

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
    """What became of one document: `created`, `unchanged` or `refused`; which of its lines are there."""

    status: str = "refused"
    id: str | None = None
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


KeyT = TypeVar("KeyT", str, ReceiptKey)


@dataclass(frozen=True, slots=True)
class _Document(Generic[KeyT]):
    """An order or a receipt on its way: its key, how the platform finds it, its lines by number."""

    key: KeyT
    found_by: dict[str, str]
    head: dict[str, Any]
    lines: dict[int, dict[str, Any]]

    def row(self, numbers: Iterable[int]) -> dict[str, Any]:
        return self.head | {"lines": [self.lines[number] for number in numbers]}


class Importer:
    """Sends a history with one token: suppliers to sourcing; sites, orders and receipts to procurement."""

    def __init__(self, platform: Platform, token: str, progress: Progress) -> None:
        self._platform = platform
        self._token = token
        self._progress = progress

    async def send(self, history: History, *, approve: bool) -> Sent:
        """Send everything, and return when performance has counted it; the same again changes nothing.

        With `approve` suppliers count as approved for what was ordered from them.
        """
        sent = Sent()
        await self._send_sites(history, sent)
        await self._send_suppliers(history, sent, approve=approve)
        await self._wait_for_procurement(sent)
        orders = [
            _order(order)
            for order in history.orders.values()
            if sent.suppliers[order.header.supplier_reference].status != "refused"
        ]
        receipts_of: defaultdict[str, list[Receipt]] = defaultdict(list)
        for receipt in history.receipts.values():
            receipts_of[receipt.order_reference].append(receipt)
        for done, turn in _chunks(orders, ORDERS_A_TURN):
            self._progress("orders and receipts", done, len(orders))
            fates = await self._send_documents("/v1/purchase-orders", turn)
            receipts = [
                document
                for reference, fate in fates.items()
                for receipt in receipts_of[reference]
                if (document := _receipt(receipt, fate)).lines
            ]
            sent.orders |= fates
            sent.receipts |= await self._send_documents("/v1/goods-receipts", receipts)
        self._progress("orders and receipts", len(orders), len(orders))
        await self._wait_for_performance(history, sent)
        return sent

    async def _send_sites(self, history: History, sent: Sent) -> None:
        for site in history.sites:
            content = {"name": site.name, "country": site.country, "time_zone": site.time_zone}
            path = f"/v1/sites/{site.code}"
            answer = await self._platform.ask(self._token, "procurement", "PUT", path, body=content)
            if answer.status == 428:
                sent.sites[site.code] = Complaint(
                    "site", "it exists and is described otherwise; left as it is"
                )
            elif answer.status >= 400:
                raise RefusedError(answer)

    async def _send_suppliers(self, history: History, sent: Sent, *, approve: bool) -> None:
        """Send suppliers; one that is there and differs is left as it is, and its orders are imported."""
        rows = [_supplier(supplier, approve=approve) for supplier in history.suppliers.values()]
        for done, chunk in _chunks(rows):
            self._progress("suppliers", done, len(rows))
            for row, result in zip(chunk, await self._bulk("sourcing", "/v1/suppliers", chunk), strict=True):
                fate = Fate(result["status"], result["id"], complaints=_complaints(result))
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

    async def _send_documents(self, path: str, documents: Sequence[_Document[KeyT]]) -> dict[KeyT, Fate]:
        """Send orders or receipts; a refused line is left out, and the rest of its document is sent again."""
        fates: dict[KeyT, Fate] = {}
        again: list[tuple[_Document[KeyT], list[int]]] = []
        for _, chunk in _chunks(documents):
            sending = [(document, sorted(document.lines)) for document in chunk]
            for document, fate in zip(chunk, await self._send_rows(path, sending), strict=True):
                fates[document.key] = fate
                if fate.status == "refused":
                    rest = await self._without_refused_lines(path, document, fate)
                    if rest:
                        again.append((document, rest))
        for _, pairs in _chunks(again):
            for (document, rest), second in zip(pairs, await self._send_rows(path, pairs), strict=True):
                first = fates[document.key]
                if second.status == "refused":
                    first.complaints += second.complaints
                else:
                    first.status, first.id, first.complaints = second.status, second.id, []
                    first.lines = frozenset(rest)
        return fates

    async def _send_rows(self, path: str, sending: Sequence[tuple[_Document[KeyT], list[int]]]) -> list[Fate]:
        rows = [document.row(numbers) for document, numbers in sending]
        fates = []
        for (_, numbers), result in zip(sending, await self._bulk("procurement", path, rows), strict=True):
            fate = Fate(result["status"], result["id"])
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

    async def _without_refused_lines(self, path: str, document: _Document[KeyT], fate: Fate) -> list[int]:
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
        days = [line.promised_on for line in history.order_lines()]
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
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._platform.bulk(self._token, service, f"{path}:import", body)
            except (httpx.TransportError, RefusedError) as error:
                passing = isinstance(error, httpx.TransportError) or error.answer.status >= 500
                if not passing or attempt == ATTEMPTS:
                    raise
            await asyncio.sleep(pause)
            pause *= 2
        raise AssertionError("unreachable")


def _chunks(items: Sequence[Any], size: int = ROWS_A_REQUEST) -> Iterator[tuple[int, Sequence[Any]]]:
    for start in range(0, len(items), size):
        yield start, items[start : start + size]


def _complaints(result: dict[str, Any]) -> list[Complaint]:
    return [Complaint(error["column"] or "", error["detail"]) for error in result["errors"]]


def _supplier(supplier: Supplier, *, approve: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "external_reference": supplier.reference,
        "legal_name": supplier.legal_name,
        "country": supplier.country,
        "approved_categories" if approve else "categories": sorted(supplier.categories),
    }
    return row | {scheme.lower(): value for scheme, value in supplier.identifiers.items()}


def _order(order: Order) -> _Document[str]:
    header = order.header
    head = {
        "external_reference": header.reference,
        "supplier_external_reference": header.supplier_reference,
        "currency": header.currency,
        "site": header.site.code,
        "business_unit": header.business_unit,
        "cost_centre": header.cost_centre,
        "ordered_on": header.ordered_on.isoformat() if header.ordered_on is not None else None,
    }
    lines = {
        number: {
            "line_number": number,
            "item": line.item,
            "description": line.description,
            "category": line.category,
            "quantity": str(line.quantity),
            "unit": line.unit,
            "price": str(line.price),
            "price_base_quantity": str(line.price_base_quantity),
            "promised_on": line.promised_on.isoformat(),
        }
        for number, line in order.lines.items()
    }
    return _Document(header.reference, {"external_reference": header.reference}, head, lines)


def _receipt(receipt: Receipt, order: Fate) -> _Document[ReceiptKey]:
    head = {
        "external_reference": receipt.reference,
        "order_external_reference": receipt.order_reference,
        "received_on": receipt.received_on.isoformat(),
        "despatch_reference": receipt.despatch_reference,
    }
    lines = {
        number: {
            "line_number": number,
            "quantity": str(line.quantity),
            "rejected_quantity": str(line.rejected_quantity),
            "rejection_reason": line.rejection_reason,
        }
        for number, line in receipt.lines.items()
        if number in order.lines
    }
    found_by = {"external_reference": receipt.reference} | ({"order_id": order.id} if order.id else {})
    return _Document(receipt.key, found_by, head, lines)


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
