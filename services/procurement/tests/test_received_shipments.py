"""Goods are received with the shipment that announced them, and that is under way no more."""

import asyncio
from typing import Any
from uuid import uuid4

from .conftest import World, arrived, line
from .test_shipments import advised, move, notified, notify, sue, under_way


async def read(world: World, shipment: dict[str, Any]) -> dict[str, Any]:
    """Return a shipment as it is now."""
    shown: dict[str, Any] = (await world.bea.get(f"/v1/shipments/{shipment['id']}")).json()
    return shown


async def test_what_is_received_with_a_shipment_is_under_way_no_more(world: World) -> None:
    supplier = await world.supplier()
    first = await world.issued(line(), line(), supplier_id=supplier)
    second = await world.issued(supplier_id=supplier)
    shipment = await notified(world, advised(first, 1), advised(first, 2, "4"), advised(second))
    received = await world.receive(first, arrived(1, "9"), shipment_id=shipment["id"])
    assert received.status_code == 201, received.text
    assert received.json()["shipment_id"] == shipment["id"]
    assert received.json()["despatch_reference"] == shipment["despatch_reference"]
    assert [await under_way(world, first, 1), await under_way(world, first, 2)] == [0, 4]
    shown = await read(world, shipment)
    assert shown["status"] == "notified"
    assert [(of["received_quantity"], of["ended_as"]) for of in shown["lines"]] == [
        ("9", "arrived"),
        ("0", None),
        ("0", None),
    ]
    await world.receive(first, arrived(2, "4"), shipment_id=shipment["id"], another_delivery=True)
    await world.receive(second, arrived(), shipment_id=shipment["id"])
    shown = await read(world, shipment)
    assert (shown["status"], shown["arrived_on"]) == ("arrived", "2026-03-02")
    (data,) = (data for _, name, data in await world.events_of(second) if name == "GoodsReceived")
    assert data["shipment_id"] == shipment["id"]
    found = await world.rita.get(f"/v1/goods-receipts?shipment_id={shipment['id']}")
    assert len(found.json()["items"]) == 3


async def test_a_receipt_under_its_despatch_reference_is_of_the_shipment(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order), despatch_reference="LS-by-number")
    received = await world.receive(order, arrived(), despatch_reference="ls-BY-number")
    assert received.json()["shipment_id"] == shipment["id"]
    assert (await read(world, shipment))["status"] == "arrived"
    assert await under_way(world, order) == 0


async def test_what_is_missing_of_an_arrived_line_may_be_announced_again(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    await world.receive(order, arrived(1, "8"), shipment_id=shipment["id"])
    await notified(world, advised(order, 1, "2"))
    assert (await notify(world, advised(order, 1, "0.1"))).status_code == 422


async def test_a_shipment_that_brings_nothing_for_the_order_is_refused(world: World) -> None:
    order, another = await world.issued(), await world.issued()
    shipment = await notified(world, advised(another))
    for wrong in (shipment["id"], str(uuid4())):
        refused = await world.receive(order, arrived(), shipment_id=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "receipt_invalid")
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/shipment_id"]


async def test_nothing_is_received_with_a_shipment_that_was_called_back(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    assert (await move(world, shipment, "cancel")).status_code == 200
    refused = await world.receive(order, arrived(), shipment_id=shipment["id"])
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


async def test_the_rest_of_a_shipment_is_called_back_and_the_shipment_has_arrived(world: World) -> None:
    order = await world.issued(line(), line())
    shipment = await notified(world, advised(order, 1), advised(order, 2))
    await world.receive(order, arrived(1), shipment_id=shipment["id"])
    shown = (await move(world, shipment, "cancel", sue(world, order))).json()
    assert (shown["status"], [of["ended_as"] for of in shown["lines"]]) == (
        "arrived",
        ["arrived", "cancelled"],
    )
    assert await under_way(world, order, 2) == 0


async def test_a_receipt_that_is_taken_back_puts_its_shipment_under_way_again(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    receipt = (await world.receive(order, arrived(), shipment_id=shipment["id"])).json()
    body: dict[str, Any] = {"reason": "another delivery was counted"}
    some = body | {"lines": [{"line_number": 1, "quantity": "3"}]}
    path = f"/v1/goods-receipts/{receipt['id']}:reverse"
    assert (await world.rita.post(path, json=some)).status_code == 200
    shown = await read(world, shipment)
    assert (shown["status"], shown["lines"][0]["received_quantity"]) == ("arrived", "7")
    assert (await world.rita.post(path, json=body)).status_code == 200
    shown = await read(world, shipment)
    assert (shown["status"], shown["lines"][0]["received_quantity"], shown["arrived_on"]) == (
        "notified",
        "0",
        None,
    )
    assert await under_way(world, order) == 10


async def test_of_a_receipt_and_a_cancellation_at_once_one_is_told(world: World) -> None:
    for _ in range(5):
        order = await world.issued()
        shipment = await notified(world, advised(order))
        received, cancelled = await asyncio.gather(
            world.receive(order, arrived(), shipment_id=shipment["id"]), move(world, shipment, "cancel")
        )
        assert {received.status_code, cancelled.status_code} in ({201, 412}, {200, 409}, {201, 409})
        assert await under_way(world, order) == 0


async def test_of_two_receivers_of_one_shipment_the_second_is_told_of_the_first(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    answers = await asyncio.gather(
        *(world.receive(order, arrived(), shipment_id=shipment["id"]) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"despatch_already_received"}
