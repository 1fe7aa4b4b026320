"""An order commits when it is issued, more or less when it is amended, and gives the rest back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from procurement.budgets.rules.control import BudgetControl
from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .budgeting import BUDGETS, approved, cost_centre, document, entries, figures, move, year
from .conftest import World, arrived, line
from .test_budgets import take, told
from .test_policies import decide_on


async def ordered(world: World, centre: str, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Bring an order that is charged to a cost centre to its approval."""
    order = await world.order(await world.supplier(), *lines, cost_centre=centre, **header)
    return await world.brought_to(order, "approved")


async def issue(world: World, order: dict[str, Any]) -> httpx.Response:
    """Issue an order as bea."""
    return await world.act(world.bea, order, "issue")


async def of_line(world: World, order: dict[str, Any], number: int, action: str) -> None:
    """Close a line short, cancel it or reopen it, as bea."""
    seen = await world.version_of(order["id"])
    answer = await world.bea.post(
        f"/v1/purchase-orders/{order['id']}/lines/{number}:{action}",
        json={"reason": "so it is"},
        headers={"If-Match": f'"{seen}"'},
    )
    assert answer.status_code == 200, answer.text


async def test_an_order_commits_what_its_lines_cost_with_what_is_spread_over_them(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("100.00"))
    freight = {"reason_code": "FC", "reason": "freight", "amount": "5.00", "spread_by": "value"}
    order = await ordered(world, centre, line(), line(price="1.00"), charges=[freight])
    assert (await issue(world, order)).status_code == 200
    assert await figures(world, budget) == ["100.00", "0.00", "40.00", "0.00", "60.00"]
    [_, *committed] = await entries(world, budget_id=budget["id"])
    assert [(one["line_number"], one["committed"], one["category"]) for one in committed] == [
        (1, "28.57", "fasteners"),
        (2, "11.43", "fasteners"),
    ]
    assert {one["document_number"] for one in committed} == {order["number"]}
    [told_of] = [data for _, name, data in await world.events_of(budget) if name == "BudgetCommitted"]
    assert (told_of["amount"], told_of["figures"]["available"]) == ("40.00", "60.00")


async def test_an_order_above_the_budget_is_not_issued_until_somebody_lets_it(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("24.00"))
    order = await ordered(world, centre)
    refused = await issue(world, order)
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_exceeded")
    assert refused.json()["detail"] == (
        f"{budget['number']}, period 1: budget 24.00 − reserved 0 − committed 0 − spent 0 = 24.00 available; "
        "wanted 25.00, which is 1.00 too much (EUR)."
    )
    assert (await read(world, order))["status"] == "approved"
    granted = {"document_kind": "order", "document_id": order["id"], "amount": "1.00", "reason": "urgent"}
    assert (await world.alex.post(f"{BUDGETS}/{budget['id']}/overrides", json=granted)).status_code == 201
    assert (await issue(world, order)).status_code == 200
    assert (await figures(world, budget))[-1] == "-1.00"
    assert (await told(world, budget))[-1] == "BudgetExceeded"


async def test_what_a_unit_decided_of_overrides_holds_for_its_orders_whatever_is_said_of_them(
    empty_world: World,
) -> None:
    world = empty_world
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("24.00"))
    value = BudgetControl(override_roles=frozenset({Role.ADMIN})).model_dump(mode="json")
    decided = await decide_on(world, "/v1/policies/budget-control", value, business_unit="drives")
    assert decided.status_code == 201, decided.text
    order = await ordered(world, centre)
    granted = {"document_kind": "order", "document_id": order["id"], "amount": "1.00", "reason": "urgent"}
    path, of_unit = f"{BUDGETS}/{budget['id']}/overrides", {"business_unit": "drives"}
    refused = await world.alex.post(path, json=granted | of_unit)
    assert (refused.status_code, refused.json()["code"]) == (403, "override_not_allowed")
    assert (await world.alex.post(path, json=granted)).status_code == 201
    assert (await issue(world, order)).json()["code"] == "budget_exceeded"
    assert (await world.ada.post(path, json=granted | of_unit)).status_code == 201
    assert (await issue(world, order)).status_code == 200


async def test_an_amendment_commits_the_growth_or_gives_back_the_rest(world: World) -> None:
    centre, other = await cost_centre(world), await cost_centre(world)
    budget, another = await approved(world, centre, year("60.00")), await approved(world, other)
    order = await ordered(world, centre, line(), line(price="1.00"))
    assert (await issue(world, order)).status_code == 200
    shown = await read(world, order)
    await amended(world, order, kept(shown, 1, quantity="20"), kept(shown, 2))
    assert (await figures(world, budget))[2] == "60.00"
    shown = await read(world, order)
    await amended(world, order, kept(shown, 1, quantity="20", price="2.00"), kept(shown, 2))
    assert (await figures(world, budget))[2] == "50.00"
    shown = await read(world, order)
    await amended(world, order, kept(shown, 1), kept(shown, 2), cost_centre=other)
    assert (await figures(world, budget))[2] == "0.00"
    assert (await figures(world, another))[2] == "50.00"


async def test_what_is_called_off_is_given_back_and_committed_again_when_wanted(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("60.00"))
    order = await ordered(world, centre, line(), line(price="1.00"))
    assert (await issue(world, order)).status_code == 200
    committed = []
    assert (await world.receive(order, arrived(1, "4"))).status_code == 201
    committed.append((await figures(world, budget))[2])
    for number, action in ((1, "close-short"), (2, "cancel"), (2, "reopen")):
        await of_line(world, order, number, action)
        committed.append((await figures(world, budget))[2])
    cancelled = await world.act(world.bea, order, "cancel", {"reason": "no longer"})
    assert cancelled.status_code == 200, cancelled.text
    committed.append((await figures(world, budget))[2])
    assert committed == ["35.00", "20.00", "10.00", "20.00", "10.00"]


async def test_goods_that_are_refused_for_good_are_given_back_and_taken_again_when_it_was_not_so(
    world: World,
) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("25.00"))
    order = await ordered(world, centre)
    assert (await issue(world, order)).status_code == 200
    rejected = arrived(1, "10", rejected_quantity="4", rejection_reason="bent", rejected_is="ends")
    received = await world.receive(order, rejected)
    assert received.status_code == 201, received.text
    assert (await figures(world, budget))[2] == "15.00"
    await take(world, move(document(), centre, "10.00"))
    answer = await world.rita.post(
        f"/v1/goods-receipts/{received.json()['id']}:reverse", json={"reason": "counted wrong"}
    )
    assert answer.status_code == 200, answer.text
    assert await figures(world, budget) == ["25.00", "0.00", "35.00", "0.00", "-10.00"]
    assert (await told(world, budget))[-1] == "BudgetExceeded"


async def test_of_fifty_orders_on_the_last_of_a_budget_as_many_are_issued_as_fit(world: World) -> None:
    """Each other is told why; no more is committed than there is, nor less."""
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("437.50"))
    supplier = await world.supplier()
    orders = [await world.order(supplier, cost_centre=centre) for _ in range(50)]
    orders = [await world.brought_to(order, "approved") for order in orders]
    answers = await asyncio.gather(*(issue(world, order) for order in orders))
    assert sorted(answer.status_code for answer in answers) == [200] * 17 + [409] * 33
    refusals = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refusals == {"budget_exceeded"}
    assert await figures(world, budget) == ["437.50", "0.00", "425.00", "0.00", "12.50"]
    numbers = [one["number"] for one in await entries(world, budget_id=budget["id"])]
    assert numbers == list(range(1, 19))


async def test_without_a_budget_nothing_is_kept_of_an_order(empty_world: World) -> None:
    world = empty_world
    order = await ordered(world, "4711")
    assert (await issue(world, order)).status_code == 200
    assert (await world.ada.get("/v1/budget-uncovered-lines")).json()["items"] == []
    assert await world.value("SELECT count(*) FROM budget_entry") == 0
