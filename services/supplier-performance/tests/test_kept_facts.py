"""Facts of what this service alone keeps: shipments, prices, qualifications, documents, risk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.schemas import example_of
from purveyor_messaging.envelope import Event
from supplier_performance.facts.consumers import ORDER_FACTS, SUPPLIER_FACTS
from supplier_performance.facts.store import kept

from .standing import accepted, assessed, qualified, rejected, said_on, withdrawn
from .test_facts import facts
from .test_scorecards import card_of
from .test_templates import ON_TIME, STATED, Owners
from .world import TODAY, World, ordered


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def said(found: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for one in found]


JUDGED = ("due", "right_quantity", "on_day", "in_time", "as_announced")


async def test_what_was_announced_stands_beside_what_came_with_that_shipment(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(1), quantity="20")
    world.clock.now -= timedelta(days=9)
    shipment = await world.ship(order, ago(5), "6", "4")
    world.clock.now += timedelta(days=9)
    await world.receive(order, ago(5), "6", shipment=shipment)
    await world.receive(order, ago(5), "7")
    await world.keep_facts()
    [part] = await facts(world, "shipments", supplier)
    assert (part["announced"], part["received"], part["arrived_on"]) == (10, 6, ago(5))
    assert said([part], *JUDGED) == [(True, False, True, True, False)]
    await world.receive(order, ago(4), "4", shipment=shipment)
    await world.keep_facts()
    assert said(await facts(world, "shipments", supplier), *JUDGED) == [(True, True, True, True, True)]
    assert said(await facts(world, "shipments", supplier, ago(4)), "received") == [(10,)]
    assert said(await facts(world, "shipments", supplier, ago(5)), "received") == [(6,)]


async def test_a_receipt_that_is_taken_back_did_not_come_with_its_shipment(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(1))
    shipment = await world.ship(order, ago(5))
    receipt = await world.receive(order, ago(5), shipment=shipment)
    [of] = await world.fetch(
        "SELECT convert_from($1::bytea, 'UTF8')::jsonb->>'receipt_id' AS id", receipt.data
    )
    await world.reverse(order, ago(5), ago(2), receipt=of["id"])
    await world.keep_facts()
    [fact] = await facts(world, "shipments", supplier)
    assert (fact["received"], fact["arrived_on"], fact["due"]) == (0, None, True)


async def test_a_shipment_is_due_on_the_day_that_it_was_moved_to_and_not_once_called_back(
    world: World,
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(1))
    late, gone = await world.ship(order, ago(5)), await world.ship(order, ago(4))
    await world.delay(order, late, TODAY)
    await world.call_back(order, gone, ago(4))
    await world.keep_facts()
    found = await facts(world, "shipments", supplier)
    assert sorted(said(found, "expected_on", "last_expected_on", "due")) == [
        (ago(5), TODAY, False),
        (ago(4), ago(4), False),
    ]


async def test_a_price_is_held_against_what_the_first_version_froze(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ordered_on=ago(40), price="2.50")
    await world.amend(order, ago(20), ordered(ago(10), "8", price="3"), ordered(ago(9), number=2))
    await world.keep_facts()
    names = ("line_number", "versions", "priced_on", "frozen_value", "value", "variance")
    assert said(await facts(world, "prices", supplier), *names) == [
        (1, 2, ago(40), 20, 24, 4),
        (2, 1, ago(20), 25, 25, 0),
    ]
    assert said(await facts(world, "prices", supplier, ago(21)), *names) == [(1, 1, ago(40), 25, 25, 0)]


async def test_a_document_holds_until_it_ends_and_a_newer_one_of_its_type_takes_its_place(
    world: World,
) -> None:
    supplier = await world.supplier()
    await accepted(world, supplier, date(2026, 1, 10), date(2026, 3, 30))
    newer = await accepted(world, supplier, date(2026, 5, 2), None)
    await withdrawn(world, supplier, newer, date(2026, 6, 1))
    await accepted(world, supplier, date(2026, 1, 1), date(2030, 1, 1), "insurance")
    await world.keep_facts()
    found = [one for one in await facts(world, "documents", supplier) if one["document_type"] == "iso-9001"]
    assert sorted(said(found, "stood_on", "valid")) == [
        (date(2026, 1, 31), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 31), False),
        (date(2026, 4, 30), False),
        (date(2026, 5, 31), True),
        (TODAY, False),
    ]
    insured = [one for one in await facts(world, "documents", supplier) if one not in found]
    assert {one["valid"] for one in insured} == {True}


async def test_a_qualification_stands_as_it_was_decided_last_until_its_last_day(world: World) -> None:
    supplier = await world.supplier()
    await qualified(world, supplier, date(2026, 2, 3), date(2026, 4, 29))
    await qualified(world, supplier, date(2026, 2, 3), date(2027, 1, 1), "castings")
    await rejected(world, supplier, date(2026, 5, 20))
    await world.keep_facts()
    found = await facts(world, "qualifications", supplier)
    of = [one for one in found if one["category"] == "fasteners"]
    assert sorted(said(of, "stood_on", "standing", "qualified")) == [
        (date(2026, 2, 28), "qualified", True),
        (date(2026, 3, 31), "qualified", True),
        (date(2026, 4, 30), "expired", False),
        (date(2026, 5, 31), "rejected", False),
        (TODAY, "rejected", False),
    ]
    assert len(found) == 10
    early = await facts(world, "qualifications", supplier, date(2026, 3, 5))
    assert max(one["stood_on"] for one in early) == date(2026, 3, 5)


async def test_what_is_told_again_takes_the_place_of_what_was_kept(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(1))
    await world.receive(order, ago(1), shipment=await world.ship(order, ago(1)))
    await assessed(world, supplier, ago(3), "high")
    await accepted(world, supplier, ago(3), None)
    await qualified(world, supplier, ago(3), TODAY)
    await world.keep_facts()
    kept_kinds = ("shipments", "prices", "documents", "qualifications", "risks")
    assert all([await facts(world, kind) for kind in kept_kinds])
    async with world.context.database.transaction() as tx:
        await kept.forget_order(tx, order.id)
        await kept.forget_supplier(tx, supplier)
    assert [await facts(world, kind) for kind in kept_kinds] == [[]] * len(kept_kinds)


async def test_every_event_that_is_subscribed_to_is_kept(world: World) -> None:
    supplier = await world.supplier()
    events: list[type[Event]] = [one.event for one in SUPPLIER_FACTS.subscriptions[:-1]]
    for event in events:
        await said_on(world, TODAY, event.model_validate(example_of(event) | {"supplier_id": supplier}))
    order = await world.order(supplier, ago(1))
    for one in ORDER_FACTS.subscriptions[1:-1]:
        told = example_of(one.event) | {"order_id": order.id, "supplier_id": supplier}
        order.sequence += 1
        world.sent.append(world.envelope(one.event.model_validate(told), order.sequence))
    await world.keep_facts()
    assert await world.fetch("SELECT * FROM parked_event") == []
    steps = await world.fetch("SELECT step FROM qualification_step UNION ALL SELECT step FROM document_step")
    assert len(steps) == len(events) - 1


async def test_what_was_known_on_a_day_is_told_apart_from_what_was_so(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ordered_on=ago(40))
    late = world.clock.now
    world.clock.now = late - timedelta(days=8)
    shipment = await world.ship(order, ago(9))
    await world.receive(order, ago(9), "6", shipment=shipment)
    world.clock.now = late
    await world.receive(order, ago(9), "4", shipment=shipment)
    await world.delay(order, shipment, ago(7))
    await world.acknowledge(order, ago(39))
    await world.amend(order, ago(38), ordered(ago(10), price="3"))
    lost = await accepted(world, supplier, date(2026, 5, 1), None)
    await world.keep_facts()
    before = late - timedelta(days=5)
    received = await facts(world, "receipts", supplier, known_before=before)
    assert said(received, "received") == [(6,)]
    [notice] = await facts(world, "shipments", supplier, known_before=before)
    assert (notice["received"], notice["last_expected_on"]) == (6, ago(9))
    assert await facts(world, "prices", supplier, known_before=before) == []
    assert {one["document_id"] for one in await facts(world, "documents", supplier)} == {lost}
    assert await facts(world, "documents", supplier, known_before=world.clock.now - timedelta(days=50)) == []


async def test_what_sourcing_tells_moves_a_score_at_once_and_of_who_was_never_ordered_from_there_is_none(
    world: World, owners: Owners, api: httpx.AsyncClient
) -> None:
    supplier, stranger = await world.supplier(), await world.supplier("Stranger AG")
    for days in (50, 30, 10):
        await world.receive(await world.order(supplier, ago(days)), ago(days))
    kpis = [ON_TIME | {"weight": "50"}, ON_TIME | {"kpi": "document-validity", "weight": "50"}]
    await owners.let_judge("fasteners", STATED | {"kpis": kpis})
    document = await accepted(world, supplier, ago(90), None)
    await accepted(world, stranger, ago(90), None)
    await world.keep_facts()
    await world.rescore()
    assert (await card_of(api, supplier))["known"]["score"] == "100.0"

    await withdrawn(world, supplier, document, ago(80))
    await world.keep_facts()
    await world.rescore()

    assert (await card_of(api, supplier))["known"]["score"] == "50.0"
    assert [one["id"] for one in await world.fetch("SELECT id FROM scorecard")] == [supplier]


@pytest.fixture
async def owners(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> Owners:
    await world.category("fasteners")
    return Owners(api, issuer)
