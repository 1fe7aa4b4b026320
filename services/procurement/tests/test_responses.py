"""A supplier answers each version of an order, and its buyer decides of what it would have otherwise."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from procurement.responses.commands import find_overdue_acknowledgements
from purveyor.db import new_id
from purveyor_contract.roles import Role

from .amending import act, amended, bring, kept, read
from .conftest import TODAY, World, arrived, line
from .test_promises import days, four, supplier_of
from .test_schedules import scheduled

DECISION = {"reason": "the project is late", "reason_for_supplier": "agreed"}
LATER = {"line_number": 1, "promised_on": "2026-03-27", "reason": "the furnace is being repaired"}


async def respond(
    by: httpx.AsyncClient,
    order: dict[str, Any],
    reply: str,
    *lines: dict[str, Any],
    version: int = 1,
    **more: Any,
) -> httpx.Response:
    """Answer a version."""
    path = f"/v1/purchase-orders/{order['id']}/versions/{version}/response"
    return await by.post(path, json={"reply": reply, "lines": list(lines)} | more)


async def decide(
    world: World, order: dict[str, Any], version: int = 1, seen: str | None = None, **decisions: str
) -> httpx.Response:
    """Take or refuse changes of an answer as bea, of the last unless another is `seen`: `_1="taken"`."""
    path = f"/v1/purchase-orders/{order['id']}/versions/{version}/response"
    if seen is None:
        found = (await world.bea.get(f"{path}s")).json().get("items")
        seen = found[-1]["id"] if found else str(new_id())
    changes = [{"number": int(name[1:]), "decision": decision} for name, decision in decisions.items()]
    body = {"response_id": seen, "changes": changes} | DECISION
    return await world.bea.post(f"{path}:decide", json=body)


async def names(world: World, order: dict[str, Any]) -> list[str]:
    return [name for _, name, _ in await world.events_of(order)]


async def test_what_is_accepted_is_acknowledged_and_its_days_are_promised(world: World) -> None:
    order = await world.issued(scheduled(), line())
    accepted = await respond(supplier_of(world, order), order, "accepted", supplier_reference="AB-117")
    assert accepted.status_code == 201, accepted.text
    assert (accepted.json()["reply"], accepted.json()["by_supplier"]) == ("accepted", True)
    now = await read(world, order)
    assert (now["status"], now["acknowledged_on"], now["supplier_reference"]) == (
        "acknowledged",
        "2026-03-02",
        "AB-117",
    )
    shown = await days(world.bea, order)
    assert [four(one) for one in shown] == [
        (day, day, day, day) for day in ("2026-03-13", "2026-03-27", "2026-03-20")
    ]
    assert await names(world, order) == ["POIssued", "POAcknowledged"]
    (_, _, told) = (await world.events_of(order))[-1]
    assert (told["version"], len(told["promises"])) == (1, 3)
    again = await respond(world.bea, order, "rejected", reason="no")
    assert (again.status_code, again.json()["code"]) == (409, "response_accepted")


async def test_to_acknowledge_is_to_accept(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "acknowledged")
    [shown] = await days(world.bea, order)
    assert four(shown) == ("2026-03-20", "2026-03-20", "2026-03-20", "2026-03-20")
    path = f"/v1/purchase-orders/{order['id']}/versions/1/responses"
    [answer] = (await world.bea.get(path)).json()["items"]
    assert (answer["reply"], answer["by_supplier"], answer["answered_by"]) == ("accepted", False, "bea")


async def test_a_day_that_is_taken_is_promised_by_the_supplier_and_accepts_the_version(world: World) -> None:
    order = await world.issued(line(), line())
    nord = supplier_of(world, order)
    answered = await respond(nord, order, "accepted_with_changes", LATER)
    assert answered.status_code == 201, answered.text
    [change] = answered.json()["changes"]
    assert (change["field"], change["before"], change["after"], change["decision"]) == (
        "promised_on",
        "2026-03-20",
        "2026-03-27",
        None,
    )
    assert (await read(world, order))["status"] == "issued"
    assert [four(one)[1] for one in await days(world.bea, order)] == [None, "2026-03-20"]
    decided = await decide(world, order, _1="taken")
    assert decided.status_code == 200, decided.text
    assert decided.json()["changes"][0]["decided_by"] == "bea"
    assert (await read(world, order))["status"] == "acknowledged"
    first, second = await days(world.bea, order)
    assert four(first) == ("2026-03-20", "2026-03-27", "2026-03-27", "2026-03-27")
    assert (first["promises"][0]["moved_by"], first["promises"][0]["agreed"]) == ("supplier", True)
    assert four(second)[3] == "2026-03-20"
    assert await names(world, order) == [
        "POIssued",
        "POResponded",
        "PromiseChanged",
        "POResponseDecided",
        "POAcknowledged",
    ]
    events = await world.events_of(order)
    assert [one["line_number"] for one in events[1][2]["promises"]] == [2]
    assert events[3][2]["changes"][0]["decision"] == "taken"
    shown = (await nord.get(f"/v1/purchase-orders/{order['id']}/versions/1/responses")).json()["items"][0]
    assert shown["changes"][0]["decision_reason_for_supplier"] == "agreed"
    assert not {"answered_by", "amendment_id"} & shown.keys()
    assert not {"decided_by", "decision_reason"} & shown["changes"][0].keys()


async def test_what_is_taken_beside_days_drafts_an_amendment_that_another_approves(world: World) -> None:
    order = await world.issued(line(), line())
    changed = LATER | {"quantity": "12", "price": "2.60"}
    instead = {"line_number": 2, "substitute": {"item": "M9", "description": "Hexagon bolt M9"}}
    answered = await respond(supplier_of(world, order), order, "accepted_with_changes", changed, instead)
    assert [one["field"] for one in answered.json()["changes"]] == [
        "promised_on",
        "quantity",
        "price",
        "substitute",
    ]
    decided = await decide(world, order, _1="taken", _2="taken", _3="refused", _4="taken")
    assert decided.status_code == 200, decided.text
    path = f"/v1/purchase-orders/{order['id']}/amendments/{decided.json()['amendment_id']}"
    amendment = (await world.bea.get(path)).json()
    assert amendment["words"] == [
        "Line 1: quantity 10 → 12",
        "Line 2: item M8-HEX-40 → M9, description Hexagon bolt M8 × 40 → Hexagon bolt M9",
    ]
    assert (amendment["status"], amendment["authors"]) == ("draft", ["bea"])
    assert (await read(world, order))["status"] == "issued"
    await act(world, amendment, "submit", world.bea)
    by_herself = world.person("bea", Role.APPROVER)
    assert (await act(world, amendment, "approve", by_herself)).status_code == 403
    assert (await bring(world, amendment, "submit")).status_code == 409
    for action, person in (("approve", world.alex), ("issue", world.bea)):
        assert (await act(world, amendment, action, person)).status_code == 200
    first = (await days(world.bea, order))[0]
    assert four(first) == ("2026-03-20", "2026-03-27", "2026-03-27", "2026-03-27")
    assert (await respond(world.bea, order, "accepted", version=2)).status_code == 201
    assert (await read(world, order))["status"] == "acknowledged"


async def test_what_is_refused_stays_as_it_was_asked_and_is_answered_anew(world: World) -> None:
    order = await world.issued()
    await respond(supplier_of(world, order), order, "accepted_with_changes", LATER)
    assert (await decide(world, order, _1="refused")).status_code == 200
    again = await decide(world, order, _1="taken")
    assert (again.status_code, again.json()["code"]) == (422, "nothing_to_decide")
    assert four((await days(world.bea, order))[0]) == ("2026-03-20", None, None, "2026-03-20")
    assert (await respond(world.bea, order, "accepted")).json()["nth"] == 2
    assert four((await days(world.bea, order))[0])[1] == "2026-03-20"


async def test_an_answer_that_is_given_anew_lets_the_one_before_lapse(world: World) -> None:
    order = await world.issued()
    await respond(supplier_of(world, order), order, "accepted_with_changes", LATER)
    await respond(
        supplier_of(world, order), order, "accepted_with_changes", LATER | {"promised_on": "2026-03-25"}
    )
    path = f"/v1/purchase-orders/{order['id']}/versions/1/responses"
    first, second = (await world.bea.get(path)).json()["items"]
    assert (first["changes"][0]["decision"], second["changes"][0]["decision"]) == ("lapsed", None)
    await decide(world, order, _1="taken")
    assert four((await days(world.bea, order))[0])[1] == "2026-03-25"


async def test_a_change_of_a_line_that_was_closed_since_is_not_taken(world: World) -> None:
    order = await world.issued(line(), line())
    await respond(supplier_of(world, order), order, "accepted_with_changes", LATER)
    await world.receive(order, arrived(1))
    refused = await decide(world, order, _1="taken")
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [{"pointer": "/changes/0/decision", "detail": "line 1 was closed since: refuse it"}],
    )
    assert (await decide(world, order, _1="refused")).status_code == 200


async def test_a_version_is_rejected_with_a_reason_and_stays_with_its_buyer(world: World) -> None:
    order = await world.issued()
    refused = await respond(supplier_of(world, order), order, "rejected")
    assert refused.json()["errors"] == [{"pointer": "/reason", "detail": "say why it is rejected"}]
    rejected = await respond(supplier_of(world, order), order, "rejected", reason="we no longer make it")
    assert (rejected.status_code, rejected.json()["reason"]) == (201, "we no longer make it")
    (_, name, told) = (await world.events_of(order))[-1]
    assert (name, told["reply"], told["reason"]) == ("POResponded", "rejected", "we no longer make it")
    assert (await read(world, order))["status"] == "issued"


async def test_an_answer_to_a_version_that_is_past_is_refused(world: World) -> None:
    order = await read(world, await world.issued())
    answered = await respond(supplier_of(world, order), order, "accepted_with_changes", LATER)
    assert answered.status_code == 201
    await amended(world, order, kept(order, 1, quantity="12"))
    for refused in (
        await respond(supplier_of(world, order), order, "accepted"),
        await decide(world, order, _1="taken"),
    ):
        assert (refused.status_code, refused.json()["code"], refused.json()["current_version"]) == (
            409,
            "version_superseded",
            2,
        )
    assert (await respond(world.bea, order, "accepted", version=3)).status_code == 404
    assert (await decide(world, order, 2, _1="taken")).json()["code"] == "purchase_order_response_not_found"


async def test_an_amended_order_of_which_something_has_come_is_accepted_too(world: World) -> None:
    order = await read(world, await world.issued())
    await world.receive(order, arrived(1, "4"))
    await amended(world, order, kept(order, 1, quantity="12"))
    assert (await respond(world.bea, order, "accepted", version=2)).status_code == 201
    now = await read(world, order)
    assert (now["status"], now["acknowledged_on"]) == ("partially_received", "2026-03-02")
    assert (await respond(world.bea, order, "accepted", version=2)).status_code == 409


async def test_of_two_answers_at_once_one_accepts_and_the_other_is_told(world: World) -> None:
    order = await world.issued()
    answers = await asyncio.gather(*(respond(supplier_of(world, order), order, "accepted") for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [201, 409]


async def test_another_supplier_answers_nothing_and_a_draft_has_no_version(world: World) -> None:
    order = await world.issued()
    other = world.person("other", Role.SUPPLIER)
    assert (await respond(other, order, "accepted")).status_code == 404
    assert (await decide(world, order, _1="taken")).status_code == 404
    drafted = await world.order(await world.supplier())
    assert (await respond(world.bea, drafted, "accepted")).status_code == 404
    assert (await respond(world.rita, order, "accepted")).status_code == 403


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"quantity": "0"}, "/lines/0/quantity"),
        ({"quantity": "1e30"}, "/lines/0/quantity"),
        ({"quantity": "1.0000001"}, "/lines/0/quantity"),
        ({"price": "-1"}, "/lines/0/price"),
        ({"promised_on": "1900-01-01"}, "/lines/0/promised_on"),
        ({"promised_on": "9999-12-31"}, "/lines/0/promised_on"),
        ({"promised_on": "2026-03-01"}, "/lines/0/promised_on"),
        ({"line_number": 2, "price": "3"}, "/lines/0/line_number"),
    ],
)
async def test_bad_answers_are_refused_by_field(world: World, changed: dict[str, Any], pointer: str) -> None:
    order = await world.issued()
    refused = await respond(world.bea, order, "accepted_with_changes", {"line_number": 1} | changed)
    assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (422, [pointer])


async def overdue(world: World, business_date: Any) -> None:
    async with world.database.transaction() as tx:
        tx.actor = "job find-overdue-acknowledgements"
        await find_overdue_acknowledgements(tx, business_date)


async def test_answers_that_are_overdue_are_found_once_a_version_on_the_day_of_the_site(
    empty_world: World,
) -> None:
    world = empty_world
    order = await read(world, await world.issued())
    accepted = await world.brought_to(await world.order(order["supplier_id"]), "acknowledged")
    world.clock.now += timedelta(days=3)
    await overdue(world, TODAY + timedelta(4))
    assert await names(world, order) == ["POIssued"]
    world.clock.now += timedelta(days=1)
    await overdue(world, TODAY + timedelta(3))
    assert await names(world, order) == ["POIssued"]
    for _ in range(2):
        await overdue(world, TODAY + timedelta(4))
    assert await names(world, order) == ["POIssued", "POAcknowledgementOverdue"]
    (_, _, told) = (await world.events_of(order))[-1]
    assert (told["version"], told["issued_on"], told["answer_by"], told["found_on"]) == (
        1,
        "2026-03-02",
        "2026-03-05",
        "2026-03-06",
    )
    assert "POAcknowledgementOverdue" not in await names(world, accepted)
    await amended(world, order, kept(order, 1, quantity="12"))
    await respond(world.bea, order, "rejected", version=2, reason="no")
    world.clock.now += timedelta(days=30)
    await overdue(world, TODAY + timedelta(34))
    assert (await names(world, order))[-1] == "POResponded"


async def test_who_answered_for_the_supplier_is_an_author_of_what_comes_of_it(world: World) -> None:
    order = await world.issued()
    eve = world.person("eve", Role.BUYER, Role.APPROVER)
    dearer = {"line_number": 1, "price": "50"}
    assert (await respond(eve, order, "accepted_with_changes", dearer)).status_code == 201
    decided = await decide(world, order, _1="taken")
    path = f"/v1/purchase-orders/{order['id']}/amendments/{decided.json()['amendment_id']}"
    amendment = (await world.bea.get(path)).json()
    assert amendment["authors"] == ["eve", "bea"]
    await act(world, amendment, "submit", world.bea)
    refused = await act(world, amendment, "approve", eve)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await act(world, amendment, "approve", world.alex)).status_code == 200


async def test_what_the_supplier_said_itself_has_no_author_among_us(world: World) -> None:
    order = await world.issued()
    dearer = {"line_number": 1, "price": "50"}
    await respond(supplier_of(world, order), order, "accepted_with_changes", dearer)
    decided = await decide(world, order, _1="taken")
    path = f"/v1/purchase-orders/{order['id']}/amendments/{decided.json()['amendment_id']}"
    assert (await world.bea.get(path)).json()["authors"] == ["bea"]


async def test_who_records_an_answer_for_the_supplier_takes_nothing_of_it(world: World) -> None:
    order = await world.issued()
    much_later = LATER | {"promised_on": "2026-12-24"}
    answered = (await respond(world.bea, order, "accepted_with_changes", much_later)).json()
    taken = await decide(world, order, _1="taken")
    assert (taken.status_code, taken.json()["code"]) == (403, "segregation_of_duties")
    assert four((await days(world.bea, order))[0]) == ("2026-03-20", None, None, "2026-03-20")
    ben = world.person("ben", Role.BUYER)
    path = f"/v1/purchase-orders/{order['id']}/versions/1/response:decide"
    body = {"response_id": answered["id"], "changes": [{"number": 1, "decision": "taken"}]} | DECISION
    assert (await ben.post(path, json=body)).status_code == 200
    [promise] = (await days(world.bea, order))[0]["promises"]
    assert (promise["moved_by"], promise["by_supplier"]) == ("supplier", False)


async def test_who_records_an_answer_may_refuse_what_it_says(world: World) -> None:
    order = await world.issued()
    await respond(world.bea, order, "accepted_with_changes", LATER)
    assert (await decide(world, order, _1="refused")).status_code == 200


async def test_who_recorded_an_answer_cannot_take_it_around_the_rules(world: World) -> None:
    order = await world.issued()
    answered = (await respond(world.bea, order, "accepted_with_changes", LATER)).json()
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await world.value(
            "UPDATE purchase_order_response_change SET decision = 'taken', decided_by = 'bea', "
            "decided_at = now() WHERE response_id = $1",
            UUID(answered["id"]),
        )
    assert refused.value.constraint_name == "ck_purchase_order_response_change_recorder_does_not_take"


@pytest.mark.parametrize("came", [False, True])
async def test_a_supplier_may_answer_what_a_buyer_accepted_for_it_until_it_accepts_itself(
    world: World, came: bool
) -> None:
    order = await world.issued()
    nord = supplier_of(world, order)
    assert (await respond(nord, order, "rejected", reason="too cheap")).status_code == 201
    assert (await respond(world.bea, order, "accepted")).status_code == 201
    assert (await respond(world.bea, order, "accepted")).json()["code"] == "response_accepted"
    if came:
        await world.receive(order, arrived(1, "4"))
    assert (await respond(nord, order, "rejected", reason="too cheap still")).status_code == 201
    now = await read(world, order)
    status = "partially_received" if came else "issued"
    assert (now["status"], now["acknowledged_on"], now["acknowledged_by"]) == (status, None, None)
    assert (await respond(world.bea, order, "accepted")).status_code == 201
    assert (await respond(nord, order, "accepted", supplier_reference="AB-1")).status_code == 201
    now = await read(world, order)
    assert (now["acknowledged_by"], now["supplier_reference"]) == ("nord", "AB-1")
    refused = await respond(nord, order, "rejected", reason="no")
    assert (refused.status_code, refused.json()["code"]) == (409, "response_accepted")


async def test_what_is_taken_is_of_the_answer_that_was_seen(world: World) -> None:
    order = await world.issued()
    nord = supplier_of(world, order)
    seen = (await respond(nord, order, "accepted_with_changes", {"line_number": 1, "price": "5.10"})).json()
    anew = (await respond(nord, order, "accepted_with_changes", {"line_number": 1, "price": "95"})).json()
    refused = await decide(world, order, seen=seen["id"], _1="taken")
    assert (refused.status_code, refused.json()["code"]) == (409, "response_superseded")
    assert refused.json()["response_id"] == anew["id"]
    assert (await decide(world, order, seen=anew["id"], _1="taken")).status_code == 200


async def test_a_price_that_another_is_yet_to_approve_is_proposed_and_not_taken(world: World) -> None:
    order = await world.issued()
    nord = supplier_of(world, order)
    dearer = LATER | {"price": "95"}
    await respond(nord, order, "accepted_with_changes", dearer)
    decided = (await decide(world, order, _1="taken", _2="taken")).json()
    assert [one["decision"] for one in decided["changes"]] == ["taken", "proposed"]
    path = f"/v1/purchase-orders/{order['id']}/versions/1/responses"
    [shown] = (await nord.get(path)).json()["items"]
    assert [one["decision"] for one in shown["changes"]] == ["taken", "proposed"]
    (_, name, told) = (await world.events_of(order))[-1]
    assert (name, [one["decision"] for one in told["changes"]]) == (
        "POResponseDecided",
        ["taken", "proposed"],
    )
