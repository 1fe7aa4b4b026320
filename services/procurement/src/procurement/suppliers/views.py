"""Suppliers as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.suppliers.rules import SupplierStatus


class Approval(BaseModel):
    """A category that may be ordered, and until when."""

    category: str = Field(examples=["fasteners"])
    expires_on: date | None = Field(description="The last day; null without an end")


FOR_ITSELF: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-000000000001",
    "number": "S-000042",
    "legal_name": "Schraubenwerk Nord GmbH",
    "country": "DE",
    "status": "approved",
    "approvals": [{"category": "fasteners", "expires_on": "2027-12-31"}],
}


class Block(BaseModel):
    """What keeps from ordering from the supplier, whatever it is approved for."""

    cause: str = Field(description="What it comes from", examples=["document"])
    categories: list[str] | None = Field(description="Which are not ordered meanwhile; null: none is")
    reason: str
    blocked_at: datetime


class SupplierForSupplier(BaseModel):
    """A supplier as sourcing described it last, as it sees itself; what is added here, suppliers learn."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [FOR_ITSELF]})

    id: UUID
    number: str
    legal_name: str
    country: str | None
    status: SupplierStatus
    approvals: list[Approval]


class Supplier(SupplierForSupplier):
    """A supplier as sourcing described it last."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                FOR_ITSELF
                | {
                    "status_reason": None,
                    "present_id": None,
                    "parent_id": None,
                    "blocks": [],
                    "onboarded_by": "sam",
                    "external_reference": None,
                    "source_system": "main",
                    "changed_at": "2026-03-01T10:00:00Z",
                }
            ]
        },
    )

    status_reason: str | None
    present_id: UUID | None = Field(description="Which supplier it is since it was merged; null: itself")
    parent_id: UUID | None = Field(description="The company that owns it, as sourcing told; null: none")
    blocks: list[Block] = Field(description="What keeps from ordering from it meanwhile")
    onboarded_by: str
    external_reference: str | None
    source_system: str = Field(description="The system that its `external_reference` belongs to")
    changed_at: datetime = Field(description="When procurement heard of the last change")
