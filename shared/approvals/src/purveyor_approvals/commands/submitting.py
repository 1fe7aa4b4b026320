"""A document is handed in for approval, goes on with what was approved of it before, or is taken back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.errors import FieldError, InvalidError
from purveyor_approvals import store
from purveyor_approvals.commands.planned import Judged, assigned, facts_of
from purveyor_approvals.commands.telling import note, open_stage, tell_decided, tell_requested
from purveyor_approvals.kinds import Approving, Document, Kind, Outcome
from purveyor_approvals.model import (
    AGREEING,
    Act,
    Approval,
    ApprovalStep,
    Status,
    StepStatus,
)
from purveyor_approvals.rules.assigning import Assignment
from purveyor_approvals.rules.content import Change, changed, digest, within_growth
from purveyor_approvals.rules.policy import ApprovalPolicy
from purveyor_approvals.rules.splits import Slice, Split, find_split, thresholds


async def concerns(tx: Transaction, approving: Approving, kind: Kind) -> bool:
    """Whether documents of a kind go through steps today, by a policy or before there is one."""
    version = (await policies.history(tx, approving.policy)).in_force(tx.day)
    return kind.undecided is not None or version.value.speaks_of(kind.name)


async def submit(tx: Transaction, approving: Approving, kind: Kind, document: Document) -> Approval | None:
    """Ask for the decisions that the policy in force wants of a document that its caller has locked.

    Returns the approval: pending, or approved at once where the document goes on with what was approved of it
    before; `kind.approved` has been called then. None where the kind has an approval of old and no policy
    speaks of it. Raises InvalidError where no policy covers it, or where nobody may decide a step.
    → ApprovalRequested, ApprovalDecided.
    """
    version = (await policies.history(tx, approving.policy)).in_force(tx.day)
    policy = version.value
    if not policy.speaks_of(kind.name) and kind.undecided is None:
        return None
    approval, content = _new(tx, kind, document, version.number), document.content.as_json()
    await _judge(tx, approving, approval, document, policy)
    if (before := await _goes_on_with(tx, approval, policy, content)) is not None:
        return await _carried(tx, approving, kind, approval, before)
    split = await _split(tx, approving, approval, document, policy)
    facts = facts_of(kind.name, document, policy, approval.judged_amount)
    others = [who for part in (await kind.kept_apart(tx, document.id)).values() for who in part]
    assignment = await assigned(
        tx,
        approving,
        policy,
        facts,
        tx.day,
        undecided=kind.undecided or (),
        kept_apart={*document.authors, *others},
        submitted_by=tx.actor,
    )
    _expect_somebody(document, assignment)
    approval.steps = [
        ApprovalStep(
            number=step.number,
            stage=step.stage,
            who=step.who,
            label=step.label,
            needs=step.needs,
            people=list(step.people),
            role=step.role,
            limited=step.limited,
            because=list(step.because),
            status=StepStatus.WAITING,
        )
        for step in assignment.steps
    ]
    approval.split = None if split is None else _kept(split)
    tx.session.add(approval)
    await open_stage(tx, approving, approval)
    tell_requested(tx, approving, approval)
    await tx.flush()
    tx.audit(
        "request",
        "approval",
        approval.id,
        after={"document": document.number, "kind": kind.name, "digest": approval.digest},
    )
    return approval


async def withdraw(
    tx: Transaction, approving: Approving, kind: Kind, document_id: UUID, reason: str | None = None
) -> Approval | None:
    """Take a document back that its caller has locked: nobody decides it any more; → ApprovalDecided.

    Returns the approval that was under way, if one was.
    """
    approval = await store.lock_pending(tx, kind.name, document_id)
    if approval is None:
        return None
    approval.end(Status.WITHDRAWN, tx.now)
    tell_decided(tx, approving, approval, note(tx, approval, Act.WITHDRAW, reason=reason))
    await tx.flush()
    return approval


async def forget(
    tx: Transaction, approving: Approving, kind: Kind, document_id: UUID, reason: str | None = None
) -> None:
    """Let nothing go on with what was approved of a document that was called off; → ApprovalDecided."""
    await withdraw(tx, approving, kind, document_id, reason)
    for approval in await store.of_document(tx, kind.name, document_id):
        if approval.status == Status.APPROVED:
            await store.lock(tx, approval.id)
            approval.status = Status.WITHDRAWN
            tell_decided(tx, approving, approval, note(tx, approval, Act.WITHDRAW, reason=reason))
    await tx.flush()


def _new(tx: Transaction, kind: Kind, document: Document, policy_version: int) -> Approval:
    content = document.content.as_json()
    return Approval(
        id=new_id(),
        sequence=0,
        kind=kind.name,
        document_id=document.id,
        document_number=document.number,
        thread_id=document.thread or document.id,
        status=Status.PENDING,
        amount=document.amount,
        currency=document.currency,
        policy_version=policy_version,
        content=content,
        digest=digest(content),
        supplier_id=document.supplier_id,
        site=document.site,
        cost_centres=sorted(set(document.cost_centres)),
        categories=sorted(set(document.categories)),
        submitted_by=tx.actor,
        submitted_at=tx.now,
        authors=list(dict.fromkeys([*document.authors, tx.actor])),
        overridden=False,
        steps=[],
        acts=[],
    )


async def _judge(
    tx: Transaction, approving: Approving, approval: Approval, document: Document, policy: ApprovalPolicy
) -> Judged:
    own = await approving.organisation.converted(
        tx, document.amount, document.currency, policy.currency, tx.day
    )
    approval.own_amount = approval.judged_amount = own
    approval.policy_currency = policy.currency
    return Judged(own, own)


async def _goes_on_with(
    tx: Transaction, approval: Approval, policy: ApprovalPolicy, content: dict[str, Any]
) -> Approval | None:
    """Return the approval that a document goes on with: as it was, smaller, or grown within the tolerance.

    What has grown is measured against what people decided about, however often it grew since; and who decided
    then has written none of it since.
    """
    before = await store.last_of_thread(tx, approval.thread_id)
    if before is None or not _deciders(before).isdisjoint(approval.authors):
        return None
    while before.follows is not None:
        earlier = await store.lock(tx, before.follows)
        if earlier is None or not _deciders(earlier).isdisjoint(approval.authors):
            return None
        before = earlier
    match changed(before.content, content):
        case Change.NONE | Change.LESS:
            return before
        case Change.MORE if before.policy_currency == policy.currency and within_growth(
            before.own_amount, approval.own_amount, policy.growth, policy.growth_tolerance
        ):
            return before
    return None


def _deciders(approval: Approval) -> set[str]:
    return {act.done_by for act in approval.acts if act.act in AGREEING}


async def _carried(
    tx: Transaction, approving: Approving, kind: Kind, approval: Approval, before: Approval
) -> Approval:
    last = [act for act in before.acts if act.act in AGREEING][-1]
    why = f"it goes on with what was approved as {before.document_number}"
    approval.follows, approval.judged_amount = before.id, max(before.judged_amount, approval.own_amount)
    tx.session.add(approval)
    approval.end(Status.APPROVED, tx.now)
    tell_requested(tx, approving, approval)
    act = note(tx, approval, Act.CARRY, by=last.done_by, reason=why)
    tell_decided(tx, approving, approval, act)
    await tx.flush()
    await kind.approved(tx, approval.document_id, Outcome(approval.id, last.done_by, tx.now, why))
    return approval


async def _split(
    tx: Transaction, approving: Approving, approval: Approval, document: Document, policy: ApprovalPolicy
) -> Split | None:
    """Return the purchase that a document is a slice of, which it is judged by then."""
    suppliers = {*document.suppliers, *([document.supplier_id] if document.supplier_id else [])}
    if policy.split_days is None or not suppliers:
        return None
    await store.one_after_the_other(tx, *(f"of {supplier}" for supplier in suppliers))
    since = tx.now - timedelta(days=policy.split_days)
    found = await store.slices(
        tx, approval.kind, approval.thread_id, suppliers, approval.cost_centres, approval.categories, since
    )
    others = [
        Slice(
            one.id,
            one.document_number,
            one.own_amount
            if one.policy_currency == policy.currency
            else await approving.organisation.converted(
                tx, one.amount, one.currency, policy.currency, one.submitted_at.date()
            ),
            f"{one.amount:f} {one.currency}",
            one.submitted_by,
        )
        for one in found
    ]
    limits = thresholds(policy, approval.kind)
    split = find_split(approval.document_number, approval.own_amount, policy.currency, others, limits)
    if split is not None:
        approval.judged_amount = split.total
    return split


def _kept(split: Split) -> dict[str, Any]:
    return {
        "threshold": f"{split.threshold:f}",
        "total": f"{split.total:f}",
        "arithmetic": split.arithmetic,
        "slices": [
            asdict(one) | {"approval_id": str(one.approval_id), "amount": f"{one.amount:f}"}
            for one in split.slices
        ],
    }


def _expect_somebody(document: Document, assignment: Assignment) -> None:
    """Raise InvalidError where no step covers a document, or where nobody may take one."""
    if assignment.problems:
        raise InvalidError(
            "nobody_approves",
            f"{document.number} has steps of approval that nobody may take.",
            errors=[FieldError("", problem) for problem in assignment.problems],
        )
    if not assignment.steps:
        raise InvalidError(
            "approval_not_covered",
            f"No rule of the approval policy covers {document.number}, and what is not covered is refused: "
            "POST /v1/approval-policies:simulate says why, POST /v1/policies/approvals/versions decides it.",
        )
