"""Reads of approvals and delegations, what their lists can be asked, and what a policy would want."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find, whether
from purveyor.texts import Code, Reference
from purveyor_approvals import store
from purveyor_approvals.kinds import Approving
from purveyor_approvals.model import Approval, ApprovalAct, ApprovalStep, Delegation, Status, StepStatus
from purveyor_approvals.rules.delegating import decided_for

ME = "me"
APPROVALS = Listing(
    name="approvals",
    id=Approval.id,
    filters=(
        Filter(
            name="waiting_for",
            kind=Code,
            description="`me`: what the caller may decide now, also as a deputy; or a person's code",
            example=ME,
        ),
        equal("status", Status, Approval.status, "Where it stands", example="pending"),
        equal("kind", Code, Approval.kind, "Of documents of this kind", example="purchase_order"),
        equal("document_id", UUID, Approval.document_id, "Of this document"),
        equal(
            "document_number", Reference, Approval.document_number, "Of this document", example="PO-000042"
        ),
        whether("overridden", Approval.overridden, "Whether somebody approved it past its steps"),
        whether("split", Approval.split.is_not(None), "Whether it was found to be a purchase in slices"),
    ),
    sorts=both_ways("id", Approval.id)[::-1],
    changed=Approval.changed_in,
)
DELEGATIONS = Listing(
    name="approval-delegations",
    id=Delegation.id,
    filters=(
        equal("person", Code, Delegation.person, "In whose place", example="mara"),
        equal("delegate", Code, Delegation.delegate, "Who decides", example="otto"),
    ),
    sorts=both_ways("id", Delegation.id)[::-1],
    changed=Delegation.changed_in,
)


async def find_approvals(
    tx: Transaction, approving: Approving, asked: Asked, by: Principal
) -> Found[Approval]:
    """Return a page of approvals."""
    rows = select(Approval)
    if (whom := asked.filters.get("waiting_for")) is not None:
        rows = await _waiting_for(tx, approving, whom, by)
    return await find(tx, rows, asked)


async def _waiting_for(tx: Transaction, approving: Approving, whom: str, by: Principal) -> Select[Approval]:
    """Select what somebody may decide now: nothing that they wrote, no step that they have taken."""
    mine = whom == ME
    code: str | None = whom
    if mine:
        person = await approving.organisation.person_of(tx, by.subject, None, tx.day)
        code = None if person is None or not person.there else person.code
    places = [] if code is None else [code, *decided_for(code, await store.deputies(tx, tx.day), tx.day)]
    by_name = [and_(ApprovalStep.people.contains([place]), not_(_agreed(place))) for place in places]
    by_role = and_(ApprovalStep.role.in_(by.roles), not_(_agreed(by.subject))) if mine else false()
    step = exists().where(
        ApprovalStep.approval_id == Approval.id,
        ApprovalStep.status == StepStatus.OPEN,
        or_(by_role, *by_name),
    )
    rows = select(Approval).where(Approval.status == Status.PENDING, step)
    return rows.where(not_(Approval.authors.contains([by.subject]))) if mine else rows


def _agreed(seat: str) -> ColumnElement[bool]:
    return exists().where(
        ApprovalAct.approval_id == ApprovalStep.approval_id,
        ApprovalAct.step == ApprovalStep.number,
        ApprovalAct.act == "approve",
        ApprovalAct.seat == seat,
    )


async def approval(tx: Transaction, approval_id: UUID) -> Approval:
    """Return an approval; raises NotFoundError."""
    found = await tx.session.get(Approval, approval_id)
    if found is None:
        raise NotFoundError("approval", approval_id)
    return found


async def find_delegations(tx: Transaction, asked: Asked) -> Found[Delegation]:
    """Return a page of delegations."""
    return await find(tx, select(Delegation), asked)
