"""Who stands above whom: a line with an end."""

from __future__ import annotations

from collections.abc import Mapping

from purveyor.errors import FieldError, InvalidError


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
