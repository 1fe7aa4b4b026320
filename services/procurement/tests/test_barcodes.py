"""A barcode is read at the dock, and what it says is received on the line that it is for."""

from __future__ import annotations

from typing import Any

import httpx

from purveyor_contract.roles import Role

from .conftest import World, line
from .test_items import bolt
from .test_shipments import ANOTHER_SSCC, advised, notified

PIECE, BOX = "04006381333931", "14006381333938"


async def defined(world: World, code: str, **changes: Any) -> None:
    box = {"unit": "XBX", "quantity": "1", "base_quantity": "12", "gtin": BOX}
    put = await world.ada.put(f"/v1/items/{code}", json=bolt(gtin=PIECE, conversions=[box]) | changes)
    assert put.status_code == 201, put.text


async def read(world: World, *barcodes: str, **more: Any) -> httpx.Response:
    return await world.rita.post("/v1/goods-receipts:read-barcode", json={"barcodes": list(barcodes), **more})


async def test_what_is_read_at_the_dock_is_posted_as_it_is_on_the_line_that_it_is_for(
    empty_world: World,
) -> None:
    world = empty_world
    await defined(world, "M8-HEX-40", tracked_by="lot", least_remaining_life_days=30)
    late = await world.issued(line(quantity="30", promised_on="2026-03-25"))
    soon = await world.issued(line(item="other"), line(quantity="60", promised_on="2026-03-10"))
    found = await read(world, f"(01){BOX}(10)L-2231(17)280331(30)4", site="HAM-1")
    assert found.status_code == 200, found.text
    shown = found.json()
    assert (shown["item"], shown["unit"], shown["lot"], shown["expires_on"]) == (
        "M8-HEX-40",
        "XBX",
        "L-2231",
        "2028-03-31",
    )
    assert [(one["order_id"], one["open_quantity"]) for one in shown["lines"]] == [
        (soon["id"], "60"),
        (late["id"], "30"),
    ]
    first = shown["lines"][0]
    assert (first["order_number"], first["receive"]["line_number"]) == (soon["number"], 2)
    received = await world.receive(soon, first["receive"])
    assert received.status_code == 201, received.text
    [kept] = received.json()["lines"]
    assert (kept["quantity"], kept["stated_quantity"], kept["stated_unit"]) == ("48", "4", "XBX")
    assert [one["expires_on"] for one in kept["lots"]] == ["2028-03-31"]
    again = (await read(world, f"01{PIECE}10L-9\x1d17280331")).json()
    assert (again["unit"], again["lines"][0]["open_quantity"]) == ("C62", "12")
    assert again["lines"][0]["receive"]["quantity"] == "1"
    assert (await read(world, f"01{PIECE}", supplier_id=late["supplier_id"])).json()["lines"][0][
        "order_id"
    ] == late["id"]
    assert (await read(world, f"01{PIECE}", site="ELSEWHERE")).json()["lines"] == []


async def test_lines_of_which_nothing_is_to_come_now_are_not_offered(empty_world: World) -> None:
    world = empty_world
    await defined(world, "M8-HEX-40")
    done, held = await world.issued(), await world.issued()
    await world.brought_to(await world.order(await world.supplier()), "approved")
    assert (await world.receive(done, {"line_number": 1, "quantity": "10"})).status_code == 201
    hold = {"reason": "a new drawing", "stops_receipts": True}
    assert (await world.act(world.bea, held, "hold", hold)).status_code == 200
    assert (await read(world, f"01{PIECE}")).json()["lines"] == []


async def test_a_barcode_that_stands_on_nothing_known_is_read_all_the_same(world: World) -> None:
    shown = (await read(world, "(00)340123450000000017(02)00614141999996(37)5")).json()
    assert (shown["sscc"], shown["gtin"], shown["count"]) == ("340123450000000017", "00614141999996", "5")
    assert (shown["item"], shown["unit"], shown["lines"]) == (None, None, [])


async def test_a_package_that_a_supplier_announced_is_known_by_its_number_alone(world: World) -> None:
    order = await world.issued(line(), line())
    packages = [{"sscc": ANOTHER_SSCC, "contents": [advised(order, 2, "6")]}]
    shipment = await notified(world, advised(order, 1), advised(order, 2, "8"), packages=packages)
    shown = (await read(world, f"00{ANOTHER_SSCC}")).json()
    assert (shown["shipment_id"], shown["despatch_reference"]) == (
        shipment["id"],
        shipment["despatch_reference"],
    )
    [inside] = shown["lines"]
    assert (inside["order_id"], inside["receive"]["line_number"]) == (order["id"], 2)
    received = await world.receive(order, inside["receive"], shipment_id=shown["shipment_id"])
    assert received.status_code == 201, received.text
    assert received.json()["lines"][0]["quantity"] == "6"


async def test_a_wrong_check_digit_is_a_clear_refusal(world: World) -> None:
    refused = await read(world, f"01{PIECE}", "(00)340123450000000018")
    assert (refused.status_code, refused.json()["code"]) == (422, "barcode_invalid")
    [error] = refused.json()["errors"]
    assert (error["pointer"], error["detail"]) == (
        "/barcodes/1",
        "SSCC 340123450000000018 has a wrong check digit: it would be 7",
    )


async def test_suppliers_read_no_barcodes(world: World) -> None:
    nord = world.person("nord", Role.SUPPLIER, supplier_id=await world.supplier())
    answer = await nord.post("/v1/goods-receipts:read-barcode", json={"barcodes": [f"01{PIECE}"]})
    assert answer.status_code == 403
