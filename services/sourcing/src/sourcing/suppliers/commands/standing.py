"""Where a supplier stands: submitted, approved, rejected, suspended, reinstated, terminated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen
from purveyor_messaging.outbox import record
from sourcing.categories.queries import ancestors_of_each, expect_in_use
from sourcing.suppliers.commands.trail import audit, audited_status, invalid, lock_as_seen, lock_to_decide
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.exceptions import Unqualified, check_exception
from sourcing.suppliers.rules.identity import CONFIRMED_BY_ANOTHER
from sourcing.suppliers.rules.qualification import (
    APPROVED_BY_ANOTHER,
    Move,
    in_force,
    not_offered,
    shortened,
)

AnswerReview = Callable[[Transaction, Supplier, str, str | None], Awaitable[None]]
"""Answers the open review of a supplier that is about to be terminated, if there is one."""

FindUnqualified = Callable[[Transaction, UUID, Sequence[str], date], Awaitable[Sequence[Unqualified]]]
"""Returns the categories that a supplier would be approved for without being qualified through a day."""


async def submit(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    """Hand a supplier in for qualification, once what qualification looks at is known."""
    supplier = await lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.SUBMIT)
    errors = []
    if supplier.country is None:
        errors.append(FieldError("/country", "Say first which country the supplier is in, such as DE."))
    if not supplier.categories:
        errors.append(FieldError("/categories", "Name first at least one category that it offers."))
    if errors:
        raise InvalidError("details_missing", " ".join(error.detail for error in errors), errors=errors)
    before = audited_status(supplier)
    supplier.submit()
    supplier.note_author(tx.actor)
    tx.audit("submit", "supplier", supplier.id, before=before, after=audited_status(supplier))
    return supplier


async def approve(
    tx: Transaction,
    supplier_id: UUID,
    seen: Seen,
    categories: Sequence[str],
    expires_on: date,
    find_unqualified: FindUnqualified,
    exception_reason: str | None = None,
) -> Supplier:
    """Allow orders to a supplier in these categories through that day.

    Approving it again adds categories, or moves the day of those it is approved for. Where a questionnaire
    is required that it has not qualified by, it is approved by exception, with a reason, or not at all.
    """
    supplier = await lock_as_seen(tx, supplier_id, seen)
    await _expect_approvable(tx, supplier, categories, expires_on)
    unqualified = await find_unqualified(tx, supplier_id, categories, expires_on)
    check_exception(unqualified, categories, expires_on, exception_reason)
    exceptions = {one.category: exception_reason for one in unqualified if exception_reason is not None}
    against = {one.category: list(one.rejected) for one in unqualified if one.rejected}
    _approve(tx, supplier, categories, expires_on, exceptions, against)
    return supplier


async def approve_locked(
    tx: Transaction, supplier: Supplier, categories: Sequence[str], expires_on: date
) -> None:
    """Approve a supplier that the caller has locked, and knows to be qualified."""
    await _expect_approvable(tx, supplier, categories, expires_on)
    _approve(tx, supplier, categories, expires_on, {})


async def _expect_approvable(
    tx: Transaction, supplier: Supplier, categories: Sequence[str], expires_on: date
) -> None:
    supplier.expect_possible(Move.APPROVE)
    expect_another(tx.actor, supplier.authors, APPROVED_BY_ANOTHER)
    if not in_force(expires_on, tx.now.date()):
        raise invalid("expired", "/expires_on", f"The approval would have ended on {expires_on} already.")
    unknown = not_offered(categories, supplier.categories, await ancestors_of_each(tx, categories))
    if unknown:
        positions = [position for position, category in enumerate(categories) if category in unknown]
        offered = ", ".join(supplier.categories) or "nothing"
        raise InvalidError(
            "category_not_offered",
            f"The supplier offers {offered}, not {', '.join(unknown)}.",
            errors=[FieldError(f"/categories/{position}", f"It offers {offered}.") for position in positions],
        )
    kept = {
        approval.category
        for approval in supplier.approvals
        if shortened(approval.expires_on, expires_on, tx.now.date())
    }
    await expect_in_use(tx, categories, "/categories", but=kept)


def _approve(
    tx: Transaction,
    supplier: Supplier,
    categories: Sequence[str],
    expires_on: date,
    exceptions: Mapping[str, str],
    against: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    before = audited_status(supplier)
    record(tx, supplier, supplier.approve(categories, expires_on, tx.actor, tx.now))
    for approval in supplier.approvals:
        if approval.category in categories:
            approval.exception_reason = exceptions.get(approval.category)
    after = audited_status(supplier) | ({"exceptions": dict(exceptions)} if exceptions else {})
    after |= {"rejected_cases": dict(against)} if against else {}
    tx.audit("approve", "supplier", supplier.id, before=before, after=after)


async def reject(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Refuse a supplier's qualification."""
    supplier = await lock_to_decide(tx, supplier_id, seen)
    before = audited_status(supplier)
    record(tx, supplier, supplier.reject(reason, told, tx.actor))
    audit(tx, "reject", supplier, before, reason)
    return supplier


async def suspend(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Stop new orders to a supplier. An open review stays open: whether to end the relation is undecided."""
    supplier = await lock_to_decide(tx, supplier_id, seen)
    suspend_locked(tx, supplier, reason, told)
    return supplier


async def reinstate(
    tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None
) -> Supplier:
    """Allow orders to a suspended supplier again: by another than who has changed who it is meanwhile."""
    supplier = await lock_to_decide(tx, supplier_id, seen)
    supplier.expect_possible(Move.REINSTATE)
    expect_another(tx.actor, supplier.unconfirmed_by, CONFIRMED_BY_ANOTHER)
    before = audited_status(supplier)
    record(tx, supplier, *supplier.reinstate(reason, told, tx.actor, tx.now.date()))
    audit(tx, "reinstate", supplier, before, reason)
    return supplier


async def terminate(
    tx: Transaction,
    supplier_id: UUID,
    seen: Seen,
    reason: str,
    told: str | None,
    answer_review: AnswerReview,
) -> Supplier:
    """End the relation with a supplier, which answers its open review too: nothing is left to decide."""
    supplier = await lock_to_decide(tx, supplier_id, seen)
    supplier.expect_possible(Move.TERMINATE)
    await answer_review(tx, supplier, reason, told)
    terminate_locked(tx, supplier, reason, told)
    return supplier


def suspend_locked(tx: Transaction, supplier: Supplier, reason: str, told: str | None) -> None:
    """Suspend a supplier that the caller has locked."""
    before = audited_status(supplier)
    record(tx, supplier, supplier.suspend(reason, told, tx.actor))
    audit(tx, "suspend", supplier, before, reason)


def terminate_locked(tx: Transaction, supplier: Supplier, reason: str, told: str | None) -> None:
    """Terminate a supplier that the caller has locked."""
    before = audited_status(supplier)
    record(tx, supplier, supplier.terminate(reason, told, tx.actor))
    audit(tx, "terminate", supplier, before, reason)
