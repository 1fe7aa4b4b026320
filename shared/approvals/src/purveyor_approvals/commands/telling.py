"""What happens to an approval, noted in its acts, told, and audited."""

from __future__ import annotations

from datetime import datetime

from purveyor import policies
from purveyor.db import Transaction, new_id
from purveyor.money import Money
from purveyor_approvals.kinds import Approving
from purveyor_approvals.model import Act, Approval, ApprovalAct, ApprovalStep, StepStatus
from purveyor_approvals.rules.policy import ApprovalPolicy
from purveyor_approvals.rules.working import later
from purveyor_messaging.outbox import record

APPROVAL = "approval"


def note(
    tx: Transaction,
    approval: Approval,
    act: Act,
    *,
    step: int | None = None,
    seat: str | None = None,
    on_behalf_of: str | None = None,
    reason: str | None = None,
    by: str | None = None,
) -> ApprovalAct:
    """Note who did what."""
    done = ApprovalAct(
        id=new_id(),
        act=act,
        step=step,
        done_by=by or tx.actor,
        seat=seat,
        on_behalf_of=on_behalf_of,
        reason=reason,
        done_at=tx.now,
        authors=list(approval.authors),
    )
    approval.acts.append(done)
    return done


def named(approval: Approval) -> dict[str, object]:
    """Return by what each event names it."""
    return {
        "approval_id": approval.id,
        "kind": approval.kind,
        "document_id": approval.document_id,
        "document_number": approval.document_number,
    }


def tell_requested(tx: Transaction, approving: Approving, approval: Approval) -> None:
    """Tell that a document was handed in."""
    split = approval.split or {}
    event = approving.events.requested.model_validate(
        named(approval)
        | {
            "amount": Money(amount=approval.amount, currency=approval.currency),
            "submitted_by": approval.submitted_by,
            "authors": approval.authors,
            "policy_version": approval.policy_version,
            "steps": [
                {
                    name: getattr(step, name)
                    for name in ("number", "stage", "label", "needs", "people", "role", "because")
                }
                for step in approval.steps
            ],
            "slices": [one["number"] for one in split.get("slices", ())],
            "arithmetic": split.get("arithmetic"),
        }
    )
    record(tx, approval, event)


def tell_decided(tx: Transaction, approving: Approving, approval: Approval, act: ApprovalAct) -> None:
    """Tell what was decided, and where the approval stands by that."""
    event = approving.events.decided.model_validate(
        named(approval)
        | {
            "decision": act.act,
            "status": approval.status,
            "step": act.step,
            "decided_by": act.done_by,
            "on_behalf_of": act.on_behalf_of,
            "reason": act.reason,
        }
    )
    record(tx, approval, event)
    tx.audit(
        act.act,
        APPROVAL,
        approval.id,
        after={
            "status": approval.status,
            "step": act.step,
            "document": approval.document_number,
            "on_behalf_of": act.on_behalf_of,
        },
        reason=act.reason,
    )


async def open_stage(tx: Transaction, approving: Approving, approval: Approval) -> None:
    """Open the steps of the next stage; time passes for each where its document's site is."""
    waiting = [step for step in approval.steps if step.status == StepStatus.WAITING]
    if not waiting:
        return
    first = min(step.stage for step in waiting)
    for step in waiting:
        if step.stage == first:
            step.status, step.opened_at = StepStatus.OPEN, tx.now
            await set_times(tx, approving, approval, step, tx.now)


async def set_times(
    tx: Transaction, approving: Approving, approval: Approval, step: ApprovalStep, since: datetime
) -> None:
    """Note when an open step is reminded of, and when it goes further up, as the policy in force says."""
    value = await policy_of(tx, approving, approval)
    place = await approving.organisation.place(tx, approval.site)
    if value.remind_after is not None:
        step.remind_at = later(since, value.remind_after, place.country, place.time_zone)
    if value.escalate_after is not None:
        step.escalate_at = later(since, value.escalate_after, place.country, place.time_zone)


async def policy_of(tx: Transaction, approving: Approving, approval: Approval) -> ApprovalPolicy:
    """Return what the version says by which an approval was planned: a later one changes nothing of it."""
    return await version_called(tx, approving, approval.policy_version)


async def version_called(tx: Transaction, approving: Approving, number: int) -> ApprovalPolicy:
    """Return the value of a version of the policy."""
    history = await policies.history(tx, approving.policy)
    found = {version.number: version for version in history.versions}.get(number)
    if found is None:
        history = await policies.read(tx, approving.policy)
        found = {version.number: version for version in history.versions}[number]
    return found.value
