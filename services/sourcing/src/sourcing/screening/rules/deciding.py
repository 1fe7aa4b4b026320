"""What may be decided of a hit, and when one is raised again."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class HitStatus(StrEnum):
    """Where a hit stands; the supplier is blocked by it unless it is cleared."""

    RAISED = "raised"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"


class Verdict(StrEnum):
    """What a person may decide of a hit."""

    CLEAR = "clear"
    CONFIRM = "confirm"


MOVES: Mapping[tuple[HitStatus, Verdict], HitStatus] = {
    (HitStatus.RAISED, Verdict.CLEAR): HitStatus.CLEARED,
    (HitStatus.RAISED, Verdict.CONFIRM): HitStatus.CONFIRMED,
    (HitStatus.CONFIRMED, Verdict.CLEAR): HitStatus.CLEARED,
}
"""Every move that exists: what was confirmed may be cleared, as when a party is taken off the list.

One that was cleared stays so; when the entry or the supplier changes, another hit is raised.
"""

DECIDED_BY_ANOTHER = "Who registered or changed the supplier does not decide its hits: ask a colleague."
"""Why (COSO: segregation of duties)."""


def stays_cleared(cleared: tuple[bytes, bytes], now: tuple[bytes, bytes]) -> bool:
    """Whether a hit that was cleared says all there is to say: entry and supplier are what they were."""
    return cleared == now
