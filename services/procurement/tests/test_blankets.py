"""Blanket orders and call-offs: never more than was agreed, none after the end or when held."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from purveyor_contract.roles import Role

from .amending import act, bring, draft, kept, read, stated
from .conftest import World, arrived, line

BLANKETS = "/v1/blanket-orders"


def agreed(supplier_id: UUID, **changes: Any) -> dict[str, Any]:
    """Return what is agreed of 100 pieces at 2.50."""
    of_line = {name: value for name, value in line(quantity="100").items() if name != "promised_on"}
    return {
        "supplier_id": str(supplier_id),
        "currency": "EUR",
        "business_unit": "drives",
        "valid_from": "2026-03-01",
        "valid_to": "2026-03-31",
        "lines": [of_line | {"line_number": 1}, of_line | {"line_number": 2, "item": "M10"}],
    } | changes


async def now(world: World, blanket: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = (await world.bea.get(f"{BLANKETS}/{blanket['id']}")).json()
    return shown


async def does(
    world: World, blanket: dict[str, Any], action: str, by: httpx.AsyncClient, reason: str | None = None
) -> httpx.Response:
    """Do something to a blanket order as it is now."""
    path = f"{BLANKETS}/{blanket['id']}"
    seen = (await world.bea.get(path)).headers["ETag"]
    body = {"reason": reason} if reason else None
    return await by.post(f"{path}:{action}", json=body, headers={"If-Match": seen})


async def approved(world: World, **changes: Any) -> dict[str, Any]:
    """Agree on a blanket order."""
    created = await world.bea.post(BLANKETS, json=agreed(await world.supplier(), **changes))
    assert created.status_code == 201, created.text
    blanket: dict[str, Any] = created.json()
    for action, by in (("submit", world.bea), ("approve", world.alex)):
        answer = await does(world, blanket, action, by)
        assert answer.status_code == 200, answer.text
    return await now(world, blanket)


async def call_off(
    world: World, blanket: dict[str, Any], quantity: str, number: int = 1, **more: Any
) -> httpx.Response:
    """Call off as robin."""
    lines = [{"line_number": number, "quantity": quantity, "promised_on": "2026-03-20"}]
    body = {"site": "HAM-1", "cost_centre": "4711", "lines": lines} | more
    return await world.robin.post(f"{BLANKETS}/{blanket['id']}/call-offs", json=body)


async def remaining(world: World, blanket: dict[str, Any]) -> list[str]:
    return [one["remaining_quantity"] for one in (await now(world, blanket))["lines"]]


async def test_a_call_off_is_an_order_at_the_agreed_prices_and_takes_what_it_wants(world: World) -> None:
    blanket = await approved(world, value="400")
    assert (blanket["number"][:3], blanket["status"], blanket["remaining_value"]) == (
        "BO-",
        "approved",
        "400.00",
    )
    answer = await call_off(world, blanket, "30")
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert (order["blanket_order_id"], order["supplier_id"]) == (blanket["id"], blanket["supplier_id"])
    assert (order["total"]["amount"], order["lines"][0]["item"]) == ("75.00", "M8-HEX-40")
    assert await remaining(world, blanket) == ["70", "100"]
    assert (await now(world, blanket))["remaining_value"] == "325.00"
    issued = await world.brought_to(order, "issued")
    assert issued["status"] == "issued"
    assert (await world.receive(order, arrived(1, "30"))).json()["order_status"] == "closed"
    assert await remaining(world, blanket) == ["70", "100"]


async def test_no_more_is_called_off_than_agreed_with_the_tolerance(world: World) -> None:
    blanket = await approved(world, tolerance="5")
    assert (await call_off(world, blanket, "100")).status_code == 201
    refused = await call_off(world, blanket, "5.000001")
    assert (refused.status_code, refused.json()["code"]) == (422, "blanket_order_exceeded")
    assert refused.json()["errors"][0]["detail"] == "at most 5 more"
    assert (await call_off(world, blanket, "5")).status_code == 201
    assert (await call_off(world, blanket, "1", number=7)).status_code == 422


async def test_no_more_is_called_off_than_the_agreed_value(world: World) -> None:
    blanket = await approved(world, value="100")
    refused = await call_off(world, blanket, "41")
    assert refused.json()["errors"][0]["detail"] == "at most 100 more in value"
    assert (await call_off(world, blanket, "40")).status_code == 201


async def test_agreed_value_is_counted_as_the_orders_that_call_it_off_cost(world: World) -> None:
    """Ten call-offs of one piece at half a yen are ten yen, not five."""
    of_line = agreed(UUID(int=0))["lines"][0]
    for currency, price, value, costs in (("JPY", "0.5", "5", "1"), ("EUR", "1.005", "5.05", "1.01")):
        blanket = await approved(world, currency=currency, value=value, lines=[of_line | {"price": price}])
        orders = [(await call_off(world, blanket, "1")).json() for _ in range(5)]
        assert {order["total"]["amount"] for order in orders} == {costs}
        assert float((await now(world, blanket))["remaining_value"]) == 0
        refused = await call_off(world, blanket, "1")
        assert (refused.status_code, refused.json()["code"]) == (422, "blanket_order_exceeded")
        await world.act(world.robin, orders[0], "cancel", {"reason": "not needed"})
        assert (await now(world, blanket))["remaining_value"] == costs
        assert (await call_off(world, blanket, "1")).status_code == 201


async def test_of_two_buyers_who_call_off_the_last_ten_one_gets_them(world: World) -> None:
    blanket = await approved(world)
    assert (await call_off(world, blanket, "90")).status_code == 201
    answers = await asyncio.gather(*(call_off(world, blanket, "10") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert await remaining(world, blanket) == ["0", "100"]


async def test_nothing_is_called_off_before_it_begins_after_its_end_or_when_it_is_held(world: World) -> None:
    """erpnext#34279, #45262: orders were made against blankets that had ended."""
    for days in (("2026-02-01", "2026-03-01"), ("2026-03-03", "2026-03-31")):
        blanket = await approved(world, valid_from=days[0], valid_to=days[1])
        refused = await call_off(world, blanket, "1")
        assert (refused.status_code, refused.json()["code"]) == (409, "blanket_order_not_valid")
    blanket = await approved(world)
    order = (await call_off(world, blanket, "1")).json()
    await does(world, blanket, "hold", world.bea, "prices are being negotiated")
    assert (await call_off(world, blanket, "1")).json()["code"] == "on_hold"
    await world.brought_to(order, "approved")
    assert (await world.act(world.bea, order, "issue")).json()["code"] == "on_hold"
    await does(world, blanket, "release", world.bea, "agreed")
    assert (await world.act(world.bea, order, "issue")).status_code == 200
    await does(world, blanket, "close", world.bea, "another was agreed")
    assert (await call_off(world, blanket, "1")).json()["code"] == "wrong_state"


async def test_what_is_called_off_of_a_call_off_comes_back(world: World) -> None:
    blanket = await approved(world)
    order = (await call_off(world, blanket, "30")).json()
    await world.act(world.robin, order, "cancel", {"reason": "not needed"})
    assert await remaining(world, blanket) == ["100", "100"]
    order = await world.brought_to((await call_off(world, blanket, "30")).json(), "issued")
    await world.receive(order, arrived(1, "10"))
    seen = await world.version_of(order["id"])
    path = f"/v1/purchase-orders/{order['id']}/lines/1"
    closed = await world.bea.post(
        f"{path}:close-short", json={"reason": "enough"}, headers={"If-Match": f'"{seen}"'}
    )
    assert closed.status_code == 200, closed.text
    assert await remaining(world, blanket) == ["90", "100"]
    assert (await call_off(world, blanket, "90")).status_code == 201
    seen = await world.version_of(order["id"])
    reopened = await world.bea.post(
        f"{path}:reopen", json={"reason": "needed"}, headers={"If-Match": f'"{seen}"'}
    )
    assert (reopened.status_code, reopened.json()["code"]) == (422, "blanket_order_exceeded")


async def test_a_call_off_of_which_nothing_came_after_all_is_cancelled(world: World) -> None:
    blanket = await approved(world)
    order = await world.brought_to((await call_off(world, blanket, "30")).json(), "issued")
    receipt = (await world.receive(order, arrived(1, "10"))).json()
    closed = await world.bea.post(
        f"/v1/purchase-orders/{order['id']}/lines/1:close-short",
        json={"reason": "enough"},
        headers={"If-Match": f'"{await world.version_of(order["id"])}"'},
    )
    assert closed.json()["status"] == "closed"
    reason = {"reason": "it was of another order", "reason_for_supplier": "counted wrongly"}
    taken = await world.rita.post(f"/v1/goods-receipts/{receipt['id']}:reverse", json=reason)
    assert (taken.status_code, taken.json()["order_status"]) == (200, "cancelled"), taken.text
    shown = await read(world, order)
    [one] = shown["lines"]
    assert (one["closed_as"], one["cancelled_quantity"], shown["closed_on"]) == ("cancelled", "30", None)
    assert (shown["cancelled_by"], shown["cancellation_reason"]) == ("rita", "it was of another order")
    assert await remaining(world, blanket) == ["100", "100"]
    (_, before, _), (_, last, told) = (await world.events_of(order))[-2:]
    assert (before, last, told["reason_for_supplier"]) == (
        "GoodsReceiptReversed",
        "POCancelled",
        "counted wrongly",
    )


async def test_an_amended_call_off_stays_within_what_was_agreed(world: World) -> None:
    blanket = await approved(world)
    order = await world.brought_to((await call_off(world, blanket, "30")).json(), "issued")
    order = await read(world, order)
    for changes, pointer in (
        ({"price": "2"}, "price"),
        ({"item": "M12"}, "item"),
        ({"description": "Gold bar"}, "description"),
    ):
        refused = await draft(world, order, stated(order, kept(order, 1, **changes)))
        assert (refused.status_code, refused.json()["code"]) == (422, "not_as_agreed")
        assert refused.json()["errors"][0]["pointer"] == f"/lines/0/{pointer}"
    amendment = (await draft(world, order, stated(order, kept(order, 1, quantity="101")))).json()
    refused = await bring(world, amendment, "issue")
    assert (refused.status_code, refused.json()["code"]) == (422, "blanket_order_exceeded")
    assert (await act(world, amendment, "withdraw", world.bea, {"reason": "too many"})).status_code == 200
    amendment = (await draft(world, order, stated(order, kept(order, 1, quantity="40")))).json()
    assert (await bring(world, amendment, "issue")).status_code == 200
    assert await remaining(world, blanket) == ["60", "100"]


async def test_nothing_is_put_on_a_call_off_beside_the_agreed_prices(world: World) -> None:
    blanket = await approved(world, value="100")
    order = await world.brought_to((await call_off(world, blanket, "20")).json(), "issued")
    order = await read(world, order)
    charge = [{"reason": "tooling", "amount": "900"}]
    for of_line, of_order, at in (
        ({"charges": charge}, {}, "/lines/0/charges"),
        ({}, {"charges": charge}, "/charges"),
    ):
        refused = await draft(world, order, stated(order, kept(order, 1, **of_line), **of_order))
        assert (refused.status_code, refused.json()["code"]) == (422, "not_as_agreed")
        assert refused.json()["errors"] == [{"pointer": at, "detail": "no charge was agreed"}]
    less = [{"reason": "for paper", "amount": "1"}]
    amendment = await draft(world, order, stated(order, kept(order, 1, allowances=less)))
    assert (await bring(world, amendment.json(), "issue")).status_code == 200


async def test_a_draft_that_calls_off_is_not_rewritten(world: World) -> None:
    blanket = await approved(world)
    order = (await call_off(world, blanket, "30")).json()
    body = {name: order[name] for name in ("supplier_id", "currency", "site", "business_unit", "cost_centre")}
    refused = await world.robin.put(
        f"/v1/purchase-orders/{order['id']}",
        json=body | {"lines": [kept(order, 1, price="1")]},
        headers={"If-Match": '"1"'},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "call_off")


async def test_who_wrote_a_blanket_order_does_not_approve_it(world: World) -> None:
    supplier = await world.supplier()
    bea = world.person("bea", Role.BUYER, Role.APPROVER)
    blanket = (await bea.post(BLANKETS, json=agreed(supplier))).json()
    await does(world, blanket, "submit", world.person("mallory", Role.BUYER))
    for person in ("bea", "mallory", "sam"):
        refused = await does(world, blanket, "approve", world.person(person, Role.APPROVER))
        assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await does(world, blanket, "return", world.alex, "too many")).json()["status"] == "draft"
    seen = (await bea.get(f"{BLANKETS}/{blanket['id']}")).headers["ETag"]
    body = {name: value for name, value in agreed(supplier).items() if name != "supplier_id"}
    changed = await bea.put(
        f"{BLANKETS}/{blanket['id']}", json=body | {"value": "9"}, headers={"If-Match": seen}
    )
    assert (changed.status_code, changed.json()["value"]) == (200, "9"), changed.text
    assert (await does(world, blanket, "approve", world.alex)).json()["code"] == "wrong_state"
    await does(world, blanket, "submit", bea)
    assert (await does(world, blanket, "approve", world.alex)).json()["approved_by"] == "alex"


async def test_blanket_orders_are_found_by_supplier_and_status(world: World) -> None:
    blanket = await approved(world)
    wanted = {"supplier_id": blanket["supplier_id"], "status": "approved"}
    assert [one["id"] for one in (await world.bea.get(BLANKETS, params=wanted)).json()["items"]] == [
        blanket["id"]
    ]
    assert (await world.bea.get(BLANKETS, params=wanted | {"status": "closed"})).json()["items"] == []
    assert (await world.bea.get(f"{BLANKETS}/{uuid4()}")).status_code == 404
    assert (await call_off(world, {"id": str(uuid4())}, "1")).status_code == 404
    unknown = await world.bea.post(BLANKETS, json=agreed(uuid4()))
    assert (unknown.status_code, unknown.json()["code"]) == (422, "supplier_unknown")
    assert (await call_off(world, blanket, "1", site="nowhere")).json()["code"] == "site_unknown"


async def test_the_database_lets_no_more_be_called_off_than_agreed(world: World) -> None:
    blanket = await approved(world)
    with pytest.raises(asyncpg.CheckViolationError):
        await world.value(
            "UPDATE blanket_order_line SET called_off_quantity = 101 WHERE blanket_order_id = $1",
            UUID(blanket["id"]),
        )


async def test_what_is_decided_of_a_blanket_order_is_told_in_a_stream_of_its_own(world: World) -> None:
    blanket = await approved(world, tolerance="10", value="500.00")
    for action in ("hold", "release", "close"):
        assert (await does(world, blanket, action, world.bea, f"{action}, we said")).status_code == 200
    events = await world.events_of(blanket)
    assert [(number, name) for number, name, _ in events] == [
        (1, "BlanketOrderApproved"),
        (2, "BlanketOrderHeld"),
        (3, "BlanketOrderReleased"),
        (4, "BlanketOrderClosed"),
    ]
    whole = events[0][2]
    assert (whole["number"], whole["value"], whole["tolerance"], whole["approved_by"]) == (
        blanket["number"],
        "500.00",
        "10",
        "alex",
    )
    assert [(one["line_number"], one["quantity"], one["price"]) for one in whole["lines"]] == [
        (1, "100", "2.50"),
        (2, "100", "2.50"),
    ]
    assert [event["reason"] for _, _, event in events[1:]] == [
        "hold, we said",
        "release, we said",
        "close, we said",
    ]


async def test_of_a_blanket_order_that_was_never_approved_nothing_is_told(world: World) -> None:
    created = (await world.bea.post(BLANKETS, json=agreed(await world.supplier()))).json()
    assert (await does(world, created, "close", world.bea, "not needed")).status_code == 200
    assert await world.events_of(created) == []


async def test_a_supplier_sees_its_own_blanket_orders_once_they_were_approved(world: World) -> None:
    blanket = await approved(world)
    supplier_id = UUID(blanket["supplier_id"])
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier_id)
    draft_of_it = (await world.bea.post(BLANKETS, json=agreed(supplier_id))).json()
    assert [one["id"] for one in (await sue.get(BLANKETS)).json()["items"]] == [blanket["id"]]
    shown = (await sue.get(f"{BLANKETS}/{blanket['id']}")).json()
    assert (shown["lines"], shown["on_hold"]) == (blanket["lines"], False)
    assert not shown.keys() & {"tolerance", "approved_by", "hold_reason", "authors", "allowed_actions"}
    other = world.person("olga", Role.SUPPLIER)
    for reader, one in ((sue, draft_of_it), (other, blanket)):
        assert (await reader.get(f"{BLANKETS}/{one['id']}")).status_code == 404
    assert (await other.get(BLANKETS)).json()["items"] == []


async def test_blanket_orders_are_listed_as_everything_else_is(world: World) -> None:
    blanket = await approved(world)
    asked = {"supplier_id": blanket["supplier_id"], "status": "approved", "total": True}
    found = (await world.bea.get(BLANKETS, params=asked)).json()
    assert ([one["id"] for one in found["items"]], found["total"]["count"]) == ([blanket["id"]], 1)
    by_number = (await world.bea.get(BLANKETS, params={"number": blanket["number"]})).json()["items"]
    assert by_number == found["items"]
    sparse = (await world.bea.get(BLANKETS, params={"id": blanket["id"], "fields": "number"})).json()["items"]
    assert sparse == [{"number": blanket["number"]}]
    read_once = (await world.bea.get(BLANKETS, params=asked | {"sort": "updated"})).json()
    mark = read_once["next_updated_after"]
    assert (await does(world, blanket, "hold", world.bea, "for now")).status_code == 200
    changed = (await world.bea.get(BLANKETS, params={"updated_after": mark})).json()["items"]
    assert blanket["id"] in [one["id"] for one in changed]
