"""Purchase orders as HTTP shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.model import NOTHING_CAME, STATED, PurchaseOrder, PurchaseOrderLine, order_number
from procurement.orders.rules.amounts import landed_costs, still_worth
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.quantities import ClosedAs, order_percent
from procurement.orders.rules.states import OF_SUPPLIERS, OrderState, Status, allowed_actions
from procurement.orders.views.amounts import (
    AMOUNTS,
    LineAllowance,
    WithAmounts,
    of_line,
    of_order,
)
from purveyor.figures import Percent
from purveyor.money import Money

SUPPLIER = "0199c0de-0000-7000-8000-000000000001"
TERMS: dict[str, Any] = {
    "payment_terms": "30N-2-10",
    "incoterm": "DAP",
    "delivery_place": "Hamburg, hall 1",
}
ORDER: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "currency": "EUR",
    "site": "HAM-1",
    "business_unit": "drives",
    "cost_centre": "4711",
    "ordered_on": "2026-03-02",
    **TERMS,
    "project": "P-17",
}
HEADER_FOR_SUPPLIER: dict[str, Any] = {
    name: value for name, value in ORDER.items() if name not in {"cost_centre", "project"}
} | {
    "id": "0199c0de-0000-7000-8000-0000000000a1",
    "number": "PO-000042",
    "status": "issued",
    "total": {"amount": "210.00", "currency": "EUR"},
    "issued_at": "2026-03-02T09:05:00Z",
    "acknowledged_on": None,
    "supplier_reference": None,
    "cancelled_on": None,
    "cancellation_reason_for_supplier": None,
    "closed_on": None,
    "external_reference": None,
    "on_hold": False,
    "hold_reason_for_supplier": None,
    "hold_stops_receipts": False,
    "current_version": 1,
    "allowed_actions": ["acknowledge", "respond", "promise"],
}
HEADER: dict[str, Any] = HEADER_FOR_SUPPLIER | {
    "cost_centre": "4711",
    "project": "P-17",
    "created_by": "robin",
    "created_at": "2026-03-02T08:15:00Z",
    "submitted_by": "robin",
    "submitted_at": "2026-03-02T08:16:00Z",
    "supplier_onboarded_by": "sam",
    "approved_by": "alex",
    "approved_at": "2026-03-02T09:00:00Z",
    "issued_by": "bea",
    "acknowledged_by": None,
    "cancelled_by": None,
    "cancellation_reason": None,
    "flag": None,
    "imported": False,
    "source_system": "main",
    "blanket_order_id": None,
    "from_requisitions": False,
    "held_by": None,
    "held_at": None,
    "hold_reason": None,
    "allowed_actions": [
        "acknowledge",
        "amend",
        "receive",
        "cancel",
        "close_line",
        "reopen_line",
        "hold",
        "respond",
        "promise",
    ],
}


SCHEDULE: dict[str, Any] = {"schedule_number": 1, "quantity": "1500", "need_by": "2026-03-13"}


class Flag(BaseModel):
    """A warning on an order: something speaks against its supplier."""

    reason: str = Field(examples=["supplier suspended: quality"])
    at: datetime


class OrderHeaderForSupplier(BaseModel):
    """A purchase order without its lines, as its supplier sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER]})

    id: UUID
    number: str
    status: Status
    supplier_id: UUID
    currency: str
    total: Money
    site: str
    business_unit: str
    ordered_on: date | None = Field(description="Null when an import did not know it")
    payment_terms: str | None = Field(description="When it is paid; null: not agreed")
    incoterm: str | None = Field(description="The rule of Incoterms by which it is delivered")
    delivery_place: str | None = Field(description="The place that the rule speaks of")
    issued_at: datetime | None
    acknowledged_on: date | None
    supplier_reference: str | None
    cancelled_on: date | None
    cancellation_reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    closed_on: date | None
    external_reference: str | None
    on_hold: bool = Field(description="Whether nothing of it is issued for now")
    hold_reason_for_supplier: str | None = Field(description="What the supplier is told of why it is held")
    hold_stops_receipts: bool = Field(description="Whether goods of it are not taken in while it is held")
    current_version: int = Field(
        description="The version in force: 1 once it is issued, one more with each amendment; 0 before"
    )
    allowed_actions: list[str] = Field(description="What the reader's side can do to it as it stands")

    @classmethod
    def of(cls, order: PurchaseOrder | OrderState) -> Self:
        """Show an order."""
        return cls(**cls._header(order))

    @classmethod
    def _header(cls, order: PurchaseOrder | OrderState) -> dict[str, Any]:
        return _as_it_is(cls, order) | {
            "number": order_number(order.serial_number),
            "total": Money(amount=order.total, currency=order.currency),
            "on_hold": order.held_at is not None,
            "allowed_actions": allowed_actions(order.status, OF_SUPPLIERS),
        }


class OrderHeader(OrderHeaderForSupplier):
    """A purchase order without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    cost_centre: str
    project: str | None = Field(description="What it is for")
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    supplier_onboarded_by: str | None = Field(description="Who onboarded the supplier, noted at approval")
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str | None
    acknowledged_by: str | None
    cancelled_by: str | None
    cancellation_reason: str | None
    flag: Flag | None
    imported: bool
    source_system: str = Field(description="The system that its `external_reference` belongs to")
    blanket_order_id: UUID | None = Field(description="The blanket order that it calls off of")
    from_requisitions: bool = Field(description="Whether any of its lines orders what a requisition asks for")
    held_by: str | None
    held_at: datetime | None
    hold_reason: str | None

    @classmethod
    def _header(cls, order: PurchaseOrder | OrderState) -> dict[str, Any]:
        reason, at = order.flag_reason, order.flagged_at
        return super()._header(order) | {
            "flag": Flag(reason=reason, at=at) if reason is not None and at is not None else None,
            "allowed_actions": allowed_actions(order.status, held=order.held_at is not None),
        }


class ScheduleLine(BaseModel):
    """How much of a line is needed by which day."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [SCHEDULE]})

    schedule_number: int
    quantity: Decimal
    need_by: date


class OrderLineForSupplier(BaseModel):
    """A line of a purchase order, and what came of it, as its supplier sees it."""

    line_number: int = Field(examples=[1])
    item: str = Field(examples=["M8-HEX-40"])
    description: str = Field(examples=["Hexagon bolt M8 × 40, zinc plated"])
    category: str = Field(examples=["fasteners"])
    quantity: Decimal = Field(examples=["2500"])
    unit: str = Field(examples=["C62"])
    price: Decimal = Field(examples=["8.40"])
    price_base_quantity: Decimal = Field(examples=["100"])
    amount: Decimal = Field(
        description="quantity × price ÷ base, less its allowances, plus its charges, each rounded to the "
        "currency's minor unit",
        examples=["210.00"],
    )
    tax_code: str | None = Field(description="How it is taxed", examples=["DE-S"])
    weight: Decimal | None = Field(description="What all of it weighs, in kilograms")
    allowances: list[LineAllowance] = Field(description="Taken off it", examples=[[]])
    charges: list[LineAllowance] = Field(description="Put on it", examples=[[]])
    promised_on: date = Field(
        description="The last day, at the site, that counts as on time", examples=["2026-03-20"]
    )
    schedules: list[ScheduleLine] = Field(
        description="By when how much of it is needed; none: all of it, on that day", examples=[[]]
    )
    received_quantity: Decimal = Field(description="All that arrived", examples=["0"])
    rejected_quantity: Decimal = Field(description="Of it, refused", examples=["0"])
    accepted_quantity: Decimal = Field(description="Received and not refused", examples=["0"])
    refused_for_good_quantity: Decimal = Field(
        description="Of what was refused, what is not owed again", examples=["0"]
    )
    cancelled_quantity: Decimal = Field(description="Of what was ordered, called off", examples=["0"])
    open_quantity: Decimal = Field(
        description="Still to come: ordered less called off, accepted and refused for good", examples=["2500"]
    )
    under_way_quantity: Decimal = Field(
        description="What despatch advices say is on its way; more than is open where an order changed since",
        examples=["0"],
    )
    received_percent: Percent | None = Field(
        description="Accepted of what it is to bring, at most 100; null where nothing is due",
        examples=["0.00"],
    )
    closed_on: date | None = Field(description="The day since which no more of it is to come")
    closed_as: ClosedAs | None = Field(description="Why no more of it is to come")
    dropped_by_version: int | None = Field(description="The version since which it is no longer ordered")

    @classmethod
    def of(cls, line: PurchaseOrderLine, currency: str, **more: Any) -> Self:
        """Show a line."""
        more |= of_line(line, currency)
        return cls(**more, **{name: getattr(line, name) for name in cls.model_fields.keys() - more.keys()})


class OrderLine(OrderLineForSupplier):
    """A line of a purchase order, and what came of it."""

    closed_by: str | None
    allowed_actions: list[str] = Field(
        description="What can be done to it as it stands, while the order is with its supplier",
        examples=[["cancel"]],
    )
    external_reference: str | None
    landed_cost: Decimal | None = Field(
        description="What is still wanted of it costs, with its share of what the order takes off and puts "
        "on; they add up to the order's `worth`; null where nothing of it is wanted",
        examples=["210.00"],
    )


LINE: dict[str, Any] = {name: (field.examples or [None])[0] for name, field in OrderLine.model_fields.items()}
LINE_FOR_SUPPLIER: dict[str, Any] = {name: LINE[name] for name in OrderLineForSupplier.model_fields}


RECEIVED_PERCENT = (
    "Accepted of what the order is to bring, its lines weighted by their worth; what was called off counts "
    "nowhere; null where nothing is due"
)
WORTH = (
    "What is still wanted of it costs, without tax: what an amendment would come to that no longer orders "
    "what was called off or refused for good; the `total` is what the version in force says"
)
NOT_BEGUN = Decimal("0.00")
BY_ITSELF = tuple(name for name in STATED if name not in {"allowances", "charges"})
"""What a line says that is shown as it is."""
OF_ORDER: dict[str, Any] = {
    "worth": "210.00",
    "received_percent": "0.00",
    "allowances": [],
    "charges": [],
    "amounts": AMOUNTS,
}
"""What is shown of an order beside its header and its lines."""


class OrderForSupplier(WithAmounts, OrderHeaderForSupplier):
    """A purchase order with its lines, by their numbers, as its supplier sees it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [HEADER_FOR_SUPPLIER | OF_ORDER | {"lines": [LINE_FOR_SUPPLIER]}]}
    )

    worth: Decimal = Field(description=WORTH)
    received_percent: Percent | None = Field(description=RECEIVED_PERCENT)
    lines: list[OrderLineForSupplier]

    @classmethod
    def with_lines(cls, order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> Self:
        """Show a mapped order and its lines, which have to be loaded."""
        lines = list(lines)
        version = order.version_in_force()
        return cls(
            **cls._header(order),
            **of_order(version.content, version.amounts),
            worth=still_worth(version.content, lines).net,
            received_percent=order_percent(lines),
            lines=[OrderLineForSupplier.of(line, order.currency) for line in lines],
        )


class Order(WithAmounts, OrderHeader):
    """A purchase order with its lines, by their numbers."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER | OF_ORDER | {"lines": [LINE]}]})

    worth: Decimal = Field(description=WORTH)
    received_percent: Percent | None = Field(description=RECEIVED_PERCENT)
    lines: list[OrderLine]

    @classmethod
    def with_lines(cls, order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> Self:
        """Show a mapped order and its lines, which have to be loaded."""
        lines = list(lines)
        version = order.version_in_force()
        worth = still_worth(version.content, lines)
        return cls(
            **cls._header(order),
            **of_order(version.content, version.amounts),
            worth=worth.net,
            received_percent=order_percent(lines),
            lines=[
                OrderLine.of(line, order.currency, landed_cost=worth.landed.get(line.line_number))
                for line in lines
            ],
        )

    @classmethod
    def just_created(cls, order: OrderState, draft: DraftOrder, amounts: Sequence[Decimal]) -> Self:
        """Show a draft from what was inserted and what its author stated."""
        shown = [
            OrderLine(
                **{name: getattr(line, name) for name in BY_ITSELF},
                **of_line(line, draft.currency),
                landed_cost=landed,
                schedules=sorted(line.schedules, key=lambda one: one.schedule_number),
                **NOTHING_CAME,
                amount=amount,
                accepted_quantity=Decimal(0),
                open_quantity=line.quantity,
                received_percent=NOT_BEGUN,
                closed_on=None,
                closed_as=None,
                closed_by=None,
                allowed_actions=["cancel"],
                dropped_by_version=None,
            )
            for line, amount, landed in zip(draft.lines, amounts, landed_costs(draft, amounts), strict=True)
        ]
        shown.sort(key=lambda line: line.line_number)
        return cls(
            **cls._header(order),
            **of_order(draft, amounts),
            worth=order.total,
            received_percent=NOT_BEGUN,
            lines=shown,
        )


_SHOWN_OTHERWISE = {
    "on_hold",
    "number",
    "total",
    "flag",
    "allowed_actions",
    "worth",
    "received_percent",
    "allowances",
    "charges",
    "amounts",
    "lines",
}


@cache
def _shown_as_it_is(view: type[OrderHeaderForSupplier]) -> tuple[str, ...]:
    return tuple(name for name in view.model_fields if name not in _SHOWN_OTHERWISE)


def _as_it_is(view: type[OrderHeaderForSupplier], order: PurchaseOrder | OrderState) -> dict[str, Any]:
    return {name: getattr(order, name) for name in _shown_as_it_is(view)}
