"""Line by line: closed short, cancelled and reopened, while the other lines go on."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .conftest import World, arrived, line

WHY = {"reason": "no longer made", "reason_for_supplier": "we need no more"}


async def does(
    world: World,
    order: dict[str, Any],
    number: int,
    action: str,
    by: httpx.AsyncClient | None = None,
    version: int = 0,
) -> httpx.Response:
    """Do something to a line of an order as it is now."""
    seen = version or await world.version_of(order["id"])
    return await (by or world.bea).post(
        f"/v1/purchase-orders/{order['id']}/lines/{number}:{action}",
        json=WHY,
        headers={"If-Match": f'"{seen}"'},
    )


async def names(world: World, order: dict[str, Any]) -> list[str]:
    return [name for _, name, _ in await world.events_of(order)]


async def test_a_line_is_closed_short_while_the_others_go_on(world: World) -> None:
    """erpnext#57596, #47739: a line could not be closed alone, and its order stayed below 100 %."""
    order = await world.issued(line(), line())
    await world.receive(order, arrived(1, "4"))
    closed = await does(world, order, 1, "close-short")
    assert closed.status_code == 200, closed.text
    first, second = closed.json()["lines"]
    assert (first["closed_as"], first["cancelled_quantity"], first["closed_by"]) == ("short", "6", "bea")
    assert (first["allowed_actions"], second["allowed_actions"]) == (["reopen"], ["cancel"])
    assert (closed.json()["status"], closed.json()["received_percent"]) == ("partially_received", "28.57")
    _, name, told = (await world.events_of(order))[-1]
    assert (name, told["line_number"], told["closed_as"], told["cancelled_quantity"], told["closed_on"]) == (
        "POLineClosed",
        1,
        "short",
        "6",
        "2026-03-02",
    )
    refused = await world.receive(order, arrived(1, "1"))
    assert "line 1 was called off" in refused.json()["errors"][0]["detail"]
    assert (await world.receive(order, arrived(2, "10"))).json()["order_status"] == "closed"
    assert (await read(world, order))["received_percent"] == "100.00"


async def test_the_last_line_that_is_closed_short_closes_its_order(world: World) -> None:
    order = await world.issued(line(), line())
    await world.receive(order, arrived(1, "10"), arrived(2, "4"))
    closed = (await does(world, order, 2, "close-short")).json()
    assert (closed["status"], closed["closed_on"]) == ("closed", "2026-03-02")
    assert (await names(world, order))[-2:] == ["POLineClosed", "POClosed"]


async def test_an_order_of_which_every_line_is_cancelled_is_cancelled(world: World) -> None:
    order = await world.issued(line(), line())
    assert (await does(world, order, 1, "cancel")).json()["status"] == "issued"
    cancelled = (await does(world, order, 2, "cancel")).json()
    assert (cancelled["status"], cancelled["cancellation_reason"]) == ("cancelled", "no longer made")
    assert cancelled["cancellation_reason_for_supplier"] == "we need no more"
    assert (await names(world, order))[-3:] == ["POLineClosed", "POLineClosed", "POCancelled"]
    assert (await does(world, order, 1, "reopen")).json()["code"] == "wrong_state"


async def test_a_cancelled_line_beside_one_that_came_closes_the_order(world: World) -> None:
    order = await world.issued(line(), line())
    await world.receive(order, arrived(1, "10"))
    assert (await does(world, order, 2, "cancel")).json()["status"] == "closed"


async def test_a_line_that_is_reopened_opens_its_order_and_can_be_received(world: World) -> None:
    order = await world.issued(line())
    await world.receive(order, arrived(1, "4"))
    assert (await does(world, order, 1, "close-short")).json()["status"] == "closed"
    reopened = (await does(world, order, 1, "reopen")).json()
    assert (reopened["status"], reopened["closed_on"]) == ("partially_received", None)
    assert (reopened["lines"][0]["closed_as"], reopened["lines"][0]["open_quantity"]) == (None, "6")
    assert (await names(world, order))[-2:] == ["POLineReopened", "POReopened"]
    assert (await world.receive(order, arrived(1, "6"))).json()["order_status"] == "closed"


async def test_a_line_of_an_order_whose_rest_was_called_off_is_reopened(world: World) -> None:
    order = await world.issued(line(), line())
    await world.receive(order, arrived(1, "4"))
    await world.act(world.bea, order, "cancel", {"reason": "the project was stopped"})
    reopened = (await does(world, order, 2, "reopen")).json()
    assert (reopened["status"], reopened["cancelled_on"]) == ("partially_received", None)
    assert [one["closed_as"] for one in reopened["lines"]] == ["short", None]


async def test_a_line_that_a_version_no_longer_orders_is_not_reopened(world: World) -> None:
    order = await read(world, await world.issued(line(), line()))
    await amended(world, order, kept(order, 1), cancelled_lines=[2])
    refused = await does(world, order, 2, "reopen")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert "version 2 no longer orders the line" in refused.json()["detail"].lower()


async def test_a_line_that_was_cancelled_alone_is_not_in_the_next_version(world: World) -> None:
    order = await read(world, await world.issued(line(), line()))
    await does(world, order, 2, "cancel")
    order = await amended(world, await read(world, order), kept(order, 1, quantity="11"))
    assert [one["dropped_by_version"] for one in order["lines"]] == [None, 2]
    words = (await world.bea.get(f"/v1/purchase-orders/{order['id']}/versions/2/differences")).json()["words"]
    assert words[1].startswith("Line 2 cancelled")


@pytest.mark.parametrize(
    ("action", "came", "allowed"), [("cancel", "4", ["close_short"]), ("close-short", "0", ["cancel"])]
)
async def test_what_came_is_closed_short_and_what_did_not_is_cancelled(
    world: World, action: str, came: str, allowed: list[str]
) -> None:
    order = await world.issued(line(), line())
    if came != "0":
        await world.receive(order, arrived(1, came))
    refused = await does(world, order, 1, action)
    assert (refused.status_code, refused.json()["code"], refused.json()["allowed"]) == (
        409,
        "wrong_state",
        allowed,
    )


async def test_lines_are_for_buyers_of_orders_that_are_out(world: World) -> None:
    drafted = await world.order(await world.supplier())
    for action in ("close-short", "cancel", "reopen"):
        assert (await does(world, drafted, 1, action)).json()["code"] == "wrong_state"
        assert (await does(world, drafted, 1, action, by=world.robin)).status_code == 403
        assert (await does(world, {"id": str(uuid4())}, 1, action, version=1)).status_code == 404
    order = await world.issued()
    assert (await does(world, order, 2, "cancel")).json()["code"] == "purchase_order_line_not_found"
    assert (await does(world, order, 1, "cancel", version=1)).status_code == 412


async def test_a_supplier_sees_what_was_called_off_and_what_it_is_told_of_why(world: World) -> None:
    order = await world.issued(line(), line())
    await does(world, order, 1, "cancel")
    sue = world.person("sue", Role.SUPPLIER, supplier_id=UUID(order["supplier_id"]))
    first = (await sue.get(f"/v1/purchase-orders/{order['id']}")).json()["lines"][0]
    assert (first["closed_as"], first["cancelled_quantity"]) == ("cancelled", "10")
    assert not {"closed_by", "allowed_actions"} & first.keys()
    assert (await does(world, order, 2, "cancel", by=sue)).status_code == 403


async def test_a_line_that_is_cancelled_while_it_is_received_is_one_or_the_other(world: World) -> None:
    for _ in range(6):
        order = await world.issued(line(), line())
        seen = await world.version_of(order["id"])
        cancelled, received = await asyncio.gather(
            does(world, order, 1, "cancel", version=seen), world.receive(order, arrived(1, "4"))
        )
        now = (await read(world, order))["lines"][0]
        if cancelled.status_code == 200:
            assert (received.status_code, now["cancelled_quantity"]) == (422, "10")
        else:
            assert (cancelled.status_code, received.status_code) == (412, 201)
            assert (now["cancelled_quantity"], now["received_quantity"]) == ("0", "4")


async def test_a_line_of_a_suspended_supplier_is_not_wanted_again(world: World) -> None:
    order = await world.issued(line(), line())
    assert (await does(world, order, 2, "cancel")).status_code == 200
    await world.suspend(UUID(order["supplier_id"]))
    refused = await does(world, order, 2, "reopen")
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_not_approved")
    assert [(error["pointer"], error["detail"]) for error in refused.json()["errors"]] == [
        ("/lines/1/category", "the supplier is suspended, not approved: quality")
    ]
    assert (await read(world, order))["lines"][1]["closed_as"] == "cancelled"
