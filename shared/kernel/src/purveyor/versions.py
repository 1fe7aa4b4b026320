"""Optimistic versions: nobody overwrites a change that they have not seen."""

from __future__ import annotations

from typing import Protocol

from purveyor.errors import PreconditionFailedError


class Versioned(Protocol):
    """Anything with an optimistic version."""

    @property
    def version(self) -> int:
        """The number of the last change."""


def expect_version(versioned: Versioned, seen: int) -> None:
    """Raise PreconditionFailedError unless the aggregate is still as the caller saw it."""
    if versioned.version != seen:
        raise PreconditionFailedError(
            "changed_meanwhile",
            f"It is at version {versioned.version} now and you saw {seen}: read it again, then decide again.",
            current_etag=f'"{versioned.version}"',
        )
