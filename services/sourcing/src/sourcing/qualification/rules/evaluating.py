"""Who evaluates a case, who sees whose marks, and when all marks are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from purveyor.errors import ConflictError, ForbiddenError

EVALUATED_BY_ANOTHER = (
    "Who registered, changed or submitted a supplier does not evaluate it: name a colleague."
)
DECIDED_BY_ANOTHER = (
    "Who registered, changed or submitted a supplier does not decide whether it qualifies: ask a colleague."
)
"""Why a supplier's authors keep out of it (COSO: segregation of duties)."""
CONFLICTED = "You declared a conflict of interest in this case: leave it to a colleague."
GIVEN_BACK_BY_ANOTHER = (
    "Who registered, changed or submitted a supplier neither returns nor withdraws what it has handed in: "
    "ask a colleague."
)


@dataclass(frozen=True, slots=True)
class Part:
    """What part somebody has in the evaluation of a case."""

    person: str
    declared: bool
    has_conflict: bool
    has_marked: bool

    @property
    def counts(self) -> bool:
        """Whether marks are expected of them."""
        return not self.has_conflict


def is_complete(parts: Sequence[Part], least: int) -> bool:
    """Whether everybody whose marks count has given them, and they are as many as the policy wants."""
    counted = [part for part in parts if part.counts]
    return len(counted) >= max(least, 1) and all(part.has_marked for part in counted)


def conflicted(parts: Sequence[Part]) -> list[str]:
    """Return who declared a conflict of interest, and has no part in deciding."""
    return [part.person for part in parts if part.has_conflict]


def sees_marks_of(
    viewer: str, person: str, parts: Sequence[Part], *, complete: bool, decided: bool = False
) -> bool:
    """Whether somebody is shown another's marks: after their own, and others once all are there.

    Nobody is named an evaluator once all are there, so that who has seen marks gives none; who declared a
    conflict of interest sees none before it is decided.
    """
    if viewer == person or decided:
        return True
    own = next((part for part in parts if part.person == viewer), None)
    if own is not None and own.has_conflict:
        return False
    if complete:
        return True
    return own is not None and own.has_marked


def check_may_mark(viewer: str, parts: Sequence[Part]) -> None:
    """Raise unless somebody is an evaluator who has declared no conflict and has given no marks yet."""
    own = part_of(viewer, parts)
    if own.has_conflict:
        raise ConflictError("conflict_declared", "You declared a conflict of interest: you give no marks.")
    if not own.declared:
        raise ConflictError(
            "conflict_undeclared", "Declare first whether you have a conflict of interest, or none."
        )
    if own.has_marked:
        raise ConflictError("marked_already", "You gave your marks, and may have seen those of others since.")


def check_may_declare(viewer: str, parts: Sequence[Part], *, conflict: bool = False) -> None:
    """Raise unless somebody has given no marks yet, and takes back no conflict.

    Who has one need not have been named.
    """
    if conflict and all(part.person != viewer for part in parts):
        return
    own = part_of(viewer, parts)
    if own.has_marked:
        raise ConflictError("marked_already", "You gave your marks: a conflict is declared before.")
    if own.has_conflict and not conflict:
        raise ConflictError(
            "conflict_declared", "You declared a conflict of interest, and that is not taken back."
        )


def part_of(viewer: str, parts: Sequence[Part]) -> Part:
    """Return the part of somebody; raises ForbiddenError when they have none."""
    own = next((part for part in parts if part.person == viewer), None)
    if own is None:
        raise ForbiddenError("not_an_evaluator", "You were not named an evaluator of this case.")
    return own
