"""By what bids are judged: criteria in a tree, or factors of a weighted price, and what owning costs."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Code, Line, Name

MOST_OPTIONS = 50
MOST_ANSWERED = Decimal(10) ** 12
CRITERIA: list[dict[str, Any]] = [
    {"code": "price", "title": "Price", "weight": "70", "formula": "lowest"},
    {"code": "quality", "title": "Quality", "weight": "30"},
    {"code": "warranty", "parent": "quality", "title": "Warranty", "weight": "40", "formula": "scored"},
    {"code": "lead-time", "parent": "quality", "title": "Lead time", "weight": "60", "formula": "lead_time"},
]
Weight = Annotated[
    Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2, examples=["70"]), SHORTEST, AS_WRITTEN
]
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=6, examples=["24"]), SHORTEST, AS_WRITTEN]
Mark = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, examples=["75"]), SHORTEST, AS_WRITTEN
]
PerYear = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=6, decimal_places=3, examples=["6.5"]), SHORTEST, AS_WRITTEN
]
Share = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, examples=["10"]), SHORTEST, AS_WRITTEN
]


class Formula(StrEnum):
    """How a criterion's points are reckoned."""

    LOWEST = "lowest"
    LINEAR = "linear"
    RANK = "rank"
    SCORED = "scored"
    LEAD_TIME = "lead_time"
    PERFORMANCE = "performance"
    RISK = "risk"


OF_NUMBERS = frozenset({Formula.LOWEST, Formula.LINEAR, Formula.RANK})
"""These judge the cost of a lot, or the number that a question was answered with."""


class Method(StrEnum):
    """What bids are ranked by: points of criteria, or the price weighted by factors."""

    POINTS = "points"
    WEIGHTED_PRICE = "weighted_price"


class Feedback(StrEnum):
    """What a bidder is told once an evaluation is complete."""

    RANK = "rank"
    GAP = "gap"
    TRAFFIC_LIGHT = "traffic_light"
    BEST = "best"
    MARKS = "marks"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TenderQuestion(_Part):
    """What bidders answer beside their prices."""

    code: Code
    text: Line
    mandatory: bool = False
    required_answer: Line | None = Field(
        default=None, description="Whatever else is answered ends the matter for a bid", examples=["yes"]
    )


class TenderCriterion(_Part):
    """What bids are judged by; those under one criterion make it up."""

    code: Code
    parent: Code | None = Field(default=None, description="The criterion that it is a part of")
    title: Name
    weight: Weight = Field(description="Of 100, among those of the same parent, which add up to 100")
    formula: Formula | None = Field(
        default=None, description="How its points are reckoned; left out where others make it up"
    )
    asked: Code | None = Field(default=None, description="The question whose answer is judged")
    best: Number | None = Field(default=None, description="Of `linear`: what gets 100 points")
    worst: Number | None = Field(default=None, description="Of `linear`: what gets none")
    least: Mark | None = Field(
        default=None, description="Of `scored`: with fewer points on average a bid is out", examples=["50"]
    )


class TenderFactorOption(_Part):
    """An answer, and what it counts."""

    answer: Line = Field(examples=["36 months"])
    share: Share = Field(description="In percent; the most of its factor is what the best answer counts")


class TenderFactor(_Part):
    """What beside the price weighs it, by what a question is answered with."""

    code: Code
    title: Name
    asked: Code = Field(description="The question that its options are the answers to")
    options: list[TenderFactorOption] = Field(min_length=1, max_length=MOST_OPTIONS)

    @property
    def most(self) -> Decimal:
        """What it may count, in percent."""
        return max(option.share for option in self.options)

    def share_of(self, answer: str | None) -> Decimal | None:
        """Return what an answer counts, in percent; None for one that is no option."""
        said = None if answer is None else answer.strip().casefold()
        return next((one.share for one in self.options if one.answer.casefold() == said), None)


class TenderOwnership(_Part):
    """What an item costs beside its price and freight, where it counts: nothing of what is left out."""

    duties: bool = Field(default=False, description="Duty by origin and HS code, by the policy `duty-rates`")
    payment_rate: PerYear | None = Field(
        default=None, description="What paying later is worth, in percent a year: rate × days ÷ 365"
    )
    reject_cost: (
        Annotated[
            Decimal, Field(ge=0, le=10_000, max_digits=7, decimal_places=2, examples=["250"]), AS_WRITTEN
        ]
        | None
    ) = Field(default=None, description="What a rejected unit costs, in percent of its price")
    holding_rate: PerYear | None = Field(
        default=None, description="What stock costs, in percent a year, for the lead time and its spread"
    )
    discount_rate: PerYear | None = Field(
        default=None, description="At which costs of later years count less, in percent a year"
    )


def number_of(answer: str | None) -> Decimal | None:
    """Return the number that an answer is, which is not below zero; None for another text."""
    try:
        found = Decimal((answer or "").strip())
    except ArithmeticError:
        return None
    return found if found.is_finite() and 0 <= found < MOST_ANSWERED else None
