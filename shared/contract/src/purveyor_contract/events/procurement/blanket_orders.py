"""Events of procurement. Stream `procurement.blanket-orders`, keyed by blanket order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.audience import RESTATED, Told, tells
from purveyor_messaging.envelope import Event, Restated

OURS = "For our own people: no supplier is shown it"
BLANKET = ("blanket_order_id", "supplier_id", "number")
"""What a supplier is told of each event of its blanket order."""


class AgreedLine(BaseModel):
    """What may be called off of one thing, and at which price."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    line_number: int = Field(ge=1, examples=[1])
    item: str = Field(description="The buyer's item number", examples=["M8-HEX-40"])
    description: str = Field(examples=["Hexagon bolt M8 x 40, zinc plated"])
    category: str = Field(examples=["fasteners"])
    quantity: Decimal = Field(gt=0, examples=["100000"])
    unit: str = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    price: Decimal = Field(ge=0, description="Per `price_base_quantity` units", examples=["7.90"])
    price_base_quantity: Decimal = Field(gt=0, examples=["100"])


class BlanketOrderEvent(Event):
    """Something that was decided of a blanket order."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.blanket-orders"
    key_field: ClassVar[str] = "blanket_order_id"

    blanket_order_id: UUID
    supplier_id: UUID
    number: str = Field(description="Its number for people", examples=["BO-000042"])


class BlanketOrderApproved(BlanketOrderEvent):
    """A blanket order may be called off, from its first day to its last; this is all of it."""

    to_supplier: ClassVar[Told] = tells(
        *BLANKET, "currency", "business_unit", "valid_from", "valid_to", "value", "lines"
    )

    currency: str = Field(description="ISO 4217 code", examples=["EUR"])
    business_unit: str = Field(examples=["DE01"])
    valid_from: date
    valid_to: date = Field(description="The last day on which something is called off")
    tolerance: Decimal = Field(
        ge=0, description="How many percent more than agreed may be called off", examples=["5"]
    )
    value: Decimal | None = Field(
        description="What may be called off in all; null: as the lines say", examples=["7900.00"]
    )
    lines: tuple[AgreedLine, ...]
    approved_by: str = Field(examples=["alex.approver"])


class BlanketOrderHeld(BlanketOrderEvent):
    """Nothing of a blanket order is called off, and no call-off issued, until it is released."""

    to_supplier: ClassVar[Told] = tells(*BLANKET)

    reason: str = Field(description=OURS, examples=["prices are being negotiated"])
    held_by: str = Field(examples=["bea.buyer"])


class BlanketOrderReleased(BlanketOrderEvent):
    """A blanket order that was held is called off again."""

    to_supplier: ClassVar[Told] = tells(*BLANKET)

    reason: str = Field(description=OURS, examples=["prices stay as they are"])
    released_by: str = Field(examples=["bea.buyer"])


class BlanketOrderClosed(BlanketOrderEvent):
    """Nothing more of a blanket order is called off; what was stays ordered."""

    to_supplier: ClassVar[Told] = tells(*BLANKET)

    reason: str = Field(description=OURS, examples=["another supplier is cheaper"])
    closed_by: str = Field(examples=["bea.buyer"])


class BlanketOrderRestated(Restated):
    """A blanket order's stream was told again after procurement lost events; only the events in here hold."""

    to_supplier: ClassVar[Told] = tells("blanket_order_id", *RESTATED)

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.blanket-orders"
    key_field: ClassVar[str] = "blanket_order_id"

    blanket_order_id: UUID
