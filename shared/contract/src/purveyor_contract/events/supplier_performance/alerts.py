"""Events of alerts. Stream `performance.alerts`, keyed by alert; no supplier is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.envelope import Event, Restated


class AlertEvent(Event):
    """Something that happened to an alert."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.alerts"
    key_field: ClassVar[str] = "alert_id"

    alert_id: UUID
    supplier_id: UUID = Field(description="Whom it is about")


class _OfKpi(AlertEvent):
    rule: str = Field(description="The code of the rule", examples=["late-lately"])
    rule_number: int = Field(ge=1, description="Which version of it holds", examples=[1])
    kpi: str = Field(description="What the rule watches", examples=["on-time"])
    currency: str | None = Field(description="Of amounts, in which", examples=[None])
    unit: str | None = Field(description="Of quantities, in which unit of measure", examples=[None])
    severity: str = Field(description="`warning` or `critical`", examples=["warning"])
    period: str = Field(
        description="The last period that was judged: 2026-06, 2026-W23, 2026-Q2", examples=["2026-06"]
    )
    value: Decimal | None = Field(description="The figure of it; null: it has none", examples=["72.50"])
    because: str = Field(
        description="What the rule found, in words", examples=["72.50 in 2026-06 is worse than 85"]
    )
    judged_for: date = Field(description="The business date on which that was found")


class KpiBreached(_OfKpi):
    """A KPI of a supplier is as a rule does not want it; told once, until it has recovered."""

    owner: str | None = Field(description="Who is to see to it", examples=["bea.buyer"])


class KpiRecovered(_OfKpi):
    """A KPI of a supplier that was in breach is as the rule wants it."""


class OpenAlert(BaseModel):
    """An alert that makes a supplier one at risk."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    alert_id: UUID
    rule: str = Field(examples=["late-lately"])
    kpi: str = Field(examples=["on-time"])
    severity: str = Field(examples=["critical"])
    because: str = Field(examples=["72.50 in 2026-06 is worse than 85"])


class SupplierAtRisk(AlertEvent):
    """So many alerts of a supplier are open that it is at risk; on the stream of the one that made it so."""

    alerts: tuple[OpenAlert, ...] = Field(description="All that are open, and not snoozed")
    policy_version: int = Field(description="Of the policy `supplier-at-risk`", examples=[0])
    found_on: date = Field(description="The business date on which that was found")


class AlertRestated(Restated):
    """An alert's stream was told again after performance lost events; only the events in here hold."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.alerts"
    key_field: ClassVar[str] = "alert_id"

    alert_id: UUID
