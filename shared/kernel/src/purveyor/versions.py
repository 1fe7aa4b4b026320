"""Optimistic versions: nobody overwrites a change that they have not seen."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from purveyor.errors import PreconditionFailedError

Seen: TypeAlias = tuple[int, ...]
"""The versions that a caller would change: as a rule one, the one that it saw."""


class Versioned(Protocol):
    """Anything with an optimistic version."""

    @property
    def version(self) -> int:
        """The number of the last change."""


def named(seen: Seen) -> str:
    """Return versions in words."""
    return " or ".join(map(str, seen))


def expect_version(versioned: Versioned, seen: Seen) -> None:
    """Raise PreconditionFailedError unless the aggregate is still as the caller saw it."""
    if versioned.version not in seen:
        raise PreconditionFailedError(
            "changed_meanwhile",
            f"It is at version {versioned.version} now and you saw {named(seen)}: read it again, then decide "
            "again.",
            current_etag=f'"{versioned.version}"',
        )
