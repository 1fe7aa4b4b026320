"""The halves of a release's migrations."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """A half of a release's migrations, or both: before the new code runs, or after the old has gone."""

    BEFORE = "before"
    AFTER = "after"
    ALL = "all"
