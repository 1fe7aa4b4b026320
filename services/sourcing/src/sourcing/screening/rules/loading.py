"""Whether a file of a list may take the place of the version before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sourcing.screening.rules.policy import Screening

ALWAYS = 10
"""So many rows may always be broken, and so many entries gone, but no more than half of a list: a share of a
short list says nothing, and its end says much.
"""
NAMED = 5
"""Of the entries that hold suppliers and are gone so many are named."""


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


def why_refused(counts: Counts, held_by: Sequence[str], policy: Screening, *, may_shrink: bool) -> str | None:
    """Return why a file does not take the place of the version before it; None when it does.

    `held_by` are the references of entries that it lacks and that suppliers are held by.
    """
    rows = counts.entries + counts.broken
    if counts.broken > ALWAYS and counts.broken * 100 > policy.broken_percent * rows:
        return f"{counts.broken:,} of {rows:,} rows cannot be read; {policy.broken_percent} % may be broken"
    if not counts.entries:
        return "the file names nobody"
    if may_shrink:
        return None
    if held_by:
        named = ", ".join(held_by[:NAMED]) + (" and others" if len(held_by) > NAMED else "")
        return (
            f"suppliers are held by entries that are gone ({named}); send it with `may_shrink=true` when it "
            "is meant: the hits stay until somebody clears them"
        )
    if (
        counts.gone > min(ALWAYS, counts.before // 2)
        and counts.gone * 100 > policy.lost_percent * counts.before
    ):
        return (
            f"{counts.gone:,} of the {counts.before:,} entries before are gone, as if it was cut short; send "
            "it with `may_shrink=true` when it is meant"
        )
    return None
