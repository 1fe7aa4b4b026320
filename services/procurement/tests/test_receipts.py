"""Goods arrive: partly, in several deliveries, with rejects, never more than ordered."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from purveyor_contract.roles import Role

from .conftest import World, arrived, line


def pointers(response: httpx.Response) -> list[str]:
    return [error["pointer"] for error in response.json()["errors"]]


async def test_a_receipt_is_numbered_kept_and_told(world: World) -> None:
    order = await world.issued(line(), line())
    receipt = await world.receive(
        order,
        arrived(2, "10"),
        arrived(1, "4", rejected_quantity="1.5", rejection_reason="thread damaged"),
        despatch_reference="LS-88410",
        received_on="2026-03-02",
    )
    assert receipt.status_code == 201, receipt.text
    shown = receipt.json()
    assert shown["number"].startswith("GR-")
    assert shown["order_status"] == "partially_received"
    read = await world.rita.get(receipt.headers["Location"])
    assert read.json() == {
        name: value for name, value in shown.items() if name not in {"order_status", "warnings"}
    }
    listed = (await world.rita.get("/v1/goods-receipts", params={"order_id": order["id"]})).json()
    assert listed["items"] == [read.json()]
    _, name, event = (await world.events_of(order))[-1]
    assert (name, event["receipt_id"], event["received_by"]) == ("GoodsReceived", shown["id"], "rita")
    assert event["lines"][1] == {
        "line_number": 1,
        "quantity": "4",
        "rejected_quantity": "1.5",
        "rejection_reason": "thread damaged",
        "refused_for_good_quantity": "0",
        "rejection_kind": None,
        "cancelled_quantity": "0",
        "schedule_number": None,
        "lots": [],
        "serials": [],
        "rejected_serials": [],
    }


async def test_a_delivery_note_is_booked_once_for_an_order(world: World) -> None:
    order, other = await world.issued(line()), await world.issued(line())
    first = await world.receive(order, arrived(1, "2"), despatch_reference="LS-9")
    assert first.status_code == 201, first.text
    for written in ("LS-9", "ls-9", " LS-9 "):
        again = await world.receive(order, arrived(1, "2"), despatch_reference=written)
        assert (again.status_code, again.json()["code"]) == (409, "despatch_already_received")
        assert f"with {first.json()['number']} on 2026-03-02" in again.json()["detail"]
        assert again.json()["goods_receipt"] == first.json()["number"]
        assert pointers(again) == ["/despatch_reference"]
    assert (await world.receive(other, arrived(1, "2"), despatch_reference="LS-9")).status_code == 201
    assert (await world.receive(order, arrived(1, "2"), despatch_reference="LS-10")).status_code == 201
    for another in (False, True):
        assert (await world.receive(order, arrived(1, "1"), another_delivery=another)).status_code == 201
    numbers = "SELECT array_agg(sequence ORDER BY sequence) FROM outbox WHERE key = $1"
    assert await world.value(numbers, order["id"]) == [1, 2, 3, 4, 5]
    received = "SELECT received_quantity FROM purchase_order_line WHERE order_id = $1"
    assert await world.value(received, UUID(order["id"])) == 6


async def test_a_receipt_that_is_sent_again_books_nothing_twice_without_any_key(world: World) -> None:
    order = await world.issued(line(quantity="99"), line(quantity="99"))
    first = await world.receive(order, arrived(1, "2"), arrived(2, "3"))
    assert first.status_code == 201, first.text
    again = await world.receive(order, arrived(2, "3.0"), arrived(1, "2"))
    assert (again.status_code, again.json()["code"]) == (409, "already_received")
    assert f"exactly this with {first.json()['number']} on 2026-03-02" in again.json()["detail"]
    assert again.json()["goods_receipt"] == first.json()["number"]
    assert pointers(again) == ["/lines"]
    for lines, header in (
        ([arrived(1, "2")], {}),
        ([arrived(1, "1"), arrived(2, "3")], {}),
        ([arrived(1, "2"), arrived(2, "3")], {"despatch_reference": "LS-1"}),
        ([arrived(1, "2"), arrived(2, "3")], {"another_delivery": True}),
    ):
        other = await world.receive(order, *lines, **header)
        assert other.status_code == 201, other.text
    sums = "SELECT sum(received_quantity) FROM purchase_order_line WHERE order_id = $1"
    assert await world.value(sums, UUID(order["id"])) == 5 + 2 + 4 + 5 + 5


@pytest.mark.parametrize(
    ("header", "code"),
    [({}, "already_received"), ({"despatch_reference": "LS-9"}, "despatch_already_received")],
)
@pytest.mark.parametrize("came", ["10", "6"])
async def test_a_receipt_that_is_sent_again_is_told_of_the_first_whatever_the_order_takes_now(
    world: World, header: dict[str, Any], code: str, came: str
) -> None:
    order = await world.issued(line(quantity="10"))
    first = await world.receive(order, arrived(1, came), **header)
    assert first.json()["order_status"] == ("closed" if came == "10" else "partially_received")
    again = await world.receive(order, arrived(1, came), **header)
    assert (again.status_code, again.json()["code"]) == (409, code)
    assert again.json()["goods_receipt"] == first.json()["number"]
    other = await world.receive(order, arrived(1, came), another_delivery=True, **header)
    assert other.json()["code"] == ("wrong_state" if came == "10" else "receipt_invalid")
    other = await world.receive(order, arrived(1, "9"), despatch_reference="LS-10")
    assert other.json()["code"] == ("wrong_state" if came == "10" else "receipt_invalid")


async def test_of_six_who_receive_the_same_at_once_one_does(world: World) -> None:
    order = await world.issued(line())
    answers = await asyncio.gather(*(world.receive(order, arrived(1, "1")) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_other_goods_under_the_same_delivery_note_are_received_when_that_is_said(world: World) -> None:
    order = await world.issued(line())
    await world.receive(order, arrived(1, "2"), despatch_reference="LS-9")
    again = await world.receive(order, arrived(1, "2"), despatch_reference="LS-9", another_delivery=True)
    assert again.status_code == 201, again.text
    said = "SELECT after->>'another_delivery' FROM audit_record WHERE entity_id = $1"
    assert await world.value(said, again.json()["id"]) == "true"


@pytest.mark.parametrize(
    ("lines", "header", "pointer"),
    [
        ([], {}, "/lines"),
        ([arrived(1, "0")], {}, "/lines/0/quantity"),
        ([arrived(1, "-1")], {}, "/lines/0/quantity"),
        ([arrived(1, "NaN")], {}, "/lines/0/quantity"),
        ([arrived(1, "1e30")], {}, "/lines/0/quantity"),
        ([arrived(1, "0.0000001")], {}, "/lines/0/quantity"),
        ([arrived(1, "1", rejected_quantity="0.0000001")], {}, "/lines/0/rejected_quantity"),
        ([arrived(1, "1", unit="XBX")], {}, "/lines/0/unit"),
        ([arrived(1, "1", schedule_number=0)], {}, "/lines/0/schedule_number"),
        ([arrived(1, "1", lots=[{"lot": "L", "quantity": "2"}])], {}, "/lines/0/lots"),
        ([arrived(1, "1", serials=["S", "T"])], {}, "/lines/0/serials"),
        ([arrived()], {"received_on": "9999-01-01"}, "/received_on"),
        ([arrived()], {"received_on": "1900-01-01"}, "/received_on"),
        ([arrived(1, "10.000001")], {}, "/lines/0/quantity"),
        ([arrived(2)], {}, "/lines/0/line_number"),
        ([arrived(1, "4"), arrived(1, "4")], {}, "/lines/1/line_number"),
        ([arrived(1, "4", rejected_quantity="5", rejection_reason="bent")], {}, "/lines/0/rejected_quantity"),
        ([arrived(1, "4", rejected_quantity="-1")], {}, "/lines/0/rejected_quantity"),
        ([arrived(1, "4", rejected_quantity="1")], {}, "/lines/0/rejection_reason"),
        ([arrived(1, "4", rejection_reason="bent")], {}, "/lines/0/rejection_reason"),
        ([arrived()], {"received_on": "2026-03-03"}, "/received_on"),
        ([arrived()], {"received_on": "2026-03-01"}, "/received_on"),
        ([arrived()], {"despatch_reference": "a\nb"}, "/despatch_reference"),
    ],
)
async def test_what_cannot_have_arrived_is_refused_by_field_and_leaves_nothing(
    world: World, lines: list[dict[str, Any]], header: dict[str, Any], pointer: str
) -> None:
    order = await world.issued()
    response = await world.receive(order, *lines, **header)
    assert response.status_code == 422, response.text
    assert pointer in pointers(response)
    assert len(await world.events_of(order)) == 1
    assert await world.version_of(order["id"]) == 4


async def test_several_deliveries_add_up_to_what_was_ordered_and_not_more(world: World) -> None:
    order = await world.issued()
    assert (await world.receive(order, arrived(1, "9.999999"))).status_code == 201
    too_much = await world.receive(order, arrived(1, "0.000002"))
    assert (too_much.status_code, pointers(too_much)) == (422, ["/lines/0/quantity"])
    assert "at most 0.000001 more" in too_much.json()["errors"][0]["detail"]
    last = await world.receive(order, arrived(1, "0.000001"))
    assert last.json()["order_status"] == "closed"
    assert (await world.receive(order, arrived(1, "1"))).status_code == 409


RUSTY = {"rejected_quantity": "4", "rejection_reason": "rust"}


async def test_rejected_goods_are_owed_again_and_their_replacement_is_received_on_the_same_line(
    world: World,
) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "10", **RUSTY))
    assert receipt.json()["order_status"] == "partially_received"
    assert receipt.json()["lines"][0]["rejected_is"] == "owed_again"
    read = await world.rita.get(receipt.headers["Location"])
    assert read.json()["lines"] == receipt.json()["lines"]
    shown = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()["lines"][0]
    assert (shown["accepted_quantity"], shown["open_quantity"], shown["closed_as"]) == ("6", "4", None)
    too_much = await world.receive(order, arrived(1, "5"))
    assert (too_much.status_code, too_much.json()["errors"][0]["detail"]) == (
        422,
        "at most 4 more: 10 ordered, 10 received (4 of it rejected and owed again), tolerance 0 % "
        "(policy over-receipt, version 0)",
    )
    replaced = await world.receive(order, arrived(1, "4"))
    assert replaced.status_code == 201, replaced.text
    assert replaced.json()["order_status"] == "closed"
    shown = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()["lines"][0]
    assert (shown["received_quantity"], shown["accepted_quantity"], shown["received_percent"]) == (
        "14",
        "10",
        "100.00",
    )


async def test_a_replacement_that_is_rejected_is_owed_once_more(world: World) -> None:
    order = await world.issued()
    await world.receive(order, arrived(1, "10", **RUSTY))
    again = await world.receive(order, arrived(1, "4", **RUSTY), another_delivery=True)
    assert again.json()["order_status"] == "partially_received"
    assert (await world.receive(order, arrived(1, "4"))).json()["order_status"] == "closed"


async def test_rejected_goods_end_the_line_where_their_receipt_says_so(world: World) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "10", **RUSTY, rejected_is="ends"))
    assert receipt.json()["order_status"] == "closed"
    assert receipt.json()["lines"][0]["rejected_is"] == "ends"
    _, _, event = (await world.events_of(order))[-2]
    assert event["lines"][0]["refused_for_good_quantity"] == "4"
    assert (await world.receive(order, arrived(1, "4"))).status_code == 409


async def test_nothing_becomes_of_rejected_goods_where_none_are(world: World) -> None:
    refused = await world.receive(await world.issued(), arrived(1, "10", rejected_is="ends"))
    assert (refused.status_code, pointers(refused)) == (422, ["/lines/0/rejected_is"])


@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
async def test_nothing_arrives_for_an_order_that_was_not_issued(world: World, status: str) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), status)
    response = await world.receive(order, arrived())
    assert (response.status_code, response.json()["allowed"]) == (409, order["allowed_actions"])


async def test_nothing_arrives_for_an_order_that_does_not_exist(world: World) -> None:
    assert (await world.receive({"id": str(uuid4())}, arrived())).status_code == 404
    assert (await world.rita.get(f"/v1/goods-receipts/{uuid4()}")).status_code == 404


async def test_who_created_or_issued_an_order_does_not_receive_its_goods(world: World) -> None:
    order = await world.issued()
    for name in ("robin", "bea"):
        response = await world.receive(order, arrived(), by=world.person(name, Role.RECEIVER))
        assert (response.status_code, response.json()["code"]) == (403, "segregation_of_duties")


async def test_receiving_is_for_receivers(world: World) -> None:
    order = await world.issued()
    for role in set(Role) - {Role.RECEIVER}:
        person = world.person("pat", role, scopes=["procurement:receipts:write"])
        assert (await world.receive(order, arrived(), by=person)).status_code == 403


async def test_a_supplier_sees_receipts_of_its_own_goods_only(world: World) -> None:
    order = await world.issued()
    receipt = (await world.receive(order, arrived())).json()
    nord = world.person("nord", Role.SUPPLIER, supplier_id=order["supplier_id"])
    other = world.person("other", Role.SUPPLIER, supplier_id=await world.supplier())
    assert (await nord.get(f"/v1/goods-receipts/{receipt['id']}")).status_code == 200
    assert (await other.get(f"/v1/goods-receipts/{receipt['id']}")).status_code == 404
    assert (await other.get("/v1/goods-receipts")).json()["items"] == []


async def test_the_order_closes_on_the_business_day_of_its_last_goods(world: World) -> None:
    order = await world.brought_to(
        await world.order(await world.supplier(), ordered_on="2026-02-20"), "issued"
    )
    await world.receive(order, arrived(1, "4"), received_on="2026-02-27")
    await world.receive(order, arrived(1, "6"), received_on="2026-02-24")
    assert (await world.events_of(order))[-1][2]["closed_on"] == "2026-02-27"
