"""What the organisation decides about risk: what counts how much, from where on it is high."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sourcing.risk.rules.factors import Factor

Weight = Annotated[int, Field(ge=0, le=100, examples=[20])]
Bound = Annotated[Decimal, Field(ge=0, le=100, max_digits=4, decimal_places=1)]
Score = Annotated[Decimal, Field(ge=-100, le=100, max_digits=5, decimal_places=2)]
Days = Annotated[int, Field(ge=1, le=3650)]


class _Decided(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RiskWeights(_Decided):
    """How much each factor counts; together 100."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "financial": 40,
                    "geographic": 10,
                    "operational": 10,
                    "dependency": 10,
                    "compliance": 10,
                    "environmental_social": 5,
                    "delivery_quality": 10,
                    "signals": 5,
                }
            ]
        }
    )

    financial: Weight = 20
    geographic: Weight = 15
    operational: Weight = 10
    dependency: Weight = 10
    compliance: Weight = 15
    environmental_social: Weight = 10
    delivery_quality: Weight = 15
    signals: Weight = 5

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        total = sum(self.of(factor) for factor in Factor)
        if total != 100:
            raise ValueError(f"the weights of all factors must add up to 100, not to {total}")
        return self

    def of(self, factor: Factor) -> int:
        """Return how much a factor counts."""
        weight: int = getattr(self, factor.value)
        return weight


class RiskLevels(_Decided):
    """From which mean on risk is of a level, and how far under it the mean falls before the level ends."""

    medium: Bound = Decimal(30)
    high: Bound = Decimal(50)
    critical: Bound = Decimal(75)
    hysteresis: Bound = Field(
        default=Decimal(5), description="A level ends only when the mean is this far under where it begins"
    )

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if not 0 < self.medium < self.high < self.critical:
            raise ValueError("the bounds must rise from medium to critical")
        if self.hysteresis >= self.medium:
            raise ValueError("the hysteresis must be less than where medium begins: no level would end")
        return self


class FinancialBounds(_Decided):
    """Between which of Altman's Z″ the financial risk falls from 100 to 0.

    The model for emerging markets adds 3.25: who is under 4.35 (1.1) is in distress, above 5.85 (2.6) safe.
    """

    distress: Score = Decimal("4.35")
    safe: Score = Decimal("5.85")

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.distress >= self.safe:
            raise ValueError("who is safe has a higher Z″ than who is in distress")
        return self


class RiskHolding(_Decided):
    """How many days what was said of a factor holds, where nobody said until when."""

    financial: Days = 540
    geographic: Days = 400
    operational: Days = 400
    dependency: Days = 400
    environmental_social: Days = 400
    delivery_quality: Days = 120
    signals: Days = 180

    def of(self, factor: Factor) -> int:
        """Return for how many days a factor holds."""
        days: int = getattr(self, factor.value)
        return days


class RiskPolicy(_Decided):
    """How the risk of suppliers is reckoned."""

    weights: RiskWeights = RiskWeights()
    levels: RiskLevels = RiskLevels()
    financial: FinancialBounds = FinancialBounds()
    holding: RiskHolding = RiskHolding()
