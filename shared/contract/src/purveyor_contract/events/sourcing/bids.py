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
    round: int = Field(default=1, description="Of the tender; a later one opens a bid again", examples=[1])
    received_at: datetime
    digest: str = Field(description="Of what was stored, as its receipt says: SHA-256", examples=["9f86d081"])
    counts: bool = Field(description="Whether it takes part in the evaluation")
    why_not: str | None = Field(
        default=None, description="Why it does not", examples=["Version 2 was not confirmed."]
    )
    currency: str | None = Field(default=None, description="ISO 4217", examples=["EUR"])
    valid_until: date | None = None
    prices: tuple[OpenedPrice, ...] = Field(
        default=(),
        description="Empty where they lie in an envelope of their own: `BidPricesOpened` tells them",
    )


class BidderEvent(BidEvent):
    """Something that happened to an opened bid, with whose it is and for which tender."""

    tender_id: UUID
    supplier_id: UUID


class BidExcluded(BidderEvent):
    """An opened bid takes no part any more: its answers, or the points for them, end the matter."""

    why_not: str = Field(examples=["It does not answer iso-9001 with what is required: yes."])


class BidPricesOpened(BidderEvent):
    """The envelope of prices of a bid was opened, after the technical ones were closed."""

    counts: bool = Field(description="Whether it still takes part in the evaluation")
    why_not: str | None = Field(
        default=None, description="Why it does not", examples=["It cannot be read: it was changed since."]
    )
    prices: tuple[OpenedPrice, ...] = ()


class JustificationRequested(BidderEvent):
    """A bid is abnormally low for a lot: its bidder is to justify it before it can win."""

    lot: str = Field(examples=["bolts"])
    due_at: datetime = Field(description="Until when a justification is taken")


class BidJustified(BidderEvent):
    """A bidder has justified an abnormally low bid."""

    lot: str = Field(examples=["bolts"])


class JustificationDecided(BidderEvent):
    """Whether an abnormally low bid may win was decided."""

    lot: str = Field(examples=["bolts"])
    accepted: bool
    reason: str = Field(examples=["They own the mill"])
    decided_by: str = Field(examples=["olga"])


class BidRestated(Restated, BidEvent):
    """A bid's stream was told again after sourcing lost events; only the events in here hold."""
