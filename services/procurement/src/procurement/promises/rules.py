"""What was promised of a schedule, and by which day it counts as on time. Nothing promised is overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.schedules import schedules_of
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError

Key = tuple[int, int]
"""A schedule of an order: its line's number and its own."""


class MovedBy(StrEnum):
    """Whose move it was."""

    BUYER = "buyer"
    SUPPLIER = "supplier"


class ScheduleHorizon(BaseModel):
    """Until when what is scheduled is firm."""

    model_config = ConfigDict(frozen=True)

    firm_days: int | None = Field(
        default=None,
        ge=0,
        le=3660,
        description="Days from today at the site within which a schedule is firm, and behind which it is a "
        "forecast; null: all are firm",
        examples=[28],
    )


@dataclass(frozen=True, slots=True)
class Promise:
    """One day that was promised of a schedule; the next one stands beside it."""

    line_number: int
    schedule_number: int
    nth: int
    promised_on: date
    moved_from: date
    """What was promised before it, or else needed."""
    moved_by: MovedBy
    agreed: bool
    """Whether the buyer agreed: moved it, and not once it was late, or took what the supplier answered."""
    reason: str | None
    reason_for_supplier: str | None
    stated_by: str
    stated_on: date
    stated_at: datetime
    by_supplier: bool | None = None
    """Whether the supplier said so itself, and no buyer; None: it was not noted yet."""

    @property
    def key(self) -> Key:
        """The schedule that it is of."""
        return self.line_number, self.schedule_number


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a schedule, none of which takes another's place."""

    need_by: date
    first_promised_on: date | None
    last_promised_on: date | None
    due_on: date
    """The last day that counts as on time."""


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody says of when a schedule comes."""

    schedule_number: int
    promised_on: date
    moved_from: date | None
    """What they saw promised, or else needed; None where they do not say."""
    moved_by: MovedBy | None
    reason: str
    reason_for_supplier: str | None


@dataclass(frozen=True, slots=True)
class Promised:
    """A schedule of an order, with its days and all that was promised of it."""

    line_number: int
    schedule_number: int
    quantity: Decimal
    open_quantity: Decimal
    firm: bool
    dates: Dates
    promises: Sequence[Promise]


def dates_of(need_by: date, promises: Sequence[Promise]) -> Dates:
    """Return the days of a schedule, of which `promises` are all, in their order.

    It is due on the day that is needed until the supplier promises one with which the buyer agrees; that
    first promise holds from then on. What the buyer moves is due when the buyer said last; what the supplier
    moves by itself, or a buyer once it was late, is shown, and excuses nothing. What is needed is only moved
    by a promise of the buyer.
    """
    due, agreed_before = need_by, False
    for promise in promises:
        if not promise.agreed:
            continue
        if promise.moved_by == MovedBy.BUYER:
            due = promise.promised_on
        else:
            due = due if agreed_before else promise.promised_on
            agreed_before = True
    of_supplier = [one.promised_on for one in promises if one.moved_by == MovedBy.SUPPLIER]
    return Dates(
        need_by,
        of_supplier[0] if of_supplier else None,
        promises[-1].promised_on if promises else None,
        due,
    )


def is_firm(need_by: date, today: date, horizon: ScheduleHorizon) -> bool:
    """Whether a schedule is firm today at its site, and no forecast."""
    return horizon.firm_days is None or need_by <= today + timedelta(days=horizon.firm_days)


def moved_by_amendment(
    before: Sequence[DraftLine], after: Sequence[DraftLine], promised: Mapping[Key, date]
) -> Iterator[tuple[Key, date, date]]:
    """Return the schedules whose days an amendment moves, each with the day of before and that of now.

    `promised` is what was promised last. A schedule that is wanted again has been promised before.
    """
    needed = dict(_needed(before))
    for key, need_by in _needed(after):
        was = needed.get(key)
        if was is None and key in promised:
            yield key, promised[key], need_by
        elif was is not None and was != need_by:
            yield key, promised.get(key, was), need_by


def _needed(lines: Sequence[DraftLine]) -> Iterator[tuple[Key, date]]:
    for line in lines:
        for schedule in schedules_of(line):
            yield (line.line_number, schedule.schedule_number), schedule.need_by


def moves_what_is_due(moved_by: MovedBy, due_on: date, today: date) -> bool:
    """Whether a move by one person alone moves the day that counts: a buyer's, until that day is over.

    Once goods are late a buyer does not make them on time; an amendment says another day, which somebody else
    approves (COSO: segregation of duties).
    """
    return moved_by == MovedBy.BUYER and today <= due_on


def check_whose(moved_by: MovedBy | None, *, is_supplier: bool) -> MovedBy:
    """Return whose move it is: a supplier's own, else the buyer's unless they say that it is the supplier's.

    Raises ForbiddenError for a supplier that says that its buyer moved a day.
    """
    if not is_supplier:
        return moved_by or MovedBy.BUYER
    if moved_by == MovedBy.BUYER:
        raise ForbiddenError(
            "not_the_buyer", "A supplier says what it moves itself, and not what its buyer does."
        )
    return MovedBy.SUPPLIER


def check_move(
    move: Move, numbers: Sequence[int], now: date, closed_as: str | None, ordered_on: date | None, today: date
) -> None:
    """Raise ConflictError or InvalidError for a move that cannot be.

    `numbers` are the line's schedules and `now` is what is promised, or else needed, of the one that moves.
    """
    if move.schedule_number not in numbers:
        there = ", ".join(map(str, numbers))
        raise InvalidError(
            "schedule_unknown",
            f"The line has no schedule {move.schedule_number}.",
            errors=[FieldError("/schedule_number", f"is none of the line's schedules: {there}")],
        )
    if closed_as is not None:
        raise ConflictError(
            "wrong_state",
            f"The line is closed as {closed_as.replace('_', ' ')}: nothing more of it is to come.",
            status_now=closed_as,
            allowed=[],
        )
    if move.moved_from is not None and move.moved_from != now:
        raise ConflictError(
            "promise_moved",
            f"You saw {move.moved_from}, and it is {now} by now: read it again, then decide again.",
            promised_on=str(now),
        )
    if why := _why_not(move.promised_on, now, ordered_on, today):
        raise InvalidError("promise_invalid", f"The day {why}.", errors=[FieldError("/promised_on", why)])


def _why_not(promised_on: date, now: date, ordered_on: date | None, today: date) -> str | None:
    if promised_on == now:
        return "is the one that is promised, or needed, already"
    if promised_on < today:
        return f"lies in the past: at the site it is {today}"
    if ordered_on is not None and promised_on < ordered_on:
        return f"lies before the order's date, {ordered_on}"
    return None
