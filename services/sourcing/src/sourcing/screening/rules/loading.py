"""Whether a file of a list may take the place of the version before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sourcing.screening.rules.policy import Screening

ALWAYS = 10
"""So many rows may always be broken, and so many entries gone: a share of a short list says nothing."""


class LoadStatus(StrEnum):
    """Where a version is in its life."""

    LOADING = "loading"
    LOADED = "loaded"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Counts:
    """What was in a file, and what it would take away from the version before."""

    entries: int
    broken: int
    before: int
    gone: int


def why_refused(counts: Counts, policy: Screening, *, may_shrink: bool) -> str | None:
    """Return why a file does not take the place of the version before it; None when it does."""
    rows = counts.entries + counts.broken
    if counts.broken > ALWAYS and counts.broken * 100 > policy.broken_percent * rows:
        return f"{counts.broken:,} of {rows:,} rows cannot be read; {policy.broken_percent} % may be broken"
    if not counts.entries:
        return "the file names nobody"
    if not may_shrink and counts.gone > ALWAYS and counts.gone * 100 > policy.lost_percent * counts.before:
        return (
            f"{counts.gone:,} of the {counts.before:,} entries before are gone, as if it was cut short; send "
            "it with `may_shrink=true` when it is meant"
        )
    return None
