"""What was said of suppliers' risk, what the table of countries says, and what it came to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor.figures import rounded
from purveyor_contract.events.sourcing.risk import RiskFactor as FactorInEvent
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from sourcing.database import Base
from sourcing.risk.rules.assessing import Assessment, RiskLevel
from sourcing.risk.rules.factors import Reading, StatedFactor
from sourcing.risk.rules.points import CountryRisk, Signal

POINTS = Numeric(4, 1)
LEVELS = column("level", Text).in_(RiskLevel)
SHOWN = (
    "level",
    "uncapped_level",
    "overall",
    "share_known",
    "caps",
    "policy_version",
    "factors",
)
"""What an assessment says; it is kept anew when one of them is something else."""
WHEN = ("number", "assessed_for", "assessed_at", "assessed_by")


class StatedRiskFactor(Base):
    """What somebody said of one factor of a supplier; it never changes, a later one counts instead."""

    __tablename__ = "risk_factor"
    __table_args__ = (
        CheckConstraint(column("factor", Text).in_(StatedFactor), name="factor"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("holds_until >= as_of", name="holds"),
        Index("ix_risk_factor_latest", "supplier_id", "factor", "as_of", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    factor: Mapped[str] = mapped_column(Text)
    points: Mapped[Decimal] = mapped_column(POINTS)
    source: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    holds_until: Mapped[date]
    because: Mapped[str] = mapped_column(Text)
    stated: Mapped[dict[str, Any]]
    stated_by: Mapped[str] = mapped_column(Text)
    stated_at: Mapped[datetime]

    def reading(self) -> Reading:
        """Return it as it counts."""
        return Reading(
            points=self.points,
            source=self.source,
            as_of=self.as_of,
            holds_until=self.holds_until,
            because=self.because,
        )


class RiskSignal(Changing, Base):
    """Something that was noticed of a supplier, known again by its source's own reference."""

    __tablename__ = "risk_signal"
    __table_args__ = (
        UniqueConstraint("source", "reference"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("weight > 0 AND weight <= 100", name="weight"),
        CheckConstraint("holds_until >= observed_on", name="holds"),
        Index("ix_risk_signal_supplier_id", "supplier_id", "id"),
        Index("ix_risk_signal_source_id", "source", "id"),
        Index("ix_risk_signal_observed_on", "observed_on", "id"),
        Index("ix_risk_signal_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    source: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    points: Mapped[Decimal] = mapped_column(POINTS)
    weight: Mapped[Decimal] = mapped_column(POINTS)
    observed_on: Mapped[date]
    holds_until: Mapped[date]
    received_by: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]

    def counted(self) -> Signal:
        """Return it as it counts."""
        return Signal(self.points, self.weight, self.source, self.observed_on, self.holds_until)


class CountryRiskRow(Changing, Base):
    """What the operator's table says of a country: for a category, or for all of them."""

    __tablename__ = "country_risk"
    __table_args__ = (
        UniqueConstraint("country", "category", postgresql_nulls_not_distinct=True),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("holds_until >= as_of", name="holds"),
        Index("ix_country_risk_category", "category", "id"),
        Index("ix_country_risk_points", "points", "id"),
        Index("ix_country_risk_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    country: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    points: Mapped[Decimal] = mapped_column(POINTS)
    source: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    holds_until: Mapped[date]

    def counted(self) -> CountryRisk:
        """Return it as it counts."""
        for_what = "all categories" if self.category is None else self.category
        reading = Reading(
            points=self.points,
            source=self.source,
            as_of=self.as_of,
            holds_until=self.holds_until,
            because=f"{self.country}, {for_what}",
        )
        return CountryRisk(self.country, self.category, reading)


class _Assessed:
    """What an assessment came to, and all that it is made of."""

    number: Mapped[int]
    level: Mapped[str | None] = mapped_column(Text)
    uncapped_level: Mapped[str | None] = mapped_column(Text)
    overall: Mapped[Decimal | None] = mapped_column(POINTS)
    share_known: Mapped[int]
    caps: Mapped[list[str]] = mapped_column(ARRAY(Text))
    policy_version: Mapped[int]
    factors: Mapped[list[dict[str, Any]]]
    assessed_for: Mapped[date]
    assessed_at: Mapped[datetime]
    assessed_by: Mapped[str] = mapped_column(Text)

    def said(self) -> dict[str, Any]:
        """Return what it says."""
        return {name: getattr(self, name) for name in SHOWN}


class SupplierRisk(_Assessed, Changing, Base):
    """How risky a supplier is now, as it was assessed last."""

    __tablename__ = "supplier_risk"
    __table_args__ = (
        CheckConstraint(LEVELS, name="level"),
        CheckConstraint("share_known BETWEEN 0 AND 100", name="share_known"),
        Index("ix_supplier_risk_level", "level", "supplier_id"),
        Index("ix_supplier_risk_capped", text("(caps <> '{}')"), "supplier_id"),
        Index("ix_supplier_risk_overall", text("coalesce(overall, -1.0)"), "supplier_id"),
        Index("ix_supplier_risk_changes_on", "changes_on", "supplier_id"),
        Index("ix_supplier_risk_policy_version", "policy_version", "supplier_id"),
        Index("ix_supplier_risk_changed_in", "changed_in", "supplier_id"),
    )

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    changes_on: Mapped[date | None]

    def assessed(self) -> dict[str, Any]:
        """Return all of the last assessment."""
        return {"supplier_id": self.supplier_id} | {name: getattr(self, name) for name in WHEN} | self.said()

    def changed(self, former: RiskLevel | None, by: str) -> SupplierRiskChanged:
        """Return what the world learns when its level or its caps are others."""
        return SupplierRiskChanged(
            supplier_id=self.supplier_id,
            assessment=self.number,
            level=self.level,
            former_level=former,
            overall=self.overall,
            share_known=self.share_known,
            caps=tuple(self.caps),
            factors=tuple(FactorInEvent.model_validate(one) for one in self.factors),
            policy_version=self.policy_version,
            assessed_for=self.assessed_for,
            assessed_by=by,
        )


class RiskAssessment(_Assessed, Base):
    """One assessment of a supplier: the database lets none be changed or taken away."""

    __tablename__ = "risk_assessment"

    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    @classmethod
    def of(cls, risk: SupplierRisk) -> Self:
        """Return a risk as it is now, to be kept."""
        return cls(**risk.assessed())


class RiskProgress(Base):
    """How far changes of suppliers have been looked at: one row."""

    __tablename__ = "risk_progress"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    incarnation: Mapped[str] = mapped_column(Text)
    changed_in: Mapped[int] = mapped_column(BigInteger)
    supplier_id: Mapped[UUID]


def shown(assessment: Assessment, policy_version: int) -> dict[str, Any]:
    """Return an assessment as it is kept."""
    factors = []
    for one in assessment.factors:
        reading = one.reading
        factors.append(
            {
                "factor": one.factor.value,
                "standing": one.standing.value,
                "weight": one.weight,
                "points": None if reading is None else str(rounded(reading.points, 1)),
                "contribution": None if one.contribution is None else str(one.contribution),
                "source": None if reading is None else reading.source,
                "as_of": None if reading is None else reading.as_of.isoformat(),
                "holds_until": None
                if reading is None or reading.holds_until is None
                else reading.holds_until.isoformat(),
                "because": None if reading is None else reading.because,
            }
        )
    return {
        "level": assessment.level,
        "uncapped_level": assessment.uncapped_level,
        "overall": assessment.overall,
        "share_known": assessment.share_known,
        "caps": [cap.value for cap in assessment.caps],
        "policy_version": policy_version,
        "factors": factors,
    }
