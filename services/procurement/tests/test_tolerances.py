"""How much more than ordered may come, how much less is enough, and which rule says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx

from purveyor_contract.roles import Role

from .amending import read
from .conftest import World, arrived, line
from .test_blankets import approved, call_off, remaining
from .test_items import bolt
from .test_policies import decide_on

OVER, UNDER = "/v1/policies/over-receipt", "/v1/policies/under-receipt"
TWO_PERCENT = {"tolerance_percent": "2", "completes_by_itself": True}
BY_HAND = {"tolerance_percent": "2", "completes_by_itself": False}
FIVE_BY_HAND = {"tolerance_percent": "5", "completes_by_itself": False}


async def decide(world: World, policy: str, value: dict[str, Any], **place: Any) -> None:
    decided = await decide_on(world, policy, value, **place)
    assert decided.status_code == 201, decided.text


async def defined(world: World, code: str = "M8-HEX-40", **changes: Any) -> None:
    put = await world.ada.put(f"/v1/items/{code}", json=bolt(**changes))
    assert put.status_code in {200, 201}, put.text


def held(receipt: httpx.Response, rule: str = "over_receipt") -> dict[str, Any]:
    assert receipt.status_code == 201, receipt.text
    found = receipt.json()["lines"][0][rule]
    return {name: value for name, value in found.items() if value is not None and name != "policy"}


async def shown(world: World, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    return found


async def test_the_tolerance_is_the_suppliers_then_the_items_the_categorys_the_sites_and_then_of_all(
    empty_world: World,
) -> None:
    world = empty_world
    supplier = await world.supplier()
    places: list[dict[str, Any]] = [
        {},
        {"business_unit": "drives"},
        {"site": "HAM-1"},
        {"category": "fasteners"},
        {"item": "M8-HEX-40"},
        {"supplier_id": str(supplier)},
    ]
    for nth, place in enumerate(places, start=1):
        today = str(world.clock.now.date())
        await decide(world, OVER, {"tolerance_percent": str(nth)}, valid_from=today, **place)
        order = await world.issued(line(quantity="100"), supplier_id=supplier)
        refused = await world.receive(order, arrived(1, f"{100 + nth}.1"))
        assert f"tolerance {nth} % (policy over-receipt, version {nth}" in refused.text
        receipt = await world.receive(order, arrived(1, str(100 + nth)))
        assert held(receipt) == {"percent": str(nth), "version": nth} | place
        read = await world.rita.get(receipt.headers["Location"])
        assert read.json()["lines"] == receipt.json()["lines"]
        world.clock.now = world.clock.now.replace(day=world.clock.now.day + 1)


async def test_an_items_own_tolerance_holds_where_no_version_is_of_the_item_or_the_supplier(
    empty_world: World,
) -> None:
    world = empty_world
    await defined(world, over_receipt_tolerance="5")
    await decide(world, OVER, {"tolerance_percent": "1"}, category="fasteners")
    order = await world.issued(line(quantity="100"))
    refused = await world.receive(order, arrived(1, "106"))
    assert "tolerance 5 % (item M8-HEX-40)" in refused.json()["errors"][0]["detail"]
    receipt = await world.receive(order, arrived(1, "105"))
    assert held(receipt) == {"percent": "5", "item": "M8-HEX-40"}
    assert receipt.json()["lines"][0]["tolerance_version"] is None
    world.clock.now = world.clock.now.replace(day=3)
    await decide(world, OVER, {"tolerance_percent": "1"}, item="M8-HEX-40", valid_from="2026-03-03")
    again = await world.receive(await world.issued(line(quantity="100")), arrived(1, "101"))
    assert held(again) == {"percent": "1", "version": 2, "item": "M8-HEX-40"}


async def test_ninety_eight_of_a_hundred_complete_a_line_under_a_tolerance_of_two_percent(
    empty_world: World,
) -> None:
    """As asked for in OCA/purchase-workflow#642."""
    world = empty_world
    await decide(world, UNDER, TWO_PERCENT)
    order = await world.issued(line(quantity="100"))
    assert (await world.receive(order, arrived(1, "97"))).json()["order_status"] == "partially_received"
    receipt = await world.receive(order, arrived(1, "1"))
    assert receipt.json()["order_status"] == "closed"
    assert held(receipt, "under_receipt") == {"percent": "2", "version": 1}
    assert receipt.json()["lines"][0]["cancelled_quantity"] == "2"
    [now] = (await shown(world, order))["lines"]
    assert (now["closed_as"], now["cancelled_quantity"], now["open_quantity"], now["received_percent"]) == (
        "under_tolerance",
        "2",
        "0",
        "100.00",
    )
    told = await world.events_of(order)
    assert [name for _, name, _ in told] == ["POIssued", "GoodsReceived", "GoodsReceived", "POClosed"]
    assert [event["lines"][0]["cancelled_quantity"] for _, _, event in told[1:3]] == ["0", "2"]
    late = await world.receive(order, arrived(1, "2"))
    assert late.status_code == 409


async def test_a_receipt_completes_a_line_by_hand_within_the_tolerance_only(empty_world: World) -> None:
    world = empty_world
    await decide(world, UNDER, BY_HAND)
    order = await world.issued(line(quantity="100"), line())
    assert (await world.receive(order, arrived(1, "90"))).status_code == 201
    too_little = await world.receive(order, arrived(1, "7", completes=True))
    assert too_little.status_code == 422
    assert too_little.json()["errors"][0]["pointer"] == "/lines/0/completes"
    assert "3 would be missing, and at most 2 may" in too_little.json()["errors"][0]["detail"]
    by_hand = await world.receive(order, arrived(1, "8", completes=True))
    assert by_hand.json()["lines"][0]["cancelled_quantity"] == "2"
    assert by_hand.json()["order_status"] == "partially_received"
    [first, second] = (await shown(world, order))["lines"]
    assert (first["closed_as"], second["closed_as"]) == ("under_tolerance", None)
    late = await world.receive(order, arrived(1, "2"))
    assert "2 called off as under tolerance" in late.json()["errors"][0]["detail"]


async def test_an_items_own_under_tolerance_completes_by_hand_until_the_policy_lets_it_by_itself(
    empty_world: World,
) -> None:
    world = empty_world
    await defined(world, under_receipt_tolerance="3")
    order = await world.issued(line(quantity="100"))
    assert (await world.receive(order, arrived(1, "90"))).json()["order_status"] == "partially_received"
    receipt = await world.receive(order, arrived(1, "7", completes=True))
    assert held(receipt, "under_receipt") == {"percent": "3", "item": "M8-HEX-40"}
    world.clock.now = world.clock.now.replace(day=3)
    by_itself = {"tolerance_percent": "0", "completes_by_itself": True}
    await decide(world, UNDER, by_itself, valid_from="2026-03-03")
    again = await world.receive(await world.issued(line(quantity="100")), arrived(1, "97"))
    assert again.json()["order_status"] == "closed"


async def test_a_reversal_opens_again_what_was_complete_under_tolerance(empty_world: World) -> None:
    world = empty_world
    await decide(world, UNDER, TWO_PERCENT)
    order = await world.issued(line(quantity="100"))
    await world.receive(order, arrived(1, "50"))
    last = await world.receive(order, arrived(1, "48"))
    assert last.json()["order_status"] == "closed"
    body = {"reason": "one box was empty", "lines": [{"line_number": 1, "quantity": "1"}]}
    answer = await world.rita.post(f"/v1/goods-receipts/{last.json()['id']}:reverse", json=body)
    assert answer.json()["order_status"] == "partially_received", answer.text
    [now] = (await shown(world, order))["lines"]
    assert (now["closed_as"], now["cancelled_quantity"], now["open_quantity"]) == (None, "0", "3")
    assert (await world.events_of(order))[-2][2]["lines"][0]["cancelled_quantity"] == "0"


async def test_more_than_ordered_of_one_line_never_hides_another_that_is_open(empty_world: World) -> None:
    world = empty_world
    await decide(world, OVER, {"tolerance_percent": "50"})
    order = await world.issued(line(quantity="100"), line(quantity="10"))
    over = await world.receive(order, arrived(1, "150"))
    assert over.json()["order_status"] == "partially_received"
    now = await shown(world, order)
    assert [one["open_quantity"] for one in now["lines"]] == ["0", "10"]
    assert Decimal(now["received_percent"]) < 100


async def test_what_is_enough_of_a_call_off_is_given_back_to_its_blanket_order(empty_world: World) -> None:
    world = empty_world
    await decide(world, UNDER, TWO_PERCENT)
    blanket = await approved(world)
    order = await world.brought_to((await call_off(world, blanket, quantity="100")).json(), "issued")
    assert await remaining(world, blanket) == ["0", "100"]
    assert (await world.receive(order, arrived(1, "98"))).json()["order_status"] == "closed"
    assert await remaining(world, blanket) == ["2", "100"]


async def test_a_delivery_note_that_was_received_before_is_warned_of_where_the_policy_says_so(
    empty_world: World,
) -> None:
    world = empty_world
    await decide(world, "/v1/policies/delivery-notes", {"repeated_is": "warned_of"}, site="HAM-1")
    order = await world.issued(line(quantity="100"))
    first = await world.receive(order, arrived(1, "2"), despatch_reference="LS-9")
    assert first.json()["warnings"] == []
    again = await world.receive(order, arrived(1, "2"), despatch_reference="ls-9")
    assert again.status_code == 201, again.text
    assert again.json()["warnings"] == [
        {
            "code": "despatch_received_before",
            "pointer": "/despatch_reference",
            "detail": f"The order has received ls-9 with {first.json()['number']} on 2026-03-02.",
        }
    ]
    said = "SELECT after->'warnings'->>0 FROM audit_record WHERE entity_id = $1"
    assert first.json()["number"] in await world.value(said, again.json()["id"])
    other = await world.receive(order, arrived(1, "2"), despatch_reference="LS-9", another_delivery=True)
    assert (other.status_code, other.json()["warnings"]) == (201, [])
    assert (await world.receive(order, arrived(1, "2"))).status_code == 201
    sent_again = await world.receive(order, arrived(1, "2"))
    assert (sent_again.status_code, sent_again.json()["code"]) == (409, "already_received")


async def test_what_was_wrong_with_rejected_goods_is_said_in_a_word(world: World) -> None:
    order = await world.issued(line(quantity="100"))
    receipt = await world.receive(order, arrived(1, "10", rejected_quantity="4", rejection_kind="wrong"))
    assert receipt.json()["lines"][0]["rejection_kind"] == "wrong"
    nord = world.person("nord", Role.SUPPLIER, supplier_id=order["supplier_id"])
    seen = (await nord.get(receipt.headers["Location"])).json()["lines"][0]
    assert (seen["rejection_kind"], seen.get("over_receipt")) == ("wrong", None)
    assert (await world.events_of(order))[-1][2]["lines"][0]["rejection_kind"] == "wrong"
    refused = await world.receive(order, arrived(1, "10", rejection_kind="damaged"))
    assert refused.json()["errors"][0]["pointer"] == "/lines/0/rejection_kind"


async def test_a_receipt_of_a_call_off_is_taken_back_whatever_has_been_called_off_since(
    empty_world: World,
) -> None:
    """What the blanket order cannot give any more stays called off; what it can is wanted again."""
    world = empty_world
    await decide(world, UNDER, FIVE_BY_HAND)
    for called_off_since, cancelled, still_open in (("1", "4", "96"), (None, "0", "100")):
        blanket = await approved(world)
        order = await world.brought_to((await call_off(world, blanket, "100")).json(), "issued")
        receipt = await world.receive(order, arrived(1, "96", completes=True))
        assert (receipt.status_code, receipt.json()["order_status"]) == (201, "closed"), receipt.text
        assert await remaining(world, blanket) == ["4", "100"]
        if called_off_since:
            assert (await call_off(world, blanket, called_off_since)).status_code == 201
        answer = await world.rita.post(
            f"/v1/goods-receipts/{receipt.json()['id']}:reverse", json={"reason": "another delivery"}
        )
        assert (answer.status_code, answer.json()["order_status"]) == (200, "issued"), answer.text
        [shown] = (await read(world, order))["lines"]
        assert (shown["closed_as"], shown["cancelled_quantity"], shown["open_quantity"]) == (
            None,
            cancelled,
            still_open,
        )
        assert await remaining(world, blanket) == ["3" if called_off_since else "0", "100"]
        again = await world.receive(order, arrived(1, still_open))
        assert (again.status_code, again.json()["order_status"]) == (201, "closed"), again.text
        closed_as = (await read(world, order))["lines"][0]["closed_as"]
        assert closed_as == ("under_tolerance" if called_off_since else "complete")
