"""What a definition of a KPI may say: aggregates over facts of one kind, with conditions (ADR 55).

It is data, read by these models and compiled to SQL by `kpis.store.compiled`; nothing of it is run as code.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Code, Line

MOST_CONDITIONS, MOST_VALUES, MOST_EXCLUSIONS = 20, 100, 10
LATEST = 3660

Amount = Annotated[Decimal, Field(max_digits=30, decimal_places=12, examples=["5"]), SHORTEST, AS_WRITTEN]
Scale = Annotated[
    Decimal, Field(gt=0, max_digits=18, decimal_places=6, examples=["100"]), SHORTEST, AS_WRITTEN
]
Fraction = Annotated[
    Decimal, Field(gt=0, lt=1, max_digits=6, decimal_places=6, examples=["0.9"]), SHORTEST, AS_WRITTEN
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnOperand(_Part):
    """The value of a fact's column; of a day, so many days later."""

    operand: Literal["column"]
    column: Code = Field(description="As GET /v1/facts names it", examples=["promised_on"])
    plus_days: int | None = Field(
        default=None, ge=-LATEST, le=LATEST, description="Of a day: so much later", examples=[7]
    )
    plus: Code | None = Field(
        default=None, description="Of a day: later by this column, in days", examples=["grace_days"]
    )


class DayOperand(_Part):
    """A day."""

    operand: Literal["day"]
    day: Day


class NumberOperand(_Part):
    """A number, in the unit of what it is compared with."""

    operand: Literal["number"]
    number: Amount


Operand: TypeAlias = Annotated[ColumnOperand | DayOperand | NumberOperand, Field(discriminator="operand")]


class Comparison(StrEnum):
    """How two values are compared."""

    EQUAL = "equal"
    UNEQUAL = "unequal"
    LESS = "less"
    AT_MOST = "at_most"
    MORE = "more"
    AT_LEAST = "at_least"


class Compares(_Part):
    """Whether one value is to another as said; it is not where one of them is missing."""

    condition: Literal["compares"]
    left: Operand
    by: Comparison
    right: Operand


class IsTrue(_Part):
    """Whether what a column says is so."""

    condition: Literal["is_true"]
    column: Code = Field(examples=["due"])


class IsMissing(_Part):
    """Whether a fact has no value in a column."""

    condition: Literal["is_missing"]
    column: Code = Field(examples=["first_promised_on"])


class IsOneOf(_Part):
    """Whether a column of texts says one of these."""

    condition: Literal["is_one_of"]
    column: Code = Field(examples=["category"])
    values: list[Line] = Field(min_length=1, max_length=MOST_VALUES, examples=[["fasteners"]])


class AllHold(_Part):
    """Whether all of these hold."""

    condition: Literal["all"]
    conditions: list[Condition] = Field(min_length=1, max_length=MOST_CONDITIONS)


class AnyHolds(_Part):
    """Whether one of these holds."""

    condition: Literal["any"]
    conditions: list[Condition] = Field(min_length=1, max_length=MOST_CONDITIONS)


class IsNot(_Part):
    """Whether this does not hold."""

    condition: Literal["not"]
    of: Condition


Condition: TypeAlias = Annotated[
    Compares | IsTrue | IsMissing | IsOneOf | AllHold | AnyHolds | IsNot, Field(discriminator="condition")
]
Where = Annotated[Condition | None, Field(description="Of which facts; null: of all")]


class CountOf(_Part):
    """How many facts there are."""

    aggregate: Literal["count"]
    where: Where = None


class SumOf(_Part):
    """What a measure adds up to: money by currency, quantities by unit of measure."""

    aggregate: Literal["sum"]
    column: Code = Field(examples=["spend"])
    where: Where = None


class MeanOf(_Part):
    """The mean of a measure over the facts that have it."""

    aggregate: Literal["mean"]
    column: Code = Field(examples=["lead_days"])
    where: Where = None


class PercentileOf(_Part):
    """The value of a measure that such a part of the facts do not exceed: one that occurred."""

    aggregate: Literal["percentile"]
    column: Code = Field(examples=["lead_days"])
    fraction: Fraction
    where: Where = None


class SpreadOf(_Part):
    """How far a measure's values lie apart: from one that occurred to another, leaving out the ends."""

    aggregate: Literal["spread"]
    column: Code = Field(examples=["lead_days"])
    lower: Fraction = Field(default=Decimal("0.1"), description="Such a part of the facts lies below")
    upper: Fraction = Field(default=Decimal("0.9"), description="And such a part not above")
    where: Where = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lower >= self.upper:
            raise ValueError(f"begins at {self.lower}, which must lie below its end, {self.upper}")
        return self


class ConcentrationOf(_Part):
    """How much a measure lies with few: the sum of the squares of their shares (Herfindahl-Hirschman)."""

    aggregate: Literal["concentration"]
    column: Code = Field(examples=["spend"])
    among: Code = Field(description="Whose shares: of each value of this column", examples=["supplier_id"])
    where: Where = None


class ShareOf(_Part):
    """Of how many of the facts something holds, of all of them."""

    aggregate: Literal["share"]
    that: Condition
    where: Where = None


class DistinctOf(_Part):
    """How many different values a column has."""

    aggregate: Literal["distinct"]
    column: Code = Field(examples=["order_id"])
    where: Where = None


Aggregate: TypeAlias = Annotated[
    CountOf | SumOf | MeanOf | PercentileOf | SpreadOf | ShareOf | DistinctOf | ConcentrationOf,
    Field(discriminator="aggregate"),
]


class Exclusion(_Part):
    """Facts that count for nothing, and are counted and shown with why."""

    reason: Line = Field(description="Suppliers are shown it", examples=["The buyer moved the day"])
    where: Condition


class FigureUnit(StrEnum):
    """What a figure is in; of money and quantities each currency and unit of measure has a figure."""

    PERCENT = "percent"
    PPM = "ppm"
    RATIO = "ratio"
    COUNT = "count"
    DAYS = "days"
    MONEY = "money"
    QUANTITY = "quantity"
    POINTS = "points"


class Direction(StrEnum):
    """Which figures are the better ones."""

    HIGHER = "higher"
    LOWER = "lower"


class Definition(_Part):
    """A KPI: what is counted of which facts, over what, and how the quotient is said."""

    of: Code = Field(description="The kind of fact, as GET /v1/facts names it", examples=["lines"])
    numerator: Aggregate
    denominator: Aggregate | None = Field(
        default=None, description="Null: the numerator is the figure; a mean, a share has its own"
    )
    denominator_of: Code | None = Field(
        default=None,
        description="The kind of fact of the denominator, grouped by the same; null: the same kind. "
        "Exclusions are of the numerator's kind",
        examples=[None],
    )
    over_all_suppliers: bool = Field(
        default=False,
        description="Whether the denominator is of all suppliers, whomever the numerator is of: a share of a "
        "whole, which no supplier is shown",
    )
    exclusions: list[Exclusion] = Field(default_factory=list, max_length=MOST_EXCLUSIONS)
    unit: FigureUnit
    scale: Scale = Field(default=Decimal(1), description="What the figure is multiplied by: 100 of percent")
    direction: Direction
    decimals: int | None = Field(
        default=None, ge=0, le=6, description="Rounded half up; null: as it is", examples=[2]
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds of fact that it is of, the numerator's first."""
        return tuple(dict.fromkeys((self.of, self.denominator_of or self.of)))

    @property
    def below(self) -> Definition | None:
        """What the denominator counts, where it is of other facts than the numerator; None: of the same."""
        other = self.denominator_of not in {None, self.of}
        if self.denominator is None or not (other or self.over_all_suppliers):
            return None
        changed: dict[str, Any] = {
            "of": self.denominator_of or self.of,
            "numerator": self.denominator,
            "denominator": None,
        }
        changed |= {"denominator_of": None, "over_all_suppliers": False}
        return self.model_copy(update=changed | ({"exclusions": []} if other else {}))

    @property
    def above(self) -> Definition:
        """What the numerator counts, by itself."""
        return self.model_copy(
            update={"denominator": None, "denominator_of": None, "over_all_suppliers": False}
        )
