"""What an evaluation says: the ranking of each lot, with the arithmetic of every number in it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from sourcing.evaluations.rules.abnormal import Why
from sourcing.evaluations.rules.meat import as_decimal
from sourcing.evaluations.rules.ownership import Part
from sourcing.tenders.rules.criteria import Formula, Method

PLACES = 6
SUPPLIER = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
SixPlaces = Annotated[
    Decimal, WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{6}$", "examples": ["83.333333"]})
]
TwoPlaces = Annotated[
    Decimal, WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["9171.05"]})
]
RANKED: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "place": 1,
    "out": None,
    "amount": "100.000000",
    "cost": "104.500000",
    "items": [
        {
            "item": 1,
            "quantity": "1000",
            "unit_price": "0.10",
            "parts": {"price": "100.000000", "freight": "4.500000"},
            "estimated": [],
            "unknown": [],
            "total": "104.500000",
        }
    ],
    "criteria": [
        {
            "code": "price",
            "formula": "lowest",
            "value": "104.500000",
            "points": "100.000000",
            "share": "70.000000",
            "counted": "70.000000",
            "how": "104.500000 ÷ 104.500000 × 100",
            "estimated": False,
        }
    ],
    "points": "70.000000",
    "weighted": None,
    "weighing": None,
    "low": [],
}


def six(exact: Fraction | Decimal) -> Decimal:
    """Round what is shown half up to six places, from its exact value."""
    return as_decimal(Fraction(exact), PLACES)


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class OwnedItem(_Shown):
    """What an item costs to own, in the tender's currency; parts are rounded to six places at the end."""

    item: int
    quantity: Annotated[
        Decimal, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["1000"]})
    ] = Field(description="What is bought: whole packs, the least that is sold")
    unit_price: Annotated[
        Decimal, WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["0.10"]})
    ] = Field(description="At that quantity, in the currency of the bid")
    parts: dict[Part, SixPlaces]
    estimated: list[Part] = Field(description="By the category's median, for want of data on the supplier")
    unknown: list[Part] = Field(description="Nothing is known, not of the category either: it counts nothing")
    total: SixPlaces


class CriterionResult(_Shown):
    """What a bid gets by a criterion."""

    code: str
    formula: Formula
    value: SixPlaces | None = Field(
        description="What is judged: a cost, a number answered, days, a mean mark"
    )
    points: SixPlaces = Field(description="Of 100")
    share: SixPlaces = Field(description="What the criterion counts, of 100")
    counted: SixPlaces = Field(description="points × share ÷ 100")
    how: str = Field(examples=["100.000000 ÷ 120.000000 × 100"])
    estimated: bool = Field(description="Whether it is of the category's median, for want of data")


class PriceWeighing(_Shown):
    """How a price is weighted: price ÷ D + life-cycle cost."""

    price: SixPlaces = Field(description="The cost without that of the life cycle")
    denominator: str = Field(description="D, exactly", examples=["9/7"])
    life_cycle: SixPlaces
    shares: dict[str, str] = Field(description="What each factor counts for the bid, in percent")


class LowPrice(_Shown):
    """That a bid is abnormally low, and against what."""

    why: Why
    against: SixPlaces
    under_percent: SixPlaces
    accepted: bool | None = Field(description="Whether its justification was; null: not decided yet")


class RankedBid(_Shown):
    """What becomes of a bid for a lot."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [RANKED]})

    supplier_id: UUID
    place: int | None = Field(description="1 wins; equal bids share a place; null: it is out")
    out: str | None = Field(description="Why it has no place")
    amount: SixPlaces | None = Field(description="Its prices together, in the tender's currency")
    cost: SixPlaces | None = Field(description="What all items cost to own")
    items: list[OwnedItem]
    criteria: list[CriterionResult]
    points: SixPlaces | None = Field(description="Of 100, of the method `points`")
    weighted: TwoPlaces | None = Field(description="Of the method `weighted_price`: the lowest wins")
    weighing: PriceWeighing | None
    low: list[LowPrice]


class EvaluatedLot(_Shown):
    """The ranking of a lot, the winner first; of equal bids the one that was received earlier."""

    lot: str
    method: Method
    bids: list[RankedBid]


class EvaluationResult(_Shown):
    """The rankings of a round."""

    round: int
    currency: str
    lots: list[EvaluatedLot]
