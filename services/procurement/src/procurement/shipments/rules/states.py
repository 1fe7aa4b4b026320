"""Where a shipment stands and what may follow: the state machine, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from purveyor.errors import ConflictError


class ShipmentStatus(StrEnum):
    """Where a shipment stands. That it is late is a fact about it, not where it stands."""

    NOTIFIED = "notified"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


class ShipmentAction(StrEnum):
    """What can be done to a shipment, or happens to it."""

    DELAY = "delay"
    CANCEL = "cancel"
    RECEIVE = "receive"
    TAKE_BACK = "take_back"


class EndedAs(StrEnum):
    """Why a line of a shipment is no longer under way."""

    ARRIVED = "arrived"
    CANCELLED = "cancelled"


NOTIFIED, ARRIVED, CANCELLED = (
    ShipmentStatus.NOTIFIED,
    ShipmentStatus.ARRIVED,
    ShipmentStatus.CANCELLED,
)

TRANSITIONS: Mapping[ShipmentAction, Mapping[ShipmentStatus, ShipmentStatus]] = {
    ShipmentAction.DELAY: {NOTIFIED: NOTIFIED},
    ShipmentAction.CANCEL: {NOTIFIED: CANCELLED},
    ShipmentAction.RECEIVE: {NOTIFIED: ARRIVED, ARRIVED: ARRIVED},
    ShipmentAction.TAKE_BACK: {NOTIFIED: NOTIFIED, ARRIVED: NOTIFIED},
}
"""The state machine: what is not here is refused.

Some moves depend on lines: a receipt leaves it notified while other lines are under way, and one of which
something has arrived is not cancelled but its rest, and then has arrived.
"""

INITIAL = NOTIFIED
ASKED_FOR = (ShipmentAction.DELAY, ShipmentAction.CANCEL)
"""What people ask for; the other moves follow from receipts."""


def allowed_actions(status: str) -> list[str]:
    """Return what can be asked for of a shipment."""
    return [action.value for action in ASKED_FOR if status in TRANSITIONS[action]]


def check_move(action: ShipmentAction, status: str) -> None:
    """Raise ConflictError for what a shipment does not allow where it stands."""
    if status not in TRANSITIONS[action]:
        allowed = allowed_actions(status)
        raise ConflictError(
            "wrong_state",
            f"A shipment that is {status} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else "it is finished."),
            status_now=status,
            allowed=allowed,
        )


def standing(ends: Iterable[str | None]) -> ShipmentStatus:
    """Return where a shipment stands whose lines have ended so: notified while one of them is under way."""
    known = set(ends)
    if None in known:
        return NOTIFIED
    return ARRIVED if EndedAs.ARRIVED in known else CANCELLED
