"""A transfer between budgets goes through the steps that the policy wants, and nobody gets past them."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from .approvals import ROLE_STEP, act, approval_of, approve, decided, of, state, waiting_for
from .budgeting import approved, cora, cost_centre, figures, year
from .conftest import World

TRANSFERS = "/v1/budget-transfers"
FINANCE = {"who": "group", "group": "finance"}


async def asked_for(
    world: World, source: dict[str, Any], target: dict[str, Any], amount: str = "60.00"
) -> dict[str, Any]:
    """Ask for a transfer as cora."""
    places = {"from": {"budget_id": source["id"]}, "to": {"budget_id": target["id"]}}
    answer = await cora(world).post(TRANSFERS, json=places | {"amount": amount, "reason": "tools"})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def budgets(world: World) -> list[dict[str, Any]]:
    """Let transfers of 50 or more go to finance, and make two budgets."""
    await state(world, "fritz", groups=["finance"])
    when = {"kinds": ["budget_transfer"], "amount_from": "50"}
    otherwise = [{"kinds": ["budget_transfer"], "steps": [ROLE_STEP]}]
    rules = [{"name": "large", "when": when, "steps": [FINANCE, ROLE_STEP]}]
    await decided(world, rules=rules, otherwise=otherwise)
    return [await approved(world, await cost_centre(world), year("100.00")) for _ in range(2)]


async def test_a_transfer_is_made_when_its_last_step_is_taken_and_no_other_way(empty_world: World) -> None:
    world = empty_world
    one, other = await budgets(world)
    transfer = await asked_for(world, one, other)
    approval = await approval_of(world, transfer)
    assert (transfer["awaits_approval"], transfer["status"]) == (approval["id"], "proposed")
    assert [step["label"] for step in approval["steps"]] == ["group finance, any", "role approver"]
    assert await waiting_for(of(world, "fritz")) == [f"{one['number']} to {other['number']}"]
    path = f"{TRANSFERS}/{transfer['id']}"
    for action, body in (("approve", None), ("refuse", {"reason": "no"})):
        seen = {"If-Match": (await world.ada.get(path)).headers["ETag"]}
        past = await world.alex.post(f"{path}:{action}", json=body, headers=seen)
        assert (past.status_code, past.json()["code"]) == (409, "approved_by_steps")
    assert (await approve(world, "fritz", approval)).status_code == 200
    assert await figures(world, one) == ["100.00", "0.00", "0.00", "0.00", "100.00"]
    ended = await act(world, world.alex, approval, "decide", decision="approve")
    assert ended.json()["status"] == "approved"
    now = (await world.ada.get(path)).json()
    assert (now["status"], now["approved_by"], now["awaits_approval"]) == ("approved", "alex", None)
    assert [(await figures(world, each))[0] for each in (one, other)] == ["40.00", "160.00"]


async def test_a_transfer_that_is_not_there_any_more_at_its_last_step_is_told_why(empty_world: World) -> None:
    world = empty_world
    one, other = await budgets(world)
    first, second = await asked_for(world, one, other), await asked_for(world, one, other)
    for transfer, status in ((first, 200), (second, 409)):
        approval = await approval_of(world, transfer)
        assert (await approve(world, "fritz", approval)).status_code == 200
        ended = await act(world, world.alex, approval, "decide", decision="approve")
        assert ended.status_code == status, ended.text
    assert ended.json()["code"] == "budget_exceeded"
    assert (await figures(world, one))[0] == "40.00"


async def test_a_transfer_that_is_rejected_or_withdrawn_is_decided_by_nobody_any_more(
    empty_world: World,
) -> None:
    world = empty_world
    one, other = await budgets(world)
    transfer = await asked_for(world, one, other, "10.00")
    approval = await approval_of(world, transfer)
    said = await act(world, world.alex, approval, "decide", decision="reject", reason="keep it")
    assert said.json()["status"] == "rejected"
    now = (await world.ada.get(f"{TRANSFERS}/{transfer['id']}")).json()
    assert (now["status"], now["ended_by"], now["ended_reason"]) == ("refused", "alex", "keep it")
    transfer = await asked_for(world, one, other, "10.00")
    approval = await approval_of(world, transfer)
    with pytest.raises(asyncpg.CheckViolationError, match="awaits_approval"):
        await world.value(
            "UPDATE budget_transfer SET status = 'approved', approved_by = 'alex' WHERE id::text = $1",
            transfer["id"],
        )
    path = f"{TRANSFERS}/{transfer['id']}"
    seen = {"If-Match": (await world.ada.get(path)).headers["ETag"]}
    taken = await cora(world).post(f"{path}:withdraw", json={"reason": "no need"}, headers=seen)
    assert taken.json()["status"] == "withdrawn"
    late = await act(world, world.alex, approval, "decide", decision="approve")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    assert (await figures(world, one))[0] == "100.00"
