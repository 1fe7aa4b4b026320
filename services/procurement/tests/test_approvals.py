"""Orders go through the steps that the policy wants, and nobody gets past them."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from purveyor_contract.roles import Role

from .approvals import (
    APPROVALS,
    ROLE_STEP,
    VALUE,
    act,
    approval_of,
    approve,
    decided,
    euros,
    of,
    rule,
    state,
    status_of,
    submitted,
    waiting_for,
)
from .conftest import TODAY, World, arrived, line
from .test_policies import decide_on

LARGE = rule("large", {"who": "cost_centre_manager"}, {"who": "group", "group": "finance"}, amount_from="100")


async def staffed(world: World) -> None:
    await state(world, "otto")
    await state(world, "mara", "otto", euros("5000"))
    for code in ("fritz", "frieda"):
        await state(world, code, "otto", groups=["finance"])
    await state(world, "robin", "mara", euros("0"))
    centre = await world.ada.get("/v1/cost-centres/4711")
    body = {"name": "Assembly 4711", "manager": "mara"}
    put = await world.ada.put(
        "/v1/cost-centres/4711", json=body, headers={"If-Match": centre.headers["ETag"]}
    )
    assert put.status_code == 200, put.text


async def test_without_a_policy_another_approves_an_order_as_ever(world: World) -> None:
    order = await submitted(world)
    assert (await world.bea.get("/v1/approvals", params={"document_id": order["id"]})).json()["items"] == []
    assert (await world.act(world.alex, order, "approve")).json()["status"] == "approved"


async def test_an_order_is_approved_when_its_last_step_is_taken_and_not_before(empty_world: World) -> None:
    world = empty_world
    await staffed(world)
    await decided(world, rules=[LARGE])
    order = await submitted(world, line(quantity="100"))
    approval = await approval_of(world, order)
    assert [(one["label"], one["people"], one["status"]) for one in approval["steps"]] == [
        ("manager of cost centre 4711", ["mara"], "open"),
        ("group finance, any", ["frieda", "fritz"], "waiting"),
    ]
    assert approval["steps"][0]["because"] == [
        "rule “large”: it is a purchase order; 250.00 EUR is 100 or more"
    ]
    past = await world.act(world.alex, order, "approve")
    assert (past.status_code, past.json()["code"]) == (409, "approved_by_steps")
    assert (await approve(world, "fritz", approval)).json()["code"] == "not_asked"
    assert await waiting_for(of(world, "mara")) == [order["number"]]
    first = await approve(world, "mara", approval, reason="within the plan")
    assert first.json()["waits_for"] == ["group finance, any"]
    assert await waiting_for(of(world, "mara")) == []
    assert (await approve(world, "fritz", approval)).json()["status"] == "approved"
    assert await status_of(world, order) == "approved"
    assert (await world.act(world.bea, order, "issue")).status_code == 200
    told = [(name, data.get("decision")) for _, name, data in await world.events_of(approval)]
    assert told == [
        ("ApprovalRequested", None),
        ("ApprovalDecided", "approve"),
        ("ApprovalDecided", "approve"),
    ]


async def test_what_no_rule_covers_is_answered_as_was_decided(empty_world: World) -> None:
    world = empty_world
    await staffed(world)
    await decided(world, rules=[LARGE], otherwise=[{"kinds": None, "steps": []}])
    order = await world.order(await world.supplier())
    refused = await world.act(world.robin, order, "submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "approval_not_covered")
    assert await status_of(world, order) == "draft"


async def test_a_rejection_gives_an_order_back_and_one_taken_back_is_not_approved(
    empty_world: World,
) -> None:
    world = empty_world
    await decided(world)
    order = await submitted(world)
    approval = await approval_of(world, order)
    said = await act(world, world.alex, approval, "decide", decision="reject")
    assert said.status_code == 422
    said = await act(world, world.alex, approval, "decide", decision="reject", reason="too dear")
    assert (said.json()["status"], await status_of(world, order)) == ("rejected", "draft")
    assert (await world.act(world.robin, order, "submit")).status_code == 200
    again = await approval_of(world, order)
    assert (await world.act(world.bea, order, "return", {"reason": "wrong"})).status_code == 200
    late = await act(world, world.alex, again, "decide", decision="approve")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


async def test_of_two_who_take_one_step_at_once_one_does(empty_world: World) -> None:
    world = empty_world
    await staffed(world)
    await decided(world, rules=[rule("all", {"who": "group", "group": "finance"})])
    approval = await approval_of(world, await submitted(world))
    both = await asyncio.gather(approve(world, "fritz", approval), approve(world, "frieda", approval))
    assert sorted(one.status_code for one in both) in ([200, 409], [200, 412])


async def test_the_database_lets_nobody_past_the_steps(empty_world: World) -> None:
    world = empty_world
    await decided(world)
    order = await submitted(world)
    with pytest.raises(asyncpg.CheckViolationError, match="awaits_approval"):
        await world.value(
            "UPDATE purchase_order SET status = 'approved', approved_by = 'alex' WHERE id = $1", order["id"]
        )
    approval = await approval_of(world, order)
    with pytest.raises(asyncpg.CheckViolationError, match="author_does_not_approve"):
        await world.value(
            "INSERT INTO approval_act (id, approval_id, act, done_by, done_at, authors)"
            " SELECT gen_random_uuid(), id, 'approve', 'robin', now(), authors FROM approval WHERE id = $1",
            approval["id"],
        )


async def test_a_new_version_of_the_policy_changes_nothing_under_way(empty_world: World) -> None:
    world = empty_world
    await staffed(world)
    await decided(world)
    approval = await approval_of(world, await submitted(world))
    await decided(world, rules=[LARGE], otherwise=[{"kinds": None, "steps": []}])
    ended = await act(world, world.alex, approval, "decide", decision="approve")
    assert (ended.json()["status"], ended.json()["policy_version"]) == ("approved", 1)


async def test_a_policy_of_approvals_may_hold_from_a_day_on_which_goods_came(empty_world: World) -> None:
    world = empty_world
    await world.receive(await world.issued(), arrived())
    today = await decide_on(world, APPROVALS, VALUE, valid_from=str(TODAY))
    assert today.status_code == 201, today.text
    past = await decide_on(world, APPROVALS, VALUE, valid_from=str(TODAY - timedelta(1)))
    assert (past.status_code, past.json()["code"]) == (422, "already_judged")


async def test_asking_back_is_answered_by_an_author(empty_world: World) -> None:
    world = empty_world
    await decided(world)
    approval = await approval_of(world, await submitted(world))
    assert (await act(world, world.alex, approval, "ask", question="why now?")).status_code == 200
    stranger = await act(world, world.bea, approval, "answer", answer="because", step=1)
    assert stranger.json()["code"] == "not_an_author"
    answered = await act(world, world.robin, approval, "answer", answer="it is needed", step=1)
    assert [one["act"] for one in answered.json()["acts"]] == ["ask", "answer"]
    repeated = await act(world, world.robin, approval, "answer", answer="it is needed", step=1)
    assert repeated.json()["code"] == "nothing_asked"


async def test_a_policy_says_what_happens_to_what_no_rule_covers(world: World) -> None:
    cora = world.person("cora", Role.CATEGORY_MANAGER)
    seen = (await cora.get("/v1/policies/approvals")).headers["ETag"]
    value = {
        "currency": "EUR",
        "rules": [LARGE],
        "otherwise": [{"kinds": ["purchase_order"], "steps": [ROLE_STEP]}],
    }
    body = {"valid_from": "2026-01-01", "value": value, "reason": "new rules"}
    refused = await cora.post("/v1/policies/approvals/versions", json=body, headers={"If-Match": seen})
    assert refused.status_code == 422
    assert "purchase_order_amendment" in refused.text
