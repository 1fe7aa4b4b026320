"""Invoices of orders, as tests send them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from procurement.invoices.rules.terms import Adjustment, Category, Invoice, Line, Preceding
from purveyor_contract.roles import Role

from .conftest import World
from .invoices.rules.writing import invoice, line, ubl

S19 = Category("S", Decimal(19))
INVOICES = "/v1/invoices"


def clerk(world: World, name: str = "aline") -> httpx.AsyncClient:
    """Return somebody of accounts payable."""
    return world.person(name, Role.ACCOUNTS_PAYABLE)


def charged(
    order_line: int | None = 1,
    quantity: str = "10",
    price: str = "2.50",
    order_number: str | None = None,
    **more: Any,
) -> Line:
    """Return a line of an invoice that charges a line of an order."""
    net = (Decimal(quantity) * Decimal(price) / Decimal(more.get("base_quantity", 1))).quantize(
        Decimal("0.01")
    )
    said = line(str(net), S19, quantity, price)
    number = None if order_line is None else str(order_line)
    return replace(said, order_line=number, order_number=order_number, **more)


def billed(
    number: str,
    order: str | None,
    *lines: Line,
    adjustments: Sequence[Adjustment] = (),
    credits: str | None = None,
    **more: Any,
) -> Invoice:
    """Return an invoice over an order (`credits`: a credit note), over ten pieces unless lines are said."""
    said = invoice(list(lines) or [charged()], adjustments)
    if credits is not None:
        credit = {"is_credit_note": True, "type_code": "381", "preceding": (Preceding(credits),)}
        more = credit | {"due_on": None} | more
    return replace(said, number=number, order=order, **more)


async def send(
    by: httpx.AsyncClient, said: Invoice | bytes, supplier_id: UUID | str | None = None
) -> httpx.Response:
    """Send an invoice as a file of UBL."""
    return await by.post(
        f"{INVOICES}:file",
        content=said if isinstance(said, bytes) else ubl(said),
        params={} if supplier_id is None else {"supplier_id": str(supplier_id)},
        headers={"Content-Type": "application/xml"},
    )


async def received(
    by: httpx.AsyncClient, said: Invoice, supplier_id: UUID | str | None = None
) -> dict[str, Any]:
    """Send an invoice that is taken."""
    response = await send(by, said, supplier_id)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def decide(
    by: httpx.AsyncClient, found: dict[str, Any], action: str, body: Any = None
) -> httpx.Response:
    """Decide of an invoice as it is now."""
    path = f"{INVOICES}/{found['id']}"
    seen = (await by.get(path)).headers["ETag"]
    return await by.post(f"{path}:{action}", json=body, headers={"If-Match": seen})


async def look(by: httpx.AsyncClient, found: dict[str, Any]) -> dict[str, Any]:
    """Read an invoice again."""
    response = await by.get(f"{INVOICES}/{found['id']}")
    assert response.status_code == 200, response.text
    now: dict[str, Any] = response.json()
    return now
