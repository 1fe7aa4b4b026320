"""Schedule lines: how much of an order line is needed by which day; together they are the line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from procurement.orders.rules.quantities import Counted, settled_quantity
from purveyor.decimals import shortest
from purveyor.errors import FieldError

MOST_SCHEDULES = 366
"""A line has no more: one a day for a year."""
ONLY = 1
"""The number of the one schedule that a line without stated ones is."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A part of a line with its own day, as its author states it."""

    schedule_number: int
    quantity: Decimal
    need_by: date


class Scheduled(Protocol):
    """A line, with schedules or as the only one of itself."""

    @property
    def quantity(self) -> Decimal:
        """What the line orders."""

    @property
    def promised_on(self) -> date:
        """The last day by which all of it is needed."""

    @property
    def schedules(self) -> Sequence[Schedule]:
        """Its schedules; none: it is one, of all its quantity on its day."""


def schedules_of(line: Scheduled) -> tuple[Schedule, ...]:
    """Return a line's schedules by their days and numbers, in which order receipts fill them."""
    stated = line.schedules or (Schedule(ONLY, line.quantity, line.promised_on),)
    return tuple(sorted(stated, key=lambda one: (one.need_by, one.schedule_number)))


def schedule_numbers(line: Scheduled) -> set[int]:
    """Return the numbers of a line's schedules: of one without stated ones the only one's."""
    return {one.schedule_number for one in schedules_of(line)}


class Standing(Counted, Protocol):
    """A line as it is ordered, and what has become of it."""

    @property
    def ordered(self) -> Scheduled:
        """What the version in force orders."""


def open_quantities(line: Standing) -> dict[int, Decimal]:
    """Return by number what is still to come of each schedule of a line.

    What came, or is not owed again, fills schedules in the order of their days; what is called off leaves
    the last ones first. Together they are what is open of the line.
    """
    settled, called_off = settled_quantity(line), line.cancelled_quantity
    still_open = {}
    for one in schedules_of(line.ordered):
        filled = min(one.quantity, settled)
        settled -= filled
        still_open[one.schedule_number] = one.quantity - filled
    for one in reversed(schedules_of(line.ordered)):
        left_out = min(still_open[one.schedule_number], called_off)
        called_off -= left_out
        still_open[one.schedule_number] -= left_out
    return still_open


def schedule_problems(at: str, line: Scheduled) -> Iterator[FieldError]:
    """Return what is wrong with a line's schedules: a sum that is not its quantity, numbers used twice."""
    if not line.schedules:
        return
    total = sum((one.quantity for one in line.schedules), Decimal(0))
    if total != line.quantity:
        yield FieldError(
            f"{at}/schedules", f"add up to {shortest(total)}, and the line orders {shortest(line.quantity)}"
        )
    used = Counter(one.schedule_number for one in line.schedules)
    for index, one in enumerate(line.schedules):
        if used[one.schedule_number] > 1:
            yield FieldError(
                f"{at}/schedules/{index}/schedule_number",
                f"schedule number {one.schedule_number} is used twice",
            )
    last = max(one.need_by for one in line.schedules)
    if line.promised_on != last:
        yield FieldError(
            f"{at}/promised_on", f"the last schedule is needed by {last}: say that, or leave it out"
        )


def schedule_date_problems(at: str, line: Scheduled, ordered_on: date) -> Iterator[FieldError]:
    """Return which days of a line lie before the order's."""
    if not line.schedules and line.promised_on < ordered_on:
        yield FieldError(f"{at}/promised_on", f"lies before the order's date, {ordered_on}")
    for index, one in enumerate(line.schedules):
        if one.need_by < ordered_on:
            yield FieldError(f"{at}/schedules/{index}/need_by", f"lies before the order's date, {ordered_on}")
