"""Goods are received in any unit of their item, with lots and serials that are here once."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from .conftest import World, arrived, line
from .test_items import BOX, bolt
from .test_policies import decide_on


async def defined(world: World, code: str, **changes: Any) -> None:
    put = await world.ada.put(f"/v1/items/{code}", json=bolt(**changes))
    assert put.status_code == 201, put.text


async def reverse(world: World, receipt: httpx.Response, *lines: dict[str, Any]) -> httpx.Response:
    body = {"reason": "another delivery was counted"} | ({"lines": list(lines)} if lines else {})
    return await world.rita.post(f"/v1/goods-receipts/{receipt.json()['id']}:reverse", json=body)


def problem(response: httpx.Response) -> tuple[str, str]:
    [error] = response.json()["errors"]
    return error["pointer"], error["detail"]


async def test_goods_are_counted_in_any_unit_that_their_item_converts_to(world: World) -> None:
    await defined(world, "BOXED", conversions=[BOX])
    order = await world.issued(line(item="BOXED", quantity="30"))
    receipt = await world.receive(order, arrived(1, "2", unit="XBX"))
    [shown] = receipt.json()["lines"]
    assert (shown["quantity"], shown["stated_unit"], shown["stated_quantity"]) == ("24", "XBX", "2")
    read = await world.rita.get(receipt.headers["Location"])
    assert read.json()["lines"] == receipt.json()["lines"]
    too_much = await world.receive(order, arrived(1, "0.75", unit="XBX"))
    assert "at most 6 more" in problem(too_much)[1]
    refused = await world.receive(order, arrived(1, "1", unit="KGM"))
    assert problem(refused) == ("/lines/0/unit", "the item does not convert to KGM, only to C62, XBX")
    assert (await world.receive(order, arrived(1, "0.5", unit="XBX"))).json()["order_status"] == "closed"
    free_text = await world.issued(line(item="paint it blue"))
    refused = await world.receive(free_text, arrived(1, "1", unit="XBX"))
    assert problem(refused) == ("/lines/0/unit", "the item does not convert to XBX, only to C62")


async def test_a_serial_that_is_in_stock_is_not_received_until_it_is_taken_back(world: World) -> None:
    await defined(world, "PUMP", tracked_by="serial")
    order = await world.issued(line(item="PUMP"))
    other = await world.issued(line(item="PUMP"))
    missing = await world.receive(order, arrived(1, "2"))
    assert problem(missing) == ("/lines/0/serials", "the item is tracked by serial: say which came")
    first = await world.receive(order, arrived(1, "2", serials=["S-1", "S-2"]))
    assert first.json()["lines"][0]["serials"] == ["S-1", "S-2"], first.text
    again = await world.receive(other, arrived(1, "2", serials=["S-2", "S-3"]))
    assert (again.status_code, again.json()["code"]) == (409, "serial_in_stock")
    number = first.json()["number"]
    assert problem(again) == (
        "/lines/0/serials/0",
        f"S-2 is a serial already in stock: it came with {number}",
    )
    unsaid = await reverse(world, first, {"line_number": 1, "quantity": "1"})
    assert problem(unsaid)[0] == "/lines/0/serials"
    back = await reverse(world, first, {"line_number": 1, "quantity": "1", "serials": ["S-2"]})
    assert back.json()["lines"][0]["reversed_serials"] == ["S-2"], back.text
    assert (await world.events_of(order))[-1][2]["lines"][0]["serials"] == ["S-2"]
    taken = await world.receive(other, arrived(1, "2", serials=["S-2", "S-3"]))
    assert taken.status_code == 201, taken.text
    found = (await world.rita.get("/v1/goods-receipts", params={"serial": "S-2"})).json()["items"]
    assert [one["id"] for one in found] == [taken.json()["id"], first.json()["id"]]
    assert (await reverse(world, first)).json()["lines"][0]["reversed_serials"] == ["S-1", "S-2"]


async def test_a_serial_that_was_rejected_is_not_in_stock_and_may_come_again_mended(world: World) -> None:
    await defined(world, "VALVE", tracked_by="serial")
    order = await world.issued(line(item="VALVE"))
    rejected = {"rejected_quantity": "1", "rejection_kind": "defective", "rejected_serials": ["V-1"]}
    first = await world.receive(order, arrived(1, "2", serials=["V-1", "V-2"], **rejected))
    assert first.json()["lines"][0]["rejected_serials"] == ["V-1"], first.text
    mended = await world.receive(order, arrived(1, "1", serials=["V-1"]))
    assert mended.status_code == 201, mended.text


async def test_of_two_who_receive_one_serial_of_two_orders_at_once_one_does(world: World) -> None:
    await defined(world, "RACE", tracked_by="serial")
    orders = [await world.issued(line(item="RACE")) for _ in range(4)]
    answers = await asyncio.gather(
        *(world.receive(order, arrived(1, "1", serials=["R-1"])) for order in orders)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3
    assert {answer.json().get("code") for answer in answers if answer.status_code == 409} == {
        "serial_in_stock"
    }


async def test_serials_of_free_text_are_nobodys_alone(world: World) -> None:
    for _ in range(2):
        order = await world.issued(line(item="a laptop"))
        received = await world.receive(order, arrived(1, "1", serials=["1"]))
        assert received.status_code == 201, received.text


async def test_lots_are_received_found_and_taken_back(world: World) -> None:
    await defined(world, "RESIN", tracked_by="lot")
    order = await world.issued(line(item="RESIN", quantity="100"))
    lots = [
        {"lot": "L-1", "quantity": "40", "expires_on": "2027-03-31"},
        {"lot": "L-2", "quantity": "20", "rejected_quantity": "5"},
    ]
    rejected = {"rejected_quantity": "5", "rejection_kind": "damaged"}
    receipt = await world.receive(order, arrived(1, "60", lots=lots, **rejected))
    assert receipt.status_code == 201, receipt.text
    shown = receipt.json()["lines"][0]["lots"]
    assert [(one["lot"], one["rejected_quantity"], one["expires_on"]) for one in shown] == [
        ("L-1", "0", "2027-03-31"),
        ("L-2", "5", None),
    ]
    read = await world.rita.get(receipt.headers["Location"])
    assert read.json()["lines"] == receipt.json()["lines"]
    event = (await world.events_of(order))[-1][2]["lines"][0]
    assert [one["lot"] for one in event["lots"]] == ["L-1", "L-2"]
    found = (await world.rita.get("/v1/goods-receipts", params={"lot": "L-2"})).json()["items"]
    assert [one["id"] for one in found] == [receipt.json()["id"]]
    some = {"line_number": 1, "quantity": "10"}
    assert problem(await reverse(world, receipt, some))[0] == "/lines/0/lots"
    back = await reverse(world, receipt, some | {"lots": [{"lot": "L-1", "quantity": "10"}]})
    assert [one["reversed_quantity"] for one in back.json()["lines"][0]["lots"]] == ["10", "0"]
    rest = await reverse(world, receipt)
    assert [one["reversed_quantity"] for one in rest.json()["lines"][0]["lots"]] == ["40", "20"], rest.text


async def test_goods_that_cannot_be_used_for_long_enough_are_refused_or_warned_of(
    empty_world: World,
) -> None:
    world = empty_world
    await defined(world, "MILK", least_remaining_life_days=30)
    order = await world.issued(line(item="MILK", quantity="100"))
    soon = {"lots": [{"lot": "M-1", "quantity": "5", "expires_on": "2026-03-20"}]}
    refused = await world.receive(order, arrived(1, "5", **soon))
    assert problem(refused)[0] == "/lines/0/lots/0/expires_on"
    assert "18 days left, and 30 are needed" in problem(refused)[1]
    expired = {"rejected_quantity": "5", "rejection_kind": "expired"}
    assert (await world.receive(order, arrived(1, "5", **soon, **expired))).status_code == 201
    world.clock.now = world.clock.now.replace(day=3)
    said = await decide_on(
        world,
        "/v1/policies/remaining-life",
        {"short_is": "warned_of"},
        item="MILK",
        valid_from="2026-03-03",
    )
    assert said.status_code == 201, said.text
    warned = await world.receive(order, arrived(1, "5", **soon))
    assert [one["code"] for one in warned.json()["warnings"]] == ["short_of_life"], warned.text


async def test_goods_are_received_for_a_schedule_that_their_line_has(world: World) -> None:
    parts = [
        {"schedule_number": 1, "quantity": "4", "need_by": "2026-03-10"},
        {"schedule_number": 2, "quantity": "6", "need_by": "2026-03-20"},
    ]
    order = await world.issued(line(schedules=parts))
    missing = await world.receive(order, arrived(1, "4", schedule_number=3))
    assert problem(missing) == ("/lines/0/schedule_number", "line 1 has no schedule 3")
    received = await world.receive(order, arrived(1, "4", schedule_number=2))
    assert received.json()["lines"][0]["schedule_number"] == 2, received.text
    assert (await world.events_of(order))[-1][2]["lines"][0]["schedule_number"] == 2
