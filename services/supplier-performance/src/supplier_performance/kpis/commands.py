"""Drafting versions of KPIs, and activating them by another than who drafted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.due import store as due
from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis.model import DefinedKpi, KpiVersion
from supplier_performance.kpis.rules.checks import check
from supplier_performance.kpis.rules.kpi import Kpi, Status
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.store import versions

ACTIVATED_BY_ANOTHER = "Who wrote any of a definition does not activate it: ask a colleague."
"""Why its authors do not let a KPI count (COSO: segregation of duties)."""
KPI = "kpi"


async def draft(tx: Transaction, stated: Kpi) -> KpiVersion:
    """Draft a KPI, or the next version of one; raises ConflictError while one is drafted."""
    check(stated.definition, KINDS)
    await versions.lock_code(tx, stated.code)
    kpi = await versions.defined(tx, stated.code)
    if kpi is None:
        kpi = DefinedKpi(id=new_id(), code=stated.code)
        tx.session.add(kpi)
        await tx.flush()
    written = await versions.versions(tx, stated.code)
    if written and written[0].status == Status.DRAFT:
        why = f"Version {written[0].number} of {stated.code} is drafted already: change that one."
        raise ConflictError("kpi_drafted", why, number=written[0].number)
    number = written[0].number + 1 if written else 1
    version = KpiVersion(kpi_id=kpi.id, number=number, status=Status.DRAFT.value, drafted_at=tx.now)
    version.state(replace(stated, number=number), tx.actor)
    tx.session.add(version)
    tx.audit("draft", KPI, stated.code, after=_audited(version))
    await tx.flush()
    return version


async def change(tx: Transaction, number: int, seen: Seen, stated: Kpi) -> KpiVersion:
    """State a draft anew, all of it; what was activated never changes."""
    check(stated.definition, KINDS)
    _, version = await _locked(tx, stated.code, number, seen)
    before = _audited(version)
    version.state(stated, tx.actor)
    tx.audit("change", KPI, stated.code, before=before, after=_audited(version))
    await tx.flush()
    return version


async def activate(tx: Transaction, code: str, number: int, seen: Seen) -> KpiVersion:
    """Let figures be made by a version that others drafted, instead of the one before it."""
    kpi, version = await _locked(tx, code, number, seen)
    expect_another(tx.actor, version.authors, ACTIVATED_BY_ANOTHER)
    check(version.kpi(code).definition, KINDS)
    previous = next((one for one in await versions.versions(tx, code) if one.status == Status.ACTIVE), None)
    before = 0 if code in SHIPPED else None
    if previous is not None:
        before, previous.status = previous.number, Status.SUPERSEDED.value
        await tx.flush()  # one version is in force at most, at every moment
    defined = version.activate(code, before, tx.actor, tx.now)
    record(tx, kpi, defined)
    tx.audit("activate", KPI, code, before={"number": before}, after=_audited(version))
    await tx.flush()
    for supplier_id in await deliveries.suppliers_with_lines(tx):
        due.note(tx, supplier_id, tx.now)  # scorecards whose templates name it are made anew
    return version


async def _locked(tx: Transaction, code: str, number: int, seen: Seen) -> tuple[DefinedKpi, KpiVersion]:
    await versions.lock_code(tx, code)
    kpi = await versions.defined(tx, code)
    found = {one.number: one for one in await versions.versions(tx, code)}
    if kpi is None or number not in found:
        raise NotFoundError("kpi version", f"{number} of {code}")
    expect_version(found[number], seen)
    return kpi, found[number]


def _audited(version: KpiVersion) -> dict[str, Any]:
    names = ("number", "title", "formula", "standard", "definition")
    return {name: getattr(version, name) for name in names}
