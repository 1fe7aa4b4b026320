"""How rules, their trials and alerts are shown; to our own people alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from supplier_performance.alerts.model import Alert, AlertRuleVersion
from supplier_performance.alerts.rules.grammar import Severity, WatchRule
from supplier_performance.alerts.rules.moves import MOVES, Move, RuleStatus, Status
from supplier_performance.suppliers.rules import SupplierName
from supplier_performance.suppliers.views import SupplierReference

EXAMPLE: dict[str, Any] = {
    "kpi": "on-time",
    "scope": {"category": None, "site": None, "business_unit": None},
    "by": "month",
    "rolling": 1,
    "test": {"test": "threshold", "breach_at": "85", "recover_at": "90", "sample": 3},
    "severity": "warning",
    "owner": "bea.buyer",
}


class TrialRing(BaseModel):
    """That a rule would have rung."""

    supplier_id: UUID
    currency: str | None = Field(examples=[None])
    unit: str | None = Field(examples=[None])
    period: str = Field(description="At the end of which period", examples=["2026-03"])
    because: str = Field(examples=["72.50 in 2026-03 is worse than 85"])
    rightly: bool | None = Field(
        description="Whether the period after it bore it out; null: nobody can tell", examples=[True]
    )


class Trial(BaseModel):
    """How a rule would have done over history: each period judged by what was so at its end."""

    first: date = Field(alias="from", description="Periods that ended on this day or later")
    last: date = Field(alias="to", description="And on this day or before")
    kpi_number: int = Field(description="By which version of the KPI", examples=[0])
    periods: int = Field(examples=[12])
    suppliers: int = Field(description="How many had a figure", examples=[24])
    rings: int = Field(description="How often it would have rung", examples=[5])
    rightly: int = Field(
        description="Of those, how often the period after bore it out: a threshold had not recovered, "
        "nothing was heard, a trend or a change was worse than what was before",
        examples=[3],
    )
    wrongly: int = Field(description="How often it did not", examples=[1])
    untold: int = Field(description="How often nothing is known of the period after", examples=[1])
    first_rings: list[TrialRing] = Field(description="The first hundred, the earliest first")


class AlertRuleShown(BaseModel):
    """A version of an alert rule: who wrote it, how it did on history, who let it ring."""

    code: str = Field(examples=["late-lately"])
    number: int = Field(examples=[1])
    status: RuleStatus
    title: str = Field(examples=["Late lately"])
    rule: WatchRule = Field(examples=[EXAMPLE])
    drafted_by: list[str] = Field(description="Who wrote any of it, the latest last", examples=[["cora"]])
    drafted_at: datetime
    tried_at: datetime | None = Field(description="Null: not as it is now, and so it cannot be activated")
    trial: Trial | None
    activated_by: str | None = Field(description="Somebody who wrote none of it", examples=["carl"])
    activated_at: datetime | None

    @classmethod
    def of(cls, version: AlertRuleVersion) -> Self:
        """Show a version."""
        return cls(
            code=version.code,
            number=version.number,
            status=RuleStatus(version.status),
            title=version.title,
            rule=version.rule,
            drafted_by=list(version.authors),
            drafted_at=version.drafted_at,
            tried_at=version.tried_at,
            trial=None if version.trial is None else Trial.model_validate(version.trial),
            activated_by=version.activated_by,
            activated_at=version.activated_at,
        )


class AlertShown(BaseModel):
    """That a rule rang for a supplier, and what became of it."""

    id: UUID
    status: Status
    allowed: list[Move] = Field(description="What may be done about it now", examples=[["acknowledge"]])
    rule: str = Field(examples=["late-lately"])
    rule_number: int = Field(description="Which version of it rang", examples=[1])
    kpi: str = Field(examples=["on-time"])
    supplier: SupplierReference
    currency: str | None = Field(description="Of amounts, in which", examples=[None])
    unit: str | None = Field(description="Of quantities, in which unit of measure", examples=[None])
    severity: Severity
    breached: bool = Field(description="Whether the KPI has not recovered yet")
    rung_on: date = Field(description="The business date on which it rang")
    seen_on: date = Field(description="The business date on which it was judged last")
    recovered_on: date | None
    period: str = Field(description="The period that was judged last", examples=["2026-06"])
    value: Decimal | None = Field(description="Its figure", examples=["72.50"])
    because: str = Field(examples=["72.50 in 2026-06 is worse than 85"])
    evidence: str = Field(
        description="Where the facts behind that figure are, but for the scope of the rule",
        examples=["/v1/kpis/on-time/evidence?supplier_id=…&from=2026-06-01&to=2026-06-30&as_of=2026-06-30"],
    )
    owner: str | None = Field(description="Who sees to it", examples=["bea.buyer"])
    snoozed_until: date | None = Field(description="It presses nobody until this day is over")
    acknowledged_by: str | None = Field(examples=["bea.buyer"])
    acknowledged_at: datetime | None
    resolution: str | None = Field(
        description="What was done about it", examples=["A second supplier is set up"]
    )
    resolved_by: str | None = Field(examples=["bea.buyer"])
    resolved_at: datetime | None

    @classmethod
    def of(cls, alert: Alert, supplier: SupplierName) -> Self:
        """Show an alert."""
        names = cls.model_fields.keys() - {"supplier", "allowed", "evidence", "currency", "unit"}
        window = f"from={alert.window_from}&to={alert.window_to}&as_of={alert.window_to}"
        return cls(
            **{name: getattr(alert, name) for name in names},
            supplier=SupplierReference.of(supplier),
            allowed=list(MOVES[Status(alert.status)]),
            currency=alert.currency or None,
            unit=alert.unit or None,
            evidence=f"/v1/kpis/{alert.kpi}/evidence?supplier_id={alert.supplier_id}&{window}",
        )
