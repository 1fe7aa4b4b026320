"""A step has waited: who may take it is reminded, and in the end who stands above them may take it too."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from purveyor_approvals import store
from purveyor_approvals.commands.telling import APPROVAL, named, note, policy_of
from purveyor_approvals.kinds import Kinds, Wanted
from purveyor_approvals.model import Act, Approval, ApprovalStep, Status
from purveyor_approvals.rules.assigning import above_all
from purveyor_approvals.rules.working import later
from purveyor_messaging.outbox import record


async def press(tx: Transaction, kinds: Kinds, approval_id: UUID) -> Approval | None:
    """Remind of the steps of an approval that are due, and let them go further up.

    Returns it; None where it was decided meanwhile. → ApprovalReminded, ApprovalEscalated.
    """
    approval = await store.lock(tx, approval_id)
    if approval is None or approval.status != Status.PENDING:
        return None
    for step in approval.open_steps:
        if step.escalate_at is not None and step.escalate_at <= tx.now:
            await _escalate(tx, kinds, approval, step)
        elif step.remind_at is not None and step.remind_at <= tx.now:
            _remind(tx, kinds, approval, step)
    await tx.flush()
    return approval


def _remind(tx: Transaction, kinds: Kinds, approval: Approval, step: ApprovalStep) -> None:
    step.remind_at = None
    note(tx, approval, Act.REMIND, step=step.number)
    said = {"step": step.number, "label": step.label, "people": step.people, "role": step.role}
    event = kinds.approving.events.reminded.model_validate(
        named(approval) | said | {"waiting_since": step.opened_at}
    )
    record(tx, approval, event)
    tx.audit(Act.REMIND, APPROVAL, approval.id, after={"step": step.number, "people": step.people})


async def _escalate(tx: Transaction, kinds: Kinds, approval: Approval, step: ApprovalStep) -> None:
    """Let the managers of those who may take a step take it too; where nobody stands above, it is said."""
    wanted = Wanted(currency=approval.policy_currency, day=tx.day, people=step.people)
    directory = await kinds.approving.organisation.directory(tx, wanted)
    kind = kinds.by_name[approval.kind]
    apart = {who for part in (await kind.kept_apart(tx, approval.document_id)).values() for who in part}
    amount = approval.judged_amount if step.limited else None
    added = above_all(directory, step.people, amount, apart | set(approval.authors))
    step.people = [*step.people, *added]
    step.remind_at = step.escalate_at = None
    policy = await policy_of(tx, kinds.approving, approval)
    if added and policy.escalate_after is not None:
        place = await kinds.approving.organisation.place(tx, approval.site)
        step.escalate_at = later(tx.now, policy.escalate_after, place.country, place.time_zone)
    note(tx, approval, Act.ESCALATE, step=step.number)
    said = {"step": step.number, "label": step.label, "people": step.people, "added": added}
    event = kinds.approving.events.escalated.model_validate(
        named(approval) | said | {"waiting_since": step.opened_at}
    )
    record(tx, approval, event)
    tx.audit(Act.ESCALATE, APPROVAL, approval.id, after={"step": step.number, "added": added})
