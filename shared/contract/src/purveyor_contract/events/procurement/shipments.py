"""Events of shipments: each on the stream `procurement.orders` of every order that it concerns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_contract.events.procurement.orders import ORDER, TOLD_WHY, WHY, OrderEvent
from purveyor_messaging.audience import Told, tells

BY_SUPPLIER = "Whether its own people said so, or a buyer for it"
UNIT = "In the unit of the order's line"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ShipmentLot(_Part):
    """How much of a line is of one lot."""

    lot: str = Field(examples=["L-2026-071"])
    quantity: Decimal = Field(gt=0, description=UNIT, examples=["1500"])
    expires_on: date | None = Field(default=None, description="The last day on which it can be used")


class ShippedQuantity(_Part):
    """How much of a line of the order a shipment brings."""

    line_number: int = Field(ge=1, examples=[1])
    schedule_number: int | None = Field(
        default=None, description="The schedule of the line that it is for", examples=[1]
    )
    quantity: Decimal = Field(gt=0, description=UNIT, examples=["3000"])


class ShippedLine(ShippedQuantity):
    """How much of a line of the order is sent, in which lots, with which serial numbers."""

    unit: str = Field(description="UN/ECE Recommendation 20 code; the order's", examples=["C62"])
    lots: tuple[ShipmentLot, ...] = ()
    serials: tuple[str, ...] = Field(default=(), examples=[["SN-0001", "SN-0002"]])


class PackedLine(_Part):
    """How much of a line is in a package."""

    line_number: int = Field(ge=1, examples=[1])
    schedule_number: int | None = Field(default=None, examples=[1])
    quantity: Decimal = Field(
        gt=0, description="In the unit that the advice states for the line", examples=["1500"]
    )


class ShipmentPackage(_Part):
    """A package by its number, and what of the order is in it."""

    sscc: str = Field(
        description="Serial Shipping Container Code (GS1), 18 digits", examples=["340123450000000018"]
    )
    contents: tuple[PackedLine, ...] = Field(default=(), description="Nothing where nobody said what")


class ShipmentNotified(OrderEvent):
    """Goods of an order were sent, says a despatch advice; it may be of other orders of the supplier, too."""

    to_supplier: ClassVar[Told] = {
        **tells(
            *ORDER,
            "shipment_id",
            "shipment_number",
            "despatch_reference",
            "site",
            "shipped_on",
            "expected_on",
            "carrier",
            "tracking",
            "notified_by_supplier",
        ),
        "lines": tells(
            "line_number",
            "schedule_number",
            "quantity",
            "unit",
            "serials",
            lots=("lot", "quantity", "expires_on"),
        ),
        "packages": tells("sscc", contents=("line_number", "schedule_number", "quantity")),
    }

    shipment_id: UUID
    shipment_number: str = Field(description="The shipment's number for people", examples=["SH-000042"])
    despatch_reference: str = Field(
        description="The supplier's despatch advice number", examples=["DA-2026-0117"]
    )
    site: str = Field(description="Where it travels to", examples=["HAM"])
    shipped_on: date = Field(description="The day that it was sent, as the supplier says")
    expected_on: date = Field(description="The last business day, at the site, that it is expected on")
    carrier: str | None = Field(default=None, examples=["Nordfracht"])
    tracking: str | None = Field(default=None, description="The carrier's key", examples=["NF-88123-4"])
    lines: tuple[ShippedLine, ...] = Field(description="What of this order is sent")
    packages: tuple[ShipmentPackage, ...] = Field(
        default=(), description="Those that hold something of this order, as far as anybody said"
    )
    notified_by: str = Field(examples=["sales@nordwind.example"])
    notified_by_supplier: bool = Field(description=BY_SUPPLIER, examples=[True])


QUANTITIES = ("line_number", "schedule_number", "quantity")


class ShipmentDelayed(OrderEvent):
    """What is under way of an order is expected on another day than before: later, as a rule."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "shipment_id",
        "despatch_reference",
        "expected_before",
        "expected_on",
        "reason_for_supplier",
        "moved_by_supplier",
        lines=QUANTITIES,
    )

    shipment_id: UUID
    despatch_reference: str = Field(examples=["DA-2026-0117"])
    expected_before: date = Field(description="The day that it was expected on until now")
    expected_on: date = Field(description="The last business day, at the site, that it is expected on")
    lines: tuple[ShippedQuantity, ...] = Field(description="What of this order is under way with it")
    reason: str = Field(description=WHY, examples=["the carrier's lorry broke down"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["your carrier told us of a delay"]
    )
    moved_by: str = Field(examples=["sales@nordwind.example"])
    moved_by_supplier: bool = Field(description=BY_SUPPLIER, examples=[True])


class ShipmentCancelled(OrderEvent):
    """What was under way of an order does not come: it was called back, or had never been sent."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "shipment_id",
        "despatch_reference",
        "cancelled_on",
        "reason_for_supplier",
        "cancelled_by_supplier",
        lines=QUANTITIES,
    )

    shipment_id: UUID
    despatch_reference: str = Field(examples=["DA-2026-0117"])
    cancelled_on: date = Field(description="Business date at the site")
    lines: tuple[ShippedQuantity, ...] = Field(description="What of this order is under way no more")
    reason: str = Field(description=WHY, examples=["the wrong pallet was loaded"])
    reason_for_supplier: str | None = Field(
        default=None, description=TOLD_WHY, examples=["you told us that it was the wrong pallet"]
    )
    cancelled_by: str = Field(examples=["sales@nordwind.example"])
    cancelled_by_supplier: bool = Field(description=BY_SUPPLIER, examples=[True])


class ShipmentUnderWay(_Part):
    """What a shipment was to bring by a day."""

    shipment_id: UUID
    despatch_reference: str = Field(examples=["DA-2026-0117"])
    expected_on: date
    quantity: Decimal = Field(gt=0, description=UNIT, examples=["3000"])


class DeliveryOverdue(OrderEvent):
    """What was due of a line has not come: told once for a line and a day that it was due on."""

    to_supplier: ClassVar[Told] = tells(
        *ORDER,
        "line_number",
        "due_on",
        "found_on",
        "quantity",
        "promised_on",
        "open_quantity",
        "under_way_quantity",
        shipments=("shipment_id", "despatch_reference", "expected_on", "quantity"),
    )

    line_number: int = Field(ge=1, examples=[1])
    due_on: date = Field(description="The last business day, at the site, that it was due on")
    found_on: date = Field(description="Business date at the site: as a rule the day after")
    quantity: Decimal = Field(gt=0, description="What was due on that day. " + UNIT, examples=["3000"])
    promised_on: date = Field(description="The day that the order's line was promised for")
    open_quantity: Decimal = Field(ge=0, description="All that is to come of the line", examples=["3000"])
    under_way_quantity: Decimal = Field(
        ge=0, description="What of the line despatch advices say is on its way", examples=["3000"]
    )
    shipments: tuple[ShipmentUnderWay, ...] = Field(
        default=(), description="Those that are to bring some of it; none where nothing was announced"
    )
