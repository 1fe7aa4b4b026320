"""Alert rules: drafted, tried on history, activated by another than who drafted, retired."""

from __future__ import annotations

from datetime import date
from typing import Any

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from supplier_performance.alerts import queries, store
from supplier_performance.alerts.model import AlertRuleVersion
from supplier_performance.alerts.rules.grammar import Threshold, WatchRule
from supplier_performance.alerts.rules.judging import is_worse
from supplier_performance.alerts.rules.moves import RuleStatus
from supplier_performance.alerts.rules.trial import Tried
from supplier_performance.categories.queries import category_called
from supplier_performance.kpis import queries as kpis
from supplier_performance.kpis.rules.kpi import Kpi

ACTIVATED_BY_ANOTHER = "Who wrote any of a rule does not activate it: ask a colleague."
"""Why its authors do not let a rule ring (COSO: segregation of duties)."""
RULE = "alert_rule"
SHOWN_RINGS = 100


async def draft(tx: Transaction, code: str, title: str, rule: WatchRule) -> AlertRuleVersion:
    """Draft a rule, or the next version of one; raises ConflictError while one is drafted."""
    await check(tx, rule)
    await store.lock_code(tx, code)
    written = await store.versions(tx, code)
    if written and written[0].status == RuleStatus.DRAFT:
        why = f"Version {written[0].number} of {code} is drafted already: change that one."
        raise ConflictError("rule_drafted", why, number=written[0].number)
    number = written[0].number + 1 if written else 1
    version = AlertRuleVersion(code=code, number=number, status=RuleStatus.DRAFT.value, drafted_at=tx.now)
    version.state(title, rule, tx.actor)
    tx.session.add(version)
    tx.audit("draft", RULE, code, after=_audited(version))
    await tx.flush()
    return version


async def change(
    tx: Transaction, code: str, number: int, seen: Seen, title: str, rule: WatchRule
) -> AlertRuleVersion:
    """State a draft anew, all of it; what it was tried as before does not count any more."""
    await check(tx, rule)
    version = await _locked(tx, code, number, seen)
    before = _audited(version)
    version.state(title, rule, tx.actor)
    tx.audit("change", RULE, code, before=before, after=_audited(version))
    await tx.flush()
    return version


async def try_on_history(
    tx: Transaction, code: str, number: int, seen: Seen, first: date, last: date
) -> AlertRuleVersion:
    """Say how often a draft would have rung, and how often rightly; it is activated only after that."""
    version = await _locked(tx, code, number, seen)
    rule = version.rule
    kpi = await check(tx, rule)
    found = await queries.tried(tx, rule, kpi, first, last)
    version.keep_trial(_kept(found, kpi, first, last), tx.now)
    tx.audit("try", RULE, code, after={"number": number, "rings": len(found.rings)})
    await tx.flush()
    return version


async def activate(tx: Transaction, code: str, number: int, seen: Seen) -> AlertRuleVersion:
    """Let a version ring that others wrote and that was tried, instead of the one before it."""
    version = await _locked(tx, code, number, seen)
    expect_another(tx.actor, version.authors, ACTIVATED_BY_ANOTHER)
    await check(tx, version.rule)
    for one in await store.versions(tx, code):
        if one.status == RuleStatus.ACTIVE:
            one.status = RuleStatus.SUPERSEDED.value
            await tx.flush()  # one version is active at most, at every moment
    version.activate(tx.actor, tx.now)
    tx.audit("activate", RULE, code, after=_audited(version))
    await tx.flush()
    return version


async def retire(tx: Transaction, code: str, number: int, seen: Seen) -> AlertRuleVersion:
    """Let a rule ring no more; what rang stays, and recovers no more by itself."""
    version = await _locked(tx, code, number, seen)
    version.retire()
    tx.audit("retire", RULE, code, after={"number": number})
    await tx.flush()
    return version


async def check(tx: Transaction, rule: WatchRule) -> Kpi:
    """Return the KPI that a rule watches; raises InvalidError for a rule that makes no sense."""
    try:
        kpi = await kpis.kpi_in_force(tx, rule.kpi)
    except NotFoundError:
        raise _wrong("kpi_unknown", "/rule/kpi", f"There is no KPI {rule.kpi}: see GET /v1/kpis.") from None
    if rule.scope.category is not None:
        try:
            await category_called(tx, rule.scope.category)
        except NotFoundError:
            why = f"Sourcing has told of no category {rule.scope.category}."
            raise _wrong("category_unknown", "/rule/scope/category", why) from None
    for kind in kpis.kinds_of(kpi):
        for name in ("category", "site", "business_unit"):
            if getattr(rule.scope, name) is not None and name not in kind.by_name:
                why = f"{kind.name} have no {name}: see GET /v1/facts."
                raise _wrong("kpi_not_told_apart", f"/rule/scope/{name}", why)
    test, direction = rule.test, kpi.definition.direction
    if isinstance(test, Threshold) and is_worse(test.recover_at, test.breach_at, direction):
        why = (
            f"Of {rule.kpi} {direction} is better: {test.recover_at} would be recovered, and is worse than "
            f"{test.breach_at}, at which it breaches."
        )
        raise _wrong("hysteresis_reversed", "/rule/test/recover_at", why)
    return kpi


async def _locked(tx: Transaction, code: str, number: int, seen: Seen) -> AlertRuleVersion:
    await store.lock_code(tx, code)
    found = {one.number: one for one in await store.versions(tx, code)}
    if number not in found:
        raise NotFoundError("alert rule version", f"{number} of {code}")
    expect_version(found[number], seen)
    return found[number]


def _kept(found: Tried, kpi: Kpi, first: date, last: date) -> dict[str, Any]:
    shown = [
        {
            "supplier_id": ring.of[0],
            "currency": ring.of[1] or None,
            "unit": ring.of[2] or None,
            "period": ring.key,
            "because": ring.because,
            "rightly": ring.rightly,
        }
        for ring in found.rings[:SHOWN_RINGS]
    ]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "kpi_number": kpi.number,
        "periods": found.periods,
        "suppliers": found.suppliers,
        "rings": len(found.rings),
        "rightly": found.count(rightly=True),
        "wrongly": found.count(rightly=False),
        "untold": found.count(rightly=None),
        "first_rings": shown,
    }


def _audited(version: AlertRuleVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in ("number", "title", "definition")}


def _wrong(code: str, pointer: str, detail: str) -> InvalidError:
    return InvalidError(code, detail, errors=[FieldError(pointer, detail)])
