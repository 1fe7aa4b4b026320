"""Events of sourcing. Stream `sourcing.bids`, keyed by bid: it begins when the bid is opened."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.envelope import Event, Restated


class BidEvent(Event):
    """Something that happened to an opened bid."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.bids"
    key_field: ClassVar[str] = "bid_id"

    bid_id: UUID


class OpenedPrice(BaseModel):
    """What a bidder asks for an item."""

    model_config = ConfigDict(frozen=True)

    item: int = Field(description="Its number in the tender", examples=[1])
    price: Decimal = Field(description="For one unit, in the bid's currency", examples=["0.11"])
    lead_time_days: int | None = Field(default=None, examples=[14])


class BidOpened(BidEvent):
    """A bid was opened by the openers of its tender."""

    tender_id: UUID
    tender_number: str = Field(examples=["T-000042"])
    supplier_id: UUID
    received_at: datetime
    digest: str = Field(description="Of what was stored, as its receipt says: SHA-256", examples=["9f86d081"])
    counts: bool = Field(description="Whether it takes part in the evaluation")
    why_not: str | None = Field(
        default=None, description="Why it does not", examples=["Version 2 was not confirmed."]
    )
    currency: str | None = Field(default=None, description="ISO 4217", examples=["EUR"])
    valid_until: date | None = None
    prices: tuple[OpenedPrice, ...] = ()


class BidRestated(Restated, BidEvent):
    """A bid's stream was told again after sourcing lost events; only the events in here hold."""
