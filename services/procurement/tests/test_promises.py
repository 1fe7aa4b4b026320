"""When things come: needed, first promised, last promised, and who moved it, when and why."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from purveyor_contract.roles import Role

from .amending import amended, kept, read, stated
from .conftest import World, arrived, line
from .test_policies import decide_on
from .test_schedules import scheduled

WHY = {"reason": "the furnace is being repaired"}


def supplier_of(world: World, order: dict[str, Any]) -> httpx.AsyncClient:
    """Return somebody of an order's supplier."""
    return world.person("nord", Role.SUPPLIER, supplier_id=order["supplier_id"])


async def promise(
    by: httpx.AsyncClient, order: dict[str, Any], promised_on: str, line_number: int = 1, **more: Any
) -> httpx.Response:
    """Move a promise."""
    path = f"/v1/purchase-orders/{order['id']}/lines/{line_number}/promises"
    return await by.post(path, json={"promised_on": promised_on} | WHY | more)


async def days(by: httpx.AsyncClient, order: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is promised of each schedule."""
    answer = await by.get(f"/v1/purchase-orders/{order['id']}/promises")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["schedules"]
    return found


def four(shown: dict[str, Any]) -> tuple[Any, ...]:
    """Return the days of a schedule."""
    return tuple(shown[name] for name in ("need_by", "first_promised_on", "last_promised_on", "due_on"))


async def test_who_moved_a_promise_when_and_why_is_kept_with_every_day_before_it(world: World) -> None:
    """erpnext#46802, #54762: moving a date lost the one before, and who had moved it."""
    order = await world.issued()
    nord = supplier_of(world, order)
    assert (await promise(nord, order, "2026-03-27")).status_code == 201
    world.clock.now += timedelta(days=3)
    moved = await promise(
        world.bea,
        order,
        "2026-04-10",
        reason="our hall is full",
        reason_for_supplier="please wait",
        moved_from="2026-03-27",
    )
    assert moved.status_code == 201, moved.text
    [shown] = moved.json()["schedules"]
    assert four(shown) == ("2026-03-20", "2026-03-27", "2026-04-10", "2026-04-10")
    told = [
        tuple(one[name] for name in ("nth", "promised_on", "moved_from", "moved_by", "agreed", "stated_by"))
        for one in shown["promises"]
    ]
    assert told == [
        (1, "2026-03-27", "2026-03-20", "supplier", False, "nord"),
        (2, "2026-04-10", "2026-03-27", "buyer", True, "bea"),
    ]
    assert [one["reason"] for one in shown["promises"]] == [WHY["reason"], "our hall is full"]
    assert [one["stated_on"] for one in shown["promises"]] == ["2026-03-02", "2026-03-05"]
    assert (await read(world, order))["lines"][0]["promised_on"] == "2026-03-20"
    names = [name for _, name, _ in await world.events_of(order)]
    assert names == ["POIssued", "PromiseChanged", "PromiseChanged"]
    (_, _, first), (_, _, second) = (await world.events_of(order))[1:]
    assert first["promises"] == [
        {
            "line_number": 1,
            "schedule_number": 1,
            "need_by": "2026-03-20",
            "first_promised_on": "2026-03-27",
            "moved_from": "2026-03-20",
            "promised_on": "2026-03-27",
            "due_on": "2026-03-20",
        }
    ]
    assert (first["moved_by"], first["agreed"], first["reason_for_supplier"]) == (
        "supplier",
        False,
        WHY["reason"],
    )
    assert (second["moved_by"], second["agreed"], second["changed_on"]) == ("buyer", True, "2026-03-05")
    assert (second["promises"][0]["due_on"], second["changed_by"]) == ("2026-04-10", "bea")


async def test_a_buyer_records_what_the_supplier_said_by_telephone(world: World) -> None:
    order = await world.issued()
    moved = await promise(world.bea, order, "2026-03-27", moved_by="supplier")
    [shown] = moved.json()["schedules"]
    assert (shown["due_on"], shown["promises"][0]["moved_by"], shown["promises"][0]["stated_by"]) == (
        "2026-03-20",
        "supplier",
        "bea",
    )
    refused = await promise(supplier_of(world, order), order, "2026-04-01", moved_by="buyer")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_buyer")


async def test_a_buyer_alone_does_not_make_on_time_what_is_late(world: World) -> None:
    order = await world.issued()
    for day, due_on in (("2026-03-25", "2026-03-25"), ("2026-03-27", "2026-03-27")):
        [shown] = (await promise(world.bea, order, day)).json()["schedules"]
        assert shown["due_on"] == due_on
        world.clock.now = datetime(2026, 3, 25, 22, 59, tzinfo=UTC)
    world.clock.now = datetime(2026, 3, 27, 23, 1, tzinfo=UTC)
    for day in ("2026-04-20", "2026-04-30"):
        moved = await promise(world.bea, order, day)
        [shown] = moved.json()["schedules"]
        assert four(shown) == ("2026-03-20", None, day, "2026-03-27")
        assert (shown["promises"][-1]["moved_by"], shown["promises"][-1]["agreed"]) == ("buyer", False)
    (_, _, told) = (await world.events_of(order))[-1]
    assert (told["agreed"], told["promises"][0]["due_on"]) == (False, "2026-03-27")
    assert (await world.act(world.bea, order, "acknowledge")).status_code == 200
    [shown] = await days(world.bea, order)
    assert four(shown) == ("2026-03-20", "2026-04-30", "2026-04-30", "2026-03-27")
    (_, _, told) = (await world.events_of(order))[-1]
    assert [(one["promised_on"], one["due_on"]) for one in told["promises"]] == [("2026-04-30", "2026-03-27")]


async def test_what_is_late_is_due_on_another_day_by_an_amendment(world: World) -> None:
    order = await read(world, await world.issued())
    world.clock.now = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
    assert (await promise(world.bea, order, "2026-04-20")).status_code == 201
    await amended(world, order, kept(order, 1, promised_on="2026-04-21"))
    [shown] = await days(world.bea, order)
    assert four(shown) == ("2026-04-21", None, "2026-04-21", "2026-04-21")


async def test_what_was_promised_of_a_dropped_schedule_is_inherited_by_no_other(world: World) -> None:
    early, late = {"quantity": "4", "need_by": "2026-03-20"}, {"quantity": "6", "need_by": "2026-03-27"}
    order = await read(world, await world.issued(scheduled(early, late)))
    await amended(world, order, kept(order, 1, schedules=[early | {"quantity": "10"}], promised_on=None))
    order = await read(world, order)
    body = stated(order, kept(order, 1, schedules=[early, late], promised_on=None))
    refused = await world.bea.post(f"/v1/purchase-orders/{order['id']}/amendments", json=body)
    assert [error["pointer"] for error in refused.json()["errors"]] == [
        "/lines/0/schedules/1/schedule_number"
    ]
    numbered = [early, late | {"schedule_number": 3}]
    await amended(world, order, kept(order, 1, schedules=numbered, promised_on=None))
    assert [one["schedule_number"] for one in await days(world.bea, order)] == [1, 3]


async def test_a_supplier_sees_the_days_and_its_own_reasons_and_nobody_of_ours(world: World) -> None:
    order = await world.issued()
    nord, other = supplier_of(world, order), world.person("other", Role.SUPPLIER)
    await promise(nord, order, "2026-03-27")
    await promise(world.bea, order, "2026-04-10", reason="secret", reason_for_supplier="please wait")
    [shown] = await days(nord, order)
    assert four(shown) == ("2026-03-20", "2026-03-27", "2026-04-10", "2026-04-10")
    assert [one["reason_for_supplier"] for one in shown["promises"]] == [WHY["reason"], "please wait"]
    assert not {"reason", "stated_by"} & shown["promises"][0].keys()
    assert (await promise(other, order, "2026-04-11")).status_code == 404
    assert (await other.get(f"/v1/purchase-orders/{order['id']}/promises")).status_code == 404


async def test_an_amendment_that_moves_a_day_is_a_move_of_the_buyer(world: World) -> None:
    order = await read(world, await world.issued(line(), scheduled(), line()))
    nord = supplier_of(world, order)
    await promise(nord, order, "2026-03-24")
    two = order["lines"][1]["schedules"]
    await amended(
        world,
        order,
        kept(order, 1, promised_on="2026-04-01"),
        kept(order, 2, schedules=[two[0], two[1] | {"need_by": "2026-03-30"}], promised_on=None),
        kept(order, 3, quantity="12"),
        reason_for_supplier="the project begins later",
    )
    shown = await days(world.bea, order)
    assert [four(one) for one in shown] == [
        ("2026-04-01", "2026-03-24", "2026-04-01", "2026-04-01"),
        ("2026-03-13", None, None, "2026-03-13"),
        ("2026-03-30", None, "2026-03-30", "2026-03-30"),
        ("2026-03-20", None, None, "2026-03-20"),
    ]
    [_, of_buyer] = shown[0]["promises"]
    assert (of_buyer["moved_by"], of_buyer["moved_from"], of_buyer["reason"]) == (
        "buyer",
        "2026-03-24",
        "needs changed",
    )
    names = [name for _, name, _ in await world.events_of(order)]
    assert names == ["POIssued", "PromiseChanged", "POAmended", "PromiseChanged"]
    (_, _, told) = (await world.events_of(order))[-1]
    assert [(one["line_number"], one["schedule_number"]) for one in told["promises"]] == [(1, 1), (2, 2)]
    assert told["reason_for_supplier"] == "the project begins later"


async def test_what_came_fills_schedules_by_their_days_and_the_rest_is_open(world: World) -> None:
    order = await world.issued(scheduled())
    await world.receive(order, arrived(1, "5"))
    assert [one["open_quantity"] for one in await days(world.bea, order)] == ["0", "5"]


async def test_schedules_are_firm_until_the_horizon_of_the_policy(empty_world: World) -> None:
    world = empty_world
    order = await world.issued(scheduled())
    assert [one["firm"] for one in await days(world.bea, order)] == [True, True]
    decided = await decide_on(
        world,
        "/v1/policies/schedule-horizon",
        {"firm_days": 14},
        valid_from="2026-03-02",
        supplier_id=order["supplier_id"],
    )
    assert decided.status_code == 201, decided.text
    assert [one["firm"] for one in await days(world.bea, order)] == [True, False]
    world.clock.now += timedelta(days=14)
    assert [one["firm"] for one in await days(world.bea, order)] == [True, True]


async def test_nothing_is_promised_of_a_draft_a_closed_line_or_a_line_that_is_not(world: World) -> None:
    draft = await world.order(await world.supplier())
    refused = await promise(world.bea, draft, "2026-03-27")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    order = await world.issued(line(), line())
    await world.receive(order, arrived(1))
    closed = await promise(world.bea, order, "2026-03-27")
    assert (closed.status_code, closed.json()["status_now"]) == (409, "complete")
    assert (await promise(world.bea, order, "2026-03-27", 7)).status_code == 404
    unknown = await promise(world.bea, order, "2026-03-27", 2, schedule_number=2)
    assert unknown.json()["errors"] == [
        {"pointer": "/schedule_number", "detail": "is none of the line's schedules: 1"}
    ]


@pytest.mark.parametrize("day", ["1900-01-01", "9999-12-31", "2026-03-01", "2026-03-20"])
async def test_a_day_that_cannot_be_promised_is_refused(world: World, day: str) -> None:
    refused = await promise(world.bea, await world.issued(), day)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/promised_on")


async def test_of_two_who_saw_one_promise_the_second_is_told_of_the_first(world: World) -> None:
    order = await world.issued()
    answers = await asyncio.gather(
        promise(world.bea, order, "2026-03-25", moved_from="2026-03-20"),
        promise(supplier_of(world, order), order, "2026-03-27", moved_from="2026-03-20"),
    )
    assert sorted(one.status_code for one in answers) == [201, 409]
    [refused] = [one.json() for one in answers if one.status_code == 409]
    assert (refused["code"], refused["promised_on"] in {"2026-03-25", "2026-03-27"}) == (
        "promise_moved",
        True,
    )
    [shown] = await days(world.bea, order)
    assert len(shown["promises"]) == 1
