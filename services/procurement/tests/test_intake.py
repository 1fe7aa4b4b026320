"""One door: a need is told its way with the reasons, started, and seen until it is fulfilled."""

from __future__ import annotations

from typing import Any

import httpx

from .approvals import decided
from .conftest import World, arrived
from .test_blankets import approved as agreed
from .test_ordering_requisitions import ordered, wanted
from .test_policies import decide_on
from .test_requisitions import does

INTAKE = "/v1/intake"


def needed(**changes: Any) -> dict[str, Any]:
    """Return a need of ten pieces that are worth 25."""
    return {
        "title": "Bolts",
        "category": "fasteners",
        "quantity": "10",
        "unit": "C62",
        "value": "25.00",
        "currency": "EUR",
        "need_by": "2026-03-20",
        "site": "HAM-1",
        "business_unit": "drives",
        "cost_centre": "4711",
    } | changes


async def says(world: World, **changes: Any) -> dict[str, Any]:
    answer = await world.robin.post(INTAKE, json=needed(**changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def start(world: World, need: dict[str, Any]) -> httpx.Response:
    path = f"{INTAKE}/{need['id']}"
    seen = (await world.robin.get(path)).headers["ETag"]
    return await world.robin.post(f"{path}:start", headers={"If-Match": seen})


async def now(world: World, need: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await world.bea.get(f"{INTAKE}/{need['id']}")).json()
    return found


async def test_what_was_agreed_is_called_off_and_fulfilled_when_it_came(empty_world: World) -> None:
    world = empty_world
    await world.ada.put("/v1/items/M8-HEX-40", json=ITEM)
    blanket = await agreed(world)
    need = await says(world, kind="item", item="M8-HEX-40")
    assert (need["number"][:5], need["route"], need["rule"], need["status"]) == (
        "NEED-",
        "call_off",
        "agreed",
        "routed",
    )
    assert need["reasons"] == [
        "It was agreed on: call it off at the agreed price.",
        f"{blanket['number']} has it",
    ]
    assert need["decisions"] == [{"stage": 1, "label": "an approver who wrote none of it", "people": []}]
    started = (await start(world, need)).json()
    assert (started["status"], started["document_status"], started["requisition_id"]) == (
        "started",
        "draft",
        None,
    )
    again = await start(world, need)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    order = (await world.bea.get(f"/v1/purchase-orders/{started['order_id']}")).json()
    assert (order["blanket_order_id"], order["number"]) == (blanket["id"], started["document_number"])
    await world.brought_to(order, "issued")
    await world.receive(order, arrived(1, "10"))
    assert (await now(world, need))["status"] == "fulfilled"
    more = await says(world, kind="item", item="M8-HEX-40", quantity="91")
    assert (more["route"], more["rule"]) == ("catalogue", "item")


ITEM = {
    "description": "Hexagon bolt M8 × 40",
    "category": "fasteners",
    "base_unit": "C62",
}


async def test_what_nothing_was_decided_of_waits_for_quotes_and_is_seen_until_it_came(world: World) -> None:
    need = await says(world)
    assert (need["route"], need["rule"]) == ("three_quotes", None)
    started = (await start(world, need)).json()
    path = f"/v1/requisitions/{started['requisition_id']}"
    requisition = (await world.robin.get(path)).json()
    assert (requisition["authors"], requisition["total"]["amount"]) == (["robin"], "25.00")
    for action, by in (("submit", world.robin), ("approve", world.alex)):
        assert (await does(world, requisition, action, by)).status_code == 200
    shown = await now(world, need)
    assert (shown["status"], shown["document_status"]) == ("started", "sourcing")
    supplier = str(await world.supplier())
    found = await does(
        world, requisition, "lines/1:end-sourcing", world.bea, "best of 3", supplier_id=supplier
    )
    assert found.json()["lines"][0]["sourcing_reason"] == "three quotes are to be asked"
    [order] = await ordered(world, wanted(requisition))
    await world.brought_to(order, "issued")
    await world.receive(order, arrived(1, "10"))
    shown = await now(world, need)
    assert (shown["status"], shown["document_number"]) == ("fulfilled", requisition["number"])
    copied = await world.robin.post(f"{path}:copy", json={"need_by": requisition["lines"][0]["need_by"]})
    again = (await does(world, copied.json(), "submit", world.robin)).json()
    assert again["lines"][0]["sourcing_reason"] == "three quotes are to be asked"


async def test_the_table_is_versioned_simulated_and_remembered(empty_world: World) -> None:
    world = empty_world
    row = {
        "name": "large",
        "when": NOTHING | {"value_from": "1000", "countries": ["DE"]},
        "route": "tender",
        "reason": "Who is large is put out to tender.",
    }
    no = {
        "name": "gold",
        "when": NOTHING | {"categories": ["gold"]},
        "route": "refused",
        "reason": "No gold.",
    }
    table = {
        "currency": "EUR",
        "rate_source": "ECB",
        "rate_base": "EUR",
        "rows": [row, no],
        "otherwise": "catalogue",
        "otherwise_reason": "Just request it.",
    }
    simulated = await world.robin.post(f"{INTAKE}:simulate", json=needed(value="1000", table=table))
    assert simulated.status_code == 200, simulated.text
    assert (simulated.json()["route"], simulated.json()["table_version"]) == ("tender", None)
    assert simulated.json()["reasons"] == [
        "Who is large is put out to tender.",
        "it is for a site in DE",
        "1000 EUR is 1000 or more",
    ]
    assert (await world.robin.post(f"{INTAKE}:simulate", json=needed(value="1000"))).json()["route"] == (
        "three_quotes"
    )
    assert (await world.bea.get(INTAKE)).json()["items"] == []
    answer = await decide_on(world, "/v1/policies/intake-routes", table)
    assert answer.status_code == 201, answer.text
    small, large, gold = (
        await says(world),
        await says(world, value="1000"),
        await says(world, category="gold"),
    )
    assert [(one["route"], one["table_version"]) for one in (small, large, gold)] == [
        ("catalogue", 1),
        ("tender", 1),
        ("refused", 1),
    ]
    assert (gold["status"], gold["decisions"]) == ("refused", [])
    refused = await start(world, gold)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    found = (await world.bea.get(INTAKE, params={"route": "tender", "rule": "large"})).json()["items"]
    assert [one["id"] for one in found] == [large["id"]]
    await decided(
        world, rules=[], otherwise=[{"kinds": None, "steps": [{"who": "role", "role": "approver"}]}]
    )
    assert (await says(world))["decisions"] == [{"stage": 1, "label": "role approver", "people": []}]


NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "kinds",
        "categories",
        "business_units",
        "countries",
        "value_from",
        "value_below",
        "agreement",
        "supplier",
        "at_risk",
    )
)


async def test_what_a_need_names_and_is_not_there_is_named_and_nothing_is_noted(world: World) -> None:
    before = await world.value("SELECT count(*) FROM need")
    answer = await world.robin.post(INTAKE, json=needed(cost_centre="none", site="HAM-1", unit="pieces"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/unit")
    answer = await world.robin.post(INTAKE, json=needed(cost_centre="none"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/cost_centre")
    answer = await world.robin.post(INTAKE, json=needed(currency="USD"))
    assert (answer.status_code, answer.json()["code"]) == (422, "no_rate")
    unqualified = await says(world, supplier_id=str(await world.supplier(())))
    assert unqualified["route"] == "qualify_supplier"
    assert await world.value("SELECT count(*) FROM need") == before + 1
