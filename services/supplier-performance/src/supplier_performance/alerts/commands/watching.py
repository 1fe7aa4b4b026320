"""Watch KPIs: every business date each rule judges the last period that has ended, of every supplier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor_contract.events.supplier_performance.alerts import SupplierAtRisk
from purveyor_messaging.outbox import record
from supplier_performance.alerts import queries, store
from supplier_performance.alerts.model import Alert, AlertRuleVersion
from supplier_performance.alerts.queries import AT_RISK
from supplier_performance.alerts.rules.grammar import Severity
from supplier_performance.alerts.rules.judging import Point, Verdict, judge
from supplier_performance.alerts.rules.moves import Status, is_at_risk
from supplier_performance.alerts.rules.trial import Of
from supplier_performance.kpis import queries as kpis
from supplier_performance.kpis.rules.kpi import begins
from supplier_performance.suppliers import store as suppliers


async def watch_kpis(tx: Transaction, business_date: date) -> None:
    """Let rules ring for suppliers that are in breach, once until they have recovered; say who is at risk."""
    rung: list[Alert] = []
    for version in await store.active(tx):
        rung += await _watch(tx, version, business_date)
    await _tell_of_risk(tx, rung, business_date)
    await tx.flush()


async def _watch(tx: Transaction, version: AlertRuleVersion, on: date) -> list[Alert]:
    rule = version.rule
    kpi = await kpis.kpi_in_force(tx, rule.kpi)
    window = queries.ended(rule.by, on)
    found = await queries.series(tx, rule, kpi, window.last, rule.periods)
    known = await _in_breach(tx, version.code)
    first = begins(window.first, rule.by, rule.rolling - 1)
    rung = []
    for of, points in sorted(found.items()):
        ringing = known.get(of, [])
        verdict = judge(rule, kpi.definition.direction, points, was=bool(ringing))
        if verdict.breached is None or not (ringing or verdict.breached):
            continue
        for alert in ringing or [_alert(version, of, on)]:
            _see(alert, on, points[-1], (first, window.last), verdict)
            if not ringing:
                tx.session.add(alert)
                await tx.flush()
                record(tx, alert, alert.breach())
                tx.audit("ring", "alert", alert.id, after={"rule": alert.rule, "because": alert.because})
                rung.append(alert)
            elif not verdict.breached:
                record(tx, alert, alert.recover(on))
                tx.audit("recover", "alert", alert.id, after={"because": alert.because})
    return rung


async def _in_breach(tx: Transaction, rule: str) -> dict[Of, list[Alert]]:
    """Return a rule's alerts that have not recovered, under who their suppliers are at present."""
    alerts = await store.in_breach(tx, rule)
    present = await suppliers.present(tx, [one.supplier_id for one in alerts])
    found: dict[Of, list[Alert]] = defaultdict(list)
    for one in alerts:
        supplier_id = present.get(one.supplier_id, one.supplier_id)
        found[str(supplier_id), one.currency, one.unit].append(one)
    return found


def _alert(version: AlertRuleVersion, of: Of, on: date) -> Alert:
    rule = version.rule
    supplier_id, currency, unit = of
    return Alert(
        id=new_id(),
        version=1,
        sequence=0,
        rule=version.code,
        rule_number=version.number,
        kpi=rule.kpi,
        supplier_id=UUID(supplier_id),
        currency=currency,
        unit=unit,
        severity=rule.severity.value,
        status=Status.OPEN.value,
        breached=True,
        rung_on=on,
        owner=rule.owner,
    )


def _see(alert: Alert, on: date, point: Point, window: tuple[date, date], verdict: Verdict) -> None:
    alert.see(on, point.key, window, point.value, verdict.because)


async def _tell_of_risk(tx: Transaction, rung: Sequence[Alert], on: date) -> None:
    """Say which suppliers are at risk by what rang now, and were not without it."""
    if not rung:
        return
    policy = (await policies.history(tx, AT_RISK)).in_force(on)
    latest = {alert.supplier_id: alert for alert in rung}
    new = {alert.id for alert in rung}
    pressing = await store.pressing(tx, on, list(latest))
    for supplier_id, alert in latest.items():
        own = [one for one in pressing if one.supplier_id == supplier_id]
        before = [Severity(one.severity) for one in own if one.id not in new]
        now = [Severity(one.severity) for one in own]
        if is_at_risk(now, policy.value) and not is_at_risk(before, policy.value):
            record(
                tx,
                alert,
                SupplierAtRisk(
                    alert_id=alert.id,
                    supplier_id=supplier_id,
                    alerts=tuple(one.in_brief() for one in own),
                    policy_version=policy.number,
                    found_on=on,
                ),
            )
