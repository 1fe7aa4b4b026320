"""Where an edition of a questionnaire is in its life."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from purveyor.errors import ConflictError

PUBLISHED_BY_ANOTHER = "Who drafted an edition does not publish it: ask a colleague."
"""Why its authors do not publish an edition (COSO: segregation of duties)."""
RETIRED_BY_ANOTHER = (
    "An edition that is required is retired by two: who asked for it, and another who drafted none of it."
)
"""Why one person alone does not lift what suppliers have to qualify by."""


class EditionStatus(StrEnum):
    """Where an edition stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class EditionMove(StrEnum):
    """What may be done to an edition."""

    CHANGE = "change"
    PUBLISH = "publish"
    RETIRE = "retire"


MOVES: Mapping[tuple[EditionStatus, EditionMove], EditionStatus] = {
    (EditionStatus.DRAFT, EditionMove.CHANGE): EditionStatus.DRAFT,
    (EditionStatus.DRAFT, EditionMove.PUBLISH): EditionStatus.PUBLISHED,
    (EditionStatus.DRAFT, EditionMove.RETIRE): EditionStatus.RETIRED,
    (EditionStatus.PUBLISHED, EditionMove.RETIRE): EditionStatus.RETIRED,
}
"""Every move that exists: what was published is never changed, another edition takes its place."""


def moved(status: EditionStatus, move: EditionMove) -> EditionStatus:
    """Return the status that a move leads to; raises ConflictError naming what is possible instead."""
    found = MOVES.get((status, move))
    if found is None:
        allowed = [possible.value for at, possible in MOVES if at is status]
        raise ConflictError(
            "wrong_state",
            f"The edition is {status}, which does not allow to {move} it: an edition never changes once it "
            f"is published; begin the next one. Possible now: {', '.join(allowed) or 'nothing more'}.",
            allowed=allowed,
        )
    return found
