"""Events of procurement. Stream `procurement.orders`, keyed by purchase order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.messaging.envelope import Event
from purveyor.money import Money


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class OrderedLine(_Part):
    """One line of an issued purchase order."""

    line_number: int = Field(ge=1)
    item: str = Field(description="The buyer's item number", examples=["M8-HEX-40"])
    description: str
    category: str
    quantity: Decimal = Field(gt=0)
    unit: str = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    price: Decimal = Field(ge=0, description="Per `price_base_quantity` units, up to six decimals")
    price_base_quantity: Decimal = Field(gt=0, default=Decimal(1))
    amount: Decimal = Field(ge=0, description="quantity × price ÷ base, rounded to the currency's minor unit")
    promised_on: date = Field(description="The last business day, at the site, that counts as on time")


class ReceivedLine(_Part):
    """What a goods receipt says about one order line."""

    line_number: int = Field(ge=1)
    quantity: Decimal = Field(gt=0, description="Delivered, whether accepted or not")
    rejected_quantity: Decimal = Field(ge=0, default=Decimal(0), description="Of it, refused at inspection")
    rejection_reason: str | None = None


class OrderEvent(Event):
    """Something that happened to a purchase order."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.orders"
    key_field: ClassVar[str] = "order_id"

    order_id: UUID
    supplier_id: UUID
    number: str = Field(description="The order's number for people", examples=["PO-000042"])


class POIssued(OrderEvent):
    """A purchase order became binding and went to the supplier."""

    ordered_on: date | None = Field(description="Business date; null when an import did not know it")
    business_unit: str
    cost_centre: str
    site: str = Field(description="Where it is delivered")
    time_zone: str = Field(description="IANA name; the site's, in which its business days are counted")
    currency: str
    lines: tuple[OrderedLine, ...]
    total: Money
    issued_by: str
    external_reference: str | None = Field(default=None, description="Its key in the system it came from")


class POAcknowledged(OrderEvent):
    """The supplier confirmed that it got the order."""

    acknowledged_on: date
    acknowledged_by: str
    supplier_reference: str | None = None


class POCancelled(OrderEvent):
    """An issued order was called off; what was not yet received is no longer due."""

    cancelled_on: date
    reason: str
    cancelled_by: str


class GoodsReceived(OrderEvent):
    """Goods of an order arrived at the site."""

    receipt_id: UUID
    received_on: date = Field(description="Business date at the site")
    despatch_reference: str | None = Field(default=None, description="The supplier's despatch advice number")
    lines: tuple[ReceivedLine, ...]
    received_by: str


class POClosed(OrderEvent):
    """Everything ordered was received."""

    closed_on: date
