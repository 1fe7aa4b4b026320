"""Approval of a supplier that is not qualified where qualification is required: by exception only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from purveyor.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Unqualified:
    """A category that a supplier would be approved for without being qualified that long."""

    category: str
    qualified_until: date | None
    """Until when it is, if it is."""
    exception_until: date
    """The latest day of an exception, by the policy."""
    lacking: tuple[str, ...] = ()
    """The codes of the questionnaires that it is not qualified by."""
    rejected: tuple[str, ...] = ()
    """The numbers of the cases that were rejected, and not decided otherwise since."""


def check_exception(
    unqualified: Sequence[Unqualified], categories: Sequence[str], expires_on: date, reason: str | None
) -> None:
    """Raise InvalidError for an approval without the exception that it needs, too long, or needing none."""
    if not unqualified:
        if reason is not None:
            detail = "Leave it out: the supplier is qualified, or nothing requires that it is."
            raise InvalidError(
                "exception_not_needed", detail, errors=[FieldError("/exception_reason", detail)]
            )
        return
    if reason is None:
        errors = [
            FieldError(f"/categories/{categories.index(one.category)}", _missing(one, expires_on))
            for one in unqualified
        ]
        raise InvalidError(
            "qualification_required",
            f"{errors[0].detail} Qualify it, or say by `exception_reason` why it is approved without.",
            errors=errors,
        )
    latest = min(one.exception_until for one in unqualified)
    if expires_on > latest:
        detail = f"An exception ends on {latest} at the latest."
        raise InvalidError("exception_too_long", detail, errors=[FieldError("/expires_on", detail)])


def _missing(one: Unqualified, expires_on: date) -> str:
    if one.rejected:
        return f"The supplier was rejected for {one.category}: {', '.join(one.rejected)}."
    if one.lacking or one.qualified_until is None:
        by = f" by {', '.join(one.lacking)}" if one.lacking else ""
        return f"The supplier is not qualified for {one.category}{by}, which a questionnaire is required for."
    return f"The supplier is qualified for {one.category} until {one.qualified_until}, not {expires_on}."
