"""Versions of alert rules, and alerts: what rang, of whom, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.errors import ConflictError
from purveyor_contract.events.supplier_performance.alerts import KpiBreached, KpiRecovered, OpenAlert
from purveyor_messaging.outbox import Aggregate
from supplier_performance.alerts.rules.grammar import Severity, WatchRule
from supplier_performance.alerts.rules.moves import MOVES, Move, RuleStatus, Status
from supplier_performance.database import Base


class AlertRuleVersion(Authored, Base):
    """A version of an alert rule: drafted, tried on history, activated by another than who drafted it."""

    __tablename__ = "alert_rule_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(column("status", Text).in_(RuleStatus), name="status"),
        CheckConstraint("(tried_at IS NULL) = (trial IS NULL)", name="tried"),
        CheckConstraint(
            "(status = 'draft') = (activated_by IS NULL) AND (activated_by IS NULL) = (activated_at IS NULL) "
            "AND (status = 'draft' OR tried_at IS NOT NULL)",
            name="activated",
        ),
        decided_by_another("activated_by_another", by="activated_by"),
        Index("uq_alert_rule_version_draft", "code", unique=True, postgresql_where=text("status = 'draft'")),
        Index(
            "uq_alert_rule_version_active", "code", unique=True, postgresql_where=text("status = 'active'")
        ),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(Text, default=RuleStatus.DRAFT.value)
    title: Mapped[str] = mapped_column(Text)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    drafted_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    trial: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    activated_by: Mapped[str | None] = mapped_column(Text)
    activated_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # typed by SQLAlchemy

    @property
    def rule(self) -> WatchRule:
        """What it says."""
        return WatchRule.model_validate(self.definition)

    def state(self, title: str, rule: WatchRule, by: str) -> None:
        """Say what it says anew, untried; raises ConflictError for what is no draft any more."""
        self._expect(RuleStatus.DRAFT)
        self.title, self.definition = title, rule.model_dump(mode="json")
        self.tried_at = self.trial = None
        self.note_author(by)

    def keep_trial(self, trial: dict[str, Any], at: datetime) -> None:
        """Keep how it would have done."""
        self._expect(RuleStatus.DRAFT)
        self.trial, self.tried_at = trial, at

    def activate(self, by: str, at: datetime) -> None:
        """Let it ring; raises ConflictError for what was not tried as it is now."""
        self._expect(RuleStatus.DRAFT)
        if self.tried_at is None:
            why = f"Version {self.number} of {self.code} was not tried on history as it is now."
            raise ConflictError("rule_untried", why)
        self.status, self.activated_by, self.activated_at = RuleStatus.ACTIVE.value, by, at

    def retire(self) -> None:
        """Let it ring no more."""
        self._expect(RuleStatus.ACTIVE)
        self.status = RuleStatus.RETIRED.value

    def _expect(self, status: RuleStatus) -> None:
        if self.status != status:
            why = f"Version {self.number} of {self.code} is {self.status}, and no {status}."
            raise ConflictError("wrong_state", why, allowed=[])


class Alert(Aggregate, Changing, Base):
    """That a rule rang for a supplier: once, until the KPI has recovered, whatever people do meanwhile."""

    __tablename__ = "alert"
    __table_args__ = (
        ForeignKeyConstraint(
            ["rule", "rule_number"],
            ["alert_rule_version.code", "alert_rule_version.number"],
            name="fk_alert_rule_alert_rule_version",
        ),
        CheckConstraint(column("severity", Text).in_(Severity), name="severity"),
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint("breached = (recovered_on IS NULL)", name="recovered"),
        CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="acknowledged"),
        CheckConstraint(
            "num_nonnulls(resolved_by, resolved_at, resolution) IN (0, 3) "
            "AND (status = 'resolved') = (resolved_by IS NOT NULL)",
            name="resolved",
        ),
        Index(
            "uq_alert_breached",
            "rule",
            "supplier_id",
            "currency",
            "unit",
            unique=True,
            postgresql_where=text("breached"),
        ),
        Index("ix_alert_supplier_id", "supplier_id", "id"),
        Index("ix_alert_rule", "rule", "id"),
        Index("ix_alert_status", "status", "id"),
        Index("ix_alert_owner", "owner", "id"),
        Index("ix_alert_severity", "severity", "id"),
        Index("ix_alert_rung_on", "rung_on", "id"),
        Index("ix_alert_changed_in", "changed_in", "id"),
    )

    rule: Mapped[str] = mapped_column(Text)
    rule_number: Mapped[int]
    kpi: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(Text)
    """Empty where the figure is of no money."""
    unit: Mapped[str] = mapped_column(Text)
    """Empty where the figure is of no quantity."""
    severity: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default=Status.OPEN.value)
    breached: Mapped[bool] = mapped_column(default=True)
    rung_on: Mapped[date]
    seen_on: Mapped[date]
    """When it was judged last."""
    recovered_on: Mapped[date | None]
    period: Mapped[str] = mapped_column(Text)
    window_from: Mapped[date]
    window_to: Mapped[date]
    value: Mapped[Decimal | None]
    because: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    snoozed_until: Mapped[date | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    acknowledged_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(Text)
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(Text)

    def see(self, on: date, period: str, window: tuple[date, date], value: Decimal | None, why: str) -> None:
        """Note what was found when it was judged."""
        self.seen_on, self.period, self.value, self.because = on, period, value, why
        self.window_from, self.window_to = window

    def breach(self) -> KpiBreached:
        """Return the event that it rang."""
        return KpiBreached(**self._said(), owner=self.owner)

    def recover(self, on: date) -> KpiRecovered:
        """Note that the KPI is as it should be; what nobody resolved is recovered."""
        self.breached, self.recovered_on = False, on
        if self.status != Status.RESOLVED:
            self.status = Status.RECOVERED.value
        return KpiRecovered(**self._said())

    def acknowledge(self, by: str, at: datetime) -> None:
        """Note who has seen it; whom nobody had named is its owner."""
        self.expect(Move.ACKNOWLEDGE)
        self.status, self.acknowledged_by, self.acknowledged_at = Status.ACKNOWLEDGED.value, by, at
        self.owner = self.owner or by

    def resolve(self, resolution: str, by: str, at: datetime) -> None:
        """Note what was done about it."""
        self.expect(Move.RESOLVE)
        self.status = Status.RESOLVED.value
        self.resolution, self.resolved_by, self.resolved_at = resolution, by, at

    def expect(self, move: Move) -> None:
        """Raise ConflictError for a move that is not allowed where it stands."""
        allowed = MOVES[Status(self.status)]
        if move not in allowed:
            raise ConflictError(
                "wrong_state", f"The alert is {self.status}.", allowed=[one.value for one in allowed]
            )

    def in_brief(self) -> OpenAlert:
        """Return what an event says of it beside others."""
        return OpenAlert(
            alert_id=self.id, rule=self.rule, kpi=self.kpi, severity=self.severity, because=self.because
        )

    def _said(self) -> dict[str, Any]:
        names = ("supplier_id", "rule", "rule_number", "kpi", "severity", "period", "value", "because")
        said = {name: getattr(self, name) for name in names}
        of = {"currency": self.currency or None, "unit": self.unit or None}
        return said | of | {"alert_id": self.id, "judged_for": self.seen_on}
