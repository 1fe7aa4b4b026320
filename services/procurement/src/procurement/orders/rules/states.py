"""Where a purchase order stands and what may follow: the state machine, as a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from uuid import UUID

from procurement.orders.rules.quantities import ClosedAs
from purveyor.errors import ConflictError


class Status(StrEnum):
    """Where a purchase order stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    PARTIALLY_RECEIVED = "partially_received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can be done to a purchase order."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    ISSUE = "issue"
    ACKNOWLEDGE = "acknowledge"
    AMEND = "amend"
    RECEIVE = "receive"
    CANCEL = "cancel"
    CLOSE_LINE = "close_line"
    REOPEN_LINE = "reopen_line"
    HOLD = "hold"
    RELEASE = "release"
    RESPOND = "respond"
    PROMISE = "promise"


ISSUED = (Status.ISSUED, Status.ACKNOWLEDGED, Status.PARTIALLY_RECEIVED)
UNFINISHED = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED, *ISSUED)

TRANSITIONS: Mapping[Action, Mapping[Status, Status]] = {
    Action.CHANGE: {Status.DRAFT: Status.DRAFT},
    Action.SUBMIT: {Status.DRAFT: Status.SUBMITTED},
    Action.APPROVE: {Status.SUBMITTED: Status.APPROVED},
    Action.RETURN: {Status.SUBMITTED: Status.DRAFT, Status.APPROVED: Status.DRAFT},
    Action.ISSUE: {Status.APPROVED: Status.ISSUED},
    Action.ACKNOWLEDGE: {Status.ISSUED: Status.ACKNOWLEDGED},
    Action.AMEND: {
        Status.ISSUED: Status.ISSUED,
        Status.ACKNOWLEDGED: Status.ISSUED,
        Status.PARTIALLY_RECEIVED: Status.PARTIALLY_RECEIVED,
    },
    Action.RECEIVE: {
        Status.ISSUED: Status.PARTIALLY_RECEIVED,
        Status.ACKNOWLEDGED: Status.PARTIALLY_RECEIVED,
        Status.PARTIALLY_RECEIVED: Status.PARTIALLY_RECEIVED,
    },
    Action.CANCEL: {
        Status.DRAFT: Status.CANCELLED,
        Status.SUBMITTED: Status.CANCELLED,
        Status.APPROVED: Status.CANCELLED,
        Status.ISSUED: Status.CANCELLED,
        Status.ACKNOWLEDGED: Status.CANCELLED,
        Status.PARTIALLY_RECEIVED: Status.CLOSED,
    },
    Action.CLOSE_LINE: {status: status for status in ISSUED},
    Action.REOPEN_LINE: {status: status for status in ISSUED} | {Status.CLOSED: Status.PARTIALLY_RECEIVED},
    Action.HOLD: {status: status for status in UNFINISHED},
    Action.RELEASE: {status: status for status in UNFINISHED},
    Action.RESPOND: {status: status for status in ISSUED},
    Action.PROMISE: {status: status for status in ISSUED},
}
"""The state machine: an action leads from a status to another, and what is not here is refused.

Some moves depend on quantities: a receipt that completes the order closes it, and so does an amendment.
Closing a line, reopening one, cancelling what is partly received and taking goods back lead where the lines
stand then (`status_by_lines`): what nothing came of is cancelled, and not closed.
An amended order is acknowledged anew. An answer that accepts an issued order acknowledges it; where a buyer
did so for its supplier, that may answer still, and the order is as issued again when it does not accept.
"""

INITIAL = Status.DRAFT
IMPORTED = Status.ISSUED
"""In what status an order begins, and one of the past, which had been issued elsewhere."""

OPEN = UNFINISHED
BINDING = ISSUED
"""Statuses in which the supplier has the order and owes something."""


@dataclass(frozen=True, slots=True)
class Move:
    """From which statuses an action is possible, and to which it leads from all of them."""

    sources: tuple[Status, ...]
    target: Status


@cache
def move(action: Action) -> Move:
    """Return an action as one move; raises ValueError for one that leads to several statuses."""
    (target,) = set(TRANSITIONS[action].values())
    return Move(tuple(TRANSITIONS[action]), target)


OURS = frozenset(Action)
OF_SUPPLIERS = frozenset({Action.ACKNOWLEDGE, Action.RESPOND, Action.PROMISE})
"""Whose actions are whose: a supplier is not told what its customer could do to an order."""


STOPPED_BY_HOLD = frozenset({Action.ISSUE, Action.HOLD})
"""What is not done to an order while it is held; nor is an amendment of it issued."""


def allowed_actions(status: str, among: Collection[Action] = OURS, *, held: bool = False) -> list[str]:
    """Return which of some actions can be done to an order in a status."""
    kept_off = STOPPED_BY_HOLD if held else {Action.RELEASE}
    return [
        action.value
        for action, moves in TRANSITIONS.items()
        if action in among and status in moves and action not in kept_off
    ]


def next_status(
    action: Action, status: str, among: Collection[Action] = OURS, *, held: bool = False
) -> Status:
    """Return where an action leads; raises ConflictError naming what else of some actions is possible."""
    reached = TRANSITIONS[action].get(Status(status))
    if reached is None:
        allowed = allowed_actions(status, among, held=held)
        finished = "it is finished" if not allowed_actions(status) else "nothing is to be done now"
        raise ConflictError(
            "wrong_state",
            f"An order that is {status.replace('_', ' ')} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else f"{finished}."),
            status_now=status,
            allowed=allowed,
        )
    return reached


def status_by_lines(closed_as: Collection[str | None], *, acknowledged: bool, anything_came: bool) -> Status:
    """Return where an issued order stands, by as what each of its lines is closed (None: it is open).

    The same facts are the same status, whatever led to them: cancelled when every line is, so that nothing
    of it came to stay; closed when nothing is open; otherwise partly received, or as before anything came.
    """
    if all(one == ClosedAs.CANCELLED for one in closed_as):
        return Status.CANCELLED
    if None not in closed_as:
        return Status.CLOSED
    if anything_came:
        return Status.PARTIALLY_RECEIVED
    return Status.ACKNOWLEDGED if acknowledged else Status.ISSUED


def check_not_held(held_at: datetime | None, reason: str | None) -> None:
    """Raise ConflictError for what is not done to an order while it is held."""
    if held_at is not None:
        raise ConflictError("on_hold", f"The order is held: {reason}. Release it first.")


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order as it stands, without its lines: what the statements of the hot path return."""

    id: UUID
    version: int
    sequence: int
    serial_number: int
    status: str
    supplier_id: UUID
    currency: str
    total: Decimal
    site: str
    business_unit: str
    cost_centre: str
    ordered_on: date | None
    created_by: str
    created_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    supplier_onboarded_by: str | None
    approved_by: str | None
    approved_at: datetime | None
    issued_by: str | None
    issued_at: datetime | None
    acknowledged_by: str | None
    acknowledged_on: date | None
    supplier_reference: str | None
    cancelled_by: str | None
    cancelled_on: date | None
    cancellation_reason: str | None
    cancellation_reason_for_supplier: str | None
    closed_on: date | None
    flag_reason: str | None
    flagged_at: datetime | None
    imported: bool
    external_reference: str | None
    source_system: str
    blanket_order_id: UUID | None
    from_requisitions: bool
    current_version: int
    held_at: datetime | None
    held_by: str | None
    hold_reason: str | None
    hold_reason_for_supplier: str | None
    hold_stops_receipts: bool
    payment_terms: str | None
    incoterm: str | None
    delivery_place: str | None
    project: str | None
