"""Purchasing blocks of suppliers, on the stream `sourcing.suppliers`: what keeps from ordering."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_contract.events.sourcing.suppliers import FOR_SUPPLIER, REASON, SupplierEvent
from purveyor_messaging.audience import Told, tells

CAUSE = (
    "What it comes from: `screening`, `document`, `qualification`, `duplicate`, `performance`; there may be "
    "others one day"
)
CATEGORIES = "Which categories must not be ordered, and what lies below them; null: none may be"
HOLDING = "Every block that holds from now on; while there is one for a category, it is not ordered"


class SupplierBlock(BaseModel):
    """What keeps from ordering from a supplier, whatever its status and its approvals."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    cause: str = Field(description=CAUSE, examples=["document"])
    reference: UUID = Field(description="What it comes from: with its cause it is one block")
    categories: tuple[str, ...] | None = Field(description=CATEGORIES, examples=[["fasteners"]])
    reason: str = Field(description=REASON, examples=["ISO 9001 of TÜV ended on 2026-10-31"])
    blocked_at: datetime


class SupplierBlocked(SupplierEvent):
    """Nothing new is ordered from the supplier in these categories until the block is lifted."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "categories", "reason_for_supplier")

    cause: str = Field(description=CAUSE, examples=["document"])
    reference: UUID = Field(description="What it comes from: with its cause it is one block")
    categories: tuple[str, ...] | None = Field(description=CATEGORIES, examples=[["fasteners"]])
    reason: str = Field(description=REASON, examples=["ISO 9001 of TÜV ended on 2026-10-31"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    blocked_by: str = Field(description="Who found it, or the service by itself", examples=["sourcing"])
    blocks: tuple[SupplierBlock, ...] = Field(description=HOLDING)


class SupplierUnblocked(SupplierEvent):
    """What a block came from is gone; others may still hold."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "categories", "reason_for_supplier")

    cause: str = Field(description=CAUSE, examples=["document"])
    reference: UUID = Field(description="What it came from")
    categories: tuple[str, ...] | None = Field(description=CATEGORIES, examples=[["fasteners"]])
    reason: str = Field(description=REASON, examples=["a new certificate was accepted"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    unblocked_by: str = Field(examples=["carl.category"])
    blocks: tuple[SupplierBlock, ...] = Field(description=HOLDING)
