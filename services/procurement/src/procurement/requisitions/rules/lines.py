"""Where a line of a requisition stands, what may follow, and what of it is open."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from purveyor.decimals import shortest
from purveyor.errors import ConflictError

NOTHING = Decimal(0)


class LineStatus(StrEnum):
    """Where a line stands; only what is approved is ordered."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    CLOSED_SHORT = "closed_short"


class LineAction(StrEnum):
    """What can be done to one line, whatever becomes of the others."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    CLOSE_SHORT = "close_short"
    END_SOURCING = "end_sourcing"


class Counted(Protocol):
    """A line, and what has become of it."""

    status: Any
    quantity: Any
    ordered_quantity: Any
    delivered_quantity: Any
    sourcing_since: Any


TRANSITIONS: Mapping[LineAction, Mapping[LineStatus, LineStatus]] = {
    LineAction.APPROVE: {LineStatus.PENDING: LineStatus.APPROVED},
    LineAction.REJECT: {LineStatus.PENDING: LineStatus.REJECTED},
    LineAction.CANCEL: {
        LineStatus.PENDING: LineStatus.CANCELLED,
        LineStatus.APPROVED: LineStatus.CANCELLED,
    },
    LineAction.CLOSE_SHORT: {LineStatus.APPROVED: LineStatus.CLOSED_SHORT},
    LineAction.END_SOURCING: {LineStatus.APPROVED: LineStatus.APPROVED},
}
"""The state machine of a line: what is not here is refused.

What nothing is ordered of is cancelled, and what some of is ordered is closed short.
"""


def open_quantity(line: Counted) -> Decimal:
    """Return what of a line is neither ordered nor given up; undecided, all that is asked."""
    if line.status not in {LineStatus.PENDING, LineStatus.APPROVED}:
        return NOTHING
    open_: Decimal = line.quantity - line.ordered_quantity
    return open_


def orderable_quantity(line: Counted) -> Decimal:
    """Return what of a line may be ordered now: nothing before it is approved, or while it is sourced."""
    is_orderable = line.status == LineStatus.APPROVED and line.sourcing_since is None
    return open_quantity(line) if is_orderable else NOTHING


def why_not_orderable(line: Counted, quantity: Decimal) -> str | None:
    """Return why so much more of a line is not ordered now; None where it may be."""
    if line.status != LineStatus.APPROVED:
        return f"it is {line.status.replace('_', ' ')}, and what is approved is ordered"
    if line.sourcing_since is not None:
        return "its supplier is still to be found: end its sourcing first"
    if quantity > (left := orderable_quantity(line)):
        return f"at most {shortest(left)} more: {shortest(line.ordered_quantity)} of it is ordered"
    return None


def is_fulfilled(line: Counted) -> bool:
    """Whether all that was asked came."""
    fulfilled: bool = line.status == LineStatus.APPROVED and line.delivered_quantity >= line.quantity
    return fulfilled


def is_finished(line: Counted) -> bool:
    """Whether nothing more of a line is to be ordered, or to come."""
    if line.status == LineStatus.CLOSED_SHORT:
        came: bool = line.delivered_quantity >= line.ordered_quantity
        return came
    return line.status in {LineStatus.REJECTED, LineStatus.CANCELLED} or is_fulfilled(line)


def allowed_actions(line: Counted) -> list[str]:
    """Return what can be done to a line as it stands."""
    return [
        action.value for action, moves in TRANSITIONS.items() if line.status in moves and _fits(action, line)
    ]


def _fits(action: LineAction, line: Counted) -> bool:
    ordered = line.ordered_quantity > 0
    if action == LineAction.CANCEL:
        return not ordered
    if action == LineAction.CLOSE_SHORT:
        return ordered and open_quantity(line) > 0
    return action != LineAction.END_SOURCING or line.sourcing_since is not None


def next_status(action: LineAction, number: int, line: Counted) -> LineStatus:
    """Return where an action leads a line; raises ConflictError naming what else is possible."""
    allowed = allowed_actions(line)
    if action not in allowed:
        standing = line.status.replace("_", " ")
        if line.ordered_quantity:
            standing += f", of which {shortest(line.ordered_quantity)} is ordered,"
        possible = f"possible now: {', '.join(allowed)}." if allowed else "nothing is to be done now."
        raise ConflictError(
            "wrong_state",
            f"Line {number} is {standing} and cannot be the object of “{action}”; {possible}",
            status_now=line.status,
            allowed=allowed,
        )
    return TRANSITIONS[action][LineStatus(line.status)]
