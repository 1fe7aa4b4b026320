"""Where an invoice stands, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from purveyor.errors import ConflictError


class InvoiceStatus(StrEnum):
    """Where an invoice or a credit note stands."""

    RECEIVED = "received"
    CHECKED = "checked"
    """It keeps to the rules of EN 16931, or somebody took it as it is."""
    MATCHING = "matching"
    """It waits for goods."""
    MATCHED = "matched"
    EXCEPTION = "exception"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PAID = "paid"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    """Credit notes have taken all of it back."""


class InvoiceAction(StrEnum):
    """What moves an invoice."""

    CHECK = "check"
    OBJECT = "object"
    WAIT = "wait"
    MATCH = "match"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    PAY = "pay"
    REJECT = "reject"
    CANCEL = "cancel"
    REINSTATE = "reinstate"
    """A credit note that had taken back the last of it was rejected."""


_S = InvoiceStatus
_BEFORE_APPROVAL = (_S.RECEIVED, _S.CHECKED, _S.MATCHING, _S.MATCHED, _S.EXCEPTION)
TRANSITIONS: Mapping[InvoiceAction, Mapping[InvoiceStatus, InvoiceStatus]] = {
    InvoiceAction.CHECK: {_S.RECEIVED: _S.CHECKED, _S.EXCEPTION: _S.CHECKED},
    InvoiceAction.OBJECT: dict.fromkeys((*_BEFORE_APPROVAL, _S.APPROVED), _S.EXCEPTION),
    InvoiceAction.WAIT: dict.fromkeys((_S.CHECKED, _S.MATCHING, _S.MATCHED, _S.EXCEPTION), _S.MATCHING),
    InvoiceAction.MATCH: dict.fromkeys((_S.CHECKED, _S.MATCHING, _S.MATCHED, _S.EXCEPTION), _S.MATCHED),
    InvoiceAction.APPROVE: {_S.MATCHED: _S.APPROVED},
    InvoiceAction.SCHEDULE: {_S.APPROVED: _S.SCHEDULED},
    InvoiceAction.PAY: {_S.APPROVED: _S.PAID, _S.SCHEDULED: _S.PAID},
    InvoiceAction.REJECT: dict.fromkeys(_BEFORE_APPROVAL, _S.REJECTED),
    InvoiceAction.CANCEL: dict.fromkeys((*_BEFORE_APPROVAL, _S.APPROVED), _S.CANCELLED),
    InvoiceAction.REINSTATE: {_S.CANCELLED: _S.CHECKED},
}
"""The state machine: what is not here is refused."""
OF_PEOPLE = (InvoiceAction.APPROVE, InvoiceAction.REJECT)
"""What somebody decides; the others follow from what is found."""
OPEN = frozenset({*_BEFORE_APPROVAL, _S.APPROVED})
"""What may be matched again."""
COUNTING = frozenset({_S.MATCHED, _S.APPROVED, _S.SCHEDULED, _S.PAID})
"""In which a credit note takes something back."""


def next_status(action: InvoiceAction, status: str) -> InvoiceStatus:
    """Return where an action leads; raises ConflictError where it is not possible."""
    found = TRANSITIONS[action].get(InvoiceStatus(status))
    if found is None:
        allowed = allowed_actions(status)
        can = f"somebody can {' or '.join(allowed)} it" if allowed else "nothing more is decided of it"
        raise ConflictError(
            "wrong_state", f"The invoice is {status}: {can}.", status_now=status, allowed=allowed
        )
    return found


def allowed_actions(status: str) -> list[str]:
    """Return what somebody can decide of an invoice as it stands."""
    return [action.value for action in OF_PEOPLE if InvoiceStatus(status) in TRANSITIONS[action]]
