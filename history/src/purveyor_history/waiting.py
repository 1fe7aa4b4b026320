"""Waits until every service has what was sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from purveyor_history.documents import History
from purveyor_history.fates import Sent
from purveyor_history.platform import Platform
from purveyor_history.sending import AT_ONCE, chunks

LOOK_EVERY_SECONDS = 0.1
LOOKING_OF_THE_TIME = 0.2
"""Who looks keeps a service from what is waited for: so much of the time at most."""
PATIENCE_SECONDS = 120.0
"""How long to wait for a service that makes no progress."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class StillCountingError(RuntimeError):
    """A service did not take in what it should in time; what was sent is there, and will be taken in."""


@dataclass(slots=True)
class Expected:
    """The lines and the received quantity that performance should have of each supplier, at least."""

    by_supplier: dict[str, tuple[int, Decimal]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def add(self, history: History, sent: Sent) -> None:
        """Add what was sent of a history and is there."""
        for reference, fate in sent.orders.items():
            order = history.orders[reference]
            supplier_id = sent.suppliers[order.header.supplier_reference].id
            if supplier_id is None or not fate.lines:
                continue
            self._add(supplier_id, len(fate.lines), Decimal(0))
            days = [order.lines[number].promised_on for number in fate.lines]
            self.first = min([*days, self.first or days[0]])
            self.last = max([*days, self.last or days[0]])
        for key, fate in sent.receipts.items():
            receipt = history.receipts[key]
            order = history.orders[receipt.order_reference]
            supplier_id = sent.suppliers[order.header.supplier_reference].id
            if supplier_id is not None and fate.lines:
                received = sum((receipt.lines[number].quantity for number in fate.lines), Decimal(0))
                self._add(supplier_id, 0, received)

    def _add(self, supplier_id: str, lines: int, quantity: Decimal) -> None:
        before = self.by_supplier.get(supplier_id, (0, Decimal(0)))
        self.by_supplier[supplier_id] = (before[0] + lines, before[1] + quantity)


class Waiting:
    """Waits with one token, and tells how far it is."""

    def __init__(self, platform: Platform, token: str, progress: Progress) -> None:
        self._platform = platform
        self._token = token
        self._progress = progress

    async def for_procurement(self, sent: Sent) -> None:
        """Wait until procurement has heard of every supplier."""
        waiting = {fate.id for fate in sent.suppliers.values() if fate.id is not None}
        there = len(waiting)

        async def known(supplier_id: str) -> str | None:
            answer = await self._platform.ask(
                self._token, "procurement", "GET", f"/v1/suppliers/{supplier_id}"
            )
            return supplier_id if answer.status == 200 else None

        async def look() -> int:
            for chunk in chunks(sorted(waiting), AT_ONCE):
                found = await asyncio.gather(*(known(supplier_id) for supplier_id in chunk))
                waiting.difference_update(one for one in found if one is not None)
            return there - len(waiting)

        await self._until("procurement knows the suppliers", there, look)

    async def for_performance(self, expected: Expected) -> None:
        """Wait until performance has counted each supplier's lines and the quantity received of them."""
        if expected.first is None or expected.last is None:
            return
        window: Mapping[str, str | int] = {
            "from": expected.first.isoformat(),
            "to": expected.last.isoformat(),
            "limit": 200,
        }

        async def look() -> int:
            counted = 0
            cursor: str | None = None
            while True:
                params = window if cursor is None else {**window, "cursor": cursor}
                page = await self._platform.done(
                    self._token, "supplier-performance", "GET", "/v1/scorecards", params=params
                )
                for entry in page.body["items"]:
                    lines, quantity = expected.by_supplier.get(entry["supplier"]["id"], (0, Decimal(0)))
                    measures = entry["measures"]
                    received = sum(Decimal(of["received"]) for of in measures["quantities"])
                    if measures["lines"] >= lines and received >= quantity:
                        counted += lines
                cursor = page.body["next_cursor"]
                if cursor is None:
                    return counted

        total = sum(lines for lines, _ in expected.by_supplier.values())
        await self._until("performance has counted the lines", total, look)

    async def _until(self, what: str, total: int, look: Callable[[], Awaitable[int]]) -> None:
        """Look until all is there; raises StillCountingError when nothing moves for long."""
        most, since, started = -1, time.monotonic(), time.monotonic()
        while (done := await look()) < total:
            self._progress(what, done, total)
            now = time.monotonic()
            if done > most:
                most, since = done, now
            elif now - since > PATIENCE_SECONDS:
                raise StillCountingError(
                    f"Waiting until {what}: {done} of {total}, unmoved for {PATIENCE_SECONDS:.0f} seconds. "
                    "Do the workers run? Look at `purveyor events parked`; the import may be run again."
                )
            await asyncio.sleep(max(LOOK_EVERY_SECONDS, (now - started) * (1 / LOOKING_OF_THE_TIME - 1)))
            started = time.monotonic()
        self._progress(what, total, total)
