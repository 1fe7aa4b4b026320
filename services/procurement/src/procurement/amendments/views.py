"""Amendments as HTTP shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.amendments.model import Amendment as AmendmentRow
from procurement.amendments.rules import AmendmentStatus, allowed_actions
from procurement.orders.rules.amounts import order_total
from procurement.orders.rules.drafts import order_amounts
from procurement.orders.rules.versions import in_words
from procurement.orders.views.amounts import WithAmounts, of_order
from procurement.orders.views.orders import HEADER_FOR_SUPPLIER, TERMS
from procurement.orders.views.versions import (
    DIFFERENCES,
    ORDERED,
    OURS,
    PARTS,
    FieldDifference,
    VersionLine,
)
from purveyor.money import Money

HEADER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000c1",
    "order_id": HEADER_FOR_SUPPLIER["id"],
    "status": "draft",
    "based_on": 1,
    "reason": "the customer's project begins a week earlier",
    "reason_for_supplier": "we need it sooner",
    "created_by": "bea",
    "created_at": "2026-03-09T07:30:00Z",
    "authors": ["bea"],
    "submitted_by": None,
    "submitted_at": None,
    "approved_by": None,
    "approved_at": None,
    "issued_by": None,
    "issued_at": None,
    "issued_version": None,
    "withdrawn_by": None,
    "withdrawn_at": None,
    "words": DIFFERENCES["words"],
    "allowed_actions": ["change", "submit", "withdraw"],
}
AMENDMENT: dict[str, Any] = HEADER | {
    "site": "HAM-1",
    "business_unit": "drives",
    "cost_centre": "4711",
    **TERMS,
    "project": "P-17",
    "total": {"amount": "210.00", "currency": "EUR"},
    **PARTS,
    "lines": [ORDERED | OURS | {"promised_on": "2026-03-13"}],
    "cancelled_lines": [],
    "fields": DIFFERENCES["fields"],
}

OF_ORDER = (
    "site",
    "business_unit",
    "cost_centre",
    "payment_terms",
    "incoterm",
    "delivery_place",
    "project",
)
"""What is shown of what the order is to say, as it is kept."""


class AmendmentHeader(BaseModel):
    """An amendment of an order, without what the order is to say."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    id: UUID
    order_id: UUID
    status: AmendmentStatus
    based_on: int = Field(description="The version that it amends")
    reason: str
    reason_for_supplier: str | None = Field(description="What the supplier is told of why, once it is issued")
    created_by: str
    created_at: datetime
    authors: list[str] = Field(description="Who created, changed or submitted it: none of them approves it")
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str | None
    issued_at: datetime | None
    issued_version: int | None = Field(description="The version that it became")
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    words: list[str] = Field(description="What it says otherwise than the version that it amends")
    allowed_actions: list[str]

    @classmethod
    def of(cls, amendment: AmendmentRow, *, amendable: bool = True) -> Self:
        """Show an amendment, of an order that can still be amended or not."""
        allowed = allowed_actions(amendment.status, amendable=amendable)
        return cls(allowed_actions=allowed, **cls._shown(amendment))

    @classmethod
    def _shown(cls, amendment: AmendmentRow) -> dict[str, Any]:
        names = AmendmentHeader.model_fields.keys() - {"words", "allowed_actions"}
        return {name: getattr(amendment, name) for name in names} | {
            "words": in_words(amendment.differences()),
        }


class Amendment(WithAmounts, AmendmentHeader):
    """An amendment of an order: what the order is to say next."""

    model_config = ConfigDict(json_schema_extra={"examples": [AMENDMENT]})

    site: str
    business_unit: str
    cost_centre: str
    payment_terms: str | None
    incoterm: str | None
    delivery_place: str | None
    project: str | None
    total: Money
    lines: list[VersionLine]
    cancelled_lines: list[int] = Field(description="Lines that the order is no longer to have")
    fields: list[FieldDifference] = Field(description="What it says otherwise, by field")

    @classmethod
    def _shown(cls, amendment: AmendmentRow) -> dict[str, Any]:
        content = amendment.stated()
        amounts = order_amounts(content)
        shown = {name: getattr(content, name) for name in OF_ORDER}
        return (
            super()._shown(amendment)
            | shown
            | of_order(content, amounts)
            | {
                "total": Money(amount=order_total(content, amounts), currency=content.currency),
                "lines": VersionLine.all_of(content, amounts),
                "cancelled_lines": amendment.cancelled_lines,
                "fields": [FieldDifference.model_validate(one) for one in amendment.differences()],
            }
        )
