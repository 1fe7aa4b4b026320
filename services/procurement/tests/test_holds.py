"""An order is held with a reason, and released."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from purveyor_contract.roles import Role

from .amending import act, bring, draft, kept, read, stated
from .conftest import World, arrived

WHY = {"reason": "the drawing is being revised", "reason_for_supplier": "please wait for a new drawing"}


async def test_an_order_that_is_held_is_not_issued_until_it_is_released(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "approved")
    held = (await world.act(world.bea, order, "hold", WHY)).json()
    assert (held["on_hold"], held["hold_reason"], held["held_by"]) == (True, WHY["reason"], "bea")
    assert held["allowed_actions"] == ["return", "cancel", "release"]
    refused = await world.act(world.bea, order, "issue")
    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    assert WHY["reason"] in refused.json()["detail"]
    again = await world.act(world.bea, order, "hold", WHY)
    assert (again.status_code, again.json()["code"]) == (409, "on_hold")
    released = (await world.act(world.bea, order, "release", {"reason": "it stands"})).json()
    assert (released["on_hold"], released["hold_reason"]) == (False, None)
    assert await world.events_of(order) == []
    assert (await world.act(world.bea, order, "issue")).status_code == 200
    twice = await world.act(world.bea, order, "release", {"reason": "it stands"})
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong_state")


async def test_no_amendment_of_a_held_order_is_issued_and_its_goods_are_taken_in(world: World) -> None:
    order = await read(world, await world.issued())
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    await world.act(world.bea, order, "hold", WHY)
    refused = await bring(world, first, "issue")
    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    assert (await world.receive(order, arrived(1, "4"))).status_code == 201
    await world.act(world.bea, order, "release", {"reason": "it stands"})
    assert (await act(world, first, "issue", world.bea)).status_code == 200
    told = [(name, data) for _, name, data in await world.events_of(order)]
    assert [name for name, _ in told] == ["POIssued", "POHeld", "GoodsReceived", "POReleased", "POAmended"]
    assert (told[1][1]["held_on"], told[1][1]["stops_receipts"]) == ("2026-03-02", False)
    assert (told[3][1]["released_on"], told[3][1]["reason_for_supplier"]) == ("2026-03-02", None)


async def test_a_hold_stops_receipts_where_it_says_so(world: World) -> None:
    order = await world.issued()
    await world.act(world.bea, order, "hold", WHY | {"stops_receipts": True})
    refused = await world.receive(order, arrived(1, "4"))
    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    await world.act(world.bea, order, "release", {"reason": "it stands"})
    assert (await world.receive(order, arrived(1, "4"))).status_code == 201


async def test_a_supplier_is_told_that_an_order_is_held_and_what_it_may_know_of_why(world: World) -> None:
    order = await world.issued()
    await world.act(world.bea, order, "hold", WHY)
    sue = world.person("sue", Role.SUPPLIER, supplier_id=UUID(order["supplier_id"]))
    shown = (await sue.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert (shown["on_hold"], shown["hold_reason_for_supplier"]) == (True, WHY["reason_for_supplier"])
    assert not {"hold_reason", "held_by", "held_at"} & shown.keys()
    assert (await world.act(sue, order, "release", {"reason": "please"})).status_code == 403


async def test_holding_and_releasing_is_for_buyers_and_for_orders_that_are_not_done(world: World) -> None:
    order = await world.issued()
    for action in ("hold", "release"):
        assert (await world.act(world.robin, order, action, WHY)).status_code == 403
    await world.act(world.bea, order, "cancel", {"reason": "not needed"})
    for action in ("hold", "release"):
        refused = await world.act(world.bea, order, action, WHY)
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


async def test_the_database_knows_no_hold_without_who_when_and_why(world: World) -> None:
    order = await world.issued()
    for change in ("held_at = now()", "hold_reason_for_supplier = 'x'", "hold_stops_receipts = true"):
        with pytest.raises(asyncpg.CheckViolationError):
            await world.value(f"UPDATE purchase_order SET {change} WHERE id = $1", UUID(order["id"]))  # noqa: S608
