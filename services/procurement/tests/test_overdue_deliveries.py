"""What has not come by its day is found as the next day begins at its site, and told once."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from procurement.shipments.commands import begin_day, find_overdue_deliveries
from procurement.worker import CHORES, JOBS
from purveyor.jobs import run_job

from .conftest import SITE, World, arrived, line
from .test_imports import TO_ORDERS, let_in
from .test_promises import promise, supplier_of
from .test_shipments import advised, move, notified


async def day_passes(world: World, day: date) -> None:
    """Let a business day begin, everywhere."""
    (job,) = (job for job in JOBS if job.name == "find-overdue-deliveries")
    (chore,) = (chore for chore in CHORES if chore.name == "tell-overdue-deliveries")
    world.clock.now = datetime(day.year, day.month, day.day, 23, 30, tzinfo=UTC)
    await run_job(world.database, job, day, again=True)
    more = True
    while more:
        async with world.database.transaction() as tx:
            tx.actor = f"chore {chore.name}"
            more = await chore.run(tx)


async def told(world: World, order: dict[str, Any]) -> list[tuple[int, str, str, str]]:
    """Return what was told to be overdue: line, day that it was due on, day that it was found, quantity."""
    return [
        (data["line_number"], data["due_on"], data["found_on"], data["quantity"])
        for _, name, data in await world.events_of(order)
        if name == "DeliveryOverdue"
    ]


async def test_what_was_promised_and_did_not_come_is_found_the_day_after_and_told_once(
    empty_world: World,
) -> None:
    world = empty_world
    order = await world.issued(line(promised_on="2026-03-10"), line(promised_on="2026-03-12"))
    await world.receive(order, arrived(1, "4"))
    await day_passes(world, date(2026, 3, 10))
    assert await told(world, order) == []
    for day in (11, 12, 13, 14):
        await day_passes(world, date(2026, 3, day))
    assert await told(world, order) == [
        (1, "2026-03-10", "2026-03-11", "6"),
        (2, "2026-03-12", "2026-03-13", "10"),
    ]
    audited = "SELECT count(*) FROM audit_record WHERE action = 'find_overdue' AND entity_id = $1"
    assert await world.value(audited, order["id"]) == 2
    assert await world.value("SELECT count(*) FROM day_begun") == 0


async def test_what_is_under_way_is_overdue_when_its_shipment_is_and_not_before(empty_world: World) -> None:
    world = empty_world
    order = await world.issued(line(promised_on="2026-03-20"))
    shipment = await notified(world, advised(order, 1, "10"), expected_on="2026-03-12")
    await day_passes(world, date(2026, 3, 12))
    assert await told(world, order) == []
    assert (await move(world, shipment, "delay", expected_on="2026-03-13")).status_code == 200
    await day_passes(world, date(2026, 3, 13))
    assert await told(world, order) == []
    await day_passes(world, date(2026, 3, 14))
    assert await told(world, order) == [(1, "2026-03-13", "2026-03-14", "10")]
    (data,) = (data for _, name, data in await world.events_of(order) if name == "DeliveryOverdue")
    assert [one["shipment_id"] for one in data["shipments"]] == [shipment["id"]]
    assert (data["promised_on"], data["open_quantity"], data["under_way_quantity"]) == (
        "2026-03-20",
        "10",
        "10",
    )


async def test_a_shipment_that_is_announced_for_later_does_not_end_lateness(empty_world: World) -> None:
    world = empty_world
    orders = [await world.issued(line(promised_on="2026-03-10")) for _ in range(2)]
    shipment = await notified(world, advised(orders[0]), expected_on="2099-01-01")
    for day in (10, 11, 12):
        await day_passes(world, date(2026, 3, day))
    assert [await told(world, order) for order in orders] == [[(1, "2026-03-10", "2026-03-11", "10")]] * 2
    (data,) = (data for _, name, data in await world.events_of(orders[0]) if name == "DeliveryOverdue")
    assert [one["shipment_id"] for one in data["shipments"]] == [shipment["id"]]


async def test_what_is_open_beside_what_is_under_way_is_overdue_by_its_promise(empty_world: World) -> None:
    world = empty_world
    order = await world.issued(line(promised_on="2026-03-10"))
    shipment = await notified(world, advised(order, 1, "7"), expected_on="2026-03-07")
    await day_passes(world, date(2026, 3, 8))
    await day_passes(world, date(2026, 3, 11))
    assert await told(world, order) == [
        (1, "2026-03-07", "2026-03-08", "7"),
        (1, "2026-03-10", "2026-03-11", "3"),
    ]
    assert (await move(world, shipment, "cancel")).status_code == 200
    await day_passes(world, date(2026, 3, 12))
    assert len(await told(world, order)) == 2, "of that line and day it was told"


async def test_each_part_of_a_line_is_overdue_by_its_own_day(empty_world: World) -> None:
    world = empty_world
    parts = [{"quantity": "4", "need_by": "2026-03-05"}, {"quantity": "6", "need_by": "2026-03-09"}]
    stated = line(schedules=parts)
    del stated["promised_on"]
    order = await world.issued(stated)
    await world.receive(order, arrived(1, "1"))
    for day in (5, 6, 9, 10):
        await day_passes(world, date(2026, 3, day))
    assert await told(world, order) == [
        (1, "2026-03-05", "2026-03-06", "3"),
        (1, "2026-03-09", "2026-03-10", "6"),
    ]


async def test_a_day_that_the_buyer_moved_is_the_one_by_which_it_is_due(empty_world: World) -> None:
    world = empty_world
    later = await world.issued(line(promised_on="2026-03-10"))
    assert (await promise(world.bea, later, "2026-03-13")).status_code == 201
    sooner = await world.issued(line(promised_on="2026-03-10"))
    assert (await promise(world.bea, sooner, "2026-03-06")).status_code == 201
    alone = await world.issued(line(promised_on="2026-03-10"))
    assert (await promise(supplier_of(world, alone), alone, "2026-03-13")).status_code == 201
    for day in (7, 11, 14):
        await day_passes(world, date(2026, 3, day))
    assert [await told(world, order) for order in (later, sooner, alone)] == [
        [(1, "2026-03-13", "2026-03-14", "10")],
        [(1, "2026-03-06", "2026-03-07", "10")],
        [(1, "2026-03-10", "2026-03-11", "10")],
    ]


async def test_a_day_is_that_of_the_site(empty_world: World) -> None:
    world = empty_world
    for code, zone in (("AKL-1", "Pacific/Auckland"), ("LAX-1", "America/Los_Angeles")):
        await world.ada.put(f"/v1/sites/{code}", json=SITE | {"time_zone": zone})
    supplier = await world.supplier()
    orders = {
        site: await world.brought_to(
            await world.order(supplier, line(promised_on="2026-03-10"), site=site), "issued"
        )
        for site in ("AKL-1", "HAM-1", "LAX-1")
    }

    async def found_at(hour: int) -> list[str]:
        world.clock.now = datetime(2026, 3, 11, hour, 0, tzinfo=UTC)
        more = True
        while more:
            async with world.database.transaction() as tx:
                more = await find_overdue_deliveries(tx)
        return [site for site, order in orders.items() if await told(world, order)]

    world.clock.now = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
    async with world.database.transaction() as tx:
        await begin_day(tx, date(2026, 3, 11))
    assert await found_at(0) == ["AKL-1", "HAM-1"]
    assert await found_at(6) == ["AKL-1", "HAM-1"]
    assert await found_at(8) == ["AKL-1", "HAM-1", "LAX-1"]
    days = {(await told(world, order))[0][1:3] for order in orders.values()}
    assert days == {("2026-03-10", "2026-03-11")}


async def test_nothing_of_a_line_that_was_called_off_or_of_a_draft_is_overdue(empty_world: World) -> None:
    world = empty_world
    cancelled = await world.issued(line(promised_on="2026-03-10"))
    await world.act(world.bea, cancelled, "cancel", {"reason": "no longer needed"})
    draft = await world.order(await world.supplier(), line(promised_on="2026-03-10"))
    held = await world.issued(line(promised_on="2026-03-10"))
    hold = {"reason": "the drawing is being revised", "stops_receipts": True}
    assert (await world.act(world.bea, held, "hold", hold)).status_code == 200
    await day_passes(world, date(2026, 3, 11))
    assert [await told(world, order) for order in (cancelled, draft, held)] == [[], [], []]
    assert (await world.act(world.bea, held, "release", {"reason": "it stands"})).status_code == 200
    await day_passes(world, date(2026, 3, 12))
    assert await told(world, held) == [(1, "2026-03-10", "2026-03-12", "10")]


async def test_what_was_due_before_an_order_was_imported_is_not_told(empty_world: World) -> None:
    world = empty_world
    await world.supplier((), external_reference="V-1")
    row = {
        "external_reference": "OLD-1",
        "supplier_external_reference": "V-1",
        **dict.fromkeys(("site", "business_unit", "cost_centre"), "HAM-1"),
        "currency": "EUR",
        "ordered_on": "2025-11-03",
        "lines": [
            line(line_number=1, promised_on="2025-12-01"),
            line(line_number=2, promised_on="2026-03-10"),
        ],
    }
    await let_in(world, TO_ORDERS, row)
    answer = await world.ada.post(
        "/v1/purchase-orders:import", json=row, headers={"Content-Type": "application/x-ndjson"}
    )
    order = {"id": answer.json()["id"]}
    await day_passes(world, date(2026, 3, 11))
    assert await told(world, order) == [(2, "2026-03-10", "2026-03-11", "10")]


async def test_many_orders_are_looked_at_in_batches(empty_world: World, monkeypatch: Any) -> None:
    world = empty_world
    monkeypatch.setattr("procurement.shipments.commands.overdue.ORDERS_A_BATCH", 2)
    supplier = await world.supplier()
    orders = [await world.issued(line(promised_on="2026-03-10"), supplier_id=supplier) for _ in range(5)]
    await day_passes(world, date(2026, 3, 11))
    assert [len(await told(world, order)) for order in orders] == [1] * 5
    versions = [
        await world.value("SELECT version FROM purchase_order WHERE id = $1", UUID(one["id"]))
        for one in orders
    ]
    assert len(set(versions)) == 1
