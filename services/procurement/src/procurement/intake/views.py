"""Needs as HTTP shows them, to our own people only."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.intake.model import StatedNeed
from procurement.intake.rules import Decision, NeedStatus, Route, Routed, Standing
from procurement.requisitions.rules.stated import LineKind
from purveyor.money import Money

NEED: dict[str, Any] = {
    "title": "Bolts for the spring series",
    "kind": "item",
    "item": "M8-HEX-40",
    "category": "fasteners",
    "quantity": "2500",
    "unit": "C62",
    "value": "210.00",
    "currency": "EUR",
    "need_by": "2026-03-20",
    "site": "HAM-1",
    "business_unit": "drives",
    "cost_centre": "4711",
    "supplier_id": None,
    "requested_for": None,
}
DECISION: dict[str, Any] = {"stage": 1, "label": "manager of cost centre 4711", "people": ["mara"]}
ROUTED: dict[str, Any] = {
    "route": "call_off",
    "rule": "agreed",
    "reasons": ["It was agreed on: call it off at the agreed price.", "BO-000042 has it"],
    "decisions": [DECISION],
    "table_version": 3,
    "blanket_order_id": "0199c0de-0000-7000-8000-0000000000d1",
}
"""What is answered of a way."""
SHOWN: dict[str, Any] = {name: NEED[name] for name in NEED if name != "currency"} | {
    "value": {"amount": "210.00", "currency": "EUR"},
    "id": "0199c0de-0000-7000-8000-0000000000f1",
    "number": "NEED-000042",
    "status": "started",
    "created_by": "robin",
    "created_at": "2026-03-02T12:00:00Z",
    "started_by": "robin",
    "started_at": "2026-03-02T12:01:00Z",
    "requisition_id": None,
    "order_id": "0199c0de-0000-7000-8000-0000000000b1",
    "document_number": "PO-000042",
    "document_status": "draft",
}


class DecisionOnTheWay(BaseModel):
    """What has to be decided; decisions of one stage side by side, those of the next one after them."""

    model_config = ConfigDict(json_schema_extra={"examples": [DECISION]})

    stage: int
    label: str = Field(description="Who is asked")
    people: list[str] = Field(description="The people who may, where they are known by name")

    @classmethod
    def of(cls, one: Decision) -> Self:
        """Show a decision."""
        return cls(stage=one.stage, label=one.label, people=list(one.people))


class RouteOfNeed(BaseModel):
    """Which way a need goes, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [ROUTED]})

    route: Route
    rule: str | None = Field(description="The row of the table that held; null: none did")
    reasons: list[str] = Field(description="What the row says, and each of its conditions")
    decisions: list[DecisionOnTheWay] = Field(description="What has to be decided, by whom, in what order")
    table_version: int | None = Field(
        description="Of the policy `intake-routes`; null: the one that was stated"
    )
    blanket_order_id: UUID | None = Field(description="The blanket order that has it")

    @classmethod
    def of(cls, routed: Routed) -> Self:
        """Show a way."""
        return cls(
            route=routed.chosen.route,
            rule=routed.chosen.row,
            reasons=list(routed.chosen.reasons),
            decisions=[DecisionOnTheWay.of(one) for one in routed.decisions],
            table_version=routed.table_version,
            blanket_order_id=routed.blanket_order_id,
        )


class NeedOnItsWay(BaseModel):
    """What somebody needs, which way it was told to go, and where it stands."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [SHOWN | {n: ROUTED[n] for n in ROUTED if n != "decisions"}]}
    )

    id: UUID
    number: str
    status: NeedStatus
    title: str
    kind: LineKind
    item: str | None = Field(description="Of the kind item: its code")
    category: str
    quantity: Decimal
    unit: str
    value: Money = Field(description="What it is worth about")
    need_by: date
    site: str
    business_unit: str
    cost_centre: str
    supplier_id: UUID | None = Field(description="Suggested")
    requested_for: str | None = Field(description="Who needs it, where that is not who said so")
    created_by: str
    created_at: datetime
    route: Route
    rule: str | None = Field(description="The row of the table that held; null: none did")
    reasons: list[str]
    table_version: int = Field(description="Of the policy `intake-routes`")
    blanket_order_id: UUID | None = Field(description="The blanket order that it is called off of")
    started_by: str | None
    started_at: datetime | None
    requisition_id: UUID | None = Field(description="The requisition that it was started with")
    order_id: UUID | None = Field(description="The call-off that it was started with")
    document_number: str | None = Field(description="What people call that by")
    document_status: str | None = Field(description="Where that stands now")

    @classmethod
    def of(cls, stated: StatedNeed, standing: Standing) -> Self:
        """Show a need."""
        shown: dict[str, Any] = {
            "value": Money(amount=stated.value, currency=stated.currency),
            "status": standing.status,
            "document_number": standing.document_number,
            "document_status": standing.document_status,
        }
        names = NeedOnItsWay.model_fields.keys() - shown.keys()
        return cls(**shown, **{name: getattr(stated, name) for name in names})


class NeedAnswered(NeedOnItsWay):
    """A need that was said just now, which way it goes, and who decides on the way."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHOWN | ROUTED]})

    decisions: list[DecisionOnTheWay] = Field(description="What has to be decided, by whom, in what order")

    @classmethod
    def answering(cls, stated: StatedNeed, standing: Standing, routed: Routed) -> Self:
        """Show a need with who decides on its way."""
        shown = NeedOnItsWay.of(stated, standing)
        decisions = [DecisionOnTheWay.of(one) for one in routed.decisions]
        return cls(decisions=decisions, **dict(shown))
