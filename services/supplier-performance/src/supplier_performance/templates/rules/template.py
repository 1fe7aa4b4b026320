"""What a version of a scorecard template says (ADR 56)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Code, Line, Name

MOST_KPIS, MOST_STEPS, MOST_PERIODS = 30, 20, 12
LONGEST_DAYS = 3660
GRADES = ("A", "B", "C", "D", "E")
"""From the best to the worst: those of `SupplierScoreUpdated`."""
DEFAULT = "default"
"""The code of the template that fits where no other does; it comes with the service."""

Grade = Literal["A", "B", "C", "D", "E"]
Figure = Annotated[
    Decimal,
    Field(max_digits=24, decimal_places=6, description="In the KPI's unit", examples=["95"]),
    SHORTEST,
    AS_WRITTEN,
]
Distance = Annotated[
    Decimal,
    Field(ge=0, max_digits=24, decimal_places=6, description="In the KPI's unit", examples=["2"]),
    SHORTEST,
    AS_WRITTEN,
]
Weight = Annotated[
    Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2, examples=["40"]), SHORTEST, AS_WRITTEN
]
OfHundred = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, examples=["75"]), SHORTEST, AS_WRITTEN
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class How(StrEnum):
    """How a figure becomes points, from 0 to 100."""

    LINEAR = "linear"
    STEPS = "steps"
    TOLERANCE = "tolerance"


class Step(_Part):
    """A figure, and the points of one that is as good, or better."""

    figure: Figure
    points: OfHundred


class Worth(_Part):
    """How a figure becomes points: only what its way asks for is stated."""

    how: How
    floor: Figure | None = Field(default=None, description="Linear: worth 0, as is all that is worse")
    target: Figure | None = Field(
        default=None, description="Linear: worth 100, as is all that is better; with a tolerance: the middle"
    )
    steps: list[Step] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_STEPS,
        description="Steps: the points of the best that is reached, and 0 where none is",
    )
    tolerance: Distance | None = Field(
        default=None, description="So far from the target, to either side, a figure is worth 100"
    )
    limit: Distance | None = Field(
        default=None,
        description="So far from it, and farther, 0; between the two points fall in a line",
    )


class KpiPart(_Part):
    """A KPI in a scorecard."""

    kpi: Code = Field(description="As GET /v1/kpis names it", examples=["on-time"])
    weight: Weight
    worth: Worth
    least_sample: int = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="Facts below which it is not rated, and its weight is the others'",
        examples=[3],
    )


class Question(_Part):
    """What people are asked of a supplier, and answer with points."""

    code: Code = Field(examples=["cooperation"])
    text: Line = Field(examples=["How well does it work with us?"])
    weight: Weight


class Period(_Part):
    """A part of the time that a scorecard is of: the first ends today, each other where that one begins."""

    days: int = Field(ge=1, le=LONGEST_DAYS, examples=[90])
    weight: Weight


class Consequence(StrEnum):
    """What follows of a grade."""

    NONE = "none"
    WARN = "warn"
    NO_NEW_TENDERS = "no_new_tenders"
    NO_NEW_ORDERS = "no_new_orders"


class GradeBound(_Part):
    """A grade: the lowest score that makes it, and what follows of it."""

    grade: Grade
    lowest: OfHundred
    consequence: Consequence | None = Field(
        default=None, description="Null: none, but of the lowest grade a warning", examples=["warn"]
    )


def default_grades() -> list[GradeBound]:
    """Return the bounds that hold where a template states none: those of the policy `scoring`."""
    lowest = (Decimal(90), Decimal(75), Decimal(60), Decimal(40), Decimal(0))
    return [GradeBound(grade=grade, lowest=bound) for grade, bound in zip(GRADES, lowest, strict=True)]


class Template(_Part):
    """All that a version of a scorecard template says."""

    title: Name = Field(examples=["Fasteners"])
    category: Code | None = Field(
        description="Whose suppliers it judges, with all that lies in it; null of what comes with us alone",
        examples=["fasteners"],
    )
    kpis: list[KpiPart] = Field(min_length=1, max_length=MOST_KPIS)
    questions: list[Question] = Field(default_factory=list, max_length=MOST_KPIS)
    periods: list[Period] = Field(
        default_factory=list,
        max_length=MOST_PERIODS,
        description="Weights that add up to 100; none: the rolling window is one period",
    )
    grades: list[GradeBound] = Field(
        default_factory=default_grades,
        min_length=2,
        max_length=len(GRADES),
        description="From the best to the worst, whose lowest score is 0",
    )
    hysteresis: OfHundred = Field(
        default=Decimal(0),
        description="A grade holds until the score is so far beyond its bounds",
        examples=["2"],
    )
    least_rated_weight: OfHundred = Field(
        default=Decimal(50), description="Of what is rated together, below which there is no score"
    )

    def consequence(self, grade: str | None) -> Consequence:
        """Return what follows of a grade; a poor supplier warns unless it is stated otherwise."""
        for bound in self.grades:
            if bound.grade == grade:
                default = Consequence.WARN if bound is self.grades[-1] else Consequence.NONE
                return bound.consequence or default
        return Consequence.NONE


@dataclass(frozen=True, slots=True)
class InForce:
    """A template by which suppliers are judged: its code, which version of it, and what that says."""

    code: str
    number: int
    template: Template
