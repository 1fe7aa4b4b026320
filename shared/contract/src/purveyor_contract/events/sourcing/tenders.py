"""Events of sourcing. Stream `sourcing.tenders`, keyed by tender.

None of them says what a bid holds, nor what we would pay: bids have a stream of their own, which begins when
they are opened, and target prices stay with us.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.envelope import Event, Restated


class TenderEvent(Event):
    """Something that happened to a tender."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.tenders"
    key_field: ClassVar[str] = "tender_id"

    tender_id: UUID


class NumberedTenderEvent(TenderEvent):
    """Something that happened to a tender, with the number that people call it by."""

    number: str = Field(description="What people call it by", examples=["T-000042"])


class TenderedItem(BaseModel):
    """What is asked for, a position of a lot; what we would pay for it is told to nobody."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(description="Of all items of the tender", examples=[1])
    description: str = Field(examples=["Hex bolt M8 x 40, A2-70"])
    item: str | None = Field(
        default=None, description="Its code, where it is bought again and again", examples=["M8-A2"]
    )
    category: str = Field(examples=["fasteners"])
    quantity: Decimal = Field(examples=["1000"])
    unit: str = Field(description="UN/ECE Recommendation 20", examples=["C62"])
    need_by: date | None = None
    site: str | None = Field(default=None, examples=["AUG1"])


class TenderedLot(BaseModel):
    """What is bid for and awarded together."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(examples=["bolts"])
    title: str = Field(examples=["Bolts and nuts"])
    items: tuple[TenderedItem, ...]


class TenderVersionEvent(NumberedTenderEvent):
    """What a tender says from a version on."""

    edition: int = Field(description="1, and one more by each amendment", examples=[1])
    kind: str = Field(
        description="`rfi`, `rfq`, `rfp`, `auction` or `quick_quote`; readers expect others", examples=["rfq"]
    )
    title: str = Field(examples=["Fasteners 2027"])
    currency: str = Field(description="In which bids are compared: ISO 4217", examples=["EUR"])
    region: str | None = Field(
        default=None, description="For which suppliers are qualified, where stated", examples=["EMEA"]
    )
    lots: tuple[TenderedLot, ...]
    questions_until: datetime | None = Field(default=None, description="The last moment for questions")
    closes_at: datetime = Field(description="From when on no bid is taken")
    time_zone: str = Field(description="IANA name, of the buyer", examples=["Europe/Berlin"])


class TenderPublished(TenderVersionEvent):
    """Suppliers may see a tender and bid; somebody approved it who wrote none of it."""

    open_to_all: bool = Field(description="Whether each supplier may bid that is qualified for it")
    invited: tuple[UUID, ...] = Field(description="The suppliers that were asked by name")
    published_by: str = Field(examples=["carla"])


class TenderAmended(TenderVersionEvent):
    """A published tender says something else; bids count once their bidders have confirmed the version."""

    why: str = Field(examples=["The drawing of position 3 changed"])
    amended_by: str = Field(examples=["carla"])


class DeadlineExtended(NumberedTenderEvent):
    """Bids are taken for longer."""

    previous: datetime = Field(description="When it was to close until now")
    closes_at: datetime
    why: str = Field(examples=["An amendment leaves bidders three days"])


class QuestionAnswered(NumberedTenderEvent):
    """A bidder's question was answered, for all bidders; nobody is told who asked."""

    question_number: int = Field(examples=[1])
    question: str = Field(examples=["Is A4-80 accepted in place of A2-70?"])
    answer: str = Field(examples=["Yes, at the same price"])
    answered_by: str = Field(examples=["bob"])


class BidReceived(NumberedTenderEvent):
    """A bid came, was replaced or taken back: that, and how many there are; never what."""

    bids: int = Field(description="How many bidders have a bid now", examples=[3])


class TenderClosed(NumberedTenderEvent):
    """The deadline has passed by the server's clock: no bid is taken any more."""

    bids: int = Field(description="How many bidders have a bid", examples=[3])


class BidsOpened(NumberedTenderEvent):
    """The openers who were named have opened the bids, once; `sourcing.bids` tells what they hold."""

    bids: int = Field(description="How many were opened", examples=[3])
    opened_by: tuple[str, ...] = Field(examples=[["olga", "otto"]])


class TechnicalEnvelopeClosed(NumberedTenderEvent):
    """The answers of all bids were judged; prices are still sealed, where they lie apart."""

    closed_by: str = Field(examples=["bob"])
    excluded: tuple[UUID, ...] = Field(description="Suppliers whose bids are out by now, and stay sealed")


class PricesOpened(NumberedTenderEvent):
    """The openers who were named have opened the envelopes of prices of the bids that are still in."""

    opened_by: tuple[str, ...] = Field(examples=[["olga", "otto"]])


class PlacedBid(BaseModel):
    """What became of a bid for a lot."""

    model_config = ConfigDict(frozen=True)

    supplier_id: UUID
    place: int | None = Field(default=None, description="1 wins; equal bids share one", examples=[1])
    out: str | None = Field(
        default=None, description="Why it has no place", examples=["It has no price for item 2."]
    )
    amount: Decimal | None = Field(
        default=None, description="Its prices together, in the tender's currency", examples=["100.000000"]
    )
    cost: Decimal | None = Field(
        default=None, description="What all items cost to own", examples=["104.500000"]
    )
    points: Decimal | None = Field(default=None, description="Of 100", examples=["91.250000"])
    weighted: Decimal | None = Field(
        default=None, description="The price as factors weigh it", examples=["9171.05"]
    )


class PlacedLot(BaseModel):
    """The ranking of a lot, the winner first."""

    model_config = ConfigDict(frozen=True)

    lot: str = Field(examples=["bolts"])
    bids: tuple[PlacedBid, ...] = Field(description="The first five")
    of: int = Field(description="How many bids there are for the lot, with those that are out", examples=[3])


class EvaluationCompleted(NumberedTenderEvent):
    """The bids of a round are ranked, lot by lot; anybody reckons it again from the inputs that are kept."""

    round: int = Field(examples=[1])
    currency: str = Field(description="ISO 4217", examples=["EUR"])
    lots: tuple[PlacedLot, ...]
    digest: str = Field(
        description="SHA-256 of the inputs and the result as they are kept", examples=["9f86d081"]
    )
    completed_by: str = Field(examples=["bob"])


class RoundOpened(NumberedTenderEvent):
    """Bidders of the best places may bid again, until another deadline; who does not lets its bid stand."""

    round: int = Field(examples=[2])
    best: int = Field(description="Whoever has this place in a lot or a better one takes part", examples=[3])
    suppliers: tuple[UUID, ...] = Field(description="Who takes part")
    closes_at: datetime
    opened_by: str = Field(examples=["bob"])


class TenderCancelled(NumberedTenderEvent):
    """Nothing is bought by a tender."""

    reason: str = Field(examples=["The project was stopped"])
    cancelled_by: str = Field(examples=["carla"])


class TenderRestated(Restated, TenderEvent):
    """A tender's stream was told again after sourcing lost events; only the events in here hold."""
