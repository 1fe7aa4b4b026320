"""How scores are shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Percent, Points
from supplier_performance.deliveries.views import Measured
from supplier_performance.scorecards import rules
from supplier_performance.scorecards.model import MEASURES, Scorecard
from supplier_performance.scorecards.rules import ScoringRules
from supplier_performance.scored.model import ScoreHistory
from supplier_performance.suppliers.rules import SupplierName
from supplier_performance.suppliers.views import SupplierReference
from supplier_performance.templates.rules.template import DEFAULT

POLICY_VERSIONS: Any = Field(
    description="The version of each policy that judged; of `on-time`, which may differ by line, the newest. "
    "Null for what was judged before there were versions",
    examples=[{"on-time": 0, "rolling-window": 0, "scoring": 2}],
)


class ScoreComponent(BaseModel):
    """One part of a score."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["on_time"])
    value: Percent | None = Field(
        description="0 to 100, two decimals; null when there is nothing to judge", examples=["92.00"]
    )
    weight: int = Field(description="Of a hundred", examples=[40])


class SupplierScoreForSupplier(BaseModel):
    """A supplier's current score as it sees it itself; what is added here, suppliers learn."""

    supplier: SupplierReference
    score: Points | None = Field(description="0 to 100; null when too few lines are due", examples=["91.4"])
    grade: str | None = Field(description="A, B, C, D or E; null without a score", examples=["A"])
    components: list[ScoreComponent] = Field(description="score = Σ value × weight ÷ Σ weight, where known")
    measures: Measured
    as_of: date
    window_from: date
    window_to: date
    judged_at: datetime

    @classmethod
    def of(cls, supplier: SupplierName, scorecard: Scorecard) -> Self:
        """Show a scorecard."""
        return cls(**cls._shown(supplier, scorecard))

    @classmethod
    def _shown(cls, supplier: SupplierName, scorecard: Scorecard) -> dict[str, Any]:
        measures = MEASURES.validate_python(scorecard.measures)
        components = [
            ScoreComponent.model_validate(part)
            for part in rules.components(measures, ScoringRules.model_validate(scorecard.rules))
        ]
        if scorecard.card is not None and scorecard.made.template != DEFAULT:
            components = [
                ScoreComponent(name=part.code, value=part.points, weight=int(part.weight))
                for part in scorecard.made.parts
            ]
        return {
            "supplier": SupplierReference.of(supplier),
            "score": scorecard.score,
            "grade": scorecard.grade,
            "components": components,
            "measures": Measured.of(measures),
            "as_of": scorecard.as_of,
            "window_from": scorecard.window_from,
            "window_to": scorecard.window_to,
            "judged_at": scorecard.judged_at,
        }


class SupplierScore(SupplierScoreForSupplier):
    """A supplier's current score and everything that made it."""

    policy_versions: dict[str, int] | None = POLICY_VERSIONS

    @classmethod
    def _shown(cls, supplier: SupplierName, scorecard: Scorecard) -> dict[str, Any]:
        return super()._shown(supplier, scorecard) | {"policy_versions": scorecard.policy_versions}


class Performance(BaseModel):
    """A supplier's measures over any window, with the score that they would make."""

    supplier: SupplierReference
    window_from: date
    window_to: date
    as_of: date
    score: Points | None = Field(examples=["91.4"])
    grade: str | None = Field(examples=["A"])
    measures: Measured


class MonthPerformance(BaseModel):
    """The lines promised in one month."""

    month: str = Field(description="ISO 8601 year and month of the promised dates", examples=["2026-03"])
    measures: Measured


class MonthlyPerformance(BaseModel):
    """A supplier's measures month by month; months in which nothing was promised are left out."""

    supplier: SupplierReference
    window_from: date
    window_to: date
    as_of: date
    months: list[MonthPerformance]


class PastScoreForSupplier(BaseModel):
    """A score that a supplier had, as it sees it itself; what is added here, suppliers learn."""

    sequence: int = Field(description="Of its SupplierScoreUpdated in the supplier's stream", examples=[7])
    score: Points | None = Field(examples=["91.4"])
    grade: str | None = Field(examples=["A"])
    as_of: date
    window_from: date
    window_to: date
    judged_at: datetime
    measures: Measured

    @classmethod
    def of(cls, past: ScoreHistory) -> Self:
        """Show a past score."""
        told = {name: getattr(past, name) for name in cls.model_fields if name != "measures"}
        return cls(**told, measures=Measured.of(MEASURES.validate_python(past.measures)))


class PastScore(PastScoreForSupplier):
    """A score that a supplier had, with the number of the event that said so."""

    policy_versions: dict[str, int] | None = POLICY_VERSIONS
