"""Who stands above whom, a line with an end; and who states what somebody may approve: another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from purveyor.duties import expect_another
from purveyor.errors import FieldError, InvalidError

OF_ONES_OWN = frozenset({"name", "site"})
"""What somebody may state of themselves: by all else an approval may come to them."""


def check_line(code: str, manager: str | None, managers: Mapping[str, str | None]) -> None:
    """Raise InvalidError where somebody would stand above themselves; `managers` are those of all above."""
    way = [code]
    above = manager
    while above is not None:
        way.append(above)
        if above == code:
            raise InvalidError(
                "managers_circle",
                f"It would go round: {' → '.join(way)}.",
                errors=[FieldError("/manager", f"{code} stands above {manager}, or is the same")],
            )
        if above in way[:-1]:
            return
        above = managers.get(above)


def check_not_their_own(actor: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Raise ForbiddenError for who states what they themselves may approve, or who is to be them.

    `before` is None of somebody who is new. What was one's own record stays so while its subject is changed.
    """
    changed = {name for name in after if before is None or before[name] != after[name]}
    subjects = {after["subject"]} if before is None else {before["subject"], after["subject"]}
    if changed - OF_ONES_OWN:
        expect_another(
            actor, subjects, "Nobody states what they themselves may approve; another administrator does."
        )
