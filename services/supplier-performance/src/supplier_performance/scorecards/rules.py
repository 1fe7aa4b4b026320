"""How measures become figures, a score and a grade. Pure: no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from supplier_performance.deliveries.rules import HUNDRED, Measures, rounded


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a score counts; they sum to 100."""

    on_time: int = 40
    in_full: int = 20
    quality: int = 25
    punctuality: int = 15


@dataclass(frozen=True, slots=True)
class Grading:
    """The lowest score of each grade; below D it is E."""

    a: Decimal = Decimal(90)
    b: Decimal = Decimal(75)
    c: Decimal = Decimal(60)
    d: Decimal = Decimal(40)

    def grade(self, score: Decimal) -> str:
        """Return the grade of a score."""
        for letter, lowest in (("A", self.a), ("B", self.b), ("C", self.c), ("D", self.d)):
            if score >= lowest:
                return letter
        return "E"


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """Everything that decides what a history is worth; set by the organisation."""

    weights: Weights = field(default_factory=Weights)
    grading: Grading = field(default_factory=Grading)
    minimum_lines: int = 3
    worst_ppm: Decimal = Decimal(50_000)
    worst_days: Decimal = Decimal(30)
    grace_days: int = 0
    window_days: int = 365


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
    """max(0, 100 × (1 − ppm ÷ worst)): no rejects are worth 100, `worst_ppm` and more 0."""
    if rejected_ppm is None:
        return None
    return max(Decimal(0), HUNDRED * (1 - rejected_ppm / worst_ppm))


def punctuality(average_days_late: Decimal | None, worst_days: Decimal) -> Decimal | None:
    """max(0, 100 × (1 − max(0, average days late) ÷ worst)): being early earns nothing extra."""
    if average_days_late is None:
        return None
    return max(Decimal(0), HUNDRED * (1 - max(Decimal(0), average_days_late) / worst_days))


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
    points = sum((value * weight for value, weight in judged), Decimal(0))
    value = rounded(points / weight, 1)
    return Score(value, rules.grading.grade(value), parts)
