"""Risk as HTTP takes and shows it: to our own people only."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.countries import Country
from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.figures import Percent, Points
from purveyor.texts import Code, Line, Name, Reference
from sourcing.risk.rules.assessing import Cap, RiskLevel, Standing
from sourcing.risk.rules.factors import Factor, StatedFactor
from sourcing.risk.rules.points import Ratios
from sourcing.risk.rules.stating import Held, Operations, Said, Shares, StatedCountryRisk, StatedSignal

FACTOR: dict[str, Any] = {
    "factor": "financial",
    "standing": "known",
    "weight": 20,
    "points": "50.0",
    "contribution": "28.57",
    "source": "Creditreform",
    "as_of": "2026-06-30",
    "holds_until": "2027-12-22",
    "because": "Altman's Z″ 5.10",
}
MISSING: dict[str, Any] = dict.fromkeys(FACTOR) | {
    "factor": "operational",
    "standing": "missing",
    "weight": 10,
}
RISK: dict[str, Any] = {
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "number": 3,
    "level": "medium",
    "uncapped_level": "medium",
    "overall": "37.1",
    "share_known": 35,
    "caps": [],
    "policy_version": 0,
    "factors": [FACTOR, MISSING],
    "assessed_for": "2026-11-20",
    "assessed_at": "2026-11-20T09:30:00Z",
    "assessed_by": "carla",
}
HELD: dict[str, Any] = {"source": "Creditreform", "as_of": "2026-06-30", "holds_until": None}
SIGNAL: dict[str, Any] = {
    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "source": "Newswatch",
    "reference": "nw-2026-4711",
    "summary": "Strike at the plant in Augsburg announced",
    "points": "70",
    "weight": "2",
    "observed_on": "2026-11-18",
    "holds_until": "2026-12-31",
}
COUNTRY: dict[str, Any] = {
    "country": "BD",
    "category": "textiles",
    "points": "80",
    "source": "Amfori country risk, 2026",
    "as_of": "2026-01-31",
    "holds_until": "2027-01-31",
}

StatedPoints = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=4, decimal_places=1, description="100 is the worst", examples=["70"]),
    AS_WRITTEN,
]
Share = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2, examples=["35"]), AS_WRITTEN]
Ratio = Annotated[
    Decimal, Field(ge=-100, le=100, max_digits=9, decimal_places=6, examples=["0.12"]), AS_WRITTEN
]
Until = Annotated[
    Day | None,
    Field(description="The last day on which it holds; left out: as the policy `supplier-risk` says"),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FinancialRatios(_In):
    """The ratios of Altman's Z″ (X1 to X4), of the supplier's last accounts."""

    working_capital_to_total_assets: Ratio
    retained_earnings_to_total_assets: Ratio
    ebit_to_total_assets: Ratio
    equity_to_total_liabilities: Ratio = Field(description="Book value of equity")


class SupplierOperations(_In):
    """Where and how much of what we buy a supplier can make; one of the two at least."""

    making_sites: int | None = Field(
        default=None, ge=1, le=10_000, description="In how many places it makes what we buy", examples=[1]
    )
    capacity_used: Share | None = Field(
        default=None, description="How much of its capacity is taken, in percent"
    )


class DependencyShares(_In):
    """How much the two depend on each other, in percent; one of the two at least."""

    ours_of_its_sales: Share | None = Field(default=None, description="What we buy, of all that it sells")
    its_of_our_spend: Share | None = Field(
        default=None, description="What it delivers, of all that we buy of a category"
    )


class RiskFactorStated(_In):
    """What is said of one factor: `points`, or `ratios`, `operations` or `shares` that points come of."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "factor": "financial",
                    "ratios": {
                        "working_capital_to_total_assets": "0.12",
                        "retained_earnings_to_total_assets": "0.05",
                        "ebit_to_total_assets": "0.06",
                        "equity_to_total_liabilities": "0.475",
                    },
                }
                | HELD
            ]
        }
    )

    factor: StatedFactor
    points: StatedPoints | None = None
    ratios: FinancialRatios | None = Field(default=None, description="Of `financial` only")
    operations: SupplierOperations | None = Field(default=None, description="Of `operational` only")
    shares: DependencyShares | None = Field(default=None, description="Of `dependency` only")
    source: Name = Field(description="Who says so")
    as_of: Day = Field(description="The day of which it was so, as that of the accounts")
    holds_until: Until = None

    def said(self) -> Said:
        """Return what it says."""
        return Said(
            points=self.points,
            ratios=None if self.ratios is None else Ratios(**self.ratios.model_dump()),
            operations=None if self.operations is None else Operations(**self.operations.model_dump()),
            shares=None if self.shares is None else Shares(**self.shares.model_dump()),
        )

    def held(self) -> Held:
        """Return where it comes from and how long it holds."""
        return Held(self.source, self.as_of, self.holds_until)


class RiskSignalStated(_In):
    """Something that was noticed of a supplier; the same `reference` of a `source` is taken once."""

    model_config = ConfigDict(json_schema_extra={"examples": [SIGNAL]})

    supplier_id: UUID
    source: Name = Field(description="Who noticed it")
    reference: Reference = Field(description="By which the source knows it")
    summary: Line
    points: StatedPoints
    weight: Annotated[Decimal, Field(gt=0, le=100, max_digits=4, decimal_places=1), AS_WRITTEN] = Field(
        default=Decimal(1), description="How much it says beside other signals", examples=["2"]
    )
    observed_on: Day
    holds_until: Until = None

    def stated(self) -> StatedSignal:
        """Return what it states."""
        return StatedSignal(
            supplier_id=self.supplier_id,
            reference=self.reference,
            summary=self.summary,
            points=self.points,
            weight=self.weight,
            held=Held(self.source, self.observed_on, self.holds_until),
        )


class CountryRiskIn(_In):
    """How risky a country is, for a category and all that lies in it or for every one."""

    model_config = ConfigDict(json_schema_extra={"examples": [COUNTRY]})

    country: Country
    category: Code | None = Field(default=None, description="Left out: for all categories without a row")
    points: StatedPoints
    source: Name
    as_of: Day
    holds_until: Until = None

    def stated(self) -> StatedCountryRisk:
        """Return what it states."""
        held = Held(self.source, self.as_of, self.holds_until)
        return StatedCountryRisk(self.country, self.category, self.points, held)


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RiskFactorOut(_Out):
    """A factor as it counted: what is stale or missing is shown and counts for nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [FACTOR]})

    factor: Factor
    standing: Standing
    weight: int = Field(description="Of 100")
    points: Points | None = Field(description="From 0 to 100, which is the worst")
    contribution: Percent | None = Field(
        description="points × weight ÷ share_known, in points of the mean; null: it counts for nothing"
    )
    source: str | None
    as_of: date | None
    holds_until: date | None = Field(description="Null: as long as it is so")
    because: str | None = Field(description="What the points come of")


class RiskAssessmentOut(_Out):
    """How risky a supplier was found, with the arithmetic."""

    model_config = ConfigDict(json_schema_extra={"examples": [RISK]})

    supplier_id: UUID
    number: int = Field(description="Which assessment of the supplier it is; 0: of today, and not kept")
    level: RiskLevel | None = Field(
        description="The level of the mean, or what `caps` make it; null: nothing that counts is known"
    )
    uncapped_level: RiskLevel | None = Field(description="What the mean says, with hysteresis, without caps")
    overall: Points | None = Field(description="The mean of what is known, by weights; 100 is the worst")
    share_known: int = Field(description="How much of all weight, 100, lies on what is known")
    caps: list[Cap]
    policy_version: int = Field(description="Of the policy `supplier-risk`")
    factors: list[RiskFactorOut]
    assessed_for: date = Field(description="Until the next one this is what holds")
    assessed_at: datetime
    assessed_by: str


class RiskSignalOut(_Out):
    """A signal as it was taken."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fa0"}
                | SIGNAL
                | {
                    "points": "70.0",
                    "weight": "2.0",
                    "received_by": "newswatch",
                    "received_at": "2026-11-19T05:00:00Z",
                }
            ]
        }
    )

    id: UUID
    supplier_id: UUID
    source: str
    reference: str
    summary: str
    points: Points
    weight: Points = Field(description="How much it says beside other signals, up to 100")
    observed_on: date
    holds_until: date
    received_by: str
    received_at: datetime


class CountryRiskOut(_Out):
    """A row of the table of countries."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fb0"} | COUNTRY | {"points": "80.0"},
            ]
        }
    )

    id: UUID
    country: str
    category: str | None
    points: Points
    source: str
    as_of: date
    holds_until: date
