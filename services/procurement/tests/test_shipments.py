"""What suppliers say that they have sent: taken, refused, moved, called back, and told of."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from purveyor_contract.roles import Role

from .conftest import SITE, World, arrived, line
from .test_policies import decide

SSCC, ANOTHER_SSCC = "340123450000000017", "340123450000000024"


def new_sscc() -> str:
    """Return a number that no package has had, with its check digit (GS1's modulo 10)."""
    digits = f"3{uuid4().int % 10**16:016d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return digits + str(-weighted % 10)


def advised(order: dict[str, Any], number: int = 1, quantity: str = "10", **more: Any) -> dict[str, Any]:
    """Return a line of an advice."""
    return {"order_id": order["id"], "line_number": number, "quantity": quantity, **more}


def advice(*lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return a despatch advice."""
    return {
        "despatch_reference": f"LS-{uuid4()}",
        "shipped_on": "2026-03-02",
        "expected_on": "2026-03-05",
        "lines": list(lines),
    } | header


def sue(world: World, order: dict[str, Any]) -> httpx.AsyncClient:
    """Return the client of the supplier of an order."""
    return world.person("sue", Role.SUPPLIER, supplier_id=UUID(order["supplier_id"]))


async def notify(
    world: World, *lines: dict[str, Any], by: httpx.AsyncClient | None = None, **header: Any
) -> httpx.Response:
    """Notify a shipment, as a buyer unless somebody else is named."""
    return await (by or world.bea).post("/v1/shipments", json=advice(*lines, **header))


async def notified(world: World, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Notify a shipment that is taken."""
    response = await notify(world, *lines, **header)
    assert response.status_code == 201, response.text
    shipment: dict[str, Any] = response.json()
    return shipment


async def move(
    world: World, shipment: dict[str, Any], action: str, by: httpx.AsyncClient | None = None, **body: Any
) -> httpx.Response:
    """Delay or cancel a shipment as it is now."""
    client = by or world.bea
    seen = (await client.get(f"/v1/shipments/{shipment['id']}")).headers["ETag"]
    return await client.post(
        f"/v1/shipments/{shipment['id']}:{action}",
        json={"reason": "the lorry broke down"} | body,
        headers={"If-Match": seen},
    )


async def under_way(world: World, order: dict[str, Any], number: int = 1) -> Decimal:
    """Return how much of a line is said to be on its way."""
    shown = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    return Decimal(shown["lines"][number - 1]["under_way_quantity"])


def refused(response: httpx.Response, code: str = "shipment_invalid") -> dict[str, str]:
    """Return what was wrong, by pointer."""
    assert response.json()["code"] == code, response.text
    return {error["pointer"]: error["detail"] for error in response.json()["errors"]}


async def test_a_supplier_notifies_what_it_sends_for_several_orders_with_packages_and_lots(
    world: World,
) -> None:
    supplier = await world.supplier()
    first = await world.issued(line(), line(quantity="5"), supplier_id=supplier)
    second = await world.issued(supplier_id=supplier)
    sscc = new_sscc()
    contents = [
        {"order_id": first["id"], "line_number": 1, "quantity": "4"},
        {"order_id": second["id"], "line_number": 1, "quantity": "3"},
    ]
    response = await notify(
        world,
        advised(first, 1, "6", lots=[{"lot": "A", "quantity": "4"}, {"lot": "B", "quantity": "2"}]),
        advised(first, 2, "2", serials=["SN-1", "SN-2"]),
        advised(second, 1, "3"),
        by=sue(world, first),
        packages=[{"sscc": sscc, "contents": contents}],
        carrier="Nordfracht",
        tracking="NF-1",
    )
    assert response.status_code == 201, response.text
    shown = response.json()
    assert (shown["status"], shown["site"], shown["first_expected_on"]) == ("notified", "HAM-1", "2026-03-05")
    assert "notified_by" not in shown
    assert response.headers["Location"] == f"/v1/shipments/{shown['id']}"
    assert [(of["order_id"], of["quantity"]) for of in shown["lines"]] == [
        (first["id"], "6"),
        (first["id"], "2"),
        (second["id"], "3"),
    ]
    assert [await under_way(world, first, 1), await under_way(world, first, 2)] == [6, 2]
    assert await under_way(world, second) == 3
    told = {}
    for order in (first, second):
        number, name, told[order["id"]] = (await world.events_of(order))[-1]
        assert (number, name) == (2, "ShipmentNotified")
    of_second = told[second["id"]]
    assert [of["quantity"] for of in of_second["lines"]] == ["3"]
    assert of_second["packages"] == [
        {"sscc": sscc, "contents": [{"line_number": 1, "schedule_number": None, "quantity": "3"}]}
    ]
    assert [lot["lot"] for lot in told[first["id"]]["lines"][0]["lots"]] == ["A", "B"]
    assert of_second["notified_by_supplier"] is True
    audited = "SELECT count(*) FROM audit_record WHERE entity = 'shipment' AND entity_id = $1"
    assert await world.value(audited, shown["id"]) == 1


async def test_no_more_is_announced_than_is_open_and_tolerated_over_all_that_is_under_way(
    empty_world: World,
) -> None:
    world = empty_world
    assert (await decide(world, "10")).status_code == 201
    order = await world.issued()
    assert (await world.receive(order, arrived(1, "2"))).status_code == 201
    await notified(world, advised(order, 1, "5"))
    problems = refused(await notify(world, advised(order, 1, "4.000001")))
    assert problems == {
        "/lines/0/quantity": "at most 4 C62 more: 10 ordered, 2 received, 5 under way, tolerance 10 %"
    }
    await notified(world, advised(order, 1, "4"))
    assert await under_way(world, order) == 9


async def test_of_two_advices_of_the_last_ten_pieces_at_once_one_is_taken(world: World) -> None:
    order = await world.issued()
    answers = await asyncio.gather(*(notify(world, advised(order)) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 5
    assert await under_way(world, order) == 10
    assert [name for _, name, _ in await world.events_of(order)] == ["POIssued", "ShipmentNotified"]


async def test_advices_over_the_same_orders_in_any_order_never_wait_in_a_circle(world: World) -> None:
    supplier = await world.supplier()
    orders = [await world.issued(line(quantity="100"), supplier_id=supplier) for _ in range(3)]
    answers = await asyncio.gather(
        *(
            notify(world, *(advised(orders[(start + step) % 3], 1, "1") for step in (0, way, 2 * way)))
            for start in range(3)
            for way in (1, 2)
        )
    )
    assert [answer.status_code for answer in answers] == [201] * 6
    assert [await under_way(world, order) for order in orders] == [6, 6, 6]


async def test_a_despatch_reference_is_used_once_by_a_supplier_in_whatever_case(world: World) -> None:
    order = await world.issued()
    first = await notified(world, advised(order, 1, "10"), despatch_reference="LS-once")
    again = await notify(world, advised(order, 1, "10"), despatch_reference="ls-ONCE")
    assert again.status_code == 409
    assert refused(again, "shipment_already_notified") == {
        "/despatch_reference": f"notified before, with {first['number']}"
    }
    assert again.json()["shipment_id"] == first["id"]
    other = await world.issued()
    await notified(world, advised(other), despatch_reference="LS-once")
    assert (await move(world, first, "cancel")).status_code == 200
    await notified(world, advised(order), despatch_reference="LS-once")


async def test_of_two_who_notify_one_reference_for_different_orders_at_once_one_does(world: World) -> None:
    supplier = await world.supplier()
    orders = [await world.issued(supplier_id=supplier) for _ in range(4)]
    answers = await asyncio.gather(
        *(notify(world, advised(order), despatch_reference="LS-at-once") for order in orders)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3


async def test_an_advice_over_two_suppliers_orders_is_refused(world: World) -> None:
    mine, another = await world.issued(), await world.issued()
    problems = refused(await notify(world, advised(mine), advised(another)))
    assert list(problems) == ["/lines/1/order_id"]
    assert "different suppliers" in problems["/lines/1/order_id"]
    of_supplier = await notify(world, advised(mine), advised(another), by=sue(world, mine))
    assert refused(of_supplier) == {"/lines/1/order_id": f"there is no order {another['id']}"}


async def test_an_advice_is_of_orders_to_one_site(world: World) -> None:
    await world.ada.put("/v1/sites/BRE-2", json=SITE | {"name": "Bremen"})
    supplier = await world.supplier()
    here = await world.issued(supplier_id=supplier)
    there = await world.brought_to(await world.order(supplier, site="BRE-2"), "issued")
    problems = refused(await notify(world, advised(here), advised(there)))
    assert list(problems) == ["/lines/1/order_id"]
    assert "BRE-2" in problems["/lines/1/order_id"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"quantity": "0"}, "/lines/0/quantity"),
        ({"quantity": "-1"}, "/lines/0/quantity"),
        ({"quantity": "1e30"}, "/lines/0/quantity"),
        ({"quantity": "1.0000001"}, "/lines/0/quantity"),
        ({"line_number": 7}, "/lines/0/line_number"),
        ({"order_id": str(uuid4())}, "/lines/0/order_id"),
        ({"unit": "KGM"}, "/lines/0/unit"),
        ({"schedule_number": 9}, "/lines/0/schedule_number"),
        ({"lots": [{"lot": "A", "quantity": "9"}]}, "/lines/0/lots"),
        ({"lots": [{"lot": "A", "quantity": "5"}, {"lot": "A", "quantity": "5"}]}, "/lines/0/lots/0/lot"),
        ({"serials": ["SN-1"]}, "/lines/0/serials"),
        ({"quantity": "2", "serials": ["SN-1", "SN-1"]}, "/lines/0/serials/0"),
    ],
)
async def test_what_a_line_cannot_say_is_named(world: World, changes: dict[str, Any], pointer: str) -> None:
    order = await world.issued()
    response = await notify(world, advised(order) | changes)
    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert await under_way(world, order) == 0


@pytest.mark.parametrize(
    ("header", "pointer"),
    [
        ({"shipped_on": "1900-01-01"}, "/shipped_on"),
        ({"expected_on": "9999-12-31"}, "/expected_on"),
        ({"expected_on": "2026-03-01"}, "/expected_on"),
        ({"shipped_on": "2027-07-15", "expected_on": "2099-01-01"}, "/shipped_on"),
        ({"shipped_on": "2026-03-01"}, "/shipped_on"),
        ({"packages": [{"sscc": "340123450000000018"}]}, "/packages/0/sscc"),
        ({"packages": [{"sscc": "34012345000000001"}]}, "/packages/0/sscc"),
        ({"packages": [{"sscc": SSCC}, {"sscc": SSCC}]}, "/packages/0/sscc"),
        ({"lines": []}, "/lines"),
    ],
)
async def test_what_an_advice_cannot_say_is_named(world: World, header: dict[str, Any], pointer: str) -> None:
    order = await world.issued()
    response = await notify(world, advised(order), **header)
    assert response.status_code == 422
    assert pointer in {error["pointer"] for error in response.json()["errors"]}


async def test_packages_hold_no_more_than_the_advice_says(world: World) -> None:
    order = await world.issued(line(), line())
    inside = {"order_id": order["id"], "line_number": 1, "quantity": "6"}
    packages = [
        {"sscc": SSCC, "contents": [inside]},
        {"sscc": ANOTHER_SSCC, "contents": [inside, inside | {"line_number": 2}]},
    ]
    assert refused(await notify(world, advised(order), packages=packages)) == {
        "/packages/1/contents/0/quantity": "12 are packed so far, and the line says 10",
        "/packages/1/contents/1/line_number": "the advice has no such line",
    }


async def test_a_line_is_named_once(world: World) -> None:
    order = await world.issued()
    problems = refused(await notify(world, advised(order, 1, "1"), advised(order, 1, "2")))
    assert set(problems) == {"/lines/0/line_number", "/lines/1/line_number"}


@pytest.mark.parametrize("reached", ["draft", "approved"])
async def test_nothing_is_sent_for_an_order_that_its_supplier_does_not_have(
    world: World, reached: str
) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), reached)
    problems = refused(await notify(world, advised(order)))
    assert f"is {reached}, and nothing of it is to come" in problems["/lines/0/order_id"]
    of_supplier = refused(await notify(world, advised(order), by=sue(world, order)))
    assert of_supplier == {"/lines/0/order_id": f"there is no order {order['id']}"}


async def test_what_is_stated_in_another_unit_of_the_item_counts_in_that_of_the_order(world: World) -> None:
    item = {
        "description": "Bolt",
        "category": "fasteners",
        "base_unit": "C62",
        "conversions": [
            {"unit": "XBX", "quantity": "1", "base_quantity": "12"},
            {"unit": "KGM", "quantity": "3", "base_quantity": "100"},
        ],
    }
    assert (await world.ada.put("/v1/items/BOLT-BOXED", json=item)).status_code in {200, 201}
    order = await world.issued(line(item="BOLT-BOXED", quantity="24"))
    lots = [{"lot": "A", "quantity": "0.5"}, {"lot": "B", "quantity": "1"}]
    shipment = await notified(world, advised(order, 1, "1.5", unit="XBX", lots=lots))
    (shown,) = shipment["lines"]
    assert (shown["quantity"], shown["unit"], shown["stated_quantity"], shown["stated_unit"]) == (
        "18",
        "C62",
        "1.5",
        "XBX",
    )
    assert [lot["quantity"] for lot in shown["lots"]] == ["6", "12"]
    problems = refused(await notify(world, advised(order, 1, "0.1", unit="KGM")))
    assert "no exact number of C62" in problems["/lines/0/unit"]


async def test_a_delay_keeps_what_was_said_first_and_tells_who_moved_the_day_and_why(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order), by=sue(world, order))
    by_supplier = await move(world, shipment, "delay", sue(world, order), expected_on="2026-03-07")
    assert by_supplier.status_code == 200, by_supplier.text
    secret, told = "they always are late", "your carrier called"
    of_ours = await move(
        world, shipment, "delay", expected_on="2026-03-09", reason=secret, reason_for_supplier=told
    )
    shown = of_ours.json()
    assert (shown["first_expected_on"], shown["expected_on"]) == ("2026-03-05", "2026-03-09")
    assert [(one["expected_before"], one["moved_by"], one["reason"]) for one in shown["delays"]] == [
        ("2026-03-05", "sue", "the lorry broke down"),
        ("2026-03-07", "bea", secret),
    ]
    seen = await sue(world, order).get(f"/v1/shipments/{shipment['id']}")
    assert [one["reason_for_supplier"] for one in seen.json()["delays"]] == ["the lorry broke down", told]
    assert secret not in seen.text
    events = [data for _, name, data in await world.events_of(order) if name == "ShipmentDelayed"]
    assert [(one["expected_before"], one["expected_on"], one["moved_by_supplier"]) for one in events] == [
        ("2026-03-05", "2026-03-07", True),
        ("2026-03-07", "2026-03-09", False),
    ]


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-01", "9999-12-31"])
async def test_a_day_that_a_shipment_cannot_be_moved_to_is_refused(world: World, day: str) -> None:
    order = await world.issued()
    response = await move(world, await notified(world, advised(order)), "delay", expected_on=day)
    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == ["/expected_on"]


async def test_what_is_called_back_is_under_way_no_more_and_may_be_announced_again(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    cancelled = await move(world, shipment, "cancel", sue(world, order))
    assert cancelled.status_code == 200, cancelled.text
    assert (cancelled.json()["status"], cancelled.json()["cancelled_by_supplier"]) == ("cancelled", True)
    assert await under_way(world, order) == 0
    _, name, data = (await world.events_of(order))[-1]
    assert (name, data["reason_for_supplier"], data["lines"][0]["quantity"]) == (
        "ShipmentCancelled",
        "the lorry broke down",
        "10",
    )
    again = await move(world, shipment, "cancel")
    assert (again.status_code, again.json()["code"], again.json()["allowed"]) == (409, "wrong_state", [])
    await notified(world, advised(order))


async def test_who_saw_another_version_moves_nothing(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    path, body = f"/v1/shipments/{shipment['id']}:cancel", {"reason": "a mistake"}
    assert (await world.bea.post(path, json=body)).status_code == 428
    assert (await world.bea.post(path, json=body, headers={"If-Match": '"7"'})).status_code == 412


async def test_another_suppliers_shipment_does_not_exist(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order))
    other = world.person("otto", Role.SUPPLIER, supplier_id=await world.supplier())
    path = f"/v1/shipments/{shipment['id']}"
    assert (await other.get(path)).json()["code"] == "shipment_not_found"
    answer = await other.post(f"{path}:cancel", json={"reason": "mischief"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (404, "shipment_not_found")
    assert (await other.get("/v1/shipments")).json()["items"] == []


async def test_a_cancelled_order_leaves_its_shipment_with_what_nobody_wants_any_more(world: World) -> None:
    order = await world.issued()
    shipment = await notified(world, advised(order, 1, "4"))
    assert (await world.act(world.bea, order, "cancel", {"reason": "no longer needed"})).status_code == 200
    shown = (await world.bea.get(f"/v1/shipments/{shipment['id']}")).json()
    assert (shown["status"], shown["lines"][0]["surplus_quantity"]) == ("notified", "4")
    assert (await move(world, shipment, "cancel", sue(world, order))).status_code == 200
    assert await under_way(world, order) == 0


async def test_a_list_finds_shipments_by_order_reference_package_and_day(world: World) -> None:
    supplier = await world.supplier()
    first = await world.issued(supplier_id=supplier)
    second = await world.issued(supplier_id=supplier)
    sscc = new_sscc()
    one = await notified(
        world, advised(first), despatch_reference=f"Find-{supplier}", packages=[{"sscc": sscc}]
    )
    other = await notified(world, advised(second), expected_on="2026-03-25")
    for query, expected in (
        (f"order_id={first['id']}", [one["id"]]),
        (f"despatch_reference=FIND-{supplier}", [one["id"]]),
        (f"sscc={sscc}", [one["id"]]),
        ("expected_from=2026-03-20", [other["id"]]),
        ("expected_to=2026-03-20&status=notified", [one["id"]]),
        ("site=HAM-1", [other["id"], one["id"]]),
        ("sort=expected_on", [one["id"], other["id"]]),
    ):
        answer = await world.bea.get(f"/v1/shipments?supplier_id={supplier}&{query}")
        assert [item["id"] for item in answer.json()["items"]] == expected, query
