"""What a definition of a KPI may say: aggregates over facts of one kind, with conditions (ADR 55).

It is data, read by these models and compiled to SQL by `kpis.store.compiled`; nothing of it is run as code.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Code, Line

DEEPEST, MOST_PARTS, MOST_CONDITIONS, MOST_VALUES, MOST_EXCLUSIONS = 24, 600, 20, 100, 10
"""How deep a definition's JSON is nested at most, of how many values it consists, and so on."""
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
    CountOf | SumOf | MeanOf | PercentileOf | ShareOf | DistinctOf, Field(discriminator="aggregate")
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
    exclusions: list[Exclusion] = Field(default_factory=list, max_length=MOST_EXCLUSIONS)
    unit: FigureUnit
    scale: Scale = Field(default=Decimal(1), description="What the figure is multiplied by: 100 of percent")
    direction: Direction
    decimals: int | None = Field(
        default=None, ge=0, le=6, description="Rounded half up; null: as it is", examples=[2]
    )


def bounded(stated: Any) -> Any:
    """Return what is stated; raises ValueError for what is nested too deep, or too long."""
    parts, level = 0, [stated]
    for _ in range(DEEPEST):
        parts += len(level)
        if parts > MOST_PARTS:
            raise ValueError(f"says more than {MOST_PARTS} things")
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return stated
    raise ValueError(f"is nested more than {DEEPEST} deep")


def _inside(one: Any) -> list[Any]:
    if isinstance(one, Mapping):
        return list(one.values())
    return one if isinstance(one, list) else []


DOCUMENTED = WithJsonSchema(
    {
        "type": "object",
        "additionalProperties": True,
        "description": "What it is, as data: docs/kpis/definition.schema.json is the grammar",
    }
)
"""A grammar that holds itself has a schema of its own: generators of clients and of requests unfold it."""
StatedDefinition = Annotated[Definition, BeforeValidator(bounded), DOCUMENTED]
"""A definition as somebody states it."""
ShownDefinition = Annotated[Definition, DOCUMENTED]
"""A definition as it is shown."""
