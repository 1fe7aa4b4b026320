"""What every command on a case does: lock its supplier and it, note it in the trail, tell what of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ForbiddenError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.qualification import (
    QualificationCondition,
    SupplierQualificationConditioned,
)
from purveyor_contract.roles import Role
from sourcing.qualification import queries, store
from sourcing.qualification.model import Condition, QualificationCase
from sourcing.qualification.rules.evaluating import (
    CONFLICTED,
    GIVEN_BACK_BY_ANOTHER,
    conflicted,
    is_complete,
)
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


async def expect_may_take_back(
    tx: Transaction, supplier: Supplier, case: QualificationCase, by: Principal
) -> None:
    """Raise ForbiddenError for who may not undo what a supplier handed in, and others have judged.

    No author of the supplier may, nor who declared a conflict; once all marks are there, who decides does.
    """
    if case.submitted_at is None:
        return
    expect_another(tx.actor, supplier.authors, GIVEN_BACK_BY_ANOTHER)
    expect_another(tx.actor, conflicted(case.parts), CONFLICTED)
    policy = await queries.policy(tx, tx.day, case.category)
    if is_complete(case.parts, policy.value.least_evaluators) and Role.CATEGORY_MANAGER not in by.roles:
        needed = [Role.CATEGORY_MANAGER.value]
        detail = "All marks are there, which say how it will be decided: a category manager decides it."
        raise ForbiddenError("role_required", detail, roles=needed)


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
