"""People at work while everything dies around them, and their own books of what they were told.

An answer is a promise. A request without one is sent again with its key, or given up: then it may have
happened or not, and nobody touches that order or supplier again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import httpx

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role

GIVES_UP_IN = 5
"""One in so many requests without an answer is not sent again."""
ANSWER_SECONDS = 30.0
PATIENCE_SECONDS = 180.0
"""Of people on a slow machine; until then they ask again."""
PAUSE_SECONDS = 0.02
AWAY, AWAY_SECONDS = 503, 0.2
"""The database is away, says the service; it is asked again, with the same key."""
SEND_AGAIN = {"idempotency_key_in_flight", "busy"}
"""What is refused for now: the same request is under way, or others hold what it needs."""
"""What a request left behind by a dead process may still be; it is asked again."""
SITE = {"name": "Hamburg, hall 1", "country": "DE", "time_zone": "Europe/Berlin"}


class GivenUp(Exception):  # noqa: N818  # not an error: people do
    """There was no answer, and the request was not sent again."""


@dataclass
class SupplierFile:
    """What the people know of a supplier, which they recognise by its name."""

    name: str
    id: str | None = None
    version: int = 0
    doubtful: str | None = None
    """The request that was given up."""
    may_be_ordered_from: bool = False
    """Procurement has heard of its approval."""


@dataclass
class OrderFile:
    """What the people know of an order, which they recognise by its lines' description."""

    mark: str
    supplier_id: str
    lines: list[dict[str, Any]]
    ordered_on: date
    id: str | None = None
    etag: str = ""
    steps: list[str] = field(default_factory=list)
    """What was acknowledged, but for receipts."""
    receipts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The lines of acknowledged receipts by their despatch reference."""
    doubtful: str | None = None
    doubtful_receipts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Business:
    """People, their HTTP clients, and their books."""

    sourcing: httpx.AsyncClient
    procurement: httpx.AsyncClient
    issuer: LocalIssuer
    season: str = ""
    """Suppliers of another season have other names, and the requests about them other keys."""
    orders: list[OrderFile] = field(default_factory=list)
    suppliers: list[SupplierFile] = field(default_factory=list)
    unanswered: int = 0
    replayed: int = 0
    given_up: int = 0
    orders_ended: int = 0

    def __post_init__(self) -> None:
        people = {
            "ada": Role.ADMIN,
            "alex": Role.APPROVER,
            "bea": Role.BUYER,
            "bob": Role.BUYER,
            "carla": Role.CATEGORY_MANAGER,
            "rita": Role.RECEIVER,
            "robin": Role.REQUESTER,
        }
        self._tokens = {name: self.issuer.token(name, role) for name, role in people.items()}

    async def open(self, suppliers: int) -> None:
        """Make the site and the first suppliers, in peace."""
        for path, stated in (
            ("/v1/sites/HAM-1", SITE),
            ("/v1/business-units/drives", {"name": "Drives"}),
            ("/v1/cost-centres/4711", {"name": "Assembly"}),
        ):
            made = await self.procurement.put(path, json=stated, headers=self._signed_by("ada"))
            assert made.is_success, made.text
        patient = Random(0)
        await asyncio.gather(
            *(self._onboard(f"Supplier {self.season}0-{n}", patient) for n in range(suppliers))
        )

    async def onboard_suppliers(self, stop: asyncio.Event, random: Random) -> None:
        """Register and approve suppliers until stopped."""
        number = 0
        while not stop.is_set():
            number += 1
            try:
                await self._onboard(f"Supplier {self.season}1-{number}", random)
            except GivenUp:
                continue
            await asyncio.sleep(random.uniform(0, 0.2))

    async def buy(self, stop: asyncio.Event, desk: int, random: Random) -> None:
        """Order and receive until stopped; an order once begun is brought to its end."""
        number = 0
        while not stop.is_set():
            number += 1
            order = self._new_order(f"order {desk}-{number}", random)
            self.orders.append(order)
            try:
                await self._bring_to_an_end(order, random)
            except GivenUp:
                continue
            self.orders_ended += 1
            await asyncio.sleep(random.uniform(0, 0.1))

    async def end_more_orders(self, count: int) -> None:
        """Wait until so many more orders are received in full or called off."""
        enough = self.orders_ended + count
        async with _patience("no order comes to its end any more"):
            while self.orders_ended < enough:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _onboard(self, name: str, random: Random) -> None:
        supplier = SupplierFile(name)
        self.suppliers.append(supplier)
        etag = ""
        for step, person, body in (
            ("register", "bob", {"legal_name": name, "country": "DE", "categories": ["fasteners"]}),
            ("submit", "bob", None),
            ("approve", "carla", {"categories": ["fasteners"], "expires_on": "2099-12-31"}),
        ):
            supplier.doubtful = step
            path = f"/v1/suppliers/{supplier.id}:{step}" if supplier.id else "/v1/suppliers"
            response = await self._post(self.sourcing, person, path, body, etag, f"{name} {step}", random)
            supplier.doubtful = None
            supplier.id, etag = response.json()["id"], response.headers["etag"]
            supplier.version += 1
        await self._known_in_procurement(supplier)

    async def _known_in_procurement(self, supplier: SupplierFile) -> None:
        async with _patience(f"procurement never hears of {supplier.name}"):
            while True:
                try:
                    response = await self.procurement.get(
                        f"/v1/suppliers/{supplier.id}", headers=self._signed_by("robin")
                    )
                except httpx.TransportError:
                    continue
                if response.status_code == 200 and response.json()["status"] == "approved":
                    supplier.may_be_ordered_from = True
                    return
                await asyncio.sleep(PAUSE_SECONDS)

    def _new_order(self, mark: str, random: Random) -> OrderFile:
        today = datetime.now(UTC).date()
        ordered_on = today - timedelta(days=30)
        lines = [
            {
                "line_number": number,
                "item": f"M{number}",
                "description": mark,
                "category": "fasteners",
                "quantity": str(random.randint(1, 40)),
                "unit": "C62",
                "price": f"{random.uniform(0.01, 90):.4f}",
                "promised_on": str(ordered_on + timedelta(days=random.randint(5, 45))),
            }
            for number in range(1, random.randint(1, 4) + 1)
        ]
        usable = [one.id for one in self.suppliers if one.id is not None and one.may_be_ordered_from]
        return OrderFile(mark, random.choice(usable), lines, ordered_on)

    async def _bring_to_an_end(self, order: OrderFile, random: Random) -> None:
        draft = {
            "supplier_id": order.supplier_id,
            "currency": "EUR",
            "site": "HAM-1",
            "business_unit": "drives",
            "cost_centre": "4711",
            "ordered_on": str(order.ordered_on),
            "lines": order.lines,
        }
        await self._step(order, "create", "robin", random, draft)
        await self._step(order, "submit", "robin", random)
        await self._step(order, "approve", "alex", random)
        await self._step(order, "issue", "bea", random)
        if random.random() < 0.3:
            await self._step(order, "acknowledge", "bea", random)
        if random.random() < 0.1:
            await self._step(order, "cancel", "bea", random, {"reason": "no longer needed"})
            return
        await self._receive(order, random)

    async def _step(self, order: OrderFile, step: str, person: str, random: Random, body: Any = None) -> None:
        order.doubtful = step
        path = f"/v1/purchase-orders/{order.id}:{step}" if order.id else "/v1/purchase-orders"
        key = f"{order.mark} {step}"
        response = await self._post(self.procurement, person, path, body, order.etag, key, random)
        order.doubtful = None
        order.id, order.etag = response.json()["id"], response.headers["etag"]
        order.steps.append(step)

    async def _receive(self, order: OrderFile, random: Random) -> None:
        """Receive an order in up to three parts, two of them at the same moment."""
        parts: list[list[dict[str, Any]]] = [[], [], []]
        for line in order.lines:
            left = int(line["quantity"])
            for part in parts[: random.randint(1, 3)]:
                quantity = random.randint(1, left) if left else 0
                left -= quantity
                if quantity:
                    rejected = random.choice([0, 0, 0, quantity // 3])
                    reason = {"rejection_reason": "damaged", "rejected_is": "ends"} if rejected else {}
                    part.append(
                        {
                            "line_number": line["line_number"],
                            "quantity": str(quantity),
                            "rejected_quantity": str(rejected),
                        }
                        | reason
                    )
        received = [self._receive_part(order, n, part, random) for n, part in enumerate(parts) if part]
        for outcome in await asyncio.gather(*received, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def _receive_part(
        self, order: OrderFile, number: int, lines: list[dict[str, Any]], random: Random
    ) -> None:
        reference = f"{order.mark} part {number}"
        body = {
            "received_on": str(order.ordered_on + timedelta(days=random.randint(0, 30))),
            "despatch_reference": reference,
            "lines": lines,
        }
        order.doubtful_receipts[reference] = lines
        path = f"/v1/purchase-orders/{order.id}/receipts"
        await self._post(self.procurement, "rita", path, body, "", reference, random)
        order.receipts[reference] = order.doubtful_receipts.pop(reference)

    async def _post(
        self,
        client: httpx.AsyncClient,
        person: str,
        path: str,
        body: Any,
        etag: str,
        key: str,
        random: Random,
    ) -> httpx.Response:
        """Ask until there is an answer, or give up."""
        headers = self._signed_by(person) | {"Idempotency-Key": key}
        if etag:
            headers["If-Match"] = etag
        async with _patience(f"no answer to: {key}"):
            while True:
                try:
                    response = await client.post(path, json=body, headers=headers)
                except httpx.TransportError:
                    self.unanswered += 1
                    if random.randrange(GIVES_UP_IN) == 0:
                        self.given_up += 1
                        raise GivenUp from None
                else:
                    if response.status_code == AWAY:
                        await asyncio.sleep(AWAY_SECONDS)
                        continue
                    if response.status_code != 409 or response.json()["code"] not in SEND_AGAIN:
                        break
                await asyncio.sleep(PAUSE_SECONDS)
        assert response.is_success, f"{key}: {response.status_code} {response.text}"
        self.replayed += response.headers.get("idempotent-replayed") == "true"
        return response

    def _signed_by(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[person]}"}


@asynccontextmanager
async def _patience(trouble: str) -> AsyncIterator[None]:
    """Give the block as long as a slow machine may need."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    except TimeoutError:
        raise AssertionError(trouble) from None


def quantities(lines: list[dict[str, Any]]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return what arrived and what was rejected by line."""
    return {
        line["line_number"]: (Decimal(line["quantity"]), Decimal(line["rejected_quantity"])) for line in lines
    }
