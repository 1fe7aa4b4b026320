"""Where a blanket order stands, who approves it, and what may be called off of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from procurement.amounts.rules.lines import gross
from purveyor.decimals import shortest
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.money import minor_units, round_amount

HUNDRED = Decimal(100)
AS_AGREED = ("item", "description", "category", "unit", "price", "price_base_quantity")
"""What a line of a call-off says as its blanket order does."""
NO_CHARGE = "no charge was agreed"


class BlanketStatus(StrEnum):
    """Where a blanket order stands; what is approved may be called off."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CLOSED = "closed"


class BlanketAction(StrEnum):
    """What can be done to a blanket order."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    HOLD = "hold"
    RELEASE = "release"
    CLOSE = "close"


TRANSITIONS: Mapping[BlanketAction, Mapping[BlanketStatus, BlanketStatus]] = {
    BlanketAction.CHANGE: {BlanketStatus.DRAFT: BlanketStatus.DRAFT},
    BlanketAction.SUBMIT: {BlanketStatus.DRAFT: BlanketStatus.SUBMITTED},
    BlanketAction.APPROVE: {BlanketStatus.SUBMITTED: BlanketStatus.APPROVED},
    BlanketAction.RETURN: {BlanketStatus.SUBMITTED: BlanketStatus.DRAFT},
    BlanketAction.HOLD: {BlanketStatus.APPROVED: BlanketStatus.APPROVED},
    BlanketAction.RELEASE: {BlanketStatus.APPROVED: BlanketStatus.APPROVED},
    BlanketAction.CLOSE: {
        BlanketStatus.DRAFT: BlanketStatus.CLOSED,
        BlanketStatus.SUBMITTED: BlanketStatus.CLOSED,
        BlanketStatus.APPROVED: BlanketStatus.CLOSED,
    },
}
"""The state machine: what is not here is refused. What was agreed is not changed: another is agreed."""

INITIAL = BlanketStatus.DRAFT
APPROVED_BY_OTHERS: Mapping[str, str] = {
    "authors": "Who created, changed or submitted a blanket order does not approve it.",
    "supplier_authors": "Who onboarded a supplier, or changed who it is, does not approve what is agreed.",
}


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """A line as its author states it: what may be called off, and at which price."""

    line_number: int
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Agreement:
    """A blanket order as its author states it."""

    currency: str
    business_unit: str
    valid_from: date
    valid_to: date
    tolerance: Decimal
    value: Decimal | None
    lines: tuple[AgreedLine, ...]


class Agreed(Protocol):
    """What an approved line agrees on, and what of it was called off."""

    line_number: Any
    item: Any
    description: Any
    category: Any
    unit: Any
    quantity: Any
    price: Any
    price_base_quantity: Any
    most_quantity: Any
    called_off_quantity: Any
    called_off_value: Any


class CalledOff(Protocol):
    """A line of an order that calls off."""

    @property
    def line_number(self) -> int:
        """That of the blanket order's line, too."""

    @property
    def charges(self) -> Sized:
        """What is put on it beside its price."""


def check_agreement(agreement: Agreement) -> None:
    """Raise InvalidError naming all that a blanket order cannot say."""
    problems = []
    if agreement.valid_to < agreement.valid_from:
        problems.append(FieldError("/valid_to", f"lies before its first day, {agreement.valid_from}"))
    if agreement.value is not None and agreement.value != round_amount(agreement.value, agreement.currency):
        places = minor_units(agreement.currency)
        problems.append(FieldError("/value", f"{agreement.currency} has {places} decimals"))
    numbers = [line.line_number for line in agreement.lines]
    problems += [
        FieldError(f"/lines/{index}/line_number", f"line number {number} is used twice")
        for index, number in enumerate(numbers)
        if numbers.count(number) > 1
    ]
    if problems:
        raise InvalidError("blanket_order_invalid", "The blanket order breaks rules.", errors=problems)


def with_tolerance(limit: Decimal, tolerance: Decimal) -> Decimal:
    """Return the most of a limit: limit × (1 + tolerance ÷ 100)."""
    return limit * (1 + tolerance / HUNDRED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call-off wants of a line, beside what it wanted before: less, where it gives some back."""

    before: Decimal
    now: Decimal

    @property
    def quantity(self) -> Decimal:
        """How much more that is."""
        return self.now - self.before

    def value(self, line: Agreed, currency: str) -> Decimal:
        """Return how much more it costs, each as an order's line does: rounded to the minor unit."""
        was, costs = (
            gross(quantity, line.price, line.price_base_quantity, currency)
            for quantity in (self.before, self.now)
        )
        return costs - was


def worth(lines: Collection[Agreed]) -> Decimal:
    """Return what was called off, as the lines of its orders cost."""
    return sum((line.called_off_value for line in lines), Decimal(0))


def check_called_off(
    lines: Sequence[Agreed], most_value: Decimal | None, wanted: Mapping[int, Wanted], currency: str
) -> None:
    """Raise InvalidError for more than is left of a line, or in all."""
    if problems := list(excess(lines, most_value, wanted, currency)):
        raise InvalidError("blanket_order_exceeded", "More than the blanket order leaves.", errors=problems)


def excess(
    lines: Sequence[Agreed], most_value: Decimal | None, wanted: Mapping[int, Wanted], currency: str
) -> Iterator[FieldError]:
    """Return where more is wanted than is left of a line, or in all."""
    added = Decimal(0)
    by_number = {line.line_number: line for line in lines}
    for index, (number, change) in enumerate(wanted.items()):
        line = by_number.get(number)
        if line is None:
            yield FieldError(f"/lines/{index}/line_number", f"the blanket order has no line {number}")
            continue
        left = line.most_quantity - line.called_off_quantity
        if change.quantity > left:
            yield FieldError(f"/lines/{index}/quantity", f"at most {_plain(left)} more")
        added += change.value(line, currency)
    if most_value is not None and added > 0 and worth(lines) + added > most_value:
        yield FieldError("/lines", f"at most {_plain(most_value - worth(lines))} more in value")


def check_as_agreed(agreed: Sequence[Agreed], called_off: Sequence[CalledOff], charges: Sized = ()) -> None:
    """Raise InvalidError for a call-off that is not what was agreed: thing, unit and price of each line.

    Nothing is put on the lines or, with `charges`, on the whole, for that would come on top of the value that
    was agreed.
    """
    by_number = {line.line_number: line for line in agreed}
    problems = [FieldError("/charges", NO_CHARGE)] if charges else []
    for index, line in enumerate(called_off):
        as_agreed = by_number.get(line.line_number)
        if as_agreed is None:
            why = f"the blanket order has no line {line.line_number}"
            problems.append(FieldError(f"/lines/{index}/line_number", why))
            continue
        if line.charges:
            problems.append(FieldError(f"/lines/{index}/charges", NO_CHARGE))
        for name in AS_AGREED:
            if getattr(line, name) != (agreed_on := getattr(as_agreed, name)):
                problems.append(FieldError(f"/lines/{index}/{name}", f"{agreed_on} was agreed"))
    if problems:
        raise InvalidError("not_as_agreed", "A call-off orders what was agreed.", errors=problems)


def check_callable(status: str, held_for: str | None, valid_from: date, valid_to: date, today: date) -> None:
    """Raise ConflictError unless something may be called off today."""
    if status != BlanketStatus.APPROVED:
        raise ConflictError("wrong_state", f"A blanket order that is {status} is not called off.", allowed=[])
    if held_for is not None:
        raise ConflictError("on_hold", f"The blanket order is held: {held_for}. Release it first.")
    if not valid_from <= today <= valid_to:
        raise ConflictError(
            "blanket_order_not_valid",
            f"It is valid from {valid_from} to {valid_to}; at the site it is {today}.",
        )


def allowed_actions(status: str, *, held: bool) -> list[str]:
    """Return what can be done to a blanket order."""
    kept_off = BlanketAction.HOLD if held else BlanketAction.RELEASE
    return [action.value for action, moves in TRANSITIONS.items() if status in moves and action != kept_off]


def next_status(action: BlanketAction, status: str, *, held: bool) -> BlanketStatus:
    """Return where an action leads; raises ConflictError naming what else is possible."""
    allowed = allowed_actions(status, held=held)
    if action not in allowed:
        raise ConflictError(
            "wrong_state",
            f"A blanket order that is {'held' if held else status} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else "it is finished."),
            status_now=status,
            allowed=allowed,
        )
    return TRANSITIONS[action][BlanketStatus(status)]


def check_approver(approver: str, parts: Mapping[str, Collection[str]]) -> None:
    """Raise ForbiddenError if the approver had one of the parts that keep from approving it."""
    for part, why in APPROVED_BY_OTHERS.items():
        expect_another(approver, parts[part], why)


def _plain(value: Decimal) -> str:
    return str(shortest(max(value, Decimal(0))))
