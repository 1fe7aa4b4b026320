"""Responses as HTTP shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.views.orders import HEADER_FOR_SUPPLIER
from procurement.responses.model import Response, ResponseChange
from procurement.responses.rules import Changed, Decision, Reply

CHANGE_FOR_SUPPLIER: dict[str, Any] = {
    "number": 1,
    "line_number": 1,
    "schedule_number": 1,
    "field": "promised_on",
    "before": "2026-03-20",
    "after": "2026-03-27",
    "description": None,
    "reason": "the furnace is being repaired",
    "decision": None,
    "decided_at": None,
    "decision_reason_for_supplier": None,
}
CHANGE: dict[str, Any] = CHANGE_FOR_SUPPLIER | {"decided_by": None, "decision_reason": None}
RESPONSE_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000e1",
    "order_id": HEADER_FOR_SUPPLIER["id"],
    "version": 1,
    "nth": 1,
    "reply": "accepted_with_changes",
    "supplier_reference": "AB-2026-117",
    "reason": None,
    "by_supplier": True,
    "answered_on": "2026-03-03",
    "answered_at": "2026-03-03T08:00:00Z",
}
RESPONSE: dict[str, Any] = RESPONSE_FOR_SUPPLIER | {
    "answered_by": "sales@nordwind.example",
    "amendment_id": None,
}


class AnsweredChangeForSupplier(BaseModel):
    """One thing that the supplier would have otherwise, as it sees that itself."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [CHANGE_FOR_SUPPLIER]})

    number: int = Field(description="Its place in the answer, from 1")
    line_number: int
    schedule_number: int | None = Field(description="Null: of the whole line")
    field: Changed
    before: str = Field(description="What the version asks, or is promised, as a text")
    after: str = Field(description="What the supplier would have, as a text; of a substitute its item")
    description: str | None = Field(description="Of a substitute")
    reason: str | None = Field(description="What the supplier says of why")
    decision: Decision | None = Field(description="Null: nobody has decided")
    decided_at: datetime | None
    decision_reason_for_supplier: str | None = Field(description="What the supplier is told of why")


class AnsweredChange(AnsweredChangeForSupplier):
    """One thing that the supplier would have otherwise, and what was decided of it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [CHANGE]})

    decided_by: str | None
    decision_reason: str | None


class OrderResponseForSupplier(BaseModel):
    """What a supplier answered to a version, as it sees that itself."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [RESPONSE_FOR_SUPPLIER | {"changes": [CHANGE_FOR_SUPPLIER]}]}
    )

    id: UUID
    order_id: UUID
    version: int = Field(description="The version of the order that it answers")
    nth: int = Field(description="Its place among the answers to that version, from 1")
    reply: Reply
    supplier_reference: str | None
    reason: str | None = Field(description="What the supplier says of why")
    by_supplier: bool = Field(description="Whether the supplier said so here itself, and no buyer for it")
    answered_on: date = Field(description="Business date at the site")
    answered_at: datetime
    changes: list[AnsweredChangeForSupplier]

    @classmethod
    def of(cls, response: Response) -> Self:
        """Show an answer."""
        return cls(**_shown(cls, response), changes=_changes(AnsweredChangeForSupplier, response.changes))


class OrderResponse(OrderResponseForSupplier):
    """What a supplier answered to a version, and what was decided of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [RESPONSE | {"changes": [CHANGE]}]})

    answered_by: str
    amendment_id: UUID | None = Field(description="The amendment that says what was taken, beside days")
    changes: list[AnsweredChange]  # type: ignore[assignment]  # with who decided, and why

    @classmethod
    def of(cls, response: Response) -> Self:
        """Show an answer."""
        return cls(**_shown(cls, response), changes=_changes(AnsweredChange, response.changes))


class OrderResponsesForSupplier(BaseModel):
    """All that a supplier answered to a version, as it sees that itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"items": [RESPONSE_FOR_SUPPLIER | {"changes": [CHANGE_FOR_SUPPLIER]}]}]
        }
    )

    items: list[OrderResponseForSupplier] = Field(
        description="The last answer last; it is the one that holds"
    )


class OrderResponses(BaseModel):
    """All that a supplier answered to a version."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [RESPONSE | {"changes": [CHANGE]}]}]})

    items: list[OrderResponse] = Field(description="The last answer last; it is the one that holds")


def _shown(view: type[OrderResponseForSupplier], response: Response) -> dict[str, Any]:
    return {name: getattr(response, name) for name in view.model_fields if name != "changes"}


def _changes(view: type[AnsweredChangeForSupplier], changes: Sequence[ResponseChange]) -> list[Any]:
    return [view.model_validate(change) for change in changes]
