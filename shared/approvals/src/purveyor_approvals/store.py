"""Approvals in SQL: found, and locked to be decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from purveyor.db import Transaction
from purveyor_approvals.model import Approval, ApprovalStep, Delegation, Status, StepStatus
from purveyor_approvals.rules.delegating import Deputy

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('purveyor approvals ' || $1, 0))"


async def lock(tx: Transaction, approval_id: UUID) -> Approval | None:
    """Lock an approval, so that one decides after the other."""
    wanted = select(Approval).where(Approval.id == approval_id).with_for_update()
    return (await tx.session.scalars(wanted.execution_options(populate_existing=True))).one_or_none()


async def lock_pending(tx: Transaction, kind: str, document_id: UUID) -> Approval | None:
    """Lock the approval of a document that is under way, if there is one."""
    wanted = select(Approval).where(
        Approval.kind == kind, Approval.document_id == document_id, Approval.status == Status.PENDING
    )
    wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return (await tx.session.scalars(wanted)).one_or_none()


async def one_after_the_other(tx: Transaction, *keys: str) -> None:
    """Let nobody else do something about the same keys before this transaction ends."""
    for key in sorted(keys):
        await tx.connection.execute(LOCK, key)


async def last_of_thread(tx: Transaction, thread_id: UUID) -> Approval | None:
    """Return what was approved last of documents that say the same one after the other."""
    wanted = select(Approval).where(Approval.thread_id == thread_id, Approval.status == Status.APPROVED)
    return (await tx.session.scalars(wanted.order_by(Approval.id.desc()).limit(1))).one_or_none()


async def of_document(tx: Transaction, kind: str, document_id: UUID) -> Sequence[Approval]:
    """Return all approvals of a document, the newest first."""
    wanted = select(Approval).where(Approval.kind == kind, Approval.document_id == document_id)
    return (await tx.session.scalars(wanted.order_by(Approval.id.desc()))).all()


async def slices(
    tx: Transaction,
    kind: str,
    thread_id: UUID,
    suppliers: Collection[UUID],
    cost_centres: Collection[str],
    categories: Collection[str],
    since: datetime,
) -> list[Approval]:
    """Return what was handed in lately of the same suppliers for the same cost centre or category.

    Of documents that follow on each other the newest one speaks; what was rejected or withdrawn does not.
    """
    wanted = (
        select(Approval)
        .ext(distinct_on(Approval.thread_id))
        .where(
            Approval.kind == kind,
            Approval.thread_id != thread_id,
            Approval.supplier_id.in_(suppliers),
            Approval.submitted_at >= since,
            Approval.status.in_((Status.PENDING, Status.APPROVED)),
            or_(
                Approval.cost_centres.overlap(list(cost_centres)),
                Approval.categories.overlap(list(categories)),
            ),
        )
        .order_by(Approval.thread_id, Approval.id.desc())
    )
    return sorted((await tx.session.scalars(wanted)).all(), key=lambda one: one.submitted_at)


async def deputies(
    tx: Transaction, last_from: date | None = None, *, not_by: Collection[str] = ()
) -> list[Deputy]:
    """Return who decides for whom, of all whose last day is not over by a day.

    What some people recorded is left out.
    """
    wanted = select(Delegation).where(Delegation.ended_by.is_(None))
    if last_from is not None:
        wanted = wanted.where(Delegation.valid_to >= last_from)
    if not_by:
        wanted = wanted.where(Delegation.created_by.not_in(not_by))
    return [
        Deputy(one.person, one.delegate, one.valid_from, one.valid_to)
        for one in await tx.session.scalars(wanted)
    ]


async def due(tx: Transaction, most: int) -> Sequence[UUID]:
    """Return approvals with an open step that has waited for too long."""
    overdue = or_(ApprovalStep.remind_at <= tx.now, ApprovalStep.escalate_at <= tx.now)
    wanted = select(ApprovalStep.approval_id).where(ApprovalStep.status == StepStatus.OPEN, overdue)
    return (await tx.session.scalars(wanted.distinct().limit(most))).all()
