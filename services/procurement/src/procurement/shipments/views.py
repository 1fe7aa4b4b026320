"""Shipments as HTTP shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.model import PurchaseOrder
from procurement.shipments.model import Shipment as ShipmentRow
from procurement.shipments.model import ShipmentDelay as ShipmentDelayRow
from procurement.shipments.model import ShipmentLine as ShipmentLineRow
from procurement.shipments.rules.states import EndedAs, ShipmentStatus, allowed_actions

ORDER = "0199c0de-0000-7000-8000-0000000000a1"
LOTS: list[dict[str, Any]] = [{"lot": "L-2026-071", "quantity": "1500", "expires_on": None}]
ADVISED: dict[str, Any] = {
    "order_id": ORDER,
    "line_number": 1,
    "schedule_number": None,
    "quantity": "1500",
    "unit": "C62",
    "lots": LOTS,
    "serials": [],
}
PACKAGE: dict[str, Any] = {
    "sscc": "340123450000000017",
    "contents": [{"order_id": ORDER, "line_number": 1, "schedule_number": None, "quantity": "1500"}],
}
ADVICE: dict[str, Any] = {
    "despatch_reference": "LS-88410",
    "shipped_on": "2026-03-17",
    "expected_on": "2026-03-19",
    "carrier": "Nordfracht",
    "tracking": "NF-88123-4",
    "lines": [ADVISED],
    "packages": [PACKAGE],
}
HEADER_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-0000000000e1",
    "number": "SH-000042",
    "status": "notified",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "site": "HAM-1",
    "despatch_reference": "LS-88410",
    "shipped_on": "2026-03-17",
    "expected_on": "2026-03-19",
    "first_expected_on": "2026-03-18",
    "carrier": "Nordfracht",
    "tracking": "NF-88123-4",
    "notified_by_supplier": True,
    "notified_at": "2026-03-17T15:10:00Z",
    "arrived_on": None,
    "cancelled_on": None,
    "cancelled_by_supplier": None,
    "cancellation_reason_for_supplier": None,
    "allowed_actions": ["delay", "cancel"],
}
HEADER: dict[str, Any] = HEADER_FOR_SUPPLIER | {
    "notified_by": "sue",
    "cancelled_by": None,
    "cancellation_reason": None,
}
LINE: dict[str, Any] = {
    "order_id": ORDER,
    "order_number": "PO-000042",
    "line_number": 1,
    "schedule_number": None,
    "item": "M8-HEX-40",
    "quantity": "1500",
    "unit": "C62",
    "stated_quantity": "1500",
    "stated_unit": "C62",
    "lots": LOTS,
    "serials": [],
    "received_quantity": "0",
    "ended_as": None,
    "ended_on": None,
    "surplus_quantity": "0",
}
DELAY_FOR_SUPPLIER: dict[str, Any] = {
    "expected_before": "2026-03-18",
    "expected_on": "2026-03-19",
    "reason_for_supplier": "the lorry broke down",
    "moved_by_supplier": True,
    "moved_at": "2026-03-18T06:00:00Z",
}
DELAY: dict[str, Any] = DELAY_FOR_SUPPLIER | {"reason": "the lorry broke down", "moved_by": "sue"}
PARTS: dict[str, Any] = {"lines": [LINE], "packages": [PACKAGE]}


class ShippedLot(BaseModel):
    """How much of a line is of one lot."""

    lot: str
    quantity: Decimal = Field(description="In the unit of the order's line")
    expires_on: date | None = Field(description="The last day on which it can be used")


class ShippedLine(BaseModel):
    """What of a line of an order is in a shipment, and what has become of it."""

    order_id: UUID
    order_number: str
    line_number: int
    schedule_number: int | None
    item: str
    quantity: Decimal = Field(description="In the unit of the order's line")
    unit: str = Field(description="The order's")
    stated_quantity: Decimal = Field(description="As the advice says it")
    stated_unit: str
    lots: list[ShippedLot]
    serials: list[str]
    received_quantity: Decimal = Field(description="What receipts have counted of it")
    ended_as: EndedAs | None = Field(description="Why it is no longer under way; null while it is")
    ended_on: date | None
    surplus_quantity: Decimal = Field(
        description="What of it is more than is to come of the order's line: that changed since, and no "
        "receipt takes it in, but for the tolerance"
    )

    @classmethod
    def of(cls, line: ShipmentLineRow, order: PurchaseOrder) -> Self:
        """Show a line with what its order says."""
        ordered = order.line(line.line_number)
        surplus = max(ordered.under_way_quantity - ordered.open_quantity, Decimal(0))
        return cls(
            order_number=order.number,
            item=ordered.item,
            unit=ordered.unit,
            surplus_quantity=min(surplus, line.under_way_quantity),
            lots=[ShippedLot.model_validate(lot) for lot in line.lots],
            **{name: getattr(line, name) for name in _AS_KEPT},
        )


_AS_KEPT = tuple(
    name
    for name in ShippedLine.model_fields
    if name not in {"order_number", "item", "unit", "surplus_quantity", "lots"}
)


class PackedGoods(BaseModel):
    """How much of a line of the advice is in a package."""

    order_id: UUID
    line_number: int
    schedule_number: int | None
    quantity: Decimal = Field(description="In the unit that the advice states for the line")


class ShippedPackage(BaseModel):
    """A package that travels."""

    sscc: str = Field(description="Serial Shipping Container Code (GS1), 18 digits")
    contents: list[PackedGoods] = Field(description="None where nobody said what")


class DelayForSupplier(BaseModel):
    """That a shipment is expected on another day than before, as its supplier sees it."""

    expected_before: date
    expected_on: date
    reason_for_supplier: str | None = Field(description="What the supplier said, or is told of why")
    moved_by_supplier: bool
    moved_at: datetime

    @classmethod
    def of(cls, delay: ShipmentDelayRow) -> Self:
        """Show a delay."""
        return cls(**{name: getattr(delay, name) for name in cls.model_fields})


class Delay(DelayForSupplier):
    """That a shipment is expected on another day than before."""

    reason: str
    moved_by: str


class ShipmentHeaderForSupplier(BaseModel):
    """A shipment without its lines, as its supplier sees it; what is added here, suppliers learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER_FOR_SUPPLIER]})

    id: UUID
    number: str = Field(description="The shipment's number for people")
    status: ShipmentStatus
    supplier_id: UUID
    site: str = Field(description="Where it travels to")
    despatch_reference: str
    shipped_on: date
    expected_on: date = Field(description="The last business day, at the site, that it is expected on")
    first_expected_on: date = Field(description="What was said at first; never overwritten")
    carrier: str | None
    tracking: str | None = Field(description="The carrier's key")
    notified_by_supplier: bool = Field(description="Whether its own people said so, or a buyer for it")
    notified_at: datetime
    arrived_on: date | None = Field(description="The day on which the last of it came")
    cancelled_on: date | None = Field(description="The day on which it, or its rest, was called back")
    cancelled_by_supplier: bool | None
    cancellation_reason_for_supplier: str | None
    allowed_actions: list[str]

    @classmethod
    def of(cls, shipment: ShipmentRow) -> Self:
        """Show a shipment."""
        return cls(**cls._header(shipment))

    @classmethod
    def _header(cls, shipment: ShipmentRow) -> dict[str, Any]:
        names = cls.model_fields.keys() - {"allowed_actions", "lines", "packages", "delays"}
        shown = {name: getattr(shipment, name) for name in names}
        return shown | {"allowed_actions": allowed_actions(shipment.status)}


class ShipmentHeader(ShipmentHeaderForSupplier):
    """A shipment without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    notified_by: str
    cancelled_by: str | None
    cancellation_reason: str | None


class ShipmentForSupplier(ShipmentHeaderForSupplier):
    """A shipment with its lines and packages, as its supplier sees it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [HEADER_FOR_SUPPLIER | PARTS | {"delays": [DELAY_FOR_SUPPLIER]}]}
    )

    lines: list[ShippedLine]
    packages: list[ShippedPackage]
    delays: list[DelayForSupplier] = Field(description="How its day moved, oldest first")

    @classmethod
    def whole(cls, shipment: ShipmentRow, orders: Mapping[UUID, PurchaseOrder]) -> Self:
        """Show a shipment with its lines, of which its orders say the rest."""
        delays = [DelayForSupplier.of(delay) for delay in shipment.delays]
        return cls(**cls._header(shipment), **_parts(shipment, orders), delays=delays)


class Shipment(ShipmentHeader):
    """A shipment with its lines and packages."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER | PARTS | {"delays": [DELAY]}]})

    lines: list[ShippedLine]
    packages: list[ShippedPackage]
    delays: list[Delay] = Field(description="How its day moved, oldest first")

    @classmethod
    def whole(cls, shipment: ShipmentRow, orders: Mapping[UUID, PurchaseOrder]) -> Self:
        """Show a shipment with its lines, of which its orders say the rest."""
        delays = [Delay.of(delay) for delay in shipment.delays]
        return cls(**cls._header(shipment), **_parts(shipment, orders), delays=delays)


def _parts(shipment: ShipmentRow, orders: Mapping[UUID, PurchaseOrder]) -> dict[str, Any]:
    return {
        "lines": [ShippedLine.of(line, orders[line.order_id]) for line in shipment.lines],
        "packages": [
            ShippedPackage.model_validate({"sscc": package.sscc, "contents": package.contents})
            for package in shipment.packages
        ],
    }
