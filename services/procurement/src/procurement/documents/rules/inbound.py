"""Where a document that came in stands, and what becomes of it when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from purveyor.errors import ConflictError, ProblemError

LONGEST_REASON = 2000


class DocumentStatus(StrEnum):
    """Where a document stands that came in."""

    READ = "read"
    """It asks for nothing: the supplier has the order, say, and will answer it later."""
    APPLIED = "applied"
    PARKED = "parked"
    DISMISSED = "dismissed"


class DocumentAction(StrEnum):
    """What can be done with a document that came in."""

    RETRY = "retry"
    DISMISS = "dismiss"


READS = frozenset({DocumentStatus.READ, DocumentStatus.APPLIED, DocumentStatus.PARKED})
TRANSITIONS: Mapping[DocumentAction, Mapping[DocumentStatus, frozenset[DocumentStatus]]] = {
    DocumentAction.RETRY: {DocumentStatus.PARKED: READS},
    DocumentAction.DISMISS: {DocumentStatus.PARKED: frozenset({DocumentStatus.DISMISSED})},
}
"""The state machine: what is not here is refused. What was dismissed stays so: another is sent."""


def expect_possible(action: DocumentAction, status: str) -> None:
    """Raise ConflictError when a document's status does not allow an action."""
    if status not in TRANSITIONS[action]:
        allowed = allowed_actions(status)
        can = f"it can be {' or '.join(allowed)}" if allowed else "nothing more is done with it"
        raise ConflictError(
            "wrong_state", f"The document is {status}: {can}.", status_now=status, allowed=allowed
        )


def allowed_actions(status: str) -> list[str]:
    """Return what can be done with a document."""
    return [action.value for action, moves in TRANSITIONS.items() if status in moves]


def reason_of(problem: ProblemError) -> str:
    """Return why a document could not be applied, in a text: what was refused, and each field of it."""
    fields = "; ".join(f"{error.pointer} {error.detail}" for error in problem.errors)
    return (f"{problem.detail} ({fields})" if fields else problem.detail)[:LONGEST_REASON]
