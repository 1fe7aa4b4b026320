"""Goods receipts as they are shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.states import Status
from procurement.receipts.rules.rejecting import RejectedIs, RejectionKind
from procurement.receipts.views.lines import ARRIVAL, LINE, LOT, PastLine

BY_DEFAULT: dict[str, Any] = {
    "percent": "0",
    "policy": "over-receipt",
    "version": 0,
    "supplier_id": None,
    "item": None,
    "category": None,
    "site": None,
    "business_unit": None,
}
COUNTED: dict[str, Any] = LINE | {
    "cancelled_quantity": "0",
    "schedule_number": None,
    "stated_unit": None,
    "stated_quantity": None,
    "stated_rejected_quantity": None,
    "lots": [LOT | {"reversed_quantity": "300", "reversed_rejected_quantity": "0"}],
    "serials": [],
    "rejected_serials": [],
    "reversed_serials": [],
}
REVERSAL_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000c1",
    "reversed_on": "2026-03-19",
    "reason_for_supplier": "we had counted another delivery",
    "lines": [{"line_number": 1, "quantity": "300", "rejected_quantity": "0"}],
}
REVERSAL: dict[str, Any] = REVERSAL_FOR_SUPPLIER | {
    "reason": "another delivery was counted",
    "reversed_by": "rita",
    "reversed_at": "2026-03-19T08:10:00Z",
}
TAKEN_BACK: dict[str, Any] = {"reversed_quantity": "300", "reversed_rejected_quantity": "0"}
RECEIPT_FOR_SUPPLIER: dict[str, Any] = ARRIVAL | {
    "id": "0199c0de-0000-7000-8000-0000000000b1",
    "number": "GR-000042",
    "order_id": "0199c0de-0000-7000-8000-0000000000a1",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "shipment_id": None,
    "lines": [COUNTED | TAKEN_BACK],
    "reversals": [REVERSAL_FOR_SUPPLIER],
}
RECEIPT: dict[str, Any] = RECEIPT_FOR_SUPPLIER | {
    "lines": [
        COUNTED | TAKEN_BACK | {"tolerance_version": 0, "over_receipt": BY_DEFAULT, "under_receipt": None}
    ],
    "reversals": [REVERSAL],
    "received_by": "rita",
    "received_at": "2026-03-18T13:40:00Z",
    "imported": False,
    "external_reference": None,
    "source_system": "main",
}


class ReversalLine(BaseModel):
    """What of one line of a receipt was taken back."""

    model_config = ConfigDict(from_attributes=True)

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal = Field(description="Of it, what had been rejected")


class ReversalForSupplier(BaseModel):
    """A counter-entry to a receipt, as the supplier sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [REVERSAL_FOR_SUPPLIER]})

    id: UUID
    reversed_on: date = Field(description="Business date at the site")
    reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    lines: list[ReversalLine]


class Reversal(ReversalForSupplier):
    """A counter-entry: some or all of a receipt never came, or not so."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVERSAL]})

    reason: str
    reversed_by: str
    reversed_at: datetime


REVERSED = "What of it reversals have taken back"
REVERSED_REJECTED = "What of that had been rejected"


class HeldRule(BaseModel):
    """A tolerance that goods were judged by, and which rule said so: the item's own, where no version did."""

    model_config = ConfigDict(json_schema_extra={"examples": [BY_DEFAULT]})

    percent: Decimal = Field(description="Of what was ordered on the line")
    policy: str = Field(description="`over-receipt` or `under-receipt`")
    version: int | None = Field(description="Of the policy, 0 by default; null: the item's own rule held")
    supplier_id: UUID | None = Field(default=None, description="To which supplier it is limited, if to one")
    item: str | None = None
    category: str | None = None
    site: str | None = None
    business_unit: str | None = None


CANCELLED = "What was called off of the order's line with it, because what came was enough"


class RecordedLot(BaseModel):
    """How much of a line is of one lot, until when it can be used, and what of it was taken back."""

    model_config = ConfigDict(from_attributes=True)

    lot: str
    quantity: Decimal
    rejected_quantity: Decimal
    expires_on: date | None
    reversed_quantity: Decimal = Decimal(0)
    reversed_rejected_quantity: Decimal = Decimal(0)


class RecordedLine(PastLine):
    """What arrived of an order line, with what it was judged by."""

    model_config = ConfigDict(extra="ignore")

    rejection_reason: str | None = None
    rejected_is: RejectedIs | None = Field(
        default=None, description="Whether what was rejected is owed again; null when nothing was rejected"
    )
    cancelled_quantity: Decimal = Field(default=Decimal(0), description=CANCELLED)
    schedule_number: int | None = Field(default=None, description="Of the line, if one was named")
    stated_unit: str | None = Field(
        default=None, description="In what it was counted; null: in the order's unit, as the quantities are"
    )
    stated_quantity: Decimal | None = Field(default=None, description="In that unit")
    stated_rejected_quantity: Decimal | None = Field(default=None, description="In that unit")
    lots: list[RecordedLot] = Field(default=[], description="They add up to the quantity")
    serials: list[str] = Field(default=[], description="One a piece")
    rejected_serials: list[str] = Field(default=[], description="Of them, those of what was rejected")
    reversed_serials: list[str] = Field(default=[], description="Of them, those that were taken back")
    reversed_quantity: Decimal = Field(default=Decimal(0), description=REVERSED)
    reversed_rejected_quantity: Decimal = Field(default=Decimal(0), description=REVERSED_REJECTED)
    tolerance_version: int | None = Field(
        default=None,
        description="Of the policy `over-receipt`; null where the item's own rule held, and before versions "
        "were kept",
    )
    over_receipt: HeldRule | None = Field(
        default=None, description="How much more might come, and by which rule; null for the past"
    )
    under_receipt: HeldRule | None = Field(
        default=None, description="By which rule what came was enough; null where nothing was called off"
    )


class RecordedLineForSupplier(BaseModel):
    """What arrived of an order line, and what of it was rejected and why, as its supplier sees it."""

    model_config = ConfigDict(from_attributes=True)

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None = Field(description="Written for the supplier")
    rejection_kind: RejectionKind | None = Field(description="What was wrong, in a word")
    rejected_is: RejectedIs | None = Field(
        description="Whether what was rejected is owed again; null when nothing was rejected"
    )
    cancelled_quantity: Decimal = Field(description=CANCELLED)
    schedule_number: int | None = Field(description="Of the line, if one was named")
    stated_unit: str | None = Field(
        description="In what it was counted; null: in the order's unit, as the quantities are"
    )
    stated_quantity: Decimal | None = Field(description="In that unit")
    stated_rejected_quantity: Decimal | None = Field(description="In that unit")
    lots: list[RecordedLot] = Field(description="They add up to the quantity")
    serials: list[str] = Field(description="One a piece")
    rejected_serials: list[str] = Field(description="Of them, those of what was rejected")
    reversed_serials: list[str] = Field(description="Of them, those that were taken back")
    reversed_quantity: Decimal = Field(description=REVERSED)
    reversed_rejected_quantity: Decimal = Field(description=REVERSED_REJECTED)


class ReceiptForSupplier(BaseModel):
    """A goods receipt as its supplier sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [RECEIPT_FOR_SUPPLIER]})

    id: UUID
    number: str
    order_id: UUID
    supplier_id: UUID
    received_on: date
    despatch_reference: str | None
    shipment_id: UUID | None = Field(default=None, description="The shipment that the goods came with")
    lines: list[RecordedLineForSupplier]
    reversals: list[ReversalForSupplier] = Field(description="What was taken back of it, oldest first")


class Receipt(BaseModel):
    """A goods receipt; what it says never changes, reversals are entries beside it."""

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
    shipment_id: UUID | None = Field(default=None, description="The shipment that the goods came with")
    received_by: str
    received_at: datetime
    imported: bool
    external_reference: str | None
    source_system: str = Field(description="The system that its `external_reference` belongs to")
    lines: list[RecordedLine]
    reversals: list[Reversal] = Field(description="What was taken back of it, oldest first")


class ReceiptWarning(BaseModel):
    """Something about a receipt that was taken nevertheless."""

    code: str = Field(examples=["despatch_received_before"])
    pointer: str = Field(description="What it is about", examples=["/despatch_reference"])
    detail: str = Field(examples=["The order has received LS-88410 with GR-000041 on 2026-03-17."])


class RecordedReceipt(Receipt):
    """A receipt just recorded, or taken back, and where the order stands with it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [RECEIPT | {"order_status": "partially_received", "warnings": []}]}
    )

    order_status: Status
    warnings: list[ReceiptWarning] = Field(
        default=[], description="What the receiver should look at; it was recorded nevertheless"
    )
