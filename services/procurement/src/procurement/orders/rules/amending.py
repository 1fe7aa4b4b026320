"""What an amendment may say of an order: never below what has come, no line forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from procurement.amounts.rules.adjustments import total_of
from procurement.orders.rules import drafts
from procurement.orders.rules.amounts import amount_problems
from procurement.orders.rules.drafts import DraftLine, DraftOrder, line_amount
from procurement.orders.rules.quantities import ClosedAs, settled_quantity
from procurement.orders.rules.schedules import ONLY, schedule_date_problems, schedule_numbers
from purveyor.errors import FieldError, InvalidError

PRICED = ("price", "price_base_quantity", "allowances", "charges")
"""What of a line says what it costs."""

NO_MORE_WANTED: Mapping[str | None, str] = {
    ClosedAs.SHORT: "was closed short",
    ClosedAs.CANCELLED: "was cancelled",
    ClosedAs.UNDER_TOLERANCE: "is complete under tolerance",
}
"""What is said of a line of which no more is wanted, however much it ordered."""


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line as the version in force orders it, and what has become of it."""

    ordered: DraftLine
    cancelled_quantity: Decimal
    received_quantity: Decimal
    rejected_quantity: Decimal
    refused_for_good_quantity: Decimal
    closed_as: str | None
    dropped_by_version: int | None = None
    dropped_schedules: tuple[int, ...] = ()

    @property
    def quantity(self) -> Decimal:
        """What the version in force orders."""
        return self.ordered.quantity


def check_amended(
    now: Mapping[int, LineNow],
    before: DraftOrder,
    after: DraftOrder,
    cancelled: Sequence[int],
) -> list[Decimal]:
    """Return what the lines are worth; raises InvalidError naming all that an amendment cannot say.

    `now` are all lines that the order has ever had, by number; `after` is what is to be ordered, and
    `cancelled` are the lines that no longer are.
    """
    amounts = drafts.order_amounts(after)
    problems = drafts.line_problems(after.lines, amounts) or amount_problems(after, amounts)
    problems += _header_problems(now, before, after)
    for index, line in enumerate(after.lines):
        problems += _line_problems(f"/lines/{index}", line, now.get(line.line_number), before)
    problems += _cancelling_problems(now, after, cancelled)
    if not problems and before == after and not cancelled:
        problems.append(FieldError("/lines", "nothing is said otherwise than in the version in force"))
    if problems:
        raise InvalidError("amendment_invalid", "The amendment breaks rules.", errors=problems)
    return amounts


def _header_problems(
    now: Mapping[int, LineNow], before: DraftOrder, after: DraftOrder
) -> Iterator[FieldError]:
    if after.site != before.site and any(line.received_quantity for line in now.values()):
        yield FieldError("/site", f"goods of it have come to {before.site}: order the rest anew")


def _line_problems(at: str, line: DraftLine, now: LineNow | None, before: DraftOrder) -> Iterator[FieldError]:
    number, ordered = line.line_number, now.ordered if now else None
    if before.ordered_on is not None and (ordered is None or _days(line) != _days(ordered)):
        yield from schedule_date_problems(at, line, before.ordered_on)
    if now is None or ordered is None:
        return
    if now.closed_as == ClosedAs.CANCELLED:
        yield FieldError(f"{at}/line_number", f"line {number} was cancelled: reopen it, or add another")
        return
    if line.quantity != now.quantity and now.closed_as in NO_MORE_WANTED:
        yield FieldError(f"{at}/quantity", f"line {number} {NO_MORE_WANTED[now.closed_as]}: reopen it first")
    elif line.quantity < min(now.quantity, settled_quantity(now)):
        least = format(settled_quantity(now).normalize(), "f")
        yield FieldError(f"{at}/quantity", f"at least {least}, which were accepted or refused for good")
    yield from _renumbered(at, line, now)
    if now.received_quantity:
        for name in ("item", "unit"):
            if getattr(line, name) != getattr(ordered, name):
                yield FieldError(f"{at}/{name}", "goods of this line have come: add another line")


def _renumbered(at: str, line: DraftLine, now: LineNow) -> Iterator[FieldError]:
    """Return which schedules have the number of one that was dropped, whose promises it would inherit."""
    gone = set(now.dropped_schedules)
    free = max(gone | schedule_numbers(now.ordered) | schedule_numbers(line)) + 1
    for index, one in enumerate(line.schedules):
        if one.schedule_number in gone:
            yield FieldError(
                f"{at}/schedules/{index}/schedule_number",
                f"{one.schedule_number} was the number of a schedule that an earlier version dropped: "
                f"number it {free}",
            )
    if not line.schedules and ONLY in gone:
        yield FieldError(
            f"{at}/schedules",
            f"schedule {ONLY}, which a line without schedules is, was dropped by an earlier version: "
            f"state one schedule, numbered {free} say",
        )


def _days(line: DraftLine) -> tuple[object, ...]:
    return line.promised_on, line.schedules


def _cancelling_problems(
    now: Mapping[int, LineNow], after: DraftOrder, cancelled: Sequence[int]
) -> Iterator[FieldError]:
    stated = {line.line_number for line in after.lines}
    for index, number in enumerate(cancelled):
        at, line = f"/cancelled_lines/{index}", now.get(number)
        if line is None:
            yield FieldError(at, f"the order has no line {number}")
        elif number in stated:
            yield FieldError(at, f"line {number} is stated, too")
        elif line.closed_as is not None:
            yield FieldError(at, f"line {number} is closed already")
        elif settled_quantity(line):
            yield FieldError(at, f"some of line {number} has come: close it short")
    for number, line in now.items():
        if number not in stated and number not in cancelled and line.closed_as != ClosedAs.CANCELLED:
            yield FieldError("/lines", f"line {number} is left out: state it, or name it in cancelled_lines")


def says_otherwise(before: DraftOrder, after: DraftOrder) -> frozenset[int]:
    """Return the places of lines that order something else than before, or more of it, and so order it today.

    The others may name what is no longer bought: it was when they were ordered.
    """
    return frozenset(
        place
        for place, line, was in _pairs(before, after)
        if was is None
        or (line.category, line.item, line.unit) != (was.category, was.item, was.unit)
        or line.quantity > was.quantity
    )


def newly_ordered(before: DraftOrder, after: DraftOrder) -> frozenset[int]:
    """Return the places of lines that an amendment orders anew: its supplier has to be approved for them.

    That is a line that orders something else, also by another description, more of it, or at a higher price;
    and every line, where more is put on the order as a whole.
    """
    if _put_on(before, after):
        return frozenset(range(len(after.lines)))
    return says_otherwise(before, after) | {
        place
        for place, line, was in _pairs(before, after)
        if was is not None and (line.description != was.description or _dearer(was, line, before.currency))
    }


def _pairs(before: DraftOrder, after: DraftOrder) -> Iterator[tuple[int, DraftLine, DraftLine | None]]:
    old = {line.line_number: line for line in before.lines}
    return ((place, line, old.get(line.line_number)) for place, line in enumerate(after.lines))


def _dearer(was: DraftLine, line: DraftLine, currency: str) -> bool:
    """Whether a line's price is higher, or as much as before would cost more, with charges and allowances."""
    if line.price * was.price_base_quantity > was.price * line.price_base_quantity:
        return True
    priced = {name: getattr(line, name) for name in PRICED}
    return line_amount(replace(was, **priced), currency) > line_amount(was, currency)


def _put_on(before: DraftOrder, after: DraftOrder) -> bool:
    """Whether charges and allowances of the whole put more on what was ordered before."""
    if (before.charges, before.allowances) == (after.charges, after.allowances):
        return False
    whole, currency = sum(drafts.order_amounts(before), Decimal(0)), before.currency
    was, now = (
        total_of(one.charges, whole, currency) - total_of(one.allowances, whole, currency)
        for one in (before, after)
    )
    return now > was


def with_external_references(before: DraftOrder, lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """Return stated lines with the keys that another system knows them by, which nobody states again."""
    old = {line.line_number: line.external_reference for line in before.lines}
    return tuple(replace(line, external_reference=old.get(line.line_number)) for line in lines)
