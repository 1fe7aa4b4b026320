"""Versions of purchase orders as HTTP shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.model import PurchaseOrder
from procurement.orders.rules.amounts import landed_costs, order_total
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.versions import Difference, Version, in_words
from procurement.orders.views.amounts import (
    AMOUNTS,
    LineAllowance,
    WithAmounts,
    of_line,
    of_order,
)
from procurement.orders.views.orders import HEADER_FOR_SUPPLIER, LINE, ORDER, TERMS, ScheduleLine
from purveyor.money import Money

STATED = (
    "item",
    "description",
    "category",
    "quantity",
    "unit",
    "price",
    "price_base_quantity",
    "promised_on",
    "schedules",
    "tax_code",
    "weight",
    "allowances",
    "charges",
)
ORDERED: dict[str, Any] = {name: LINE[name] for name in ("line_number", *STATED, "amount")}
VERSION_FOR_SUPPLIER: dict[str, Any] = {
    "order_id": HEADER_FOR_SUPPLIER["id"],
    "number": "PO-000042",
    "version": 2,
    "in_force": True,
    "issued_at": "2026-03-09T08:00:00Z",
    "acknowledged_on": None,
    "reason_for_supplier": "we need it sooner",
    "supplier_id": ORDER["supplier_id"],
    "currency": "EUR",
    "site": "HAM-1",
    "business_unit": "drives",
    "ordered_on": "2026-03-02",
    **TERMS,
    "total": {"amount": "210.00", "currency": "EUR"},
}
VERSION: dict[str, Any] = VERSION_FOR_SUPPLIER | {
    "cost_centre": "4711",
    "project": "P-17",
    "authors": ["robin", "bea"],
    "approved_by": "alex",
    "approved_at": "2026-03-09T07:45:00Z",
    "issued_by": "bea",
    "reason": "the customer's project begins a week earlier",
    "amendment_id": "0199c0de-0000-7000-8000-0000000000c1",
}
OURS: dict[str, Any] = {"external_reference": None, "landed_cost": "210.00"}
PARTS: dict[str, Any] = {"allowances": [], "charges": [], "amounts": AMOUNTS}
DIFFERENCES: dict[str, Any] = {
    "order_id": HEADER_FOR_SUPPLIER["id"],
    "from_version": 1,
    "to_version": 2,
    "fields": [{"pointer": "/lines/1/promised_on", "before": "2026-03-20", "after": "2026-03-13"}],
    "words": ["Line 1: promised on 2026-03-20 → 2026-03-13"],
}


class VersionLineForSupplier(BaseModel):
    """A line as a version orders it, as its supplier sees it."""

    line_number: int = Field(examples=[1])
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    amount: Decimal
    tax_code: str | None
    weight: Decimal | None
    allowances: list[LineAllowance]
    charges: list[LineAllowance]
    promised_on: date
    schedules: list[ScheduleLine]

    @classmethod
    def all_of(cls, content: DraftOrder, amounts: Sequence[Decimal]) -> list[Self]:
        """Show all lines that a version orders."""
        names = cls.model_fields.keys() - {"amount", "allowances", "charges", "landed_cost"}
        landed = landed_costs(content, amounts)
        return [
            cls(
                amount=amount,
                landed_cost=cost,
                **of_line(line, content.currency),
                **{name: getattr(line, name) for name in names},
            )
            for line, amount, cost in zip(content.lines, amounts, landed, strict=True)
        ]


class VersionLine(VersionLineForSupplier):
    """A line as a version orders it."""

    external_reference: str | None
    landed_cost: Decimal


class OrderVersionHeaderForSupplier(BaseModel):
    """What an order said from one issue to the next, without its lines, as its supplier sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION_FOR_SUPPLIER]})

    order_id: UUID
    number: str = Field(description="The order's")
    version: int = Field(description="1 as it was first issued, and one more with each amendment")
    in_force: bool = Field(description="Whether it is what the order says now")
    issued_at: datetime
    acknowledged_on: date | None
    reason_for_supplier: str | None = Field(description="What the supplier is told of why it was amended")
    supplier_id: UUID
    currency: str
    site: str
    business_unit: str
    ordered_on: date | None
    payment_terms: str | None
    incoterm: str | None
    delivery_place: str | None
    total: Money

    @classmethod
    def of(cls, order: PurchaseOrder, version: Version) -> Self:
        """Show a version of an order."""
        return cls(**_shown(cls, order, version))


class OrderVersionHeader(OrderVersionHeaderForSupplier):
    """What an order said from one issue to the next, without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION]})

    cost_centre: str
    project: str | None
    authors: list[str] = Field(description="Who wrote any of it")
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str
    reason: str | None = Field(description="Why it was amended")
    amendment_id: UUID | None


class OrderVersionForSupplier(WithAmounts, OrderVersionHeaderForSupplier):
    """What an order said from one issue to the next, as its supplier sees it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [VERSION_FOR_SUPPLIER | PARTS | {"lines": [ORDERED]}]}
    )

    lines: list[VersionLineForSupplier]

    @classmethod
    def of(cls, order: PurchaseOrder, version: Version) -> Self:
        """Show a version of an order with its lines."""
        return cls(
            **_shown(cls, order, version),
            lines=VersionLineForSupplier.all_of(version.content, version.amounts),
        )


class OrderVersion(WithAmounts, OrderVersionHeader):
    """What an order said from one issue to the next."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION | PARTS | {"lines": [ORDERED | OURS]}]})

    lines: list[VersionLine]

    @classmethod
    def of(cls, order: PurchaseOrder, version: Version) -> Self:
        """Show a version of an order with its lines."""
        return cls(**_shown(cls, order, version), lines=VersionLine.all_of(version.content, version.amounts))


class FieldDifference(BaseModel):
    """A field that two versions say differently, as texts."""

    model_config = ConfigDict(from_attributes=True)

    pointer: str = Field(description="A JSON pointer in which a line stands under its number")
    before: str | None = Field(description="Null where it was not there")
    after: str | None = Field(description="Null where it is no longer there")


class VersionDifferences(BaseModel):
    """What a version of an order says otherwise than another one, in fields and in words."""

    model_config = ConfigDict(json_schema_extra={"examples": [DIFFERENCES]})

    order_id: UUID
    from_version: int
    to_version: int
    fields: list[FieldDifference]
    words: list[str]

    @classmethod
    def of(cls, order_id: UUID, before: int, after: int, found: Sequence[Difference]) -> Self:
        """Show differences."""
        shown = [FieldDifference.model_validate(one) for one in found]
        return cls(
            order_id=order_id, from_version=before, to_version=after, fields=shown, words=in_words(found)
        )


def shown_to_suppliers(found: Sequence[Difference]) -> list[Difference]:
    """Return those differences whose fields suppliers are shown."""
    of_line, of_order = VersionLineForSupplier.model_fields, OrderVersionForSupplier.model_fields
    return [
        one
        for one in found
        if one.schedule_number is not None or one.field in (of_order if one.line_number is None else of_line)
    ]


def _shown(
    view: type[OrderVersionHeaderForSupplier], order: PurchaseOrder, version: Version
) -> dict[str, Any]:
    content = version.content
    known = {
        "order_id": order.id,
        "number": order.number,
        "version": version.number,
        "in_force": version.number == order.current_version,
        "total": Money(amount=order_total(content, version.amounts), currency=content.currency),
    }
    if "amounts" in view.model_fields:
        known |= of_order(content, version.amounts)
    for name in view.model_fields.keys() - known.keys() - {"lines"}:
        known[name] = getattr(version, name) if hasattr(version, name) else getattr(content, name)
    return {name: known[name] for name in view.model_fields if name != "lines"}
