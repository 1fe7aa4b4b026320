"""Ordering and custody are never in one hand, whichever comes first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from purveyor_contract.roles import Role

from .amending import act, draft, kept, read, stated
from .conftest import World, arrived, line
from .test_blankets import approved, call_off
from .test_responses import respond

EVERYTHING = (Role.REQUESTER, Role.BUYER, Role.APPROVER, Role.RECEIVER)
STEPS = ("write", "submit", "approve", "issue")


def refused(answer: httpx.Response) -> bool:
    """Whether somebody was kept from it by another part of theirs."""
    return answer.status_code == 403 and answer.json()["code"] == "segregation_of_duties"


async def amend(world: World, order: dict[str, Any], person: str, part: str) -> httpx.Response:
    """Bring an amendment to a step that a person takes, and all before it by the usual people."""
    somebody = world.person(person, *EVERYTHING)
    by = {"write": world.bea, "submit": world.bea, "approve": world.alex, "issue": world.bea}
    by[part] = somebody
    shown = await read(world, order)
    others = [kept(shown, one["line_number"]) for one in shown["lines"][1:]]
    body = stated(shown, kept(shown, 1, quantity="500"), *others)
    answer = await by["write"].post(f"/v1/purchase-orders/{order['id']}/amendments", json=body)
    for step in STEPS[1 : STEPS.index(part) + 1]:
        assert answer.status_code in {200, 201}, answer.text
        amendment = (await world.bea.get(f"/v1/purchase-orders/{order['id']}/amendments")).json()["items"][0]
        answer = await act(world, amendment, step, by[step])
    return answer


async def reopen(world: World, order: dict[str, Any], person: str) -> httpx.Response:
    """Cancel a line as bea, and reopen it."""
    for action, by in (("cancel", world.bea), ("reopen", world.person(person, *EVERYTHING))):
        seen = await world.version_of(order["id"])
        answer = await by.post(
            f"/v1/purchase-orders/{order['id']}/lines/2:{action}",
            json={"reason": "so"},
            headers={"If-Match": f'"{seen}"'},
        )
    return answer


async def does(world: World, order: dict[str, Any], person: str, part: str) -> httpx.Response:
    """Take a part in what is ordered."""
    if part == "reopen":
        return await reopen(world, order, person)
    somebody = world.person(person, *EVERYTHING)
    if part == "answer":
        return await respond(somebody, order, "accepted")
    if part == "acknowledge":
        return await world.act(somebody, order, "acknowledge")
    return await amend(world, order, person, part)


PARTS = [*STEPS, "reopen", "answer", "acknowledge"]


@pytest.mark.parametrize("part", PARTS)
async def test_who_has_a_part_in_ordering_does_not_receive_the_goods(world: World, part: str) -> None:
    order = await world.issued(line(), line())
    done = await does(world, order, "rex", part)
    assert done.status_code in {200, 201}, done.text
    kept_off = await world.receive(order, arrived(1, "3"), by=world.person("rex", *EVERYTHING))
    assert refused(kept_off), kept_off.text
    assert (await world.receive(order, arrived(1, "3"))).status_code == 201


@pytest.mark.parametrize("part", PARTS)
async def test_who_received_goods_of_an_order_orders_nothing_more_of_it(world: World, part: str) -> None:
    order = await world.issued(line(), line())
    rex = world.person("rex", *EVERYTHING)
    if part == "acknowledge":
        order = await world.issued(line())
        assert (await world.receive(order, arrived(1, "3"), by=rex)).status_code == 201
        assert refused(await respond(rex, order, "accepted"))
        return
    assert (await world.receive(order, arrived(1, "3"), by=rex)).status_code == 201
    answer = await does(world, order, "rex", part)
    assert refused(answer), answer.text
    assert answer.json()["detail"].startswith("Who received goods of an order, or took them back,")


async def test_who_takes_goods_back_orders_nothing_more_either(world: World) -> None:
    order = await world.issued()
    receipt = (await world.receive(order, arrived(1, "3"))).json()
    rex = world.person("rex", *EVERYTHING)
    path = f"/v1/goods-receipts/{receipt['id']}:reverse"
    taken_back = await rex.post(path, json={"reason": "never came"})
    assert taken_back.status_code in {200, 201}, taken_back.text
    assert refused(await does(world, order, "rex", "write"))


async def test_an_amendment_is_not_issued_for_an_author_who_received_before_that_was_noted(
    world: World,
) -> None:
    order = await world.issued()
    drafted = (
        await draft(
            world, order, stated(await read(world, order), kept(await read(world, order), 1, quantity="50"))
        )
    ).json()
    for step, by in (("submit", world.bea), ("approve", world.alex)):
        assert (await act(world, drafted, step, by)).status_code == 200
    await world.value(
        "UPDATE purchase_order SET orderers = '{}', receivers = '{bea}' WHERE id = $1", UUID(order["id"])
    )
    assert refused(await act(world, drafted, "issue", world.person("ben", Role.BUYER)))


async def test_who_wrote_a_blanket_order_neither_approves_nor_receives_what_is_called_off_of_it(
    world: World,
) -> None:
    blanket = await approved(world)
    order = (await call_off(world, blanket, "30")).json()
    assert (await read(world, order))["status"] == "draft"
    bea = world.person("bea", *EVERYTHING)
    assert (await world.act(world.robin, order, "submit")).status_code == 200
    assert refused(await world.act(bea, order, "approve"))
    assert (await world.act(world.alex, order, "approve")).status_code == 200
    ben = world.person("ben", Role.BUYER)
    assert (await world.act(ben, order, "issue")).status_code == 200
    assert refused(await world.receive(order, arrived(1, "3"), by=bea))
    assert (await world.receive(order, arrived(1, "3"))).status_code == 201


async def test_ordering_and_custody_meet_a_constraint_around_the_rules(world: World) -> None:
    order = await world.issued()
    with pytest.raises(asyncpg.CheckViolationError) as broken:
        await world.value(
            "UPDATE purchase_order SET orderers = '{rex}', receivers = '{rita,rex}' WHERE id = $1",
            UUID(order["id"]),
        )
    assert broken.value.constraint_name == "ck_purchase_order_orderers_do_not_receive"
