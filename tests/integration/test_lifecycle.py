"""One supplier through the whole loop, over HTTP, with all services running, on either transport."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from purveyor_cli import stack
from purveyor_contract.roles import Role
from purveyor_history.platform import Answer, Platform

PATIENCE_SECONDS = 60
SITE = {"name": "Service Keflavik", "country": "IS", "time_zone": "Atlantic/Reykjavik"}
SERVICES = ("sourcing", "procurement", "supplier-performance")


class Company:
    """The people of a company, and what they do with the platform."""

    def __init__(self, running: stack.Stack, platform: Platform) -> None:
        self.platform = platform
        self._issuer = running.issuer
        self.today = datetime.now(ZoneInfo(SITE["time_zone"])).date()
        self.ann = self.token("ann", Role.BUYER)
        self.carla = self.token("carla", Role.CATEGORY_MANAGER)
        self.bob = self.token("bob", Role.BUYER)
        self.dora = self.token("dora", Role.APPROVER)
        self.rita = self.token("rita", Role.RECEIVER)
        self.ole = self.token("ole", Role.AUDITOR, Role.ADMIN)

    def token(self, name: str, *roles: Role, supplier_id: UUID | None = None) -> str:
        return self._issuer.token(name, *roles, supplier_id=supplier_id)

    async def until(self, look: Callable[[], Awaitable[Answer]], good: Callable[[Any], bool]) -> Any:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (answer := await look()).status != 200 or not good(answer.body):
                await asyncio.sleep(0.05)
        return answer.body

    async def onboard(self, name: str) -> str:
        content = {"legal_name": name, "country": "NO", "categories": ["castings"]}
        new = await self.platform.done(self.ann, "sourcing", "POST", "/v1/suppliers", body=content)
        path = f"/v1/suppliers/{new.body['id']}"
        submitted = await self.platform.done(
            self.ann, "sourcing", "POST", f"{path}:submit", if_match=new.etag
        )
        approval = {"categories": ["castings"], "expires_on": (self.today + timedelta(365)).isoformat()}
        await self.platform.done(
            self.carla, "sourcing", "POST", f"{path}:approve", body=approval, if_match=submitted.etag
        )
        await self.until(lambda: self.known_to_procurement(path), lambda copy: copy["status"] == "approved")
        return str(new.body["id"])

    async def known_to_procurement(self, path: str) -> Answer:
        return await self.platform.ask(self.bob, "procurement", "GET", path)

    async def approved_order(
        self, supplier_id: str, promised_on: date, *quantities: int, category: str = "castings"
    ) -> Answer:
        content = {
            "supplier_id": supplier_id,
            "currency": "EUR",
            "site": "KEF1",
            "business_unit": "PUMPS",
            "cost_centre": "4100",
            "ordered_on": min(self.today, promised_on - timedelta(20)).isoformat(),
            "lines": [
                {
                    "item": f"CST-{number}",
                    "description": "Casing",
                    "category": category,
                    "quantity": str(quantity),
                    "unit": "C62",
                    "price": "12.50",
                    "promised_on": promised_on.isoformat(),
                }
                for number, quantity in enumerate(quantities, start=1)
            ],
        }
        order = await self.platform.done(self.bob, "procurement", "POST", "/v1/purchase-orders", body=content)
        for token, action in ((self.bob, "submit"), (self.dora, "approve")):
            order = await self.act(token, order, action)
        return order

    async def act(self, token: str, order: Answer, action: str) -> Answer:
        path = f"/v1/purchase-orders/{order.body['id']}:{action}"
        return await self.platform.done(token, "procurement", "POST", path, if_match=order.etag)

    async def decide(self, token: str, path: str, action: str, body: dict[str, Any] | None) -> Answer:
        """Do something to a supplier as it is now; what other services tell of it may come in between."""
        while True:
            seen = await self.platform.done(token, "sourcing", "GET", path)
            answer = await self.platform.ask(
                token, "sourcing", "POST", f"{path}:{action}", body=body, if_match=seen.etag
            )
            if answer.status != 412:
                assert answer.status == 200, answer.body
                return answer

    async def order(self, supplier_id: str, promised_on: date, *quantities: int) -> Answer:
        return await self.act(
            self.bob, await self.approved_order(supplier_id, promised_on, *quantities), "issue"
        )

    async def receive(self, order: Answer, on: date, *lines: tuple[int, int, int]) -> Answer:
        content = {
            "received_on": on.isoformat(),
            "lines": [
                {"line_number": number, "quantity": str(quantity), "rejected_quantity": str(rejected)}
                | ({"rejection_reason": "porosity"} if rejected else {})
                for number, quantity, rejected in lines
            ],
        }
        path = f"/v1/purchase-orders/{order.body['id']}/receipts"
        return await self.platform.done(self.rita, "procurement", "POST", path, body=content)

    async def score(self, supplier_id: str, good: Callable[[Decimal], bool]) -> dict[str, Any]:
        path = f"/v1/suppliers/{supplier_id}/score"
        found: dict[str, Any] = await self.until(
            lambda: self.platform.ask(self.carla, "supplier-performance", "GET", path),
            lambda body: body["score"] is not None and good(Decimal(body["score"])),
        )
        return found

    async def supplier(self, supplier_id: str, good: Callable[[Any], bool]) -> dict[str, Any]:
        path = f"/v1/suppliers/{supplier_id}"
        found: dict[str, Any] = await self.until(
            lambda: self.platform.ask(self.carla, "sourcing", "GET", path), good
        )
        return found

    async def events(self, service: str) -> list[dict[str, Any]]:
        page = await self.platform.done(
            self.ole, service, "GET", "/v1/events", params={"after": 0, "limit": 1000}
        )
        found: list[dict[str, Any]] = page.body["items"]
        return found


@pytest.fixture(params=["local", "kafka"])
def kafka(request: pytest.FixtureRequest) -> str | None:
    """The address of a Kafka, or None for the transport within the process."""
    if request.param == "local":
        return None
    address: str = request.getfixturevalue("own_kafka")
    return address


@pytest.fixture
async def company(kafka: str | None) -> AsyncIterator[Company]:
    with tempfile.TemporaryDirectory(prefix="purveyor-lifecycle-") as folder:
        options = stack.Options(Path(folder), kafka=kafka, port_base=0, throw_away=True)
        async with stack.running(options, lambda _: None) as running:
            platform = Platform(running.urls)
            company = Company(running, platform)
            await platform.done(company.ole, "procurement", "PUT", "/v1/sites/KEF1", body=SITE)
            for path in ("/v1/business-units/PUMPS", "/v1/cost-centres/4100"):
                await platform.done(company.ole, "procurement", "PUT", path, body={"name": "Pumps"})
            yield company
            await platform.close()


async def test_one_supplier_earns_its_orders_and_another_loses_them(company: Company) -> None:
    today = company.today
    good = await company.onboard("Norrvik Gjuteri AB")
    first = await company.order(good, today, 40, 25, 60)
    sven = company.token("sven", Role.SUPPLIER, supplier_id=UUID(good))
    await company.act(sven, first, "acknowledge")
    await company.receive(first, today - timedelta(2), (1, 40, 0), (2, 10, 0))
    last = await company.receive(first, today, (2, 15, 0), (3, 60, 0))
    assert last.body["order_status"] == "closed"
    score = await company.score(good, lambda value: value >= 90)
    assert (score["grade"], score["measures"]["lines_on_time_in_full"]) == ("A", 3)
    assert score["measures"]["spend"] == [{"amount": "1562.50", "currency": "EUR"}]
    shown = await company.supplier(good, lambda body: body["score"] is not None)
    assert (shown["score"]["grade"], shown["open_review"]) == ("A", None)
    await _evidence_names_the_events(company, good)
    await _one_person_alone_makes_it_no_other(company, good)
    await _a_category_is_covered_once_it_is_told_of(company, good)

    bad = await company.onboard("Skagerrak Castings AS")
    late = await company.order(bad, today - timedelta(40), 80, 50, 90)
    await company.score(bad, lambda value: value < 60)
    await company.receive(late, today, (1, 80, 40))
    reviewed = await company.supplier(bad, lambda body: body["open_review"] is not None)
    waiting = await company.approved_order(bad, today + timedelta(30), 10)
    await _suspend(company, reviewed)
    await _no_order_goes_to_it(company, bad, waiting, late)
    stranger = await company.platform.ask(
        sven, "procurement", "GET", f"/v1/purchase-orders/{late.body['id']}"
    )
    assert stranger.status == 404
    await _its_twin_is_merged_while_an_order_is_open(company, good)
    await _everything_was_told_once_and_in_order(company)


async def _a_category_is_covered_once_it_is_told_of(company: Company, supplier: str) -> None:
    ask, done = company.platform.ask, company.platform.done
    waiting = await company.approved_order(
        supplier, company.today + timedelta(30), 10, category="valve-castings"
    )
    path = f"/v1/purchase-orders/{waiting.body['id']}:issue"
    refused = await ask(company.bob, "procurement", "POST", path, if_match=waiting.etag)
    assert refused.body["errors"][0]["detail"] == "the supplier is not approved for valve-castings"
    code = "/v1/categories/valve-castings"
    stated = {"names": [{"language": "en", "name": "Valve castings"}], "parent": "castings"}
    await done(company.carla, "sourcing", "PUT", code, body=stated)
    for service in ("procurement", "supplier-performance"):
        await company.until(
            lambda service=service: ask(company.bob, service, "GET", code),  # type: ignore[misc]
            lambda body: body["ancestors"] == ["castings"],
        )
    await done(company.bob, "procurement", "POST", path, if_match=waiting.etag)


async def _one_person_alone_makes_it_no_other(company: Company, supplier: str) -> None:
    waiting = await company.approved_order(supplier, company.today + timedelta(30), 10)
    path, order = f"/v1/suppliers/{supplier}", f"/v1/purchase-orders/{waiting.body['id']}"
    mallory = company.token("mallory", Role.BUYER, Role.CATEGORY_MANAGER)
    seen = await company.platform.done(mallory, "sourcing", "GET", path)
    stated = ("country", "identifiers", "contacts", "categories", "sites")
    other = {name: seen.body[name] for name in stated} | {"legal_name": "Briefkasten Ltd"}
    changed = await company.platform.done(mallory, "sourcing", "PUT", path, body=other, if_match=seen.etag)
    assert changed.body["status"] == "unconfirmed"
    await company.until(
        lambda: company.known_to_procurement(path), lambda body: body["status"] == "suspended"
    )
    now = await company.platform.done(company.bob, "procurement", "GET", order)
    ask, done = company.platform.ask, company.platform.done
    refused = await ask(company.bob, "procurement", "POST", f"{order}:issue", if_match=now.etag)
    assert refused.body["code"] == "supplier_not_approved"
    refused = await ask(mallory, "sourcing", "POST", f"{path}:confirm", if_match=changed.etag)
    assert refused.body["code"] == "segregation_of_duties"
    await company.decide(company.carla, path, "confirm", None)
    await company.until(lambda: company.known_to_procurement(path), lambda body: body["status"] == "approved")
    now = await done(company.bob, "procurement", "GET", order)
    issued = await done(company.bob, "procurement", "POST", f"{order}:issue", if_match=now.etag)
    assert issued.body["status"] == "issued"


async def _its_twin_is_merged_while_an_order_is_open(company: Company, supplier: str) -> None:
    today, done, ask = company.today, company.platform.done, company.platform.ask
    twin = await company.onboard("Norrvik Gjuteri")
    order = await company.order(twin, today, 30)
    path = f"/v1/suppliers/{twin}"
    mia = company.token("mia", Role.CATEGORY_MANAGER)
    merged = await company.decide(mia, path, "merge", {"into": supplier, "reason": "entered twice"})
    assert (merged.body["status"], merged.body["merged_into"]["id"]) == ("merged", supplier)
    await company.until(
        lambda: company.known_to_procurement(path), lambda copy: copy["present_id"] == supplier
    )
    found = await done(
        company.bob, "procurement", "GET", "/v1/purchase-orders", params={"supplier_id": supplier}
    )
    assert order.body["id"] in {one["id"] for one in found.body["items"]}
    content = {name: order.body[name] for name in ("currency", "site", "business_unit", "cost_centre")}
    line = {"item": "CST-1", "description": "Casing", "category": "castings", "quantity": "1", "unit": "C62"}
    lines = [line | {"price": "12.50", "promised_on": today.isoformat()}]
    new = content | {"supplier_id": twin, "lines": lines}
    refused = await ask(company.bob, "procurement", "POST", "/v1/purchase-orders", body=new)
    assert (refused.status, refused.body["code"]) == (422, "supplier_gone")
    assert merged.body["merged_into"]["number"] in refused.body["errors"][0]["detail"]
    received = await company.receive(order, today, (1, 30, 0))
    assert received.body["order_status"] == "closed"
    await company.until(
        lambda: ask(company.carla, "supplier-performance", "GET", f"/v1/suppliers/{supplier}/performance"),
        lambda body: body["measures"]["lines_due"] == 4,
    )


async def _evidence_names_the_events(company: Company, supplier_id: str) -> None:
    evidence = await company.platform.done(
        company.carla,
        "supplier-performance",
        "GET",
        f"/v1/suppliers/{supplier_id}/score/evidence",
        params={"measure": "on_time"},
    )
    assert evidence.body["figures"][0]["value"] == "100.00"
    told = {event["event_id"] for line in evidence.body["items"] for event in line["events"]}
    published = {item["event"]["id"] for item in await company.events("procurement")}
    assert len(told) == 3  # POIssued and two GoodsReceived
    assert told <= published


async def _suspend(company: Company, supplier: dict[str, Any]) -> None:
    path = f"/v1/supplier-reviews/{supplier['open_review']['id']}"
    review = await company.platform.done(company.carla, "sourcing", "GET", path)
    decision = {"decision": "suspend", "reason": "late and porous"}
    await company.platform.done(
        company.carla, "sourcing", "POST", f"{path}:decide", body=decision, if_match=review.etag
    )
    copy = f"/v1/suppliers/{supplier['id']}"
    await company.until(
        lambda: company.known_to_procurement(copy), lambda body: body["status"] == "suspended"
    )


async def _no_order_goes_to_it(
    company: Company, supplier_id: str, waiting: Answer, open_order: Answer
) -> None:
    path = f"/v1/purchase-orders/{waiting.body['id']}"
    seen = await company.platform.done(company.bob, "procurement", "GET", path)
    refused = await company.platform.ask(
        company.bob, "procurement", "POST", f"{path}:issue", if_match=seen.etag
    )
    assert (refused.status, refused.body["code"]) == (422, "supplier_not_approved")
    assert [error["pointer"] for error in refused.body["errors"]] == ["/lines/0/category"]
    flagged = await company.platform.done(
        company.bob,
        "procurement",
        "GET",
        "/v1/purchase-orders",
        params={"flagged": "true", "supplier_id": supplier_id},
    )
    assert {order["id"] for order in flagged.body["items"]} == {waiting.body["id"], open_order.body["id"]}


async def _everything_was_told_once_and_in_order(company: Company) -> None:
    told = defaultdict(set)
    for service in SERVICES:
        events = await company.events(service)
        assert [item["position"] for item in events] == list(range(1, len(events) + 1))
        streams = defaultdict(list)
        for item in events:
            event = item["event"]
            streams[item["topic"], event["subject"]].append(int(event["streamsequence"]))
            told[service].add(event["type"].split(".")[-2])
        for sequences in streams.values():
            assert sequences == list(range(1, len(sequences) + 1))
        parked = await company.platform.done(company.ole, service, "GET", "/v1/parked-events")
        assert parked.body["items"] == []
    assert told["sourcing"] >= {
        "SupplierRegistered",
        "SupplierApproved",
        "SupplierReviewOpened",
        "SupplierReviewDecided",
        "SupplierSuspended",
        "SuppliersMerged",
    }
    assert told["procurement"] == {"POIssued", "POAcknowledged", "GoodsReceived", "POClosed"}
    assert told["supplier-performance"] == {"SupplierScoreUpdated"}
