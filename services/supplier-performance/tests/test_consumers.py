"""Events are taken in once, in order, and trouble with one order leaves the others alone."""

from __future__ import annotations

from datetime import date, timedelta

import httpx

from purveyor_contract.events.procurement.orders import GoodsReceived, POIssued
from purveyor_contract.events.procurement.shipments import (
    DeliveryOverdue,
    ShipmentCancelled,
    ShipmentDelayed,
    ShipmentNotified,
)
from purveyor_contract.schemas import example_of
from supplier_performance.deliveries.consumers import ORDERS
from supplier_performance.worker import CHORES, CONSUMERS, JOBS, PUBLISHES

from .world import Order, World

TODAY = date(2026, 6, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def received(world: World, order: Order) -> list[str]:
    rows = await world.fetch(
        "SELECT received_quantity FROM order_line WHERE order_id = $1 ORDER BY line_number", order.id
    )
    return [str(row["received_quantity"]) for row in rows]


async def parked(world: World) -> list[tuple[str, int]]:
    rows = await world.fetch("SELECT type, sequence FROM parked_event ORDER BY id")
    return [(str(row["type"]).split(".")[2], row["sequence"]) for row in rows]


async def test_an_event_that_comes_twice_counts_once(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    receipt = await world.receive(order, ago(10), quantity="4")
    await world.deliver(ORDERS, receipt, receipt)
    assert await received(world, order) == ["4"]


async def test_a_receipt_may_name_a_line_twice(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(10), quantity="4")
    once = GoodsReceived.model_validate_json(world.sent[-1].data)
    await world.say_of_order(order, once.model_copy(update={"lines": once.lines * 2}))
    assert await received(world, order) == ["12"]


async def test_what_is_told_of_shipments_is_passed_over_and_what_follows_is_taken_in(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    for event in (ShipmentNotified, ShipmentDelayed, DeliveryOverdue, ShipmentCancelled):
        of_order = example_of(event) | {"order_id": order.id, "supplier_id": supplier}
        await world.say_of_order(order, event.model_validate(of_order))
    await world.receive(order, ago(10), quantity="4")
    assert await parked(world) == []
    assert await received(world, order) == ["4"]


async def test_a_receipt_of_an_unknown_order_is_parked_and_others_go_on(world: World) -> None:
    supplier = await world.supplier()
    known, unknown = await world.order(supplier, ago(10)), await world.order(supplier, ago(10))
    async with world.context.database.connection() as connection:
        await connection.execute("DELETE FROM order_line WHERE order_id = $1", unknown.id)

    await world.receive(unknown, ago(10))
    await world.close(unknown, ago(10))
    await world.receive(known, ago(10))

    assert await parked(world) == [("GoodsReceived", 2), ("POClosed", 3)]
    assert await received(world, known) == ["10"]


async def test_an_order_in_a_time_zone_that_does_not_exist_is_parked(world: World) -> None:
    supplier = await world.supplier()
    await world.order(supplier, ago(10), time_zone="Mars/Olympus_Mons")
    assert await parked(world) == [("POIssued", 1)]


async def test_acknowledgements_and_closures_are_kept_with_their_days(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10), ordered_on=ago(30))
    await world.acknowledge(order, ago(28))
    await world.receive(order, ago(10))
    await world.close(order, ago(10))
    rows = await world.fetch(
        "SELECT type, business_date FROM order_event WHERE order_id = $1 ORDER BY sequence", order.id
    )
    assert [(str(row["type"]).split(".")[2], row["business_date"]) for row in rows] == [
        ("POIssued", ago(30)),
        ("POAcknowledged", ago(28)),
        ("GoodsReceived", ago(10)),
        ("POClosed", ago(10)),
    ]


async def test_an_order_of_unknown_date_is_taken_in(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    issued = POIssued.model_validate_json(world.sent[-1].data)
    order.id, order.sequence = supplier, 0
    await world.say_of_order(order, issued.model_copy(update={"order_id": supplier, "ordered_on": None}))
    response = await api.get(f"/v1/suppliers/{supplier}/score/evidence?measure=on_time")
    assert {line["ordered_on"] for line in response.json()["items"]} == {str(ago(40)), None}


async def test_many_events_of_a_supplier_are_judged_together(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, *[ago(10)] * 5)
    for line in range(1, 6):
        await world.receive(order, ago(10), line=line)
    await world.rescore()
    (card,) = await world.fetch("SELECT version, sequence, score FROM scorecard")
    assert (card["version"], card["sequence"], str(card["score"])) == (1, 1, "100.0")
    assert await world.fetch("SELECT * FROM score_due") == []


async def test_more_suppliers_than_a_batch_are_all_judged(world: World) -> None:
    for _ in range(101):
        await world.order(await world.supplier(), ago(1))
    await world.rescore()
    (row,) = await world.fetch("SELECT count(*) AS scorecards FROM scorecard")
    assert row["scorecards"] == 101


def test_the_names_that_other_things_hang_on_stay() -> None:
    assert [consumer.name for consumer in CONSUMERS] == [
        "supplier-performance.orders",
        "supplier-performance.suppliers",
        "supplier-performance.categories",
        "supplier-performance.order-facts",
        "supplier-performance.supplier-facts",
        "supplier-performance.groups",
    ]
    assert [job.name for job in JOBS] == ["judge-overdue-lines", "watch-kpis"]
    assert [chore.name for chore in CHORES] == ["rescore-due-suppliers"]
    assert [event.type_name() for event in PUBLISHES] == [
        "purveyor.supplier-performance.SupplierScoreUpdated.v1",
        "purveyor.supplier-performance.SupplierScoreRestated.v1",
        "purveyor.supplier-performance.KpiDefined.v1",
        "purveyor.supplier-performance.KpiRestated.v1",
        "purveyor.supplier-performance.ScorecardTemplateActivated.v1",
        "purveyor.supplier-performance.ScorecardTemplateRestated.v1",
        "purveyor.supplier-performance.KpiBreached.v1",
        "purveyor.supplier-performance.KpiRecovered.v1",
        "purveyor.supplier-performance.SupplierAtRisk.v1",
        "purveyor.supplier-performance.AlertRestated.v1",
    ]
