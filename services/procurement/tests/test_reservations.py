"""A requisition reserves when it is approved; an issued order commits that instead: nothing counts twice."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from . import budgeting
from .amending import amended, kept, read
from .budgeting import cost_centre, figures, year
from .conftest import World, arrived
from .test_budgets import told
from .test_budgets_of_orders import issue, of_line
from .test_ordering_requisitions import ordered, wanted
from .test_requisitions import approved, does, drafted, need


async def budgeted(world: World, amount: str = "100.00") -> tuple[str, dict[str, Any]]:
    """Make a cost centre with a budget."""
    centre = await cost_centre(world)
    return centre, await budgeting.approved(world, centre, year(amount))


def charged(centre: str, **more: Any) -> dict[str, Any]:
    return need(assignments=[{"cost_centre": centre}], **more)


async def issued(world: World, requisition: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Order of a requisition, and issue that."""
    [order] = await ordered(world, wanted(requisition, **more))
    order = await world.brought_to(order, "approved")
    answer = await issue(world, order)
    assert answer.status_code == 200, answer.text
    return order


async def test_what_is_approved_is_reserved_and_what_is_issued_is_committed_instead(world: World) -> None:
    centre, budget = await budgeted(world)
    requisition = await approved(world, charged(centre, supplier_id=str(await world.supplier())))
    assert await figures(world, budget) == ["100.00", "25.00", "0.00", "0.00", "75.00"]
    order = await issued(world, requisition, quantity="4", price="2.40")
    assert await figures(world, budget) == ["100.00", "15.00", "9.60", "0.00", "75.40"]
    seen = {"If-Match": f'"{await world.version_of(order["id"])}"'}
    path = f"/v1/purchase-orders/{order['id']}:cancel"
    called_off = await world.bea.post(path, json={"reason": "not needed"}, headers=seen)
    assert called_off.status_code == 200, called_off.text
    assert await figures(world, budget) == ["100.00", "25.00", "0.00", "0.00", "75.00"]


async def test_an_order_of_the_whole_budget_finds_what_was_reserved_for_it(world: World) -> None:
    centre, budget = await budgeted(world, "25.00")
    requisition = await approved(world, charged(centre, supplier_id=str(await world.supplier())))
    order = await issued(world, requisition)
    assert await figures(world, budget) == ["25.00", "0.00", "25.00", "0.00", "0.00"]
    await of_line(world, order, 1, "cancel")
    assert await figures(world, budget) == ["25.00", "25.00", "0.00", "0.00", "0.00"]
    assert (await told(world, budget))[-2:] == ["BudgetReleased", "BudgetReserved"], "nothing is exceeded"


async def test_what_several_cost_centres_bear_is_committed_by_the_shares_that_were_reserved(
    world: World,
) -> None:
    (most, budget), (less, other) = await budgeted(world), await budgeted(world)
    shares = [{"cost_centre": most, "share": "60"}, {"cost_centre": less, "share": "40"}]
    shared = need(assignments=shares, quantity="3", price="3.33", supplier_id=str(await world.supplier()))
    requisition = await approved(world, shared)
    assert [(await figures(world, one))[1] for one in (budget, other)] == ["5.99", "4.00"]
    order = await issued(world, requisition)
    assert order["cost_centre"] == most
    assert [(await figures(world, one))[1:3] for one in (budget, other)] == [
        ["0.00", "5.99"],
        ["0.00", "4.00"],
    ]
    assert (await world.receive(order, arrived(1, "1"))).status_code == 201
    await of_line(world, order, 1, "close-short")
    assert [(await figures(world, one))[1:3] for one in (budget, other)] == [
        ["3.99", "2.00"],
        ["2.67", "1.33"],
    ]


async def test_an_order_that_is_moved_to_another_cost_centre_is_charged_as_it_says(world: World) -> None:
    (centre, budget), (other, taken) = await budgeted(world), await budgeted(world)
    requisition = await approved(world, charged(centre, supplier_id=str(await world.supplier())))
    order = await issued(world, requisition)
    shown = await read(world, order)
    await amended(world, order, kept(shown, 1), cost_centre=other)
    assert [(await figures(world, one))[1:3] for one in (budget, taken)] == [
        ["0.00", "0.00"],
        ["0.00", "25.00"],
    ]


async def test_what_is_not_wanted_any_more_is_given_back(world: World) -> None:
    centre, budget = await budgeted(world)
    requisition = await approved(world, charged(centre), charged(centre), charged(centre))
    assert (await figures(world, budget))[1] == "75.00"
    assert (await does(world, requisition, "lines/1:cancel", world.robin)).status_code == 200
    assert (await figures(world, budget))[1] == "50.00"
    assert (await does(world, requisition, "lines/2:cancel", world.robin)).status_code == 200
    assert await figures(world, budget) == ["100.00", "25.00", "0.00", "0.00", "75.00"]


async def test_a_need_above_the_budget_is_not_approved_and_is_told_the_arithmetic(
    world: World,
) -> None:
    centre, budget = await budgeted(world, "24.00")
    requisition = await drafted(world, charged(centre))
    assert (await does(world, requisition, "submit", world.robin)).status_code == 200
    refused = await does(world, requisition, "approve", world.alex)
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_exceeded")
    assert "wanted 25.00, which is 1.00 too much (EUR)" in refused.json()["detail"]
    assert await figures(world, budget) == ["24.00", "0.00", "0.00", "0.00", "24.00"]


async def test_of_approvals_at_once_exactly_those_that_fit_get_the_last_of_a_budget(world: World) -> None:
    centre, budget = await budgeted(world, "60.00")
    requisitions = [await drafted(world, charged(centre)) for _ in range(6)]
    for one in requisitions:
        assert (await does(world, one, "submit", world.robin)).status_code == 200
    answers: list[httpx.Response] = await asyncio.gather(
        *(does(world, one, "approve", world.alex) for one in requisitions)
    )
    assert sorted(one.status_code for one in answers) == [200, 200, 409, 409, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"budget_exceeded"}
    assert await figures(world, budget) == ["60.00", "50.00", "0.00", "0.00", "10.00"]


async def test_a_submission_reserves_where_the_policy_says_so(empty_world: World) -> None:
    centre, budget = await budgeted(empty_world)
    await budgeting.policy(empty_world, "budget-control", reserve_at="submission")
    requisition = await drafted(empty_world, charged(centre))
    assert (await figures(empty_world, budget))[1] == "0.00"
    assert (await does(empty_world, requisition, "submit", empty_world.robin)).status_code == 200
    assert (await figures(empty_world, budget))[1] == "25.00"
    assert (await does(empty_world, requisition, "withdraw", empty_world.robin)).status_code == 200
    assert (await figures(empty_world, budget))[1] == "0.00"


async def test_what_was_approved_before_there_was_a_budget_may_be_cancelled_whatever_that_leaves(
    empty_world: World,
) -> None:
    world = empty_world
    centre = await cost_centre(world)
    requisition = await approved(world, charged(centre), charged(centre))
    budget = await budgeting.approved(world, centre, year("10.00"))
    cancelled = await does(world, requisition, "lines/2:cancel", world.robin)
    assert cancelled.status_code == 200, cancelled.text
    assert await figures(world, budget) == ["10.00", "0.00", "0.00", "0.00", "10.00"]


async def test_nothing_is_approved_or_issued_on_the_days_of_a_budget_that_is_closed(
    empty_world: World,
) -> None:
    world = empty_world
    centre = await cost_centre(world)
    supplier = await world.supplier()
    past = await budgeting.approved(world, centre, year("100.00", 2025))
    closed = await budgeting.does(world, past, "close", body={"reason": "the year is over"})
    assert closed.json()["status"] == "closed"
    order = await world.order(supplier, cost_centre=centre, ordered_on="2025-12-30")
    refused = await issue(world, await world.brought_to(order, "approved"))
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_closed")
    assert refused.json()["budget_id"] == past["id"]
    following = await budgeting.approved(world, centre, year("100.00"))
    places = {"from": {"budget_id": following["id"]}, "to": {"budget_id": past["id"]}}
    transfer = places | {"amount": "5.00", "reason": "late"}
    no = await budgeting.cora(world).post("/v1/budget-transfers", json=transfer)
    assert [one["pointer"] for one in no.json()["errors"]] == ["/to/budget_id"]
    assert await figures(world, past) == ["100.00", "0.00", "0.00", "0.00", "100.00"]
