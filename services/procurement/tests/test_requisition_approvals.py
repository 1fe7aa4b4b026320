"""Requisitions go through the steps that the policy wants, and no other way past them."""

from __future__ import annotations

import asyncpg
import pytest

from .approvals import act, approval_of, approve, decided, of, state
from .conftest import World
from .test_requisitions import does, drafted, need, now, standing, told

FINANCE = {"who": "group", "group": "finance"}
TWO_STEPS = {
    "name": "large",
    "when": {"kinds": ["requisition"], "amount_from": "100"},
    "steps": [{"who": "cost_centre_manager"}, FINANCE],
}


async def staffed(world: World) -> None:
    await state(world, "mara")
    await state(world, "fritz", groups=["finance"])
    await state(world, "robin", "mara")
    seen = (await world.ada.get("/v1/cost-centres/4711")).headers["ETag"]
    body = {"name": "Assembly 4711", "manager": "mara"}
    put = await world.ada.put("/v1/cost-centres/4711", json=body, headers={"If-Match": seen})
    assert put.status_code == 200, put.text


async def test_the_last_step_approves_what_is_left_of_a_requisition_and_nothing_does_before(
    empty_world: World,
) -> None:
    world = empty_world
    await staffed(world)
    await decided(world, rules=[TWO_STEPS])
    requisition = await drafted(world, need(quantity="100"), need(), need())
    submitted = (await does(world, requisition, "submit", world.robin)).json()
    assert submitted["status"] == "in_approval"
    approval = await approval_of(world, requisition)
    assert submitted["awaits_approval"] == approval["id"]
    assert [one["people"] for one in approval["steps"]] == [["mara"], ["fritz"]]
    for action in ("approve", "reject", "lines/1:approve"):
        past = await does(world, requisition, action, world.alex)
        assert (past.status_code, past.json()["code"]) == (409, "approved_by_steps")
    with pytest.raises(asyncpg.CheckViolationError, match="awaits_approval"):
        await world.value("UPDATE requisition SET status = 'approved' WHERE id = $1", requisition["id"])
    assert (await approve(world, "mara", approval)).status_code == 200
    assert (await does(world, requisition, "lines/2:reject", world.alex, "in stock")).status_code == 200
    assert (await does(world, requisition, "lines/3:cancel", world.robin)).status_code == 200
    assert (await approve(world, "fritz", approval)).json()["status"] == "approved"
    shown = await now(world, requisition)
    assert standing(shown) == ("approved", ["approved", "rejected", "cancelled"])
    assert (shown["awaits_approval"], shown["lines"][0]["decided_by"]) == (None, "fritz")
    assert (await told(world, requisition))[-1] == "RequisitionApproved"


async def test_nothing_is_approved_that_was_withdrawn_returned_or_rejected_meanwhile(
    empty_world: World,
) -> None:
    world = empty_world
    await staffed(world)
    await decided(world, rules=[TWO_STEPS])
    for action, by in (("withdraw", world.robin), ("return", world.alex), ("lines/1:reject", world.alex)):
        requisition = await drafted(world, need(quantity="100"))
        await does(world, requisition, "submit", world.robin)
        approval = await approval_of(world, requisition)
        assert (await does(world, requisition, action, by)).status_code == 200
        late = await approve(world, "mara", approval)
        assert (late.status_code, late.json()["code"]) == (409, "wrong_state"), action
        assert (await now(world, requisition))["awaits_approval"] is None
    rejected = await drafted(world, need(quantity="100"))
    await does(world, rejected, "submit", world.robin)
    approval = await approval_of(world, rejected)
    no = await act(world, of(world, "mara"), approval, "decide", decision="reject", reason="too dear")
    assert no.json()["status"] == "rejected"
    assert standing(await now(world, rejected)) == ("rejected", ["rejected"])
    assert (await told(world, rejected))[-2:] == ["RequisitionLineClosed", "RequisitionRejected"]


async def test_what_says_the_same_again_or_less_goes_on_with_what_was_approved(empty_world: World) -> None:
    world = empty_world
    await staffed(world)
    await decided(world, rules=[TWO_STEPS])
    small = await drafted(world, need())
    answer = await does(world, small, "submit", world.robin)
    assert answer.json()["status"] == "in_approval"
    approval = await approval_of(world, small)
    assert [one["label"] for one in approval["steps"]] == ["role approver"]
    assert (await act(world, world.alex, approval, "decide", decision="approve")).status_code == 200
    assert (await now(world, small))["status"] == "approved"
