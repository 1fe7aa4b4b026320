"""When a score asks for a decision, and which decisions there are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Decision(StrEnum):
    """What a category manager may decide about a supplier under review."""

    CONTINUE = "continue"
    SUSPEND = "suspend"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True)
class DecidedReview:
    """What the last review of a supplier left behind."""

    grade: str | None
    """The grade that the category manager had before them."""
    recovered_since: bool
    """Whether the score, then or later, was at the threshold or above it."""


def asks_for_review(
    score: Decimal | None,
    grade: str | None,
    threshold: Decimal,
    last: DecidedReview | None,
) -> bool:
    """Whether a score opens a review of a supplier that has none open.

    It does under the threshold, once a fall: what was decided holds until the score has recovered and falls
    again, or until the grade is worse than the one decided upon (A is best, E worst).
    """
    if score is None or score >= threshold:
        return False
    if last is None or last.recovered_since:
        return True
    return (grade or "") > (last.grade or "")
