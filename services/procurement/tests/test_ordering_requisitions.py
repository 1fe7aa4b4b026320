"""Requested lines become orders: never more than was approved, and open again when it is called off."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from purveyor_contract.roles import Role

from .amending import bring, draft, kept, read, stated
from .conftest import World, arrived, line
from .test_requisitions import approved, does, need, now

ORDER = "/v1/requisitions:order"


def wanted(requisition: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    """Return a line of a requisition as a buyer names it."""
    return {"requisition_id": requisition["id"], "line_number": number} | more


async def order(world: World, *lines: dict[str, Any]) -> httpx.Response:
    """Order requested lines as bea."""
    return await world.bea.post(ORDER, json={"lines": list(lines)})


async def ordered(world: World, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await order(world, *lines)
    assert answer.status_code == 201, answer.text
    found: list[dict[str, Any]] = answer.json()["orders"]
    return found


async def counts(world: World, requisition: dict[str, Any], number: int = 1) -> tuple[str, ...]:
    """Return where a requisition stands, and what of a line is ordered, open and delivered."""
    shown = await now(world, requisition)
    of = shown["lines"][number - 1]
    return (shown["status"], *(of[f"{name}_quantity"] for name in ("ordered", "open", "delivered")))


async def test_lines_of_several_requisitions_become_one_order_a_supplier(world: World) -> None:
    nord, sued = str(await world.supplier()), str(await world.supplier())
    shares = [{"cost_centre": "4711", "share": "40"}, {"cost_centre": "4712", "share": "60"}]
    first = await approved(world, need(supplier_id=nord), need(supplier_id=sued, assignments=shares))
    rosa = await world.person("rosa", Role.REQUESTER).post(
        f"/v1/requisitions/{first['id']}:copy", json={"need_by": "2026-03-25"}
    )
    second = rosa.json()
    for action, by in (("submit", world.person("rosa", Role.REQUESTER)), ("approve", world.alex)):
        assert (await does(world, second, action, by)).status_code == 200
    orders = await ordered(
        world,
        wanted(first),
        wanted(second, quantity="4", price="2.40"),
        wanted(first, 2, price="240", price_base_quantity="100"),
    )
    assert [one["supplier_id"] for one in orders] == [nord, sued]
    one, other = orders
    assert (one["total"]["amount"], one["site"], one["cost_centre"], one["from_requisitions"]) == (
        "34.60",
        "HAM-1",
        "4711",
        True,
    )
    assert (other["total"]["amount"], other["cost_centre"]) == ("24.00", "4712")
    assert [of["item"] for of in one["lines"]] == [f"{first['number']}-1", f"{second['number']}-1"]
    assert await counts(world, first) == ("ordered", "10", "0", "0")
    assert await counts(world, second) == ("approved", "4", "6", "0")
    shown = (await world.bea.get(f"/v1/purchase-orders/{one['id']}/requisition-lines")).json()["items"]
    assert [(of["requisition_number"], of["line_number"], of["quantity"]) for of in shown] == [
        (first["number"], 1, "10"),
        (second["number"], 1, "4"),
    ]
    [held] = (await now(world, second))["lines"][0]["orders"]
    assert (held["order_number"], held["order_line_number"], held["quantity"]) == (one["number"], 2, "4")
    _, name, told = (await world.events_of(first))[-2]
    assert (name, told["order_number"], told["lines"][0]["open_quantity"]) == (
        "RequisitionOrdered",
        one["number"],
        "0",
    )
    assert (await world.act(world.robin, one, "submit")).status_code == 200
    mallory = world.person("rosa", Role.APPROVER)
    refused = await world.act(mallory, one, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties"), "she wrote some"


async def test_a_line_goes_to_several_orders_and_never_above_what_was_approved(world: World) -> None:
    supplier = str(await world.supplier())
    requisition = await approved(world, need(supplier_id=supplier))
    for quantity in ("3", "4"):
        await ordered(world, wanted(requisition, quantity=quantity))
    refused = await order(world, wanted(requisition, quantity="3.000001"))
    assert (refused.status_code, refused.json()["code"]) == (422, "requisition_exceeded")
    assert refused.json()["errors"] == [
        {"pointer": "/lines/0/quantity", "detail": "at most 3 more: 7 of it is ordered"}
    ]
    twice = await order(world, wanted(requisition, quantity="2"), wanted(requisition, quantity="2"))
    assert [one["pointer"] for one in twice.json()["errors"]] == ["/lines/1/quantity"]
    assert await counts(world, requisition) == ("approved", "7", "3", "0")
    await ordered(world, wanted(requisition))
    refused = await order(world, wanted(requisition))
    assert refused.json()["errors"] == [{"pointer": "/lines/0/quantity", "detail": "nothing of it is open"}]
    refused = await order(world, wanted(requisition, quantity="1"))
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    with pytest.raises(asyncpg.CheckViolationError, match="ordered"):
        await world.value(
            "UPDATE requisition_line SET ordered_quantity = 11 WHERE requisition_id = $1",
            UUID(requisition["id"]),
        )


async def test_of_buyers_who_want_the_last_of_a_line_at_once_one_gets_it(world: World) -> None:
    supplier = str(await world.supplier())
    requisition = await approved(world, need(supplier_id=supplier))
    answers = await asyncio.gather(*(order(world, wanted(requisition, quantity="6")) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert await counts(world, requisition) == ("approved", "6", "4", "0")


async def test_what_is_not_approved_or_has_no_supplier_is_not_ordered(world: World) -> None:
    requisition = await approved(world, need(), need())
    refused = await order(world, wanted(requisition))
    assert refused.json()["errors"][0]["pointer"] == "/lines/0/supplier_id"
    supplier = str(await world.supplier())
    await does(world, requisition, "lines/1:cancel", world.robin)
    refused = await order(
        world,
        wanted(requisition, 2, supplier_id=supplier),
        wanted(requisition, quantity="1", supplier_id=supplier),
    )
    assert refused.json()["errors"] == [
        {"pointer": "/lines/1/quantity", "detail": "it is cancelled, and what is approved is ordered"}
    ]
    late = await order(world, wanted(requisition, 2, supplier_id=supplier, promised_on="2026-03-01"))
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/lines/0/promised_on")
    for missing, code in (
        (wanted({"id": str(uuid4())}, supplier_id=supplier), "requisition_not_found"),
        (wanted(requisition, 9, supplier_id=supplier), "requisition_line_not_found"),
    ):
        answer = await order(world, missing)
        assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert await counts(world, requisition, 2) == ("approved", "0", "10", "0")


async def test_what_is_called_off_of_an_order_is_open_again(world: World) -> None:
    supplier = str(await world.supplier())
    requisition = await approved(world, need(supplier_id=supplier))
    [first] = await ordered(world, wanted(requisition))
    assert (await world.act(world.bea, first, "cancel", {"reason": "too dear"})).status_code == 200
    assert await counts(world, requisition) == ("approved", "0", "10", "0")
    _, name, told = (await world.events_of(requisition))[-1]
    assert (name, told["lines"][0]["quantity"], told["lines"][0]["open_quantity"]) == (
        "RequisitionOrdered",
        "0",
        "10",
    )
    [second] = await ordered(world, wanted(requisition))
    second = await world.brought_to(second, "issued")
    await world.receive(second, arrived(1, "4"))
    assert await counts(world, requisition) == ("ordered", "10", "0", "4")
    path = f"/v1/purchase-orders/{second['id']}/lines/1"
    seen = f'"{await world.version_of(second["id"])}"'
    closed = await world.bea.post(
        f"{path}:close-short", json={"reason": "enough"}, headers={"If-Match": seen}
    )
    assert closed.status_code == 200, closed.text
    assert await counts(world, requisition) == ("approved", "4", "6", "4")
    await ordered(world, wanted(requisition, quantity="5"))
    seen = f'"{await world.version_of(second["id"])}"'
    refused = await world.bea.post(f"{path}:reopen", json={"reason": "needed"}, headers={"If-Match": seen})
    assert (refused.status_code, refused.json()["code"]) == (422, "requisition_exceeded")
    short = await does(world, requisition, "lines/1:close-short", world.robin, "that will do")
    assert short.status_code == 200, short.text
    assert await counts(world, requisition) == ("ordered", "9", "0", "4")


async def test_a_need_is_closed_when_all_of_it_came_and_open_again_when_it_did_not_after_all(
    world: World,
) -> None:
    supplier = str(await world.supplier())
    requisition = await approved(world, need(supplier_id=supplier))
    [one] = await ordered(world, wanted(requisition))
    one = await world.brought_to(one, "issued")
    receipt = (await world.receive(one, arrived(1, "10"))).json()
    assert await counts(world, requisition) == ("closed", "10", "0", "10")
    assert (await now(world, requisition))["lines"][0]["fulfilled"] is True
    taken = await world.rita.post(
        f"/v1/goods-receipts/{receipt['id']}:reverse", json={"reason": "of another order"}
    )
    assert taken.status_code == 200, taken.text
    assert await counts(world, requisition) == ("ordered", "10", "0", "0")


async def test_a_draft_and_an_amendment_stay_within_what_was_requested(world: World) -> None:
    supplier = await world.supplier()
    requisition = await approved(world, need(supplier_id=str(supplier)), need(supplier_id=str(supplier)))
    [one] = await ordered(world, wanted(requisition, quantity="4"))
    item = one["lines"][0]["item"]
    path = f"/v1/purchase-orders/{one['id']}"

    async def put(**changes: Any) -> httpx.Response:
        body = {
            name: one[name] for name in ("supplier_id", "currency", "site", "business_unit", "cost_centre")
        }
        body |= {"lines": [line(item=item, quantity="4") | changes]}
        seen = f'"{await world.version_of(one["id"])}"'
        return await world.bea.put(path, json=body, headers={"If-Match": seen})

    refused = await put(category="gold")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_as_requested")
    assert (await put(quantity="11")).json()["code"] == "requisition_exceeded"
    assert await counts(world, requisition) == ("approved", "4", "6", "0")
    assert (await put(quantity="6")).status_code == 200
    assert await counts(world, requisition) == ("approved", "6", "4", "0")
    assert (await put(line_number=2)).status_code == 200
    assert await counts(world, requisition) == ("approved", "0", "10", "0")
    assert (await put(quantity="6")).status_code == 200
    await world.brought_to(await read(world, one), "issued")
    current = await read(world, one)
    amendment = (await draft(world, current, stated(current, kept(current, 1, quantity="10.5")))).json()
    refused = await bring(world, amendment, "issue")
    assert (refused.status_code, refused.json()["code"]) == (422, "requisition_exceeded")
    assert await counts(world, requisition) == ("approved", "6", "4", "0")
