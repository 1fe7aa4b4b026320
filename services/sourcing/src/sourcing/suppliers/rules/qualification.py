"""What may happen to a supplier, and who may decide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """Where a supplier stands."""

    REGISTERED = "registered"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    UNCONFIRMED = "unconfirmed"
    TERMINATED = "terminated"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What a person may do to a supplier's status."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    CONFIRM = "confirm"
    REVERT = "revert"
    TERMINATE = "terminate"
    MERGE = "merge"
    WITHDRAW = "withdraw"


MOVES: Mapping[tuple[Status, Move], Status] = {
    (Status.REGISTERED, Move.SUBMIT): Status.SUBMITTED,
    (Status.REGISTERED, Move.TERMINATE): Status.TERMINATED,
    (Status.SUBMITTED, Move.APPROVE): Status.APPROVED,
    (Status.SUBMITTED, Move.REJECT): Status.REJECTED,
    (Status.SUBMITTED, Move.TERMINATE): Status.TERMINATED,
    (Status.REJECTED, Move.SUBMIT): Status.SUBMITTED,
    (Status.REJECTED, Move.TERMINATE): Status.TERMINATED,
    (Status.APPROVED, Move.APPROVE): Status.APPROVED,
    (Status.APPROVED, Move.SUSPEND): Status.SUSPENDED,
    (Status.APPROVED, Move.TERMINATE): Status.TERMINATED,
    (Status.UNCONFIRMED, Move.SUSPEND): Status.SUSPENDED,
    (Status.UNCONFIRMED, Move.CONFIRM): Status.APPROVED,
    (Status.UNCONFIRMED, Move.REVERT): Status.APPROVED,
    (Status.UNCONFIRMED, Move.TERMINATE): Status.TERMINATED,
    (Status.SUSPENDED, Move.REINSTATE): Status.APPROVED,
    (Status.SUSPENDED, Move.TERMINATE): Status.TERMINATED,
    (Status.REGISTERED, Move.MERGE): Status.MERGED,
    (Status.SUBMITTED, Move.MERGE): Status.MERGED,
    (Status.APPROVED, Move.MERGE): Status.MERGED,
    (Status.REJECTED, Move.MERGE): Status.MERGED,
    (Status.UNCONFIRMED, Move.MERGE): Status.MERGED,
    (Status.SUSPENDED, Move.MERGE): Status.MERGED,
    (Status.REGISTERED, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.SUBMITTED, Move.WITHDRAW): Status.WITHDRAWN,
    (Status.REJECTED, Move.WITHDRAW): Status.WITHDRAWN,
}
"""The state machine: every move that exists. Approving an approved supplier adds or extends categories.

An approved supplier becomes unconfirmed by no move, but when somebody changes who it is.
"""


def allowed_moves(status: Status) -> tuple[Move, ...]:
    """Return what may be done to a supplier in this status."""
    return tuple(move for at, move in MOVES if at is status)


NOTHING_ABOVE: Mapping[str, Iterable[str]] = {}
"""Of categories that lie in no other."""

WAS_APPROVED = frozenset({Status.APPROVED, Status.UNCONFIRMED, Status.SUSPENDED})
"""Where a supplier stands by an approval, which vouches for who it is."""

ORDERED_FROM = frozenset({Status.APPROVED})
"""Where a supplier may be ordered from, for the categories whose approval is in force."""

ENDED = frozenset({Status.TERMINATED, Status.MERGED, Status.WITHDRAWN})
"""Where nothing about a supplier changes any more."""

BUYING_STOPPED = frozenset({Status.SUSPENDED}) | ENDED
"""Where people have stopped buying from a supplier: nobody need be asked whether to."""


APPROVED_BY_ANOTHER = "Who registered, changed or submitted a supplier does not approve it: ask a colleague."
"""Why its authors do not approve a supplier (COSO: segregation of duties)."""


def display_number(number: int) -> str:
    """Return a supplier's number as people use it: S-000042."""
    return f"S-{number:06d}"


def in_force(expires_on: date | None, today: date) -> bool:
    """Whether an approval still counts: through its last day; without one, always."""
    return expires_on is None or expires_on >= today


def shortened(expires_on: date | None, to: date, today: date) -> bool:
    """Whether an approval that is in force goes on through another last day, and no longer than it would."""
    return in_force(expires_on, today) and (expires_on is None or to <= expires_on)


def not_offered(
    wanted: Iterable[str], offered: Iterable[str], ancestors: Mapping[str, Iterable[str]] = NOTHING_ABOVE
) -> list[str]:
    """Return the categories that a supplier cannot be approved for: not offered, nor what they lie in."""
    known = set(offered)
    return [one for one in wanted if known.isdisjoint((one, *ancestors.get(one, ())))]
