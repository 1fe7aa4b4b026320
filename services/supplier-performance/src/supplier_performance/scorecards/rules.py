"""How measures become figures, a score and a grade. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.figures import rounded
from supplier_performance.deliveries.rules import HUNDRED, Measures, Window
from supplier_performance.templates.rules.rating import Counted
from supplier_performance.templates.rules.template import How, Template

Threshold = Annotated[Decimal, Field(ge=0, le=100)]


class Weights(BaseModel):
    """How much each part of a score counts; they sum to 100."""

    model_config = ConfigDict(frozen=True)

    on_time: int = Field(default=40, ge=0, le=100)
    in_full: int = Field(default=20, ge=0, le=100)
    quality: int = Field(default=25, ge=0, le=100)
    punctuality: int = Field(default=15, ge=0, le=100)

    @model_validator(mode="after")
    def _are_out_of_a_hundred(self) -> Self:
        weights = self.on_time + self.in_full + self.quality + self.punctuality
        if weights != 100:
            raise ValueError(f"the four weights must sum to 100, not {weights}")
        return self


class Grading(BaseModel):
    """The lowest score of each grade; below D it is E."""

    model_config = ConfigDict(frozen=True)

    a: Threshold = Decimal(90)
    b: Threshold = Decimal(75)
    c: Threshold = Decimal(60)
    d: Threshold = Decimal(40)

    @model_validator(mode="after")
    def _falls(self) -> Self:
        if not self.a > self.b > self.c > self.d:
            raise ValueError("the lowest scores must fall from A to D")
        return self

    def grade(self, score: Decimal) -> str:
        """Return the grade of a score."""
        for letter, lowest in (("A", self.a), ("B", self.b), ("C", self.c), ("D", self.d)):
            if score >= lowest:
                return letter
        return "E"


class ScoringRules(BaseModel):
    """How measures become a score and a grade."""

    model_config = ConfigDict(frozen=True)

    weights: Weights = Weights()
    grading: Grading = Grading()
    minimum_lines: int = Field(
        default=3, ge=1, le=1_000_000, description="Due lines below which there is no score"
    )
    worst_ppm: Decimal = Field(
        default=Decimal(50_000), gt=0, le=1_000_000, description="Rejected ppm worth 0 points"
    )
    worst_days: Decimal = Field(
        default=Decimal(30), gt=0, le=3_660, description="Average lateness worth 0 points"
    )


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What suppliers are judged by on a day, with the versions of the policies that say so."""

    window: Window
    rules: ScoringRules
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a score: its worth from 0 to 100 (None: nothing to judge), and its weight."""

    name: str
    value: Decimal | None
    weight: int


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its grade, both None below the minimum of lines."""

    value: Decimal | None
    grade: str | None
    components: tuple[Component, ...]


def quality(rejected_ppm: Decimal | None, worst_ppm: Decimal) -> Decimal | None:
    """max(0, 100 × (1 − ppm ÷ worst)): no rejects are worth 100, `worst_ppm` and more 0.

    Rounded as it is shown, so that who adds up what is shown comes to the same score.
    """
    if rejected_ppm is None:
        return None
    return rounded(max(Decimal(0), HUNDRED * (1 - rejected_ppm / worst_ppm)), 2)


def punctuality(average_days_late: Decimal | None, worst_days: Decimal) -> Decimal | None:
    """max(0, 100 × (1 − max(0, average days late) ÷ worst)): being early earns nothing extra."""
    if average_days_late is None:
        return None
    return rounded(max(Decimal(0), HUNDRED * (1 - max(Decimal(0), average_days_late) / worst_days)), 2)


def components(measures: Measures, rules: ScoringRules) -> tuple[Component, ...]:
    """Return the four parts of a score, each from 0 to 100."""
    weights = rules.weights
    return (
        Component("on_time", measures.on_time_percent, weights.on_time),
        Component("in_full", measures.in_full_percent, weights.in_full),
        Component("quality", quality(measures.rejected_ppm, rules.worst_ppm), weights.quality),
        Component(
            "punctuality", punctuality(measures.average_days_late, rules.worst_days), weights.punctuality
        ),
    )


def score(measures: Measures, rules: ScoringRules) -> Score:
    """Σ weight × component ÷ Σ weight, one decimal, and its grade; no score below the minimum of due lines.

    A part with nothing to judge (no goods received, so no quality) leaves its weight to the others.
    """
    parts = components(measures, rules)
    judged = [(part.value, part.weight) for part in parts if part.value is not None]
    weight = sum(weight for _, weight in judged)
    if measures.lines_due < rules.minimum_lines or not weight:
        return Score(None, None, parts)
    points = Decimal(sum(value * weight for value, weight in judged))
    value = rounded(points / weight, 1)
    return Score(value, rules.grading.grade(value), parts)


QUALITY, PUNCTUALITY = "rejected-ppm", "days-late"
"""The KPIs of today's parts `quality` and `punctuality`."""


def default_template(rules: ScoringRules) -> Template:
    """Return the template that comes with the service: the policy `scoring`, said of version 0 of KPIs."""
    weights, grading = rules.weights, rules.grading
    hundred: dict[str, Any] = {"how": How.LINEAR, "floor": Decimal(0), "target": HUNDRED}
    parts: list[tuple[str, int, dict[str, Any]]] = [
        ("on-time", weights.on_time, hundred),
        ("in-full", weights.in_full, hundred),
        (QUALITY, weights.quality, hundred | {"floor": rules.worst_ppm, "target": Decimal(0)}),
        (PUNCTUALITY, weights.punctuality, hundred | {"floor": rules.worst_days, "target": Decimal(0)}),
    ]
    lowest = {"A": grading.a, "B": grading.b, "C": grading.c, "D": grading.d}
    bounds = [*lowest.items(), *((("E", Decimal(0)),) if grading.d else ())]
    return Template.model_validate(
        {
            "title": "Default",
            "category": None,
            "kpis": [
                {"kpi": kpi, "weight": Decimal(weight), "worth": worth, "least_sample": rules.minimum_lines}
                for kpi, weight, worth in parts
                if weight
            ],
            "grades": [{"grade": grade, "lowest": bound} for grade, bound in bounds],
            "least_rated_weight": Decimal(0),
        }
    )


def default_figures(measures: Measures) -> dict[str, list[Counted]]:
    """Return what the default template is made of: today's measures, of as many lines as are due.

    Of rejected ppm over units of measure that is the mean by value, which no KPI says in one figure.
    """
    due = measures.lines_due

    def figure(value: Decimal | None, above: int | None = None, below: int | None = None) -> list[Counted]:
        if value is None:
            return []
        numerator, denominator = (None if one is None else Decimal(one) for one in (above, below))
        return [Counted(0, value, numerator, denominator, due)]

    return {
        "on-time": figure(measures.on_time_percent, measures.lines_on_time, due),
        "in-full": figure(measures.in_full_percent, measures.lines_in_full, due),
        QUALITY: figure(measures.rejected_ppm),
        PUNCTUALITY: figure(measures.average_days_late, measures.days_late, due),
    }
