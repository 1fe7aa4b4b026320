"""A step is decided, asked back about, or passed over by those who may."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_approvals import store
from purveyor_approvals.commands.telling import note, open_stage, policy_of, set_times, tell_decided
from purveyor_approvals.kinds import Approving, Kind, Kinds, Outcome, Wanted
from purveyor_approvals.model import Act, Approval, ApprovalStep, Status, StepStatus
from purveyor_approvals.rules.assigning import Person, why_not
from purveyor_approvals.rules.delegating import decided_for

AUTHORS = "Who wrote any of a document does not decide about it."
ENDED = {
    Status.APPROVED: "it is approved",
    Status.REJECTED: "it was rejected",
    Status.WITHDRAWN: "its document was taken back",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """In whose place somebody takes a step."""

    step: ApprovalStep
    seat: str
    on_behalf_of: str | None


async def decide(
    tx: Transaction,
    kinds: Kinds,
    approval_id: UUID,
    seen: Seen,
    by: Principal,
    *,
    approve: bool,
    reason: str | None,
    step: int | None = None,
) -> Approval:
    """Take a step: the caller's own, or that of somebody whose deputy they are; → ApprovalDecided.

    The last one lets the document stand as approved, a refusal gives it back, in the same transaction.
    """
    approval, kind = await _locked(tx, kinds, approval_id, seen)
    await _expect_no_part(tx, kind, approval, by)
    seat = await _seat(tx, kinds.approving, approval, by, step)
    taken = seat.step
    if not approve:
        taken.end(StepStatus.REJECTED, tx.now)
        approval.end(Status.REJECTED, tx.now)
    elif len(approval.agreed(taken.number) | {seat.seat}) >= taken.needs:
        taken.end(StepStatus.APPROVED, tx.now)
        if all(one.status == StepStatus.APPROVED for one in approval.steps):
            approval.end(Status.APPROVED, tx.now)
        elif not approval.open_steps:
            await open_stage(tx, kinds.approving, approval)
    act = note(
        tx,
        approval,
        Act.APPROVE if approve else Act.REJECT,
        step=taken.number,
        seat=seat.seat,
        on_behalf_of=seat.on_behalf_of,
        reason=reason,
    )
    tell_decided(tx, kinds.approving, approval, act)
    return await _ended(tx, kind, approval, reason)


async def ask(
    tx: Transaction,
    kinds: Kinds,
    approval_id: UUID,
    seen: Seen,
    by: Principal,
    *,
    question: str,
    step: int | None = None,
) -> Approval:
    """Ask those who wrote a document before one decides; the step waits, and its time stands still."""
    approval, kind = await _locked(tx, kinds, approval_id, seen)
    await _expect_no_part(tx, kind, approval, by)
    seat = await _seat(tx, kinds.approving, approval, by, step)
    seat.step.remind_at = seat.step.escalate_at = None
    note(tx, approval, Act.ASK, step=seat.step.number, seat=seat.seat, reason=question)
    return await _noted(tx, approval, Act.ASK, question)


async def answer(
    tx: Transaction,
    kinds: Kinds,
    approval_id: UUID,
    seen: Seen,
    by: Principal,
    *,
    text: str,
    step: int,
) -> Approval:
    """Answer what was asked about a step: one of its authors does; its time begins anew."""
    approval, _ = await _locked(tx, kinds, approval_id, seen)
    if by.subject not in approval.authors:
        raise ForbiddenError("not_an_author", "Who wrote the document answers what is asked about it.")
    asked = {one.number: one for one in approval.open_steps}.get(step)
    if asked is None or not approval.waits_for_answer(step):
        raise ConflictError("nothing_asked", f"Nothing is asked about step {step}.", allowed=[])
    await set_times(tx, kinds.approving, approval, asked, tx.now)
    note(tx, approval, Act.ANSWER, step=step, reason=text)
    return await _noted(tx, approval, Act.ANSWER, text)


async def override(
    tx: Transaction, kinds: Kinds, approval_id: UUID, seen: Seen, by: Principal, *, reason: str
) -> Approval:
    """Approve past the steps that are left: whom the policy permits it, none of them an author.

    → ApprovalDecided.
    """
    approval, kind = await _locked(tx, kinds, approval_id, seen)
    await _expect_no_part(tx, kind, approval, by)
    policy = await policy_of(tx, kinds.approving, approval)
    me = await _me(tx, kinds.approving, approval, by)
    if policy.overriders is None:
        raise ForbiddenError("override_not_permitted", "The policy permits nobody to approve past the steps.")
    group = await kinds.approving.organisation.directory(
        tx, Wanted(currency=approval.policy_currency, day=tx.day, groups={policy.overriders})
    )
    if me is None or me.code not in group.groups.get(policy.overriders, ()):
        raise ForbiddenError(
            "override_not_permitted",
            f"The policy lets members of {policy.overriders} approve past the steps.",
        )
    if (why := why_not(me, approval.judged_amount, ())) is not None:
        raise ForbiddenError("approval_limit", f"{why}, and it is {approval.judged_amount:,}.")
    approval.end(Status.APPROVED, tx.now)
    approval.overridden = True
    tell_decided(tx, kinds.approving, approval, note(tx, approval, Act.OVERRIDE, seat=me.code, reason=reason))
    return await _ended(tx, kind, approval, reason)


async def _locked(tx: Transaction, kinds: Kinds, approval_id: UUID, seen: Seen) -> tuple[Approval, Kind]:
    """Lock a document and then its approval, which is under way and as its caller saw it."""
    found = await tx.session.get(Approval, approval_id)
    if found is None or found.kind not in kinds.by_name:
        raise NotFoundError("approval", approval_id)
    kind = kinds.by_name[found.kind]
    await kind.lock(tx, found.document_id)
    approval = await store.lock(tx, approval_id)
    if approval is None:
        raise NotFoundError("approval", approval_id)
    if approval.status != Status.PENDING:
        raise ConflictError(
            "wrong_state",
            f"Nothing is to be decided of {approval.document_number}: {ENDED[Status(approval.status)]}.",
            status_now=approval.status,
            allowed=[],
        )
    expect_version(approval, seen)
    return approval, kind


async def _expect_no_part(tx: Transaction, kind: Kind, approval: Approval, by: Principal) -> None:
    """Raise ForbiddenError for who had a part in the document, or in what it speaks of."""
    expect_another(by.subject, approval.authors, AUTHORS)
    for why, who in (await kind.kept_apart(tx, approval.document_id)).items():
        expect_another(by.subject, who, why)


async def _me(tx: Transaction, approving: Approving, approval: Approval, by: Principal) -> Person | None:
    return await approving.organisation.person_of(tx, by.subject, approval.policy_currency, tx.day)


async def _seat(
    tx: Transaction, approving: Approving, approval: Approval, by: Principal, step: int | None
) -> Seat:
    """Return in whose place the caller takes an open step; raises why they cannot take any."""
    me = await _me(tx, approving, approval, by)
    mine = {} if me is None else await _places(tx, approving, approval, me)
    refused: ForbiddenError | None = None
    for one in approval.open_steps:
        if (step is not None and one.number != step) or approval.has_agreed(by.subject, one.number):
            continue
        if one.role is not None and one.role in by.roles:
            seats: dict[str, Person | None] = {by.subject: me}
        else:
            taken = approval.agreed(one.number)
            seats = {code: of for code, of in mine.items() if code in one.people and code not in taken}
        for seat, of in seats.items():
            if (why := _why_not_now(approval, one, me, of)) is not None:
                refused = refused or why
                continue
            return Seat(one, seat, None if of is None or of is me else seat)
    if refused is not None:
        raise refused
    if step is not None and step not in {one.number for one in approval.steps}:
        raise InvalidError("step_unknown", f"There is no step {step} of this approval.")
    raise ForbiddenError(
        "not_asked", "No step that is open waits for you: GET /v1/approvals/{id} says who is next."
    )


async def _places(tx: Transaction, approving: Approving, approval: Approval, me: Person) -> dict[str, Person]:
    """Return in whose places somebody decides by now, their own first: whoever they are the deputy of, too.

    A delegation that an author of the document recorded, or the deputy, gives no place in it.
    """
    if not me.there:
        raise ForbiddenError("person_left", f"{me.code} is none of the people any more.")
    deputies = await store.deputies(tx, tx.day, not_by={*approval.authors, me.subject})
    others = decided_for(me.code, deputies, tx.day)
    if not others:
        return {me.code: me}
    wanted = Wanted(currency=approval.policy_currency, day=tx.day, people=others)
    people = (await approving.organisation.directory(tx, wanted)).people
    return {me.code: me} | {code: people[code] for code in others if code in people}


def _why_not_now(
    approval: Approval, step: ApprovalStep, me: Person | None, represented: Person | None
) -> ForbiddenError | None:
    """Return why a step is not taken in somebody's place: a deputy decides within both limits."""
    for person in (me, represented):
        if person is None:
            continue
        if not person.there:
            return ForbiddenError("person_left", f"{person.code} is none of the people any more.")
        if step.limited and (why := why_not(person, approval.judged_amount, ())) is not None:
            amount = f"{approval.judged_amount:,} {approval.policy_currency}"
            return ForbiddenError("approval_limit", f"{why}, and it is {amount}.")
    return None


async def _ended(tx: Transaction, kind: Kind, approval: Approval, reason: str | None) -> Approval:
    await tx.flush()
    outcome = Outcome(approval.id, tx.actor, tx.now, reason)
    if approval.status == Status.APPROVED:
        await kind.approved(tx, approval.document_id, outcome)
    elif approval.status == Status.REJECTED:
        await kind.rejected(tx, approval.document_id, outcome)
    await tx.flush()
    return approval


async def _noted(tx: Transaction, approval: Approval, act: Act, reason: str) -> Approval:
    approval.touch()
    await tx.flush()
    tx.audit(act, "approval", approval.id, after={"document": approval.document_number}, reason=reason)
    return approval
