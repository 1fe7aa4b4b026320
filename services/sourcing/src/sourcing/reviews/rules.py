"""When a score asks for a decision, and which decisions there are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from purveyor.errors import FieldError, InvalidError


class ReviewThreshold(BaseModel):
    """Under which score a supplier is reviewed."""

    model_config = ConfigDict(frozen=True)

    score: Decimal = Field(
        default=Decimal(60),
        ge=0,
        le=100,
        max_digits=4,
        decimal_places=1,
        description="A score under it opens a review",
        examples=["60"],
    )


NO_NEW_ORDERS = "no_new_orders"
NO_NEW_TENDERS = "no_new_tenders"
"""What a scorecard template may let follow of a grade; the first goes further than the second."""

STOPS_TENDERS = frozenset({NO_NEW_TENDERS, NO_NEW_ORDERS})


def why_stopped(number: str, grade: str | None, template: str | None) -> str:
    """Return why a supplier is not ordered from while its grade stays what it is."""
    return f"{number} is graded {grade or 'nothing'} by the scorecard {template or 'default'}: no new orders"


class Decision(StrEnum):
    """What a category manager may decide about a supplier under review."""

    CONTINUE = "continue"
    SUSPEND = "suspend"
    TERMINATE = "terminate"


def check_told(decision: Decision, told: str | None) -> None:
    """Raise InvalidError for a reason that nobody would be told: of `continue` a supplier hears nothing."""
    if decision is Decision.CONTINUE and told is not None:
        detail = "Leave it out: a supplier is not told of a review after which all goes on as before."
        raise InvalidError("nobody_told", detail, errors=[FieldError("/reason_for_supplier", detail)])


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
