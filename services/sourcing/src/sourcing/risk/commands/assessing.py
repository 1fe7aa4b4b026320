"""Assesses the risk of suppliers: in what changes it, soon after a neighbour did, and as days pass."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from purveyor import policies
from purveyor.changes import look
from purveyor.db import Transaction
from purveyor.policies import Version
from purveyor_messaging.outbox import record
from sourcing.risk import store
from sourcing.risk.model import RiskAssessment, SupplierRisk, shown
from sourcing.risk.queries import RISK, ConfirmedHits, KnownOfRisk, known_of
from sourcing.risk.rules.assessing import Assessment, RiskLevel, assess
from sourcing.risk.rules.policy import RiskPolicy
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import Status
from sourcing.suppliers.store.rows import changed_behind, lock_suppliers

AT_ONCE = 200
GONE = frozenset({Status.MERGED, Status.WITHDRAWN})


async def assess_suppliers(
    tx: Transaction, ids: Collection[UUID], on: date, confirmed: ConfirmedHits
) -> Sequence[SupplierRisk]:
    """Assess suppliers for a day, locking them; → SupplierRiskChanged where a level or a cap is another.

    What says the same as before is not kept again. One of which nothing is known gets no assessment, and one
    that was merged or withdrawn has no risk any more: of it the history is left.
    """
    locked = await lock_suppliers(tx, ids)
    suppliers = [supplier for supplier in locked if supplier.status not in GONE]
    await store.forget(tx, [supplier.id for supplier in locked if supplier.status in GONE])
    policy = (await policies.history(tx, RISK)).in_force(on)
    known = await known_of(tx, suppliers, policy.value, on, confirmed)
    risks = await store.risks_of(tx, [supplier.id for supplier in suppliers])
    found = []
    for supplier in suppliers:
        risk = risks.get(supplier.id)
        before = None if risk is None or risk.uncapped_level is None else RiskLevel(risk.uncapped_level)
        assessment = assess_one(known[supplier.id], policy.value, on, before)
        if risk is None:
            if not known[supplier.id].readings and not assessment.caps:
                continue
            risk = SupplierRisk(supplier_id=supplier.id, number=0, level=None, caps=[], factors=[])
            tx.session.add(risk)
        _keep(tx, supplier, risk, assessment, policy, on)
        risk.changes_on = first_of(assessment.changes_on, known[supplier.id].looked_at_on)
        found.append(risk)
    await tx.flush()
    return found


def assess_one(known: KnownOfRisk, policy: RiskPolicy, on: date, before: RiskLevel | None) -> Assessment:
    """Return the risk that comes of what is known."""
    return assess(known.readings, known.caps, policy, on, before)


def _keep(
    tx: Transaction,
    supplier: Supplier,
    risk: SupplierRisk,
    assessment: Assessment,
    policy: Version[RiskPolicy],
    on: date,
) -> None:
    said = shown(assessment, policy.number)
    risk.assessed_for = on
    if risk.number > 0 and risk.said() == said:
        return
    former = None if risk.level is None else RiskLevel(risk.level)
    told_anew = (risk.level, risk.caps) != (said["level"], said["caps"])
    before = {"level": risk.level, "caps": list(risk.caps)}
    for name, value in said.items():
        setattr(risk, name, value)
    risk.number, risk.assessed_at, risk.assessed_by = risk.number + 1, tx.now, tx.actor
    tx.session.add(RiskAssessment.of(risk))
    if told_anew:
        record(tx, supplier, risk.changed(former, tx.actor))
        after = {"level": risk.level, "caps": risk.caps, "assessment": risk.number}
        tx.audit("assess", "supplier_risk", supplier.id, before=before, after=after)


def first_of(*days: date | None) -> date | None:
    """Return the first of some days."""
    return min((day for day in days if day is not None), default=None)


async def assess_due(tx: Transaction, on: date, confirmed: ConfirmedHits) -> None:
    """Assess all suppliers of whom something does not hold any more, or by another policy than holds."""
    version = (await policies.history(tx, RISK)).in_force(on).number
    last: UUID | None = None
    while ids := await store.due(tx, on, version, last, AT_ONCE):
        last = ids[-1]
        await assess_suppliers(tx, ids, on, confirmed)
        tx.session.expunge_all()  # of a million suppliers, only some are held at once


async def follow(tx: Transaction, confirmed: ConfirmedHits) -> bool:
    """Assess some suppliers that changed since, or that are due; returns whether there may be more.

    Changes are followed in the order of the transactions that made them, and only those of which all have
    ended: none is missed, and one that is met twice is found as it was.
    """
    horizon = await look(tx.connection)
    at = await store.progress(tx)
    if at.incarnation != horizon.incarnation or at.changed_in > horizon.begun_before:
        at.incarnation, at.changed_in, at.supplier_id = horizon.incarnation, 0, UUID(int=0)
    place = (at.changed_in, at.supplier_id)
    changed = await changed_behind(tx, *place, horizon.ended_before, AT_ONCE)
    if changed:
        at.changed_in, at.supplier_id = changed[-1]
        await assess_suppliers(tx, {supplier_id for _, supplier_id in changed}, tx.day, confirmed)
        return True
    version = (await policies.history(tx, RISK)).in_force(tx.day).number
    ids = await store.due(tx, tx.day, version, None, AT_ONCE)
    await assess_suppliers(tx, ids, tx.day, confirmed)
    return len(ids) == AT_ONCE
