"""The risk of suppliers, on the stream `sourcing.suppliers`: how risky one is from now on, and of what."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Percent, Points
from purveyor_contract.events.sourcing.suppliers import SupplierEvent

LEVEL = "`low`, `medium`, `high`, `critical`; null: nothing that counts is known"


class RiskFactor(BaseModel):
    """What a supplier may be risky of: what is known of it, and how much it counts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    factor: str = Field(
        description="`financial`, `geographic`, `operational`, `dependency`, `compliance`, "
        "`environmental_social`, `delivery_quality`, `signals`; there may be others one day",
        examples=["financial"],
    )
    standing: str = Field(
        description="`known`, `stale` (it does not hold any more) or `missing`; only what is known counts",
        examples=["known"],
    )
    weight: int = Field(description="Of 100, by the policy", examples=[20])
    points: Points | None = Field(description="From 0 to 100, which is the worst")
    contribution: Percent | None = Field(description="Its part of the mean, in points; null: it has none")
    source: str | None = Field(examples=["Creditreform"])
    as_of: date | None
    holds_until: date | None = Field(description="Null: as long as it is so")
    because: str | None = Field(description="What the points come of", examples=["Altman's Z″ 5.10"])


class SupplierRiskChanged(SupplierEvent):
    """A supplier is of another level of risk, or something else caps it. No supplier is told."""

    assessment: int = Field(description="Its number, from 1, among the supplier's assessments", examples=[7])
    level: str | None = Field(description=LEVEL, examples=["high"])
    former_level: str | None = Field(description=LEVEL, examples=["medium"])
    overall: Points | None = Field(
        description="The mean of what is known, by weights: from 0 to 100, which is the worst"
    )
    share_known: int = Field(description="How much of all weight, 100, lies on what is known", examples=[85])
    caps: tuple[str, ...] = Field(
        description="What makes it as risky as that whatever the mean is: `sanction_confirmed` (critical), "
        "`screening_hit` (high)",
        examples=[["screening_hit"]],
    )
    factors: tuple[RiskFactor, ...] = Field(description="Every factor, what is missing too")
    policy_version: int = Field(description="Of the policy `supplier-risk`", examples=[0])
    assessed_for: date = Field(description="The day that it is of")
    assessed_by: str = Field(description="Who changed something, or the service", examples=["carl.category"])
