"""What an alert rule may say: which KPI is watched, by which periods, and what of it rings."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Code, Name
from supplier_performance.kpis.rules.kpi import By

FEWEST, MOST = 4, 60
"""How many periods a series has at least and at most."""

Level = Annotated[Decimal, Field(max_digits=18, decimal_places=6, examples=["85"]), SHORTEST, AS_WRITTEN]
Part = Annotated[
    Decimal, Field(gt=0, lt=1, max_digits=6, decimal_places=4, examples=["0.95"]), SHORTEST, AS_WRITTEN
]
Periods = Annotated[int, Field(ge=FEWEST, le=MOST, examples=[12])]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Severity(StrEnum):
    """How grave it is when it rings."""

    WARNING = "warning"
    CRITICAL = "critical"


class Threshold(_Part):
    """Rings when a figure is worse than a level, until it is as good as another."""

    test: Literal["threshold"]
    breach_at: Level = Field(description="Worse than this rings; which way is worse, the KPI says")
    recover_at: Level = Field(
        description="As good as this is recovered: no worse than `breach_at`, and better so as not to flap",
        examples=["88"],
    )
    sample: int = Field(
        default=1, ge=1, le=10_000, description="Of fewer facts nothing is concluded", examples=[3]
    )


class Trend(_Part):
    """Rings when figures get worse over periods, more than chance would make them (Mann-Kendall)."""

    test: Literal["trend"]
    periods: Periods
    confidence: Part = Field(
        default=Decimal("0.95"), description="How seldom chance alone would do it, on both sides"
    )


class Change(_Part):
    """Rings when a supplier's level is worse than its own before, since lately."""

    test: Literal["change"]
    periods: Periods
    recent: int = Field(
        default=3, ge=1, le=24, description="In which of the last periods it changed", examples=[3]
    )
    worse_by: Level = Field(
        default=Decimal(0), ge=0, description="By how much at least, in the KPI's unit", examples=["5"]
    )
    penalty: Level = Field(
        default=Decimal(3),
        gt=0,
        description="How much a change has to explain, times the variance of the noise and the logarithm of "
        "the number of periods: more finds fewer",
        examples=["3"],
    )


class Silence(_Part):
    """Rings when nothing more is heard of a supplier of whom there was something in each period before."""

    test: Literal["silence"]
    periods: Periods
    silent: int = Field(default=1, ge=1, le=24, description="How many periods without a fact", examples=[2])


Test: TypeAlias = Annotated[Threshold | Trend | Change | Silence, Field(discriminator="test")]


class Watched(_Part):
    """Of which facts the KPI is watched; nothing: of all."""

    category: Code | None = Field(default=None, description="And all that lies in it", examples=["fasteners"])
    site: Code | None = Field(default=None, examples=[None])
    business_unit: Code | None = Field(default=None, examples=[None])


class WatchRule(_Part):
    """Which KPI is watched of every supplier, and what of it rings."""

    kpi: Code = Field(description="As GET /v1/kpis names it", examples=["on-time"])
    scope: Watched = Watched()
    by: Literal[By.DAY, By.WEEK, By.MONTH, By.QUARTER, By.YEAR] = Field(
        description="The periods of its figures; only those that have ended are judged", examples=["month"]
    )
    rolling: int = Field(
        default=1, ge=1, le=60, description="Each figure is of so many periods", examples=[1]
    )
    test: Test
    severity: Severity
    owner: Name | None = Field(
        default=None, description="Who sees to what it rings for; null: nobody yet", examples=["bea.buyer"]
    )

    @property
    def periods(self) -> int:
        """How many periods are looked at."""
        match self.test:
            case Threshold():
                return 1
            case Silence(periods=before, silent=silent):
                return before + silent
            case Trend(periods=periods) | Change(periods=periods):
                return periods
