"""Brings a history into the running platform by its public APIs, and waits until every service has it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from purveyor_history.documents import History, Order, Receipt
from purveyor_history.fates import DIFFERS, SITE_UNKNOWN, Complaint, Fate, Sent
from purveyor_history.known import recognise_supplier
from purveyor_history.mapping import Site
from purveyor_history.platform import Platform, RefusedError
from purveyor_history.proposals import SERVICES, Proposal, let_in
from purveyor_history.sending import AT_ONCE, Sender, chunks, complaints_in
from purveyor_history.waiting import Expected, Progress, StillCountingError, Waiting
from purveyor_history.wire import order_document, receipt_document, supplier_row

ORDERS_A_TURN = 1_000
"""Receipts follow their orders soon: suppliers are judged a while after the last event of an import."""
TURNS_AT_ONCE = 3


class UncountedError(StillCountingError):
    """Everything was sent, and performance was not seen to count it; `sent` says what became of it."""

    def __init__(self, sent: Sent, why: Exception) -> None:
        super().__init__(str(why))
        self.sent = sent


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
        self._sender = Sender(platform, token, self._proposals)

    async def send(self, history: History, *, approve: bool, wait: bool = True) -> Sent:
        """Send everything, and return when performance has counted it; the same again changes nothing.

        With `approve` suppliers count as approved for what was ordered from them. Raises UncountedError when
        all was sent and only the counting could not be waited for, where that is wanted.
        """
        sent, waiting = Sent(), Waiting(self._platform, self._token, self._progress)
        missing = await self._compare_sites(history, sent)
        await self._send_suppliers(history, sent, approve=approve)
        await waiting.for_procurement(sent)
        await self._send_turns(history, sent, missing)
        if not wait:
            return sent
        expected = Expected()
        expected.add(history, sent)
        try:
            await waiting.for_performance(expected)
        except (StillCountingError, RefusedError, httpx.TransportError) as error:
            raise UncountedError(sent, error) from error
        return sent

    async def propose(self, history: History, name: str, *, approve: bool) -> tuple[Sent, list[Proposal]]:
        """Propose everything that is not there yet; returns what each service counted.

        Nothing is made or imported, no site either, until somebody else has let the proposals in.
        """
        async with self.proposing(name) as proposals:
            sent = await self.add(history, approve=approve)
        return sent, proposals

    @asynccontextmanager
    async def proposing(self, name: str) -> AsyncIterator[list[Proposal]]:
        """Begin a proposal in each service, for `add`; they are in the list when the block ends."""
        for service in SERVICES:
            begun = await self._platform.done(
                self._token, service, "POST", "/v1/imports", body={"name": name}
            )
            self._proposals[service] = begun.body["id"]
        proposals: list[Proposal] = []
        try:
            yield proposals
            for service, id_ in self._proposals.items():
                shown = await self._platform.done(self._token, service, "GET", f"/v1/imports/{id_}")
                proposals.append(Proposal.of(service, shown.body))
        finally:
            self._proposals.clear()

    async def add(self, history: History, *, approve: bool) -> Sent:
        """Add a history, or a part of one, to the proposals."""
        sent = Sent()
        await self._compare_sites(history, sent)
        await self._send_suppliers(history, sent, approve=approve)
        await self._send_turns(history, sent, frozenset())
        return sent

    async def _send_turns(self, history: History, sent: Sent, missing: frozenset[str]) -> None:
        """Send orders, each before its receipts; several turns are under way at a time.

        One order of each site that is missing goes ahead: where it was let in, it has the site made.
        """
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
                fates = await self._send_orders(part, sent, history.source_system)
                receipts = [
                    document
                    for reference, fate in fates.items()
                    for receipt in receipts_of[reference]
                    if (document := receipt_document(receipt, fate, history.source_system)).lines
                ]
                sent.orders |= fates
                sent.receipts |= await self._sender.documents("/v1/goods-receipts", receipts)
                done += len(part)
                self._progress("orders and receipts", done, len(orders))

        first_of = {order.header.site.code: order for order in reversed(orders)}
        ahead = [order for code, order in first_of.items() if code in missing]
        if ahead:
            await turn(ahead)
        sent_ahead = {order.header.reference for order in ahead}
        rest = [order for order in orders if order.header.reference not in sent_ahead]
        try:
            async with asyncio.TaskGroup() as group:
                for part in chunks(rest, ORDERS_A_TURN):
                    group.create_task(turn(part))
        except BaseExceptionGroup as failed:
            # What one turn failed with is what the others failed with, or were stopped for.
            raise failed.exceptions[0] from failed

    async def _send_orders(self, orders: Sequence[Order], sent: Sent, system: str) -> dict[str, Fate]:
        """Send orders; those that were let in and only lack their site are sent again once it is made."""
        path = "/v1/purchase-orders"
        documents = [
            order_document(order, sent.suppliers[order.header.supplier_reference].id, system)
            for order in orders
        ]
        fates = await self._sender.documents(path, documents)
        lacking = [
            one for one in zip(documents, orders, strict=True) if fates[one[0].key].code == SITE_UNKNOWN
        ]
        if lacking:
            await self._make_sites({order.header.site.code: order.header.site for _, order in lacking})
            fates |= await self._sender.documents(path, [document for document, _ in lacking])
        return fates

    async def _make_sites(self, sites: Mapping[str, Site]) -> None:
        """Make sites that are missing; what another turn, or another importer, has made meanwhile stays."""
        for code, site in sites.items():
            path = f"/v1/sites/{code}"
            answer = await self._platform.ask(self._token, "procurement", "PUT", path, body=_described(site))
            if answer.status >= 400 and answer.status != 428:
                raise RefusedError(answer)

    async def _compare_sites(self, history: History, sent: Sent) -> frozenset[str]:
        """Return the codes of sites that are missing; note those that exist and are described otherwise."""
        missing = set()
        for site in history.sites:
            path = f"/v1/sites/{site.code}"
            answer = await self._platform.ask(self._token, "procurement", "GET", path)
            if answer.status == 404:
                missing.add(site.code)
                continue
            if answer.status >= 400:
                raise RefusedError(answer)
            if any(answer.body[name] != value for name, value in _described(site).items()):
                sent.sites[site.code] = Complaint(
                    "site", "it exists and is described otherwise; left as it is"
                )
        return frozenset(missing)

    async def _send_suppliers(self, history: History, sent: Sent, *, approve: bool) -> None:
        """Send suppliers; one that is there and differs is left as it is.

        Its orders are imported if it was imported itself, and refused if it was registered there.
        """
        since = history.known_since() if approve else {}
        rows = [
            supplier_row(one, since.get(one.reference), history.source_system)
            for one in history.suppliers.values()
        ]
        for chunk in chunks(rows):
            self._progress("suppliers", len(sent.suppliers), len(rows))
            results = await self._sender.bulk("sourcing", "/v1/suppliers", chunk)
            for row, result in zip(chunk, results, strict=True):
                fate = Fate(result["status"], result["id"], result["code"], complaints=complaints_in(result))
                if fate.code == DIFFERS:
                    fate.status = "unchanged"
                sent.suppliers[row["external_reference"]] = fate
        differing = [row for row in rows if sent.suppliers[row["external_reference"]].code == DIFFERS]
        for some in chunks(differing, AT_ONCE):
            await asyncio.gather(
                *(self._compare_supplier(row, sent.suppliers[row["external_reference"]]) for row in some)
            )
        self._progress("suppliers", len(rows), len(rows))

    async def _compare_supplier(self, row: Mapping[str, Any], fate: Fate) -> None:
        """Find a supplier that is here otherwise; who may not read suppliers goes on without."""
        params = {"external_reference": row["external_reference"]}
        answer = await self._platform.ask(self._token, "sourcing", "GET", "/v1/suppliers", params=params)
        if answer.status == 403:
            return
        if answer.status >= 400:
            raise RefusedError(answer)
        for there in answer.body["items"]:
            if there["source_system"] == row["source_system"]:
                recognise_supplier(row, fate, there)


def _described(site: Site) -> dict[str, str]:
    return {"name": site.name, "country": site.country, "time_zone": site.time_zone}
