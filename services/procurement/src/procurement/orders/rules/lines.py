"""Where a line stands and what may follow, while its order's other lines go on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.quantities import ClosedAs, settled_quantity
from purveyor.errors import ConflictError

OPEN = "open"
"""Of a line of which more is to come; otherwise it is as what it was closed (`ClosedAs`)."""


class LineAction(StrEnum):
    """What can be done to one line of an order."""

    CLOSE_SHORT = "close_short"
    CANCEL = "cancel"
    REOPEN = "reopen"


TRANSITIONS: Mapping[LineAction, Mapping[str, str]] = {
    LineAction.CLOSE_SHORT: {OPEN: ClosedAs.SHORT},
    LineAction.CANCEL: {OPEN: ClosedAs.CANCELLED},
    LineAction.REOPEN: {ClosedAs.UNDER_TOLERANCE: OPEN, ClosedAs.SHORT: OPEN, ClosedAs.CANCELLED: OPEN},
}
"""The state machine: an action leads from where a line stands to another place; what is not here is refused.

A line that is complete is opened by an amendment that orders more of it. One is closed short when some of it
has come, and cancelled when nothing has.
"""


def allowed_actions(line: LineNow) -> list[str]:
    """Return what can be done to a line."""
    standing = line.closed_as or OPEN
    return [
        action.value
        for action, moves in TRANSITIONS.items()
        if standing in moves and not _speaks_against(action, line)
    ]


def check_line(action: LineAction, line: LineNow) -> None:
    """Raise ConflictError, naming what is possible instead, for an action that the line does not allow."""
    standing = line.closed_as or OPEN
    why = (
        f"a line that is {standing.replace('_', ' ')} cannot be the object of “{action}”"
        if standing not in TRANSITIONS[action]
        else _speaks_against(action, line)
    )
    if why is None:
        return
    allowed = allowed_actions(line)
    raise ConflictError(
        "wrong_state",
        f"{why[0].upper()}{why[1:]}; "
        + (f"possible now: {', '.join(allowed)}." if allowed else "nothing is to be done now."),
        status_now=standing,
        allowed=allowed,
    )


def _speaks_against(action: LineAction, line: LineNow) -> str | None:
    if action == LineAction.CLOSE_SHORT and settled_quantity(line) == 0:
        return "nothing of the line has come, so that it is cancelled and not closed short"
    if action == LineAction.CANCEL and settled_quantity(line) > 0:
        return "some of the line has come, so that it is closed short and not cancelled"
    if action == LineAction.REOPEN and line.dropped_by_version is not None:
        return f"version {line.dropped_by_version} no longer orders the line: an amendment adds another"
    return None
