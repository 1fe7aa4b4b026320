"""What a tender says: lots of items, terms, criteria in a tree, a timetable, currency and rates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from purveyor.days import EARLIEST, LATEST, Day
from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.money import CurrencyCode
from purveyor.texts import Code, ItemCode, Line, Name, Prose
from sourcing.tenders.rules.criteria import (
    CRITERIA,
    Feedback,
    Method,
    TenderCriterion,
    TenderFactor,
    TenderOwnership,
    TenderQuestion,
)

MOST_LOTS, MOST_ITEMS, MOST_CRITERIA, MOST_ASKED, MOST_RATES, MOST_FACTORS = 500, 10_000, 200, 200, 50, 20
AS_CLOCKS_SHOW, WITH_SECONDS = "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"
LOCAL_MOMENT = r"^(199[0-9]|20[0-9]{2}|2100)-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$"

TIMETABLE: dict[str, Any] = {
    "time_zone": "Europe/Berlin",
    "questions_until": "2026-12-10T12:00",
    "closes_at": "2026-12-18T12:00",
}
CONTENT: dict[str, Any] = {
    "title": "Fasteners 2027",
    "region": "EMEA",
    "currency": "EUR",
    "rates": [{"currency": "USD", "rate": "1.08"}],
    "lots": [
        {
            "code": "bolts",
            "title": "Bolts and nuts",
            "items": [
                {
                    "number": 1,
                    "description": "Hex bolt M8 x 40, A2-70",
                    "category": "fasteners",
                    "quantity": "1000",
                    "unit": "C62",
                    "need_by": "2027-02-01",
                    "site": "AUG1",
                    "target_price": "0.12",
                }
            ],
        }
    ],
    "terms": {"payment": "30 days net", "partial_bids": True},
    "asked": [{"code": "warranty", "text": "For how many months do you warrant?", "mandatory": True}],
    "criteria": CRITERIA,
    "timetable": TIMETABLE,
}


class TenderKind(StrEnum):
    """What suppliers are asked for: information, prices, a proposal, to bid down, or quick prices."""

    RFI = "rfi"
    RFQ = "rfq"
    RFP = "rfp"
    AUCTION = "auction"
    QUICK_QUOTE = "quick_quote"


def _local(moment: Any) -> Any:
    if isinstance(moment, datetime):
        return moment
    if not isinstance(moment, str):
        raise ValueError("a local moment is written as in 2026-12-18T12:00, without an offset")
    form = AS_CLOCKS_SHOW if moment.count(":") == 1 else WITH_SECONDS
    try:
        read = datetime.strptime(moment, form)  # noqa: DTZ007  # of the tender's time zone
    except ValueError:
        raise ValueError("a local moment is written as in 2026-12-18T12:00, without an offset") from None
    if not EARLIEST <= read.date() <= LATEST or read.strftime(form) != moment:
        raise ValueError(f"lies outside of {EARLIEST.year} to {LATEST.year}, or is not written in full")
    return read


def _written(local: datetime) -> str:
    return local.strftime(WITH_SECONDS if local.second else AS_CLOCKS_SHOW)


LocalMoment = Annotated[
    datetime,
    BeforeValidator(_local),
    PlainSerializer(_written, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "description": "By the clocks of the time zone, to the minute or second",
            "examples": ["2026-12-18T12:00"],
            "pattern": LOCAL_MOMENT,
        }
    ),
]
Quantity = Annotated[
    Decimal, Field(gt=0, max_digits=18, decimal_places=6, examples=["1000"]), SHORTEST, AS_WRITTEN
]
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6, examples=["0.12"]), AS_WRITTEN]
Rate = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8, examples=["1.08"]), AS_WRITTEN]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TenderItemForSupplier(_Part):
    """What is asked for, as bidders are shown it."""

    number: int = Field(ge=1, le=MOST_ITEMS, description="Its own among all items of the tender")
    description: Line
    item: ItemCode | None = Field(default=None, description="Its code, where it is bought again and again")
    category: Code
    quantity: Quantity
    unit: Code = Field(description="UN/ECE Recommendation 20", examples=["C62"])
    need_by: Day | None = None
    site: Code | None = Field(default=None, description="Where it is needed")
    specification: Prose | None = None


class TenderItem(TenderItemForSupplier):
    """What is asked for."""

    target_price: Price | None = Field(
        default=None, description="For one unit, in the tender's currency; no bidder is shown it"
    )
    incumbent: UUID | None = Field(default=None, description="The supplier that it is bought from so far")
    switching_cost: Price | None = Field(
        default=None, description="What it costs to buy it from another, in the tender's currency"
    )

    def for_supplier(self) -> TenderItemForSupplier:
        """Return it without what is ours to know."""
        names = TenderItemForSupplier.model_fields
        return TenderItemForSupplier(**{name: getattr(self, name) for name in names})


class TenderLotForSupplier(_Part):
    """What is bid for and awarded together, as bidders are shown it."""

    code: Code
    title: Name
    items: list[TenderItemForSupplier]


class TenderLot(_Part):
    """What is bid for and awarded together."""

    code: Code
    title: Name
    items: list[TenderItem] = Field(max_length=MOST_ITEMS, description="At least one")

    def for_supplier(self) -> TenderLotForSupplier:
        """Return it without what is ours to know."""
        items = [item.for_supplier() for item in self.items]
        return TenderLotForSupplier(code=self.code, title=self.title, items=items)


class TenderTerms(_Part):
    """What a bid takes on."""

    payment: Line | None = Field(default=None, examples=["30 days net"])
    delivery: Line | None = Field(default=None, examples=["DAP Augsburg, Incoterms 2020"])
    contract: Prose | None = Field(default=None, description="What else will hold")
    two_envelopes: bool = Field(
        default=False,
        description="Whether prices stay sealed until answers are judged: they are opened apart, by the "
        "openers, and those of bids that are out by then never",
    )
    partial_bids: bool = Field(default=False, description="Whether a bid may leave out lots or items")
    alternatives: bool = Field(default=False, description="Whether something else may be offered")
    valid_days: int = Field(
        default=30, ge=1, le=730, description="How many days after the closing a bid holds at least"
    )


class FixedRate(_Part):
    """What another currency is worth for this tender, whatever it will be worth."""

    currency: CurrencyCode
    rate: Rate = Field(description="How much of it is one unit of the tender's currency")


class TenderTimetable(_Part):
    """When a tender closes, by the buyer's clocks."""

    time_zone: Code = Field(description="IANA name", examples=["Europe/Berlin"])
    questions_until: LocalMoment | None = Field(
        default=None, description="From then on nobody asks; left out: until it closes"
    )
    closes_at: LocalMoment | None = Field(
        default=None,
        description="From then on no bid is taken; only a quick quote may leave it out, and closes a day "
        "after it was published",
    )


CONTENT_FOR_SUPPLIER = CONTENT | {
    "lots": [
        lot | {"items": [{k: v for k, v in item.items() if k != "target_price"} for item in lot["items"]]}
        for lot in CONTENT["lots"]
    ]
}


class TenderContentForSupplier(_Part):
    """All that a tender says, as bidders are shown it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT_FOR_SUPPLIER]})

    title: Name
    description: Prose | None = None
    region: Code | None = Field(
        default=None, description="For which bidders are qualified, by a code of yours such as EMEA"
    )
    currency: CurrencyCode
    rates: list[FixedRate] = Field(
        default=[], max_length=MOST_RATES, description="The other currencies that may be bid in"
    )
    lots: list[TenderLotForSupplier]
    terms: TenderTerms = TenderTerms()
    asked: list[TenderQuestion] = Field(default=[], max_length=MOST_ASKED)
    method: Method = Field(
        default=Method.POINTS, description="What bids are ranked by; without criteria, points are of the cost"
    )
    criteria: list[TenderCriterion] = Field(
        default=[], max_length=MOST_CRITERIA, description="Of the method `points`"
    )
    factors: list[TenderFactor] = Field(
        default=[],
        max_length=MOST_FACTORS,
        description="Of the method `weighted_price`; they count 30 percent together at most",
    )
    ownership: TenderOwnership = TenderOwnership()
    feedback: list[Feedback] = Field(
        default=[],
        max_length=len(Feedback),
        description="What bidders are told of their own bids once they are evaluated; nothing by default",
    )
    timetable: TenderTimetable


class TenderContent(TenderContentForSupplier):
    """All that a tender says."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT]})

    lots: list[TenderLot] = Field(min_length=1, max_length=MOST_LOTS)  # type: ignore[assignment]  # more of each

    def for_supplier(self) -> TenderContentForSupplier:
        """Return it without what is ours to know."""
        stated = {name: getattr(self, name) for name in TenderContentForSupplier.model_fields}
        return TenderContentForSupplier(**stated | {"lots": [lot.for_supplier() for lot in self.lots]})

    def items(self) -> Iterator[tuple[str, TenderLot, TenderItem]]:
        """Yield each item with its lot and the JSON pointer to it, in order."""
        for place, lot in enumerate(self.lots):
            for number, item in enumerate(lot.items):
                yield f"/lots/{place}/items/{number}", lot, item

    @property
    def categories(self) -> list[str]:
        """The categories of its items, each once."""
        return sorted({item.category for _, _, item in self.items()})

    @property
    def currencies(self) -> dict[str, Decimal]:
        """The currencies that may be bid in, and how much of each is one unit of the tender's own."""
        return {self.currency: Decimal(1)} | {one.currency: one.rate for one in self.rates}
