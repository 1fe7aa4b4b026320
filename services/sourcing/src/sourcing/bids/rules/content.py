"""What a bid says: prices with breaks and packs, alternatives, bundles, answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.money import CurrencyCode
from purveyor.texts import Code, Line, Prose
from sourcing.tenders.rules.content import MOST_ASKED, MOST_ITEMS, Price, Quantity

MOST_BREAKS, MOST_BUNDLES, MOST_IN_BUNDLE, MOST_YEARS = 20, 100, 500, 40
BID: dict[str, Any] = {
    "currency": "EUR",
    "valid_until": "2027-02-28",
    "prices": [
        {
            "item": 1,
            "price": "0.11",
            "breaks": [{"from_quantity": "500", "price": "0.10"}],
            "pack_size": "100",
            "minimum_quantity": "200",
            "lead_time_days": 14,
            "origin": "DE",
            "hs_code": "731815",
        }
    ],
    "answers": [{"question": "warranty", "text": "24 months"}],
}


Origin = Annotated[
    Code,
    StringConstraints(pattern="^[A-Z]{2}$"),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"}),
]
HsCode = Annotated[
    Code,
    StringConstraints(pattern="^[0-9]{6,10}$"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{6,10}$"}),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PriceBreak(_Part):
    """What one unit costs from a quantity on."""

    from_quantity: Quantity
    price: Price


class CostParts(_Part):
    """What a price is made of, for one unit."""

    material: Price
    labour: Price
    overhead: Price
    margin: Price


class BidPrice(_Part):
    """What an item is offered for."""

    item: int = Field(ge=1, le=MOST_ITEMS, description="Its number in the tender")
    price: Price = Field(description="For one unit, in the currency of the bid")
    breaks: list[PriceBreak] = Field(default=[], max_length=MOST_BREAKS, description="Each from more on")
    pack_size: Quantity | None = Field(default=None, description="Sold in whole packs of so many")
    minimum_quantity: Quantity | None = None
    minimum_value: Price | None = Field(default=None, description="Of an order, in the currency of the bid")
    lead_time_days: int | None = Field(default=None, ge=0, le=3_650)
    capacity: Quantity | None = Field(default=None, description="How many can be delivered at most")
    alternative: Prose | None = Field(
        default=None, description="What is offered in place of what was specified, where that is allowed"
    )
    cost: CostParts | None = None
    freight: Price | None = Field(
        default=None, description="For all of the item, in the currency of the bid; what is not in the price"
    )
    yearly_costs: list[Price] = Field(
        default=[],
        max_length=MOST_YEARS,
        description="What all of the item costs to run, of each year from the first on",
    )
    origin: Origin | None = Field(default=None, description="ISO 3166-1 alpha-2", examples=["DE"])
    hs_code: HsCode | None = Field(
        default=None, description="Harmonised System, six digits or more", examples=["731815"]
    )


class BidBundle(_Part):
    """Items that are offered together: all or nothing, or cheaper when all of them are won."""

    items: list[int] = Field(min_length=2, max_length=MOST_IN_BUNDLE, description="Their numbers")
    all_or_nothing: bool = False
    percent_off: (
        Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2, examples=["5"]), AS_WRITTEN]
        | None
    ) = None


class BidAnswer(_Part):
    """What is answered to a question of the tender."""

    question: Code
    text: Prose


class BidContent(_Part):
    """All that a bid says."""

    model_config = ConfigDict(json_schema_extra={"examples": [BID]})

    currency: CurrencyCode
    valid_until: Day = Field(description="The last day on which it may be accepted")
    payment_days: int | None = Field(
        default=None, ge=0, le=365, description="How many days after the invoice it is paid", examples=[30]
    )
    prices: list[BidPrice] = Field(default=[], max_length=MOST_ITEMS)
    bundles: list[BidBundle] = Field(default=[], max_length=MOST_BUNDLES)
    answers: list[BidAnswer] = Field(default=[], max_length=MOST_ASKED)
    note: Line | None = None

    @property
    def without_prices(self) -> Self:
        """What of it lies in the technical envelope: answers, and how long it holds."""
        return self.model_copy(update={"prices": [], "bundles": [], "payment_days": None, "note": None})

    def answer_to(self, question: str | None) -> str | None:
        """Return what a question was answered with, if it was."""
        return next((one.text for one in self.answers if one.question == question), None)
