"""Alerts and rules in SQL: versions of a rule, what is active, what is in breach, one to change, many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find, whether
from purveyor.texts import Code, Name
from supplier_performance.alerts.model import Alert, AlertRuleVersion
from supplier_performance.alerts.rules.grammar import Severity
from supplier_performance.alerts.rules.moves import RuleStatus, Status

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('alert rule ' || $1, 0))"
ALERTS = Listing(
    name="alerts",
    id=Alert.id,
    filters=(
        equal("status", Status, Alert.status, "Where it stands", example="open"),
        equal("rule", Code, Alert.rule, "By which rule it rang", example="late-lately"),
        equal("supplier_id", UUID, Alert.supplier_id, "Whom it is about"),
        equal("owner", Name, Alert.owner, "Who sees to it", example="bea.buyer"),
        equal("severity", Severity, Alert.severity, "How grave it is", example="critical"),
        whether("breached", Alert.breached, "Whether the KPI has not recovered"),
        *between("rung", Day, Alert.rung_on, "Rung on this day"),
    ),
    sorts=both_ways("rung", Alert.rung_on, Alert.id)[::-1],
    changed=Alert.changed_in,
)


async def lock_code(tx: Transaction, code: str) -> None:
    """Let nobody else draft, try or activate a version of a rule meanwhile."""
    await tx.connection.execute(LOCK, code)


async def versions(tx: Transaction, code: str) -> Sequence[AlertRuleVersion]:
    """Return every version of a rule, the newest first; none where there is no such rule."""
    statement = select(AlertRuleVersion).where(AlertRuleVersion.code == code)
    return (await tx.session.scalars(statement.order_by(AlertRuleVersion.number.desc()))).all()


async def active(tx: Transaction) -> Sequence[AlertRuleVersion]:
    """Return the rules that ring, by code."""
    statement = select(AlertRuleVersion).where(AlertRuleVersion.status == RuleStatus.ACTIVE.value)
    return (await tx.session.scalars(statement.order_by(AlertRuleVersion.code))).all()


async def in_breach(tx: Transaction, rule: str) -> Sequence[Alert]:
    """Return the alerts of a rule whose KPI has not recovered, locked in the order of their ids."""
    statement = select(Alert).where(Alert.rule == rule, Alert.breached).order_by(Alert.id)
    return (await tx.session.scalars(statement.with_for_update())).all()


async def pressing(tx: Transaction, on: date, suppliers: Sequence[UUID] | None = None) -> Sequence[Alert]:
    """Return alerts that nobody has resolved or snoozed, and whose KPI has not recovered."""
    statement = select(Alert).where(
        Alert.breached,
        Alert.status != Status.RESOLVED.value,
        or_(Alert.snoozed_until.is_(None), Alert.snoozed_until < on),
    )
    if suppliers is not None:
        statement = statement.where(Alert.supplier_id.in_(suppliers))
    return (await tx.session.scalars(statement.order_by(Alert.id))).all()


async def get(tx: Transaction, alert_id: UUID) -> Alert:
    """Return an alert; raises NotFoundError."""
    return _found(alert_id, await tx.session.get(Alert, alert_id))


async def lock(tx: Transaction, alert_id: UUID) -> Alert:
    """Return an alert that nobody else changes meanwhile; raises NotFoundError."""
    return _found(alert_id, await lock_if_any(tx, alert_id))


async def lock_if_any(tx: Transaction, alert_id: UUID) -> Alert | None:
    """Lock an alert, if there is one with this id."""
    return await tx.session.get(Alert, alert_id, with_for_update=True, populate_existing=True)


async def find_alerts(tx: Transaction, asked: Asked) -> Found[Alert]:
    """Return a page of alerts."""
    return await find(tx, select(Alert), asked)


def _found(alert_id: UUID, alert: Alert | None) -> Alert:
    if alert is None:
        raise NotFoundError("alert", alert_id)
    return alert
