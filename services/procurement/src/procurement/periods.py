"""From which day and until which day something may be named; no day there is no bound."""

from __future__ import annotations

from datetime import date

from purveyor.errors import FieldError, InvalidError


def check_period(valid_from: date | None, valid_to: date | None, within: str = "") -> None:
    """Raise InvalidError for a period that ends before it begins; `within` is where it is stated."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        why = f"lies before valid_from, {valid_from}"
        raise InvalidError(
            "period_reversed", "It ends before it begins.", errors=[FieldError(f"{within}/valid_to", why)]
        )


def why_not_valid(valid_from: date | None, valid_to: date | None, day: date) -> str | None:
    """Return why something is not there on a day; None when it is."""
    if valid_from is not None and day < valid_from:
        return f"is valid from {valid_from} on, and the day is {day}"
    if valid_to is not None and day > valid_to:
        return f"was valid until {valid_to}, and the day is {day}"
    return None
