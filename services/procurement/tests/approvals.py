"""People, policies and steps of approval over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from purveyor_contract.roles import Role

from .conftest import World, line
from .test_policies import decide_on

APPROVALS = "/v1/policies/approvals"
ROLE_STEP = {"who": "role", "role": "approver"}
ORDERS = ["purchase_order", "purchase_order_amendment"]
VALUE: dict[str, Any] = {
    "currency": "EUR",
    "rules": [],
    "otherwise": [{"kinds": None, "steps": [ROLE_STEP]}],
    "growth": None,
    "growth_tolerance": None,
    "split_days": None,
    "remind_after": None,
    "escalate_after": None,
    "overriders": None,
}


def rule(name: str, *steps: dict[str, Any], **when: Any) -> dict[str, Any]:
    """Return a rule for orders and amendments."""
    return {"name": name, "when": {"kinds": ORDERS} | when, "steps": list(steps)}


async def decided(world: World, **value: Any) -> None:
    """Let a policy hold from today on."""
    response = await decide_on(world, APPROVALS, VALUE | value)
    assert response.status_code == 201, response.text


async def state(world: World, code: str, manager: str | None = None, limit: Any = None, **more: Any) -> None:
    """State a person, whose subject is their code."""
    body = {"subject": code, "name": code.title(), "manager": manager, "approval_limit": limit} | more
    response = await world.ada.put(f"/v1/people/{code}", json=body, headers=await _seen(world, code))
    assert response.status_code in {200, 201}, response.text


async def _seen(world: World, code: str) -> dict[str, str]:
    known = await world.ada.get(f"/v1/people/{code}")
    return {"If-Match": known.headers["ETag"]} if known.status_code == 200 else {}


def euros(amount: str) -> dict[str, str]:
    """Return a limit."""
    return {"amount": amount, "currency": "EUR"}


def of(world: World, code: str) -> httpx.AsyncClient:
    """Return a person's client: somebody without a role that approves anything by itself."""
    return world.person(code, Role.RECEIVER)


async def submitted(world: World, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Draft an order as robin, and hand it in."""
    supplier = header.pop("supplier_id", None) or await world.supplier()
    order = await world.order(supplier, *(lines or [line()]), **header)
    response = await world.act(world.robin, order, "submit")
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def approval_of(world: World, document: dict[str, Any]) -> dict[str, Any]:
    """Return the newest approval of a document."""
    found = await world.bea.get("/v1/approvals", params={"document_id": document["id"]})
    assert found.status_code == 200, found.text
    [newest, *_] = found.json()["items"]
    return await read_approval(world, newest["id"])


async def read_approval(world: World, approval_id: str) -> dict[str, Any]:
    """Return an approval as it is now."""
    shown: dict[str, Any] = (await world.bea.get(f"/v1/approvals/{approval_id}")).json()
    return shown


async def act(
    world: World, by: httpx.AsyncClient, approval: dict[str, Any], action: str, **body: Any
) -> httpx.Response:
    """Do something about an approval as it is now."""
    path = f"/v1/approvals/{approval['id']}"
    seen = (await world.bea.get(path)).headers["ETag"]
    return await by.post(f"{path}:{action}", json=body, headers={"If-Match": seen})


async def approve(world: World, code: str, approval: dict[str, Any], **body: Any) -> httpx.Response:
    """Approve as a person."""
    return await act(world, of(world, code), approval, "decide", decision="approve", **body)


async def waiting_for(client: httpx.AsyncClient) -> list[str]:
    """Return the numbers of what waits for somebody."""
    found = await client.get("/v1/approvals", params={"waiting_for": "me"})
    assert found.status_code == 200, found.text
    return [one["document_number"] for one in found.json()["items"]]


async def status_of(world: World, order: dict[str, Any]) -> str:
    """Return where an order stands."""
    shown = await world.bea.get(f"/v1/purchase-orders/{order['id']}")
    status: str = shown.json()["status"]
    return status
