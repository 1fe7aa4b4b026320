"""What belongs to what: up to the head of a group, never in a circle, and not deeper than any real one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.errors import ConflictError, FieldError, InvalidError

MOST_LEVELS = 20
"""How many levels a group has at most; real ones have some five."""


def expect_possible(supplier_id: UUID, parent_id: UUID, above_parent: Sequence[UUID], below: int) -> None:
    """Raise InvalidError where a company would belong to itself, or where its group would be too deep.

    `above_parent` is what the parent belongs to, `below` how many levels belong to the company.
    """
    if parent_id == supplier_id:
        raise refused("group_circle", "A company does not belong to itself: name another, or null.")
    if supplier_id in above_parent:
        raise refused("group_circle", "That company belongs to this one: say first that it does not.")
    if len(above_parent) + below + 2 > MOST_LEVELS:
        raise refused("group_too_deep", f"The group would have more than {MOST_LEVELS} levels.")


def expect_apart(number: str, other: str, supplier_id: UUID, above_other: Sequence[UUID]) -> None:
    """Raise ConflictError where one company would go on above or as another that belongs to it.

    `above_other` is what the other belongs to, as far as that is not about to change.
    """
    if supplier_id in above_other:
        raise ConflictError(
            "groups_entangled",
            f"{other} belongs to a company that belongs to {number}: they would belong to themselves. State "
            "first what belongs to what.",
        )


def refused(code: str, detail: str) -> InvalidError:
    """Return the refusal of a parent."""
    return InvalidError(code, detail, errors=[FieldError("/parent_id", detail)])
