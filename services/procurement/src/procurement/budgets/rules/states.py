"""Where a budget and its next version stand, and who approves what it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from purveyor.duties import expect_another
from purveyor.errors import ConflictError


class BudgetStatus(StrEnum):
    """Where a budget stands; something is taken only from one that is approved."""

    DRAFT = "draft"
    APPROVED = "approved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class VersionStatus(StrEnum):
    """Where what a budget is to say next stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class BudgetAction(StrEnum):
    """What can be done to a budget's next version."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"


NOTHING = None
"""The status of the next version where there is none."""
TRANSITIONS: Mapping[BudgetAction, Mapping[VersionStatus | None, VersionStatus]] = {
    BudgetAction.CHANGE: {NOTHING: VersionStatus.DRAFT, VersionStatus.DRAFT: VersionStatus.DRAFT},
    BudgetAction.SUBMIT: {VersionStatus.DRAFT: VersionStatus.SUBMITTED},
    BudgetAction.APPROVE: {VersionStatus.SUBMITTED: VersionStatus.APPROVED},
    BudgetAction.RETURN: {VersionStatus.SUBMITTED: VersionStatus.DRAFT},
    BudgetAction.WITHDRAW: {
        VersionStatus.DRAFT: VersionStatus.WITHDRAWN,
        VersionStatus.SUBMITTED: VersionStatus.WITHDRAWN,
    },
}
"""The state machine of a version: what is not here is refused."""
OPEN = tuple(VersionStatus(status) for status in TRANSITIONS[BudgetAction.WITHDRAW] if status)
ENDED = frozenset({BudgetStatus.CLOSED, BudgetStatus.WITHDRAWN})
ANOTHER_APPROVES = "Who created, changed or submitted a budget does not approve it."
ANOTHER_DECIDES = "Who asked for a transfer does not approve it."
"""Why (COSO: segregation of duties)."""


class TransferStatus(StrEnum):
    """Where a transfer stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def allowed_actions(status: str, proposed: str | None) -> list[str]:
    """Return what can be done to a budget whose next version stands there; nothing once it has ended."""
    if status in ENDED:
        return []
    standing = None if proposed is None else VersionStatus(proposed)
    return [action.value for action, moves in TRANSITIONS.items() if standing in moves]


def next_status(action: BudgetAction, status: str, proposed: str | None) -> VersionStatus:
    """Return where an action leads; raises ConflictError naming what else is possible."""
    allowed = allowed_actions(status, proposed)
    if action not in allowed:
        stands = f"has a version that is {proposed}" if proposed else f"is {status}"
        raise ConflictError(
            "wrong_state",
            f"A budget that {stands} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else "it is finished."),
            status_now=proposed or status,
            allowed=allowed,
        )
    return TRANSITIONS[action][None if proposed is None else VersionStatus(proposed)]


def expect_proposed(status: str) -> None:
    """Raise ConflictError for a transfer that was decided."""
    if status != TransferStatus.PROPOSED:
        raise ConflictError(
            "wrong_state", f"The transfer is {status}: ask for another.", status_now=status, allowed=[]
        )


def check_approver(approver: str, authors: Collection[str], why: str = ANOTHER_APPROVES) -> None:
    """Raise ForbiddenError if the approver wrote any of it."""
    expect_another(approver, authors, why)
