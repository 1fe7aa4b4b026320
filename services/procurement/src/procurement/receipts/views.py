"""Goods receipts as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Quantity, QuantityOrZero
from procurement.orders.rules.states import Status
from procurement.receipts.rules import ArrivedLine
from purveyor.texts import Line

LINE: dict[str, Any] = {
    "line_number": 1,
    "quantity": "1500",
    "rejected_quantity": "20",
    "rejection_reason": "thread damaged",
}
ARRIVAL: dict[str, Any] = {"received_on": "2026-03-18", "despatch_reference": "LS-88410", "lines": [LINE]}
RECEIPT_FOR_SUPPLIER: dict[str, Any] = ARRIVAL | {
    "id": "0199c0de-0000-7000-8000-0000000000b1",
    "number": "GR-000042",
    "order_id": "0199c0de-0000-7000-8000-0000000000a1",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
}
RECEIPT: dict[str, Any] = RECEIPT_FOR_SUPPLIER | {
    "lines": [LINE | {"tolerance_version": 0}],
    "received_by": "rita",
    "received_at": "2026-03-18T13:40:00Z",
    "imported": False,
    "external_reference": None,
    "source_system": "main",
}


class ReceiptLine(BaseModel):
    """What arrived of an order line, and what of it was rejected."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    line_number: int = Field(ge=1, le=99_999)
    quantity: Quantity = Field(description="What arrived, whether accepted or not")
    rejected_quantity: QuantityOrZero = Decimal(0)
    rejection_reason: Line | None = Field(
        default=None, description="Needed when something was rejected; the supplier reads it"
    )

    def arrived(self) -> ArrivedLine:
        """Return what arrived."""
        return ArrivedLine(self.line_number, self.quantity, self.rejected_quantity, self.rejection_reason)


class RecordedLine(ReceiptLine):
    """What arrived of an order line, with what it was judged by."""

    model_config = ConfigDict(extra="ignore")

    rejection_reason: str | None = None
    tolerance_version: int | None = Field(
        default=None, description="Of the policy `over-receipt`; null before versions were kept"
    )


class RecordedLineForSupplier(BaseModel):
    """What arrived of an order line, and what of it was rejected and why, as its supplier sees it."""

    model_config = ConfigDict(from_attributes=True)

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None = Field(description="Written for the supplier")


class ReceiptForSupplier(BaseModel):
    """A goods receipt as its supplier sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [RECEIPT_FOR_SUPPLIER]})

    id: UUID
    number: str
    order_id: UUID
    supplier_id: UUID
    received_on: date
    despatch_reference: str | None
    lines: list[RecordedLineForSupplier]


class Receipt(BaseModel):
    """A goods receipt; once recorded it never changes."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"examples": [RECEIPT]},
    )

    id: UUID
    number: str
    order_id: UUID
    supplier_id: UUID
    received_on: date
    despatch_reference: str | None
    received_by: str
    received_at: datetime
    imported: bool
    external_reference: str | None
    source_system: str = Field(description="The system that its `external_reference` belongs to")
    lines: list[RecordedLine]


class RecordedReceipt(Receipt):
    """A receipt just recorded, and where the order stands with it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [RECEIPT | {"order_status": "partially_received"}]}
    )

    order_status: Status
