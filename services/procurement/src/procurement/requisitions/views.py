"""Requisitions and templates as HTTP shows them, to our own people only."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.requisitions.model import Requisition as RequisitionRow
from procurement.requisitions.model import RequisitionAssignment as AssignmentRow
from procurement.requisitions.model import RequisitionLine as LineRow
from procurement.requisitions.model import RequisitionTemplate as TemplateRow
from procurement.requisitions.rules.lines import LineStatus
from procurement.requisitions.rules.stated import LineKind, PriceSource, TemplateLine
from procurement.requisitions.rules.states import Status, allowed_actions
from purveyor.money import Money

SHARES: list[dict[str, Any]] = [
    {"cost_centre": "4711", "project": None, "share": "60"},
    {"cost_centre": "4712", "project": "P-17", "share": "40"},
]
CONTENT: dict[str, Any] = {
    "line_number": 1,
    "kind": "item",
    "item": "M8-HEX-40",
    "description": "Hexagon bolt M8 × 40, zinc plated",
    "category": "fasteners",
    "quantity": "2500",
    "unit": "C62",
    "site": "HAM-1",
    "price": "8.40",
    "price_base_quantity": "100",
    "price_source": "last_paid",
    "supplier_id": None,
    "justification": None,
    "assignments": SHARES,
}
LINE: dict[str, Any] = CONTENT | {"need_by": "2026-03-20"}
STATED: dict[str, Any] = {
    "title": "Bolts for the spring series",
    "business_unit": "drives",
    "currency": "EUR",
    "justification": "the series begins in April",
    "requested_for": "lena.line",
}
TEMPLATE: dict[str, Any] = {name: STATED[name] for name in STATED if name != "requested_for"}
TEMPLATE |= {"name": "Bolts", "lines": [CONTENT | {"need_in_days": 14}]}
BECOME: dict[str, Any] = {
    "amount": {"amount": "210.00", "currency": "EUR"},
    "assignments": [
        SHARES[0] | {"amount": {"amount": "126.00", "currency": "EUR"}},
        SHARES[1] | {"amount": {"amount": "84.00", "currency": "EUR"}},
    ],
    "status": "approved",
    "requested_quantity": "2500",
    "ordered_quantity": "1000",
    "open_quantity": "1500",
    "delivered_quantity": "0",
    "fulfilled": False,
    "orders": [
        {
            "order_id": "0199c0de-0000-7000-8000-0000000000b1",
            "order_number": "PO-000042",
            "order_line_number": 1,
            "quantity": "1000",
            "delivered_quantity": "0",
        }
    ],
    "decided_by": "alex",
    "decided_at": "2026-03-03T10:00:00Z",
    "decision_reason": None,
    "closed_by": None,
    "closed_on": None,
    "close_reason": None,
    "sourcing_reason": None,
    "sourcing_since": None,
    "allowed_actions": ["close_short"],
}
HEADER: dict[str, Any] = STATED | {
    "id": "0199c0de-0000-7000-8000-0000000000e1",
    "number": "PR-000042",
    "status": "approved",
    "total": {"amount": "210.00", "currency": "EUR"},
    "created_by": "robin",
    "created_at": "2026-03-02T12:00:00Z",
    "authors": ["robin"],
    "copied_from": None,
    "template": None,
    "sourcing_route": None,
    "submitted_by": "robin",
    "submitted_at": "2026-03-02T12:05:00Z",
    "awaits_approval": None,
    "deciders": ["alex"],
    "return_reason": None,
    "withdrawn_by": None,
    "withdrawn_at": None,
    "allowed_actions": ["close_line", "end_sourcing", "order"],
}


class ChargedShare(BaseModel):
    """To what a share of a line is charged, and what that comes to."""

    cost_centre: str
    project: str | None = Field(description="What it is for")
    share: Decimal = Field(description="In percent; those of a line add up to 100")
    amount: Money = Field(description="Those of a line add up to its amount, the last cent by remainder")

    @classmethod
    def of(cls, one: AssignmentRow, currency: str) -> Self:
        """Show an assignment."""
        names = cls.model_fields.keys() - {"amount"}
        amount = Money(amount=one.amount, currency=currency)
        return cls(amount=amount, **{name: getattr(one, name) for name in names})


class OnOrder(BaseModel):
    """An order line that orders of a requested line."""

    model_config = ConfigDict(from_attributes=True)

    order_id: UUID
    order_number: str
    order_line_number: int
    quantity: Decimal = Field(description="What it orders of it now; 0 once all of that was called off")
    delivered_quantity: Decimal = Field(description="Of that, what came and was accepted")


class RequisitionLine(BaseModel):
    """One thing that is needed, and what has become of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [LINE | BECOME]})

    line_number: int
    kind: LineKind
    item: str | None = Field(description="Of the kind item: its code")
    description: str
    category: str
    quantity: Decimal
    unit: str
    need_by: date = Field(description="The last day on which it is of use, at the site")
    site: str
    price: Decimal = Field(description="Estimated, for `price_base_quantity` units")
    price_base_quantity: Decimal
    price_source: PriceSource = Field(description="Where the estimate comes from")
    amount: Money = Field(description="quantity × price ÷ base, rounded to the minor unit")
    supplier_id: UUID | None = Field(description="Suggested by the author, or found by sourcing")
    justification: str | None
    assignments: list[ChargedShare]
    status: LineStatus
    requested_quantity: Decimal = Field(description="All that is asked: its quantity")
    ordered_quantity: Decimal = Field(description="On orders, and not called off of them again")
    open_quantity: Decimal = Field(description="Neither ordered nor given up")
    delivered_quantity: Decimal = Field(description="Of what is ordered, what came and was accepted")
    fulfilled: bool = Field(description="Whether all that was asked came")
    orders: list[OnOrder]
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    closed_by: str | None
    closed_on: date | None = Field(description="Since when no more of it is to be ordered")
    close_reason: str | None
    sourcing_reason: str | None = Field(description="Why a supplier is to be found before it is ordered")
    sourcing_since: datetime | None = Field(description="Since when it waits for that; null: it does not")
    allowed_actions: list[str]

    @classmethod
    def of(cls, line: LineRow, currency: str) -> Self:
        """Show a line."""
        shown: dict[str, Any] = {
            "amount": Money(amount=line.amount, currency=currency),
            "requested_quantity": line.quantity,
            "assignments": [ChargedShare.of(one, currency) for one in line.assignments],
            "orders": [OnOrder.model_validate(one) for one in line.orders],
        }
        names = cls.model_fields.keys() - shown.keys()
        return cls(**shown, **{name: getattr(line, name) for name in names})


class RequisitionHeader(BaseModel):
    """A requisition without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    id: UUID
    number: str
    status: Status
    title: str
    business_unit: str
    currency: str
    total: Money = Field(description="What its lines are estimated to cost")
    justification: str | None
    requested_for: str | None = Field(description="Who needs it, where that is not its author")
    created_by: str
    created_at: datetime
    authors: list[str]
    copied_from: UUID | None = Field(description="The requisition that it began as a copy of")
    sourcing_route: str | None = Field(description="Why a supplier is to be found first, as the intake said")
    template: str | None = Field(description="The template that it began with")
    submitted_by: str | None
    submitted_at: datetime | None
    awaits_approval: UUID | None = Field(description="The approval whose steps decide of it")
    deciders: list[str] = Field(description="Who approved or rejected lines of it")
    return_reason: str | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    allowed_actions: list[str]

    @classmethod
    def of(cls, requisition: RequisitionRow) -> Self:
        """Show a requisition."""
        return cls(**cls._header(requisition))

    @classmethod
    def _header(cls, requisition: RequisitionRow) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "total": Money(amount=requisition.total, currency=requisition.currency),
            "allowed_actions": allowed_actions(requisition.status),
        }
        names = RequisitionHeader.model_fields.keys() - shown.keys()
        return shown | {name: getattr(requisition, name) for name in names}


class Requisition(RequisitionHeader):
    """What is needed, line by line, and what has become of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER | {"lines": [LINE | BECOME]}]})

    lines: list[RequisitionLine]

    @classmethod
    def of(cls, requisition: RequisitionRow) -> Self:
        """Show a requisition with its lines."""
        lines = [RequisitionLine.of(line, requisition.currency) for line in requisition.lines]
        return cls(lines=lines, **cls._header(requisition))


class TemplateShare(BaseModel):
    """To what a share of a template's line is charged."""

    cost_centre: str
    project: str | None = Field(description="What it is for")
    share: Decimal = Field(description="In percent; those of a line add up to 100")


class RequisitionTemplateLine(BaseModel):
    """One thing that is needed again and again."""

    line_number: int
    kind: LineKind
    item: str | None = Field(description="Of the kind item: its code")
    description: str
    category: str
    quantity: Decimal
    unit: str
    need_in_days: int = Field(description="How many days after it is drafted it is needed")
    site: str
    price: Decimal = Field(description="Estimated, for `price_base_quantity` units")
    price_base_quantity: Decimal
    price_source: PriceSource = Field(description="Where the estimate comes from")
    supplier_id: UUID | None = Field(description="Suggested by the author")
    justification: str | None
    assignments: list[TemplateShare]

    @classmethod
    def of(cls, line: TemplateLine) -> Self:
        """Show a line."""
        shares = [
            TemplateShare(cost_centre=one.cost_centre, project=one.project, share=one.share)
            for one in line.assignments
        ]
        names = cls.model_fields.keys() - {"assignments"}
        return cls(assignments=shares, **{name: getattr(line, name) for name in names})


class RequisitionTemplate(BaseModel):
    """What is needed again and again, under a code."""

    model_config = ConfigDict(json_schema_extra={"examples": [TEMPLATE | {"code": "bolts"}]})

    code: str
    name: str
    title: str
    business_unit: str
    currency: str
    justification: str | None
    lines: list[RequisitionTemplateLine]

    @classmethod
    def of(cls, row: TemplateRow) -> Self:
        """Show a template."""
        template = row.template()
        names = ("title", "business_unit", "currency", "justification")
        return cls(
            code=row.code,
            name=row.name,
            lines=[RequisitionTemplateLine.of(line) for line in template.lines],
            **{name: getattr(template, name) for name in names},
        )
