"""What both sides of the comparison are sent and write: the request, the event, a pool of connections."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Header
from pydantic import BaseModel

Key = Annotated[str, Header(alias="Idempotency-Key")]


class Line(BaseModel):
    """A line of an order."""

    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    promised_on: date


class Order(BaseModel):
    """An order as the client sends it."""

    supplier_id: UUID
    currency: str
    site: str
    business_unit: str
    cost_centre: str
    ordered_on: date
    lines: list[Line]


EVENT = {
    "number": "PO-000001",
    "supplier_id": "019a0000-0000-7000-8000-000000000000",
    "business_unit": "pumps",
    "cost_centre": "4711",
    "site": "HAM",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "ordered_on": "2026-01-05",
    "issued_by": "buyer",
    "total": {"amount": "1234.50", "currency": "EUR"},
    "lines": [
        {
            "line_number": number,
            "item": f"M8-HEX-{number}",
            "description": "Hexagon head screw",
            "category": "fasteners",
            "quantity": "100",
            "unit": "C62",
            "price": "4.115",
            "price_base_quantity": "1",
            "amount": "411.50",
            "promised_on": "2027-01-05",
        }
        for number in (1, 2, 3)
    ],
}


@asynccontextmanager
async def pool_of_connections(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as large as the service's."""
    async with asyncpg.create_pool(os.environ["PURVEYOR_DATABASE_URL"], min_size=16, max_size=16) as pool:
        app.state.pool = pool
        yield


def amounts_of(order: Order) -> list[Decimal]:
    """Return what each line is worth."""
    return [round(line.quantity * line.price, 2) for line in order.lines]


def line_columns(order: Order) -> tuple[list[Any], ...]:
    """Return the lines column by column, in the order in which the inserts name them."""
    lines = order.lines
    return (
        list(range(1, len(lines) + 1)),
        [line.item for line in lines],
        [line.description for line in lines],
        [line.category for line in lines],
        [line.quantity for line in lines],
        [line.unit for line in lines],
        [line.price for line in lines],
        [Decimal(1)] * len(lines),
        amounts_of(order),
        [line.promised_on for line in lines],
    )
