"""Where a tender is in its life, and what may be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from purveyor.errors import ConflictError

APPROVED_BY_ANOTHER = "Who wrote any of a tender, or of an amendment, does not approve it: ask a colleague."
"""Why its authors do not publish a tender (COSO: segregation of duties)."""


class TenderStatus(StrEnum):
    """Where a tender stands."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    PUBLISHED = "published"
    CLOSED = "closed"
    OPENED = "opened"
    JUDGED = "judged"
    UNDER_EVALUATION = "under_evaluation"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"


class TenderMove(StrEnum):
    """What may be done to a tender."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    AMEND = "amend"
    INVITE = "invite"
    BID = "bid"
    CLOSE = "close"
    OPEN = "open"
    MARK = "mark"
    CLOSE_TECHNICAL = "close_technical"
    EVALUATE = "evaluate"
    COMPLETE = "complete"
    OPEN_ROUND = "open_round"
    CANCEL = "cancel"


MOVES: Mapping[tuple[TenderStatus, TenderMove], TenderStatus] = {
    (TenderStatus.DRAFT, TenderMove.CHANGE): TenderStatus.DRAFT,
    (TenderStatus.DRAFT, TenderMove.INVITE): TenderStatus.DRAFT,
    (TenderStatus.DRAFT, TenderMove.SUBMIT): TenderStatus.IN_APPROVAL,
    (TenderStatus.DRAFT, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.IN_APPROVAL, TenderMove.APPROVE): TenderStatus.PUBLISHED,
    (TenderStatus.IN_APPROVAL, TenderMove.RETURN): TenderStatus.DRAFT,
    (TenderStatus.IN_APPROVAL, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.PUBLISHED, TenderMove.AMEND): TenderStatus.PUBLISHED,
    (TenderStatus.PUBLISHED, TenderMove.APPROVE): TenderStatus.PUBLISHED,
    (TenderStatus.PUBLISHED, TenderMove.RETURN): TenderStatus.PUBLISHED,
    (TenderStatus.PUBLISHED, TenderMove.INVITE): TenderStatus.PUBLISHED,
    (TenderStatus.PUBLISHED, TenderMove.BID): TenderStatus.PUBLISHED,
    (TenderStatus.PUBLISHED, TenderMove.CLOSE): TenderStatus.CLOSED,
    (TenderStatus.PUBLISHED, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.CLOSED, TenderMove.OPEN): TenderStatus.OPENED,
    (TenderStatus.CLOSED, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.OPENED, TenderMove.MARK): TenderStatus.OPENED,
    (TenderStatus.OPENED, TenderMove.CLOSE_TECHNICAL): TenderStatus.JUDGED,
    (TenderStatus.OPENED, TenderMove.EVALUATE): TenderStatus.UNDER_EVALUATION,
    (TenderStatus.OPENED, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.JUDGED, TenderMove.OPEN): TenderStatus.JUDGED,
    (TenderStatus.JUDGED, TenderMove.EVALUATE): TenderStatus.UNDER_EVALUATION,
    (TenderStatus.JUDGED, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.UNDER_EVALUATION, TenderMove.COMPLETE): TenderStatus.EVALUATED,
    (TenderStatus.UNDER_EVALUATION, TenderMove.CANCEL): TenderStatus.CANCELLED,
    (TenderStatus.EVALUATED, TenderMove.OPEN_ROUND): TenderStatus.PUBLISHED,
    (TenderStatus.EVALUATED, TenderMove.CANCEL): TenderStatus.CANCELLED,
}
"""Every move that exists. Time closes a tender; nobody asks for that. While it is published, approving and
returning are of the amendment that somebody proposed. Once the technical envelope is closed, opening is of
that of prices."""

BY_ITSELF = frozenset({TenderMove.CLOSE})
SHOWN_TO_BIDDERS = frozenset(TenderStatus) - {TenderStatus.DRAFT, TenderStatus.IN_APPROVAL}
"""Where suppliers see a tender, if it was ever published."""


def allowed_moves(status: TenderStatus) -> tuple[TenderMove, ...]:
    """Return what somebody may do to a tender of this status."""
    return tuple(move for at, move in MOVES if at is status and move not in BY_ITSELF)


def moved(number: str, status: TenderStatus, move: TenderMove) -> TenderStatus:
    """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
    found = MOVES.get((status, move))
    if found is None:
        allowed = [possible.value for possible in allowed_moves(status)]
        raise ConflictError(
            "wrong_state",
            f"Tender {number} is {status}, which does not allow to {move}; "
            f"possible now: {', '.join(allowed) or 'nothing more'}.",
            allowed=allowed,
        )
    return found
