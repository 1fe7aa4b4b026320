"""Events of procurement. Stream `procurement.items`, keyed by item."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.envelope import Event, Restated


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class UnitConversion(_Part):
    """A quantity of another unit, and the same in base units: 1 box is 12 pieces, 3 kg are 100."""

    unit: str = Field(description="UN/ECE Recommendation 20 code", examples=["XBX"])
    quantity: Decimal = Field(gt=0, description="Of this unit", examples=["1"])
    base_quantity: Decimal = Field(gt=0, description="The same in base units", examples=["12"])
    gtin: str | None = Field(
        default=None,
        description="What is printed on this unit, in fourteen digits",
        examples=["14006381333938"],
    )


class Made(_Part):
    """Who makes an item, which need not be who sells it, and what they call it."""

    maker: str = Field(examples=["Nordschraube AG"])
    part_number: str = Field(examples=["NS-8040-Z"])


class ItemEvent(Event):
    """Something that was decided of an item."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.items"
    key_field: ClassVar[str] = "item_id"

    item_id: UUID
    code: str = Field(description="What orders name it by", examples=["M8-HEX-40"])


class ItemDefined(ItemEvent):
    """An item was defined, or defined otherwise; this is all of it."""

    description: str = Field(examples=["Hexagon bolt M8 x 40, zinc plated"])
    category: str = Field(examples=["fasteners"])
    base_unit: str = Field(description="UN/ECE Recommendation 20 code", examples=["C62"])
    conversions: tuple[UnitConversion, ...] = ()
    gtin: str | None = Field(
        default=None,
        description="What is printed on the base unit, in fourteen digits",
        examples=["04006381333931"],
    )
    makers: tuple[Made, ...] = ()
    order_multiple: Decimal | None = Field(default=None, gt=0, examples=["12"])
    minimum_quantity: Decimal | None = Field(default=None, gt=0, examples=["120"])
    lead_time_days: int | None = Field(default=None, ge=0, examples=[14])
    over_receipt_tolerance: Decimal | None = Field(
        default=None, ge=0, description="In percent; null: as the policy says", examples=["5"]
    )
    under_receipt_tolerance: Decimal | None = Field(
        default=None, ge=0, description="In percent; null: as the policy says", examples=["2"]
    )
    inspection_needed: bool = False
    tracked_by: str = Field(
        default="none",
        description="By what goods of it are told apart: none, lot, serial",
        examples=["lot"],
    )
    least_remaining_life_days: int | None = Field(
        default=None, ge=0, description="How long it has to be usable when it arrives", examples=[180]
    )
    hs_code: str | None = Field(default=None, description="Of the Harmonized System", examples=["73181588"])
    tax_category: str | None = Field(default=None, description="As EN 16931 has them", examples=["S"])
    retired_from: date | None = Field(default=None, description="From this day on it is not ordered any more")
    defined_by: str = Field(examples=["bea.buyer"])


class ItemRetired(ItemEvent):
    """An item is not ordered any more, from a day on."""

    retired_from: date
    retired_by: str = Field(examples=["bea.buyer"])


class ItemRestated(Restated):
    """An item's stream was told again after procurement lost events; only the events in here hold."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.items"
    key_field: ClassVar[str] = "item_id"

    item_id: UUID
