"""What answers about scores look like."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money
from supplier_performance.deliveries.rules import Measures
from supplier_performance.scorecards import rules
from supplier_performance.scorecards.model import MEASURES, RULES, Scorecard, ScoreHistory
from supplier_performance.suppliers.names import SupplierName


class Measured(BaseModel):
    """What is counted over a window, and the figures that the counts make."""

    model_config = ConfigDict(from_attributes=True)

    lines: int = Field(description="Order lines promised in the window", examples=[120])
    lines_due: int = Field(description="Of them, delivered or past their last day", examples=[100])
    lines_on_time: int = Field(examples=[92])
    lines_late: int = Field(description="Due lines that were not on time", examples=[8])
    lines_in_full: int = Field(examples=[97])
    lines_on_time_in_full: int = Field(examples=[90])
    on_time_percent: Decimal | None = Field(description="Of due lines", examples=["92.00"])
    in_full_percent: Decimal | None = Field(description="Of due lines", examples=["97.00"])
    on_time_in_full_percent: Decimal | None = Field(description="Of due lines", examples=["90.00"])
    received_quantity: Decimal = Field(examples=["5400"])
    rejected_quantity: Decimal = Field(examples=["12"])
    rejected_ppm: Decimal | None = Field(description="Rejected ÷ received × 1,000,000", examples=["2222"])
    average_days_late: Decimal | None = Field(description="Negative when early", examples=["-0.75"])
    p90_days_late: int | None = Field(description="Nine of ten lines were no later", examples=[1])
    spend: list[Money] = Field(description="Value of what was received, by currency")

    @classmethod
    def of(cls, measures: Measures) -> Self:
        """Show measures."""
        figures = {name: getattr(measures, name) for name in cls.model_fields if name != "spend"}
        spend = [Money(amount=amount, currency=currency) for currency, amount in measures.spend.items()]
        return cls(spend=spend, **figures)


class SupplierReference(BaseModel):
    """A supplier as people know it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str | None = Field(examples=["S-000042"])
    name: str | None = Field(examples=["Acme Fasteners GmbH"])
    status: str | None = Field(examples=["approved"])

    @classmethod
    def of(cls, supplier: SupplierName) -> Self:
        """Show a supplier."""
        return cls.model_validate(supplier)


class ScoreComponent(BaseModel):
    """One part of a score."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["on_time"])
    value: Decimal | None = Field(
        description="0 to 100; null when there is nothing to judge", examples=["92"]
    )
    weight: int = Field(description="Of a hundred", examples=[40])


class SupplierScore(BaseModel):
    """A supplier's current score and everything that made it."""

    supplier: SupplierReference
    score: Decimal | None = Field(description="0 to 100; null when too few lines are due", examples=["91.4"])
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
        measures = MEASURES.validate_python(scorecard.measures)
        parts = rules.components(measures, RULES.validate_python(scorecard.rules))
        return cls(
            supplier=SupplierReference.of(supplier),
            score=scorecard.score,
            grade=scorecard.grade,
            components=[ScoreComponent.model_validate(part) for part in parts],
            measures=Measured.of(measures),
            as_of=scorecard.as_of,
            window_from=scorecard.window_from,
            window_to=scorecard.window_to,
            judged_at=scorecard.judged_at,
        )


class Performance(BaseModel):
    """A supplier's measures over any window, with the score that they would make."""

    supplier: SupplierReference
    window_from: date
    window_to: date
    as_of: date
    score: Decimal | None = Field(examples=["91.4"])
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


class PastScore(BaseModel):
    """A score that a supplier had, with the number of the event that said so."""

    sequence: int = Field(description="Of its SupplierScoreUpdated in the supplier's stream", examples=[7])
    score: Decimal | None = Field(examples=["91.4"])
    grade: str | None = Field(examples=["A"])
    as_of: date
    window_from: date
    window_to: date
    judged_at: datetime
    measures: Measured

    @classmethod
    def of(cls, past: ScoreHistory) -> Self:
        """Show a past score."""
        return cls(
            sequence=past.sequence,
            score=past.score,
            grade=past.grade,
            as_of=past.as_of,
            window_from=past.window_from,
            window_to=past.window_to,
            judged_at=past.judged_at,
            measures=Measured.of(MEASURES.validate_python(past.measures)),
        )
