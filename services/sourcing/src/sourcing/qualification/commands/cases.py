"""What every command on a case does: lock its supplier and it, note it in the trail, tell what of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.qualification import (
    QualificationCondition,
    SupplierQualificationConditioned,
)
from sourcing.qualification import store
from sourcing.qualification.model import Condition, QualificationCase
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store.rows import lock_supplier

CASE = "qualification_case"


async def lock_both(tx: Transaction, case_id: UUID, seen: Seen | None) -> tuple[Supplier, QualificationCase]:
    """Lock a case's supplier, then the case; raises PreconditionFailedError unless it is as it was seen."""
    supplier = await lock_supplier(tx, (await store.get_case(tx, case_id)).supplier_id)
    case = await store.lock_case(tx, case_id)
    if seen is not None:
        expect_version(case, seen)
    return supplier, case


def matter(case: QualificationCase) -> dict[str, Any]:
    """Return what every event says of a case."""
    return {
        "supplier_id": case.supplier_id,
        "case_id": case.id,
        "case_number": case.number,
        "category": case.category,
        "region": case.region,
        "site": case.site,
    }


def conditioned(case: QualificationCase, day: date, by: str) -> SupplierQualificationConditioned:
    """Return the event that says on which conditions a supplier is qualified, as they stand on a day."""
    return SupplierQualificationConditioned(
        **matter(case),
        valid_until=case.valid_until,
        result=case.result,
        conditions=tuple(map(_told, case.conditions)),
        overdue=tuple(condition.number for condition in case.overdue(day)),
        reason=case.reason,
        reason_for_supplier=case.reason_for_supplier,
        conditioned_by=by,
    )


def _told(condition: Condition) -> QualificationCondition:
    return QualificationCondition(
        number=condition.number,
        text=condition.wanted,
        owner=condition.owner,
        due_on=condition.due_on,
        met_on=condition.met_on,
    )


def audit(
    tx: Transaction,
    action: str,
    case: QualificationCase,
    before: str | None,
    reason: str | None = None,
    **more: Any,
) -> None:
    """Note what was done to a case in the trail."""
    tx.audit(
        action,
        CASE,
        case.id,
        before=None if before is None else {"status": before},
        after={"status": case.status, "supplier": case.supplier_id} | more,
        reason=reason,
    )
