"""Purchase orders as HTTP shows and takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import asyncpg
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Code, Price, Quantity, Reference, Text
from procurement.orders.model import PurchaseOrder, PurchaseOrderLine, order_number
from procurement.orders.rules import DraftLine, DraftOrder, Status, allowed_actions
from purveyor.money import CurrencyCode, Money

MOST_LINES = 1000
SUPPLIER = "0199c0de-0000-7000-8000-000000000001"
LINE: dict[str, Any] = {
    "line_number": 1,
    "item": "M8-HEX-40",
    "description": "Hexagon bolt M8 × 40, zinc plated",
    "category": "fasteners",
    "quantity": "2500",
    "unit": "C62",
    "price": "8.40",
    "price_base_quantity": "100",
    "promised_on": "2026-03-20",
}
ORDER: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "currency": "EUR",
    "site": "HAM-1",
    "business_unit": "drives",
    "cost_centre": "4711",
    "ordered_on": "2026-03-02",
}
RECEIVED: dict[str, Any] = {
    "amount": "210.00",
    "received_quantity": "0",
    "rejected_quantity": "0",
    "external_reference": None,
}
HEADER: dict[str, Any] = ORDER | {
    "id": "0199c0de-0000-7000-8000-0000000000a1",
    "number": "PO-000042",
    "status": "issued",
    "total": {"amount": "210.00", "currency": "EUR"},
    "created_by": "robin",
    "created_at": "2026-03-02T08:15:00Z",
    "submitted_by": "robin",
    "submitted_at": "2026-03-02T08:16:00Z",
    "supplier_onboarded_by": "sam",
    "approved_by": "alex",
    "approved_at": "2026-03-02T09:00:00Z",
    "issued_by": "bea",
    "issued_at": "2026-03-02T09:05:00Z",
    "acknowledged_by": None,
    "acknowledged_on": None,
    "supplier_reference": None,
    "cancelled_by": None,
    "cancelled_on": None,
    "cancellation_reason": None,
    "closed_on": None,
    "flag": None,
    "imported": False,
    "external_reference": None,
    "allowed_actions": ["acknowledge", "receive", "cancel"],
}


class OrderLineIn(BaseModel):
    """A line as its author states it."""

    model_config = ConfigDict(extra="forbid")

    line_number: int | None = Field(
        default=None, ge=1, le=99_999, description="Its place in the list when left out", examples=[1]
    )
    item: Code = Field(description="The buyer's item number", examples=["M8-HEX-40"])
    description: Text = Field(examples=["Hexagon bolt M8 × 40, zinc plated"])
    category: Code = Field(examples=["fasteners"])
    quantity: Quantity = Field(examples=["2500"])
    unit: Code = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    price: Price = Field(description="Per `price_base_quantity` units, up to six decimals", examples=["8.40"])
    price_base_quantity: Quantity = Field(default=Decimal(1), examples=["100"])
    promised_on: date = Field(description="The last day, at the site, that counts as on time")

    def line(self, place: int) -> DraftLine:
        """Return the line, numbered by its place when it has no number."""
        return DraftLine(
            line_number=self.line_number or place,
            item=self.item,
            description=self.description,
            category=self.category,
            quantity=self.quantity,
            unit=self.unit,
            price=self.price,
            price_base_quantity=self.price_base_quantity,
            promised_on=self.promised_on,
        )


class OrderIn(BaseModel):
    """An order as its author states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ORDER | {"lines": [LINE]}]})

    supplier_id: UUID
    currency: CurrencyCode
    site: Code = Field(description="Where it is to be delivered", examples=["HAM-1"])
    business_unit: Code = Field(examples=["drives"])
    cost_centre: Code = Field(examples=["4711"])
    ordered_on: date | None = Field(
        default=None, description="Business date; today at the site when left out; not in the future"
    )
    lines: list[OrderLineIn] = Field(min_length=1, max_length=MOST_LINES)

    def draft(self) -> DraftOrder:
        """Return what the author states."""
        return DraftOrder(
            supplier_id=self.supplier_id,
            currency=self.currency,
            site=self.site,
            business_unit=self.business_unit,
            cost_centre=self.cost_centre,
            ordered_on=self.ordered_on,
            lines=tuple(line.line(place) for place, line in enumerate(self.lines, start=1)),
        )


class ImportedLine(OrderLineIn):
    """A line of an order of the past."""

    line_number: int = Field(ge=1, le=99_999)
    external_reference: Reference | None = Field(default=None, description="Its key where it comes from")

    def line(self, place: int) -> DraftLine:
        """Return the line with its key."""
        return replace(super().line(place), external_reference=self.external_reference)


class ImportedOrder(BaseModel):
    """An order of the past; one a line of the request (NDJSON)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {name: value for name, value in ORDER.items() if name != "supplier_id"}
                | {"external_reference": "4500012345", "supplier_external_reference": "V-1017"}
                | {"lines": [LINE | {"external_reference": "4500012345/10"}]}
            ]
        },
    )

    external_reference: Reference = Field(description="Its key in the system it comes from")
    supplier_external_reference: Reference
    ordered_on: date | None = Field(default=None, description="Null when nobody knows it any more")
    currency: CurrencyCode
    site: Code
    business_unit: Code
    cost_centre: Code
    lines: list[ImportedLine] = Field(min_length=1, max_length=MOST_LINES)

    def draft(self, supplier_id: UUID) -> DraftOrder:
        """Return what the order says, once its supplier is found."""
        return DraftOrder(
            supplier_id=supplier_id,
            currency=self.currency,
            site=self.site,
            business_unit=self.business_unit,
            cost_centre=self.cost_centre,
            ordered_on=self.ordered_on,
            lines=tuple(line.line(place) for place, line in enumerate(self.lines, start=1)),
        )


FORMERLY_WRITTEN = frozenset({"ordered_on", "price_base_quantity", "external_reference"})
"""Fields of an imported order whose defaults were part of its digest once."""


class Flag(BaseModel):
    """A warning on an order: something speaks against its supplier."""

    reason: str = Field(examples=["supplier suspended: quality"])
    at: datetime


class OrderHeader(BaseModel):
    """A purchase order without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    id: UUID
    number: str
    status: Status
    supplier_id: UUID
    currency: str
    total: Money
    site: str
    business_unit: str
    cost_centre: str
    ordered_on: date | None = Field(description="Null when an import did not know it")
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    supplier_onboarded_by: str | None = Field(description="Who onboarded the supplier, noted at approval")
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str | None
    issued_at: datetime | None
    acknowledged_by: str | None
    acknowledged_on: date | None
    supplier_reference: str | None
    cancelled_by: str | None
    cancelled_on: date | None
    cancellation_reason: str | None
    closed_on: date | None
    flag: Flag | None
    imported: bool
    external_reference: str | None
    allowed_actions: list[str] = Field(description="What can be done to it as it stands")

    @classmethod
    def of(cls, order: PurchaseOrder) -> Self:
        """Show a mapped order."""
        return cls(**_header({name: getattr(order, name) for name in _COLUMNS}))

    @classmethod
    def of_row(cls, row: asyncpg.Record) -> Self:
        """Show an order that a statement of the hot path returned."""
        return cls(**_header({name: row[name] for name in _COLUMNS}))


class OrderLine(BaseModel):
    """A line of a purchase order, and what came of it."""

    line_number: int
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    amount: Decimal = Field(description="quantity × price ÷ base, rounded to the currency's minor unit")
    promised_on: date
    received_quantity: Decimal
    rejected_quantity: Decimal
    external_reference: str | None


class Order(OrderHeader):
    """A purchase order with its lines, by their numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER | {"lines": [LINE | RECEIVED]}]})

    lines: list[OrderLine]

    @classmethod
    def with_lines(cls, order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> Self:
        """Show a mapped order and its lines."""
        shown = [
            OrderLine(**{name: getattr(line, name) for name in OrderLine.model_fields}) for line in lines
        ]
        return cls(**_header({name: getattr(order, name) for name in _COLUMNS}), lines=shown)

    @classmethod
    def just_created(cls, row: asyncpg.Record, draft: DraftOrder, amounts: Iterable[Decimal]) -> Self:
        """Show a draft from what the statement returned and what its author stated."""
        shown = [
            OrderLine(
                **{name: getattr(line, name) for name in DraftLine.__slots__},
                amount=amount,
                received_quantity=Decimal(0),
                rejected_quantity=Decimal(0),
            )
            for line, amount in zip(draft.lines, amounts, strict=True)
        ]
        shown.sort(key=lambda line: line.line_number)
        return cls(**_header({name: row[name] for name in _COLUMNS}), lines=shown)


_SHOWN_OTHERWISE = {"number", "flag", "allowed_actions"}
_COLUMNS = (
    *(name for name in OrderHeader.model_fields if name not in _SHOWN_OTHERWISE),
    "serial_number",
    "flag_reason",
    "flagged_at",
)


def _header(columns: dict[str, Any]) -> dict[str, Any]:
    columns["number"] = order_number(columns.pop("serial_number"))
    columns["total"] = Money(amount=columns["total"], currency=columns["currency"])
    reason, at = columns.pop("flag_reason"), columns.pop("flagged_at")
    columns["flag"] = Flag(reason=reason, at=at) if reason is not None else None
    columns["allowed_actions"] = allowed_actions(columns["status"])
    return columns


class Reason(BaseModel):
    """Why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "wrong cost centre"}]}
    )

    reason: Text


class Acknowledgement(BaseModel):
    """The supplier's confirmation."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"supplier_reference": "AB-2026-117"}]}
    )

    supplier_reference: Reference | None = Field(
        default=None, description="The supplier's number for the order"
    )
