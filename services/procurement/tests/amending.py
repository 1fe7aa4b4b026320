"""Amending orders over HTTP, by the usual people."""

from __future__ import annotations

from typing import Any

import httpx

from .conftest import World, line

ACTIONS = (("submit", "bea"), ("approve", "alex"), ("issue", "bea"))

STATED = (
    "site",
    "business_unit",
    "cost_centre",
    "payment_terms",
    "incoterm",
    "delivery_place",
    "project",
    "allowances",
    "charges",
)
OF_LINES = ("price_base_quantity", "tax_code", "weight", "allowances", "charges")


def again(shown: Any) -> Any:
    """Return a value as it was stated: allowances and charges without what they come to."""
    if not isinstance(shown, list):
        return shown
    return [{name: value for name, value in one.items() if name != "comes_to"} for one in shown]


def stated(order: dict[str, Any], *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return an amendment that says what an order says, but for what is changed."""
    header = {name: again(order[name]) for name in STATED}
    return (
        header
        | {"based_on": order["current_version"], "reason": "needs changed", "lines": list(lines)}
        | changes
    )


def kept(order: dict[str, Any], number: int, **changes: Any) -> dict[str, Any]:
    """Return a line as an order has it, but for what is changed."""
    [shown] = [one for one in order["lines"] if one["line_number"] == number]
    return {name: again(shown[name]) for name in ("line_number", *line(), *OF_LINES)} | changes


async def read(world: World, order: dict[str, Any]) -> dict[str, Any]:
    """Return an order as it is now."""
    answer = await world.bea.get(f"/v1/purchase-orders/{order['id']}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def draft(world: World, order: dict[str, Any], body: dict[str, Any]) -> httpx.Response:
    """Draft an amendment as bea."""
    return await world.bea.post(f"/v1/purchase-orders/{order['id']}/amendments", json=body)


async def act(
    world: World,
    amendment: dict[str, Any],
    action: str,
    by: httpx.AsyncClient,
    body: Any = None,
    seen: int | None = None,
) -> httpx.Response:
    """Do something to an amendment as it is now."""
    path = f"/v1/purchase-orders/{amendment['order_id']}/amendments/{amendment['id']}"
    etag = f'"{seen}"' if seen else (await world.bea.get(path)).headers["ETag"]
    return await by.post(f"{path}:{action}", json=body, headers={"If-Match": etag})


async def bring(world: World, amendment: dict[str, Any], until: str) -> httpx.Response:
    """Bring a draft to where an action leads; return that action's answer."""
    for action, person in ACTIONS:
        answer = await act(world, amendment, action, getattr(world, person))
        if action == until or answer.status_code != 200:
            return answer
    raise LookupError(until)


async def amended(
    world: World, order: dict[str, Any], *lines: dict[str, Any], **changes: Any
) -> dict[str, Any]:
    """Amend an order, and return it as it is then."""
    drafted = await draft(world, order, stated(await read(world, order), *lines, **changes))
    assert drafted.status_code == 201, drafted.text
    issued = await bring(world, drafted.json(), "issue")
    assert issued.status_code == 200, issued.text
    return await read(world, order)
