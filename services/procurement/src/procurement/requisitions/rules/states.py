"""Where a requisition stands and what may follow, and who may do it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from procurement.requisitions.rules.lines import Counted, LineStatus, is_finished, open_quantity
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, ForbiddenError


class Status(StrEnum):
    """Where a requisition stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    SOURCING = "sourcing"
    ORDERED = "ordered"
    CLOSED = "closed"
    REJECTED = "rejected"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be done to a requisition."""

    CHANGE = "change"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    REJECT = "reject"
    CLOSE_LINE = "close_line"
    END_SOURCING = "end_sourcing"
    ORDER = "order"


STATED = (Status.DRAFT, Status.RETURNED)
"""Its author has it: it is written, and nobody decides of it."""
IN_DECISION = (Status.SUBMITTED, Status.IN_APPROVAL)
BEING_ORDERED = (Status.APPROVED, Status.SOURCING, Status.ORDERED)

TRANSITIONS: Mapping[Action, Mapping[Status, Status]] = {
    Action.CHANGE: {status: status for status in STATED},
    Action.SUBMIT: dict.fromkeys(STATED, Status.SUBMITTED),
    Action.WITHDRAW: dict.fromkeys((*STATED, *IN_DECISION), Status.WITHDRAWN),
    Action.RETURN: dict.fromkeys(IN_DECISION, Status.RETURNED),
    Action.APPROVE: dict.fromkeys(IN_DECISION, Status.IN_APPROVAL),
    Action.REJECT: dict.fromkeys(IN_DECISION, Status.IN_APPROVAL),
    Action.CLOSE_LINE: {status: status for status in (*IN_DECISION, *BEING_ORDERED)},
    Action.END_SOURCING: {status: status for status in BEING_ORDERED},
    Action.ORDER: {Status.APPROVED: Status.APPROVED},
}
"""The state machine: what is not here is refused.

Deciding of lines, closing them, sourcing and ordering lead where the lines stand then (`status_by_lines`).
"""

INITIAL = Status.DRAFT
AUTHORS_DECIDE_NOTHING = "Who created, changed or submitted a requisition decides nothing of it."
"""Why (COSO: segregation of duties)."""


def status_by_lines(lines: Sequence[Counted], *, in_steps: bool = False) -> Status:
    """Return where a submitted requisition stands, by where each of its lines does.

    The same facts are the same status, whatever led to them: what is cancelled as an order goes back from
    ordered to approved, and from closed. What goes `in_steps` of approval is in approval from its submission.
    """
    statuses = {line.status for line in lines}
    if statuses == {LineStatus.PENDING}:
        return Status.IN_APPROVAL if in_steps else Status.SUBMITTED
    if LineStatus.PENDING in statuses:
        return Status.IN_APPROVAL
    if LineStatus.REJECTED in statuses and statuses <= {LineStatus.REJECTED, LineStatus.CANCELLED}:
        return Status.REJECTED
    if all(is_finished(line) for line in lines):
        return Status.CLOSED
    waiting = [line for line in lines if open_quantity(line) > 0]
    if not waiting:
        return Status.ORDERED
    return Status.SOURCING if all(line.sourcing_since for line in waiting) else Status.APPROVED


def allowed_actions(status: str) -> list[str]:
    """Return what can be done to a requisition in a status."""
    return [action.value for action, moves in TRANSITIONS.items() if status in moves]


def next_status(action: Action, status: str) -> Status:
    """Return where an action leads; raises ConflictError naming what else is possible."""
    reached = TRANSITIONS[action].get(Status(status))
    if reached is None:
        allowed = allowed_actions(status)
        raise ConflictError(
            "wrong_state",
            f"A requisition that is {status.replace('_', ' ')} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else "it is finished."),
            status_now=status,
            allowed=allowed,
        )
    return reached


def check_decider(decider: str, authors: Collection[str]) -> None:
    """Raise ForbiddenError if who decides wrote any of what is decided."""
    expect_another(decider, authors, AUTHORS_DECIDE_NOTHING)


def check_author(actor: str, authors: Collection[str], action: str, *, is_buyer: bool = False) -> None:
    """Raise ForbiddenError unless it is the actor's own requisition, or a buyer does what buyers may."""
    if actor not in authors and not is_buyer:
        raise ForbiddenError(
            "role_required", f"A requisition of others is not yours to {action}.", roles=["buyer"]
        )
