"""Blanket orders as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.blankets.model import BlanketOrder as BlanketOrderRow
from procurement.blankets.model import BlanketOrderLine as BlanketOrderLineRow
from procurement.blankets.rules import BlanketStatus, allowed_actions

LINE: dict[str, Any] = {
    "line_number": 1,
    "item": "M8-HEX-40",
    "description": "Hexagon bolt M8 × 40, zinc plated",
    "category": "fasteners",
    "quantity": "100000",
    "unit": "C62",
    "price": "7.90",
    "price_base_quantity": "100",
}
STATED: dict[str, Any] = {
    "currency": "EUR",
    "business_unit": "drives",
    "valid_from": "2026-03-01",
    "valid_to": "2026-12-31",
    "tolerance": "5",
    "value": "7900.00",
}
SUPPLIER = "0199c0de-0000-7000-8000-000000000001"
BLANKET: dict[str, Any] = STATED | {
    "id": "0199c0de-0000-7000-8000-0000000000d1",
    "number": "BO-000042",
    "status": "approved",
    "supplier_id": SUPPLIER,
    "remaining_value": "7900.00",
    "created_by": "bea",
    "created_at": "2026-02-25T09:00:00Z",
    "authors": ["bea"],
    "submitted_by": "bea",
    "submitted_at": "2026-02-25T09:05:00Z",
    "approved_by": "alex",
    "approved_at": "2026-02-26T10:00:00Z",
    "held_by": None,
    "held_at": None,
    "hold_reason": None,
    "closed_by": None,
    "closed_at": None,
    "on_hold": False,
    "allowed_actions": ["hold", "close"],
    "lines": [LINE | {"called_off_quantity": "0", "remaining_quantity": "100000"}],
}
BLANKET_FOR_SUPPLIER: dict[str, Any] = {
    name: BLANKET[name]
    for name in (
        "id",
        "number",
        "status",
        "supplier_id",
        "currency",
        "business_unit",
        "valid_from",
        "valid_to",
        "value",
        "remaining_value",
        "on_hold",
        "lines",
    )
}


class BlanketOrderLine(BaseModel):
    """What may be called off of one thing, and how much was."""

    line_number: int
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    called_off_quantity: Decimal = Field(description="Ordered by call-offs and not called off again")
    remaining_quantity: Decimal = Field(description="Of the agreed quantity, the tolerance left aside")

    @classmethod
    def of(cls, line: BlanketOrderLineRow) -> Self:
        """Show a line."""
        shown = {name: getattr(line, name) for name in cls.model_fields if name != "remaining_quantity"}
        return cls(remaining_quantity=max(line.quantity - line.called_off_quantity, Decimal(0)), **shown)


class BlanketOrderForSupplier(BaseModel):
    """What may be called off of a supplier, and what was, as that supplier sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [BLANKET_FOR_SUPPLIER]})

    id: UUID
    number: str
    status: BlanketStatus
    supplier_id: UUID
    currency: str
    business_unit: str
    valid_from: date
    valid_to: date = Field(description="The last day, at the site, on which something is called off")
    value: Decimal | None = Field(description="What may be called off in all; null: as the lines say")
    remaining_value: Decimal | None = Field(description="Of the agreed value, the tolerance left aside")
    on_hold: bool = Field(description="Whether nothing of it is called off for now")
    lines: list[BlanketOrderLine]

    @classmethod
    def of(cls, blanket: BlanketOrderRow) -> Self:
        """Show a blanket order."""
        return cls(**cls._shown(blanket))

    @classmethod
    def _shown(cls, blanket: BlanketOrderRow) -> dict[str, Any]:
        names = cls.model_fields.keys() - {"allowed_actions", "lines", "on_hold"}
        return {name: getattr(blanket, name) for name in names} | {
            "on_hold": blanket.held_at is not None,
            "lines": [BlanketOrderLine.of(line) for line in blanket.lines],
        }


class BlanketOrder(BlanketOrderForSupplier):
    """What may be called off of a supplier, and what was."""

    model_config = ConfigDict(json_schema_extra={"examples": [BLANKET]})

    tolerance: Decimal = Field(description="How many percent more than agreed may be called off")
    created_by: str
    created_at: datetime
    authors: list[str]
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    held_by: str | None
    held_at: datetime | None
    hold_reason: str | None
    closed_by: str | None
    closed_at: datetime | None
    allowed_actions: list[str]

    @classmethod
    def _shown(cls, blanket: BlanketOrderRow) -> dict[str, Any]:
        allowed = allowed_actions(blanket.status, held=blanket.held_at is not None)
        return super()._shown(blanket) | {"allowed_actions": allowed}
