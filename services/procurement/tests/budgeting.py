"""What tests of budgets share: budgets of invented cost centres, and documents that take from them."""

from __future__ import annotations

from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel

from procurement.budgets.rules.charging import Charged, Document, Effect, Move
from procurement.budgets.rules.control import BudgetControl, BudgetYearEnd
from purveyor.db import new_id
from purveyor_contract.roles import Role

from .conftest import TODAY, World

BUDGETS = "/v1/budgets"
DEFAULTS: dict[str, BaseModel] = {"budget-control": BudgetControl(), "budget-year-end": BudgetYearEnd()}
_CENTRES = count(1)
FIGURES = ("budget", "reserved", "committed", "spent", "available")


def cora(world: World) -> httpx.AsyncClient:
    """Return who plans."""
    return world.person("cora", Role.CATEGORY_MANAGER)


async def cost_centre(world: World, **days: str) -> str:
    """Make a cost centre that no other test knows."""
    code = f"budgeted-{next(_CENTRES)}"
    response = await world.ada.put(f"/v1/cost-centres/{code}", json={"name": code, **days})
    assert response.status_code == 201, response.text
    return code


def year(amount: str = "1000.00", of: int = 2026) -> list[dict[str, str]]:
    """Return the periods of a budget of one year."""
    return [{"first_day": f"{of}-01-01", "last_day": f"{of}-12-31", "amount": amount}]


def quarter(*amounts: str) -> list[dict[str, str]]:
    """Return the first three months of 2026."""
    days = (("01-01", "01-31"), ("02-01", "02-28"), ("03-01", "03-31"))
    return [
        {"first_day": f"2026-{first}", "last_day": f"2026-{last}", "amount": amount}
        for (first, last), amount in zip(days, amounts, strict=True)
    ]


def stated(centre: str | None, periods: list[dict[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    """Return a budget as its author states it."""
    return {
        "name": "Assembly",
        "cost_centre": centre,
        "currency": "EUR",
        "periods": periods or year(),
        "reason": "the plan",
    } | more


async def does(
    world: World, budget: dict[str, Any], action: str, by: httpx.AsyncClient | None = None, body: Any = None
) -> httpx.Response:
    """Do something to a budget as it is now."""
    seen = (await world.ada.get(f"{BUDGETS}/{budget['id']}")).headers["ETag"]
    by = by or (world.alex if action in {"approve", "return", "close"} else cora(world))
    return await by.post(f"{BUDGETS}/{budget['id']}:{action}", json=body, headers={"If-Match": seen})


async def drafted(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Draft a budget as cora."""
    response = await cora(world).post(BUDGETS, json=body)
    assert response.status_code == 201, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def approved(
    world: World, centre: str | None, periods: list[dict[str, str]] | None = None, **more: Any
) -> dict[str, Any]:
    """Draft a budget as cora, and let alex approve it."""
    budget = await drafted(world, stated(centre, periods, **more))
    for action in ("submit", "approve"):
        response = await does(world, budget, action)
        assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def figures(world: World, budget: dict[str, Any], **asked: Any) -> list[str]:
    """Return budget, reserved, committed, spent and available, as they are or were."""
    response = await world.ada.get(f"{BUDGETS}/{budget['id']}/figures", params=asked)
    assert response.status_code == 200, response.text
    return [f"{Decimal(response.json()['figures'][name]):.2f}" for name in FIGURES]


async def entries(world: World, **asked: Any) -> list[dict[str, Any]]:
    """Return entries, the oldest first."""
    response = await world.ada.get("/v1/budget-entries", params={"sort": "id", "limit": 200, **asked})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def policy(world: World, name: str, **value: Any) -> None:
    """Decide something of budgets, everywhere: in a world that no other test shares."""
    seen = (await world.ada.get(f"/v1/policies/{name}")).headers["ETag"]
    said = DEFAULTS[name].model_dump(mode="json") | value
    body = {"value": said, "valid_from": str(TODAY), "reason": "as the board decided"}
    response = await world.ada.post(f"/v1/policies/{name}/versions", json=body, headers={"If-Match": seen})
    assert response.status_code == 201, response.text
    number = response.json()["version"]
    carl = world.person("carl", Role.CATEGORY_MANAGER)
    response = await carl.post(f"/v1/policies/{name}/versions/{number}:approve")
    assert response.status_code == 200, response.text


def document(
    kind: str = "order", currency: str = "EUR", document_id: UUID | None = None, **more: Any
) -> Document:
    """Return a document of bea's."""
    said: dict[str, Any] = {
        "kind": kind,
        "id": document_id or new_id(),
        "number": f"{kind}-1",
        "currency": currency,
        "day": TODAY,
        "business_unit": "drives",
        "authors": ("bea",),
    }
    return Document(**(said | more))


def move(
    of: Document,
    centre: str,
    amount: str | Decimal,
    effect: Effect = Effect.COMMITTED,
    *,
    line: int = 1,
    category: str = "fasteners",
    project: str | None = None,
    **more: Any,
) -> Move:
    """Return what a line of a document takes, or below zero gives back."""
    return Move(of, Charged(line, centre, project, category), effect, Decimal(amount), **more)
