"""For how long a qualification holds: reminders, the next case in time, conditions that fall overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from purveyor.errors import FieldError, InvalidError
from sourcing.qualification.rules.states import Decision


class Qualifying(BaseModel):
    """How suppliers are qualified."""

    model_config = ConfigDict(frozen=True)

    least_evaluators: int = Field(
        default=2, ge=1, le=20, description="How many give marks at least before anything is decided"
    )
    begin_again_days: int = Field(
        default=90, ge=1, le=730, description="How many days before the last one the next case begins"
    )
    answer_within_days: int = Field(
        default=30, ge=1, le=365, description="How many days a supplier has to answer a case that began so"
    )
    remind_days: tuple[int, ...] = Field(
        default=(60, 30, 7),
        max_length=10,
        description="At how many days before the last one it is said that the end is near",
    )
    longest_years: int = Field(
        default=3, ge=1, le=20, description="For how many years a qualification holds at most"
    )
    exception_days: int = Field(
        default=180, ge=1, le=1_825, description="For how many days somebody is approved by exception at most"
    )
    overdue_blocks: bool = Field(
        default=True, description="Whether a condition that is overdue stops new orders in the category"
    )


def reminder_due(valid_until: date, day: date, told: int | None, reminders: Sequence[int]) -> int | None:
    """Return the reminder to give on a day, as its number of days, if one is to be given.

    Of several that were missed the last one is given; `told` is the one given last.
    """
    left = (valid_until - day).days
    reached = [days for days in reminders if 0 <= left <= days]
    if not reached or (told is not None and min(reached) >= told):
        return None
    return min(reached)


def begins_again(valid_until: date, day: date, before: int) -> bool:
    """Whether the next case is due to have begun on a day."""
    return 0 <= (valid_until - day).days <= before


def latest_end(day: date, years: int) -> date:
    """Return the last day until which something that is decided on a day may hold."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + years, day=28)


def exception_until(day: date, days: int) -> date:
    """Return the last day until which somebody is approved by an exception of a day."""
    return day + timedelta(days=days)


def check_decided(
    decision: Decision,
    valid_until: date | None,
    condition_days: Sequence[date],
    day: date,
    years: int,
) -> None:
    """Raise InvalidError for a decision without its end or conditions, or with those of another one."""
    errors = []
    if decision is Decision.REJECTED:
        if valid_until is not None:
            errors.append(FieldError("/valid_until", "Leave it out: what is rejected holds on no day."))
    elif valid_until is None:
        errors.append(FieldError("/valid_until", "Say until when it holds."))
    elif not day <= valid_until <= latest_end(day, years):
        errors.append(
            FieldError("/valid_until", f"It lies between {day} and {latest_end(day, years)}, by the policy.")
        )
    if decision is Decision.CONDITIONALLY_QUALIFIED and not condition_days:
        errors.append(FieldError("/conditions", "State at least one condition, with its owner and day."))
    if decision is not Decision.CONDITIONALLY_QUALIFIED and condition_days:
        errors.append(FieldError("/conditions", f"Leave them out: it would be {decision} without any."))
    elif valid_until is not None:
        errors += [
            FieldError(f"/conditions/{place}/due_on", f"It lies between {day} and {valid_until}.")
            for place, due_on in enumerate(condition_days)
            if not day <= due_on <= valid_until
        ]
    if errors:
        raise InvalidError("decision_incomplete", errors[0].detail, errors=errors)


def is_overdue(due_on: date, met_on: date | None, day: date) -> bool:
    """Whether a condition was to be met by a day that is over."""
    return met_on is None and due_on < day
