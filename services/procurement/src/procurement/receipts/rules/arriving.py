"""The rules of goods receipts: what may be received, when, by whom, and up to how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.expected import Balance, Expected, Parts
from procurement.orders.rules.quantities import CALLED_OFF, open_quantity
from procurement.orders.rules.states import Action, Status, next_status
from procurement.tolerances.rules import still_receivable
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError


class RejectedIs(StrEnum):
    """What becomes of what was refused at inspection."""

    OWED_AGAIN = "owed_again"
    """The supplier replaces it: the line stays open for that much."""
    ENDS = "ends"
    """Nothing comes in its place: the line ends as far as it goes."""


class RejectedGoods(BaseModel):
    """What becomes of rejected goods when their receipt does not say so."""

    model_config = ConfigDict(frozen=True)

    rejected_is: RejectedIs = Field(
        default=RejectedIs.OWED_AGAIN,
        description="`owed_again`: the supplier replaces them, and the line stays open; `ends`: it does not",
    )


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """What arrived of an order line, and what of it was refused at inspection."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None
    rejected_is: str | None = None
    """What becomes of what was refused; nothing came in its place where nobody has said that."""

    @property
    def refused_for_good_quantity(self) -> Decimal:
        """What of what was refused is not owed again."""
        return Decimal(0) if self.rejected_is == RejectedIs.OWED_AGAIN else self.rejected_quantity


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods of one order that arrived together, on a business day of the site."""

    received_on: date
    despatch_reference: str | None
    lines: tuple[ArrivedLine, ...]

    def content(self) -> dict[str, Any]:
        """Return what it says by name."""
        return {name: getattr(self, name) for name in Arrival.__slots__}


class ReceivingDuties(BaseModel):
    """Whether who agreed to buy may take the goods in, too (COSO: authorisation apart from custody)."""

    model_config = ConfigDict(frozen=True)

    order_approver_receives: bool = Field(
        default=False, description="Whether who approved an order may receive its goods"
    )
    supplier_approver_receives: bool = Field(
        default=False, description="Whether who approved or reinstated the supplier may receive its goods"
    )


BY_POLICY = "so says the policy receiving-duties"


def kept_from_receiving(
    order: Expected, parts: Parts, duties: ReceivingDuties
) -> Mapping[str, frozenset[str]]:
    """Return who does not receive an order's goods, by the reason why."""
    ordered = {*parts.authors, *parts.amended_by, order.created_by, order.issued_by}
    approvers = {*parts.former_approvers, parts.approved_by}
    approved = set() if duties.order_approver_receives else approvers
    vouched = () if duties.supplier_approver_receives else parts.supplier_approvers
    return {
        "Who created, changed, submitted or issued an order does not receive its goods.": _people(ordered),
        f"Who approved an order does not receive its goods: {BY_POLICY}.": _people(approved),
        f"Who approved a supplier does not receive its goods: {BY_POLICY}.": _people(vouched),
    }


def _people(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(name for name in names if name is not None)


def check_receiver(receiver: str, kept_apart: Mapping[str, Collection[str]]) -> None:
    """Raise ForbiddenError if the receiver's part in the order keeps them from receiving its goods."""
    for why, people in kept_apart.items():
        expect_another(receiver, people, why)


def check_not_held(order: Expected) -> None:
    """Raise ConflictError while a hold of the order keeps its goods from being taken in."""
    if order.hold_stops_receipts:
        raise ConflictError("on_hold", f"The order is held, and so are its goods: {order.hold_reason}.")


def check_arrival(
    arrival: Arrival,
    balances: Mapping[int, Balance] | None,
    ordered_on: date | None,
    today: date,
    tolerances: Mapping[int, Decimal],
    *,
    imported: bool = False,
) -> None:
    """Raise InvalidError naming every field of a receipt that cannot be.

    `balances` are None while its order is not here yet; `tolerances` are those of the lines that arrived, in
    percent by line number.
    """
    if problems := arrival_problems(arrival, balances, ordered_on, today, tolerances, imported=imported):
        raise InvalidError("receipt_invalid", "The receipt breaks rules.", errors=problems)


def arrival_problems(
    arrival: Arrival,
    balances: Mapping[int, Balance] | None,
    ordered_on: date | None,
    today: date,
    tolerances: Mapping[int, Decimal],
    *,
    imported: bool,
) -> list[FieldError]:
    """Return what is wrong with a receipt: its day, its lines, more than may come, more rejected than came.

    An imported one may lie before its order, for histories have such dates, may lack the reason of a
    rejection, for nobody knows it any more, and may be of more than was ordered: that much came, and no
    tolerance of today undoes it. While its order is not here, what speaks against the receipt itself is told.
    """
    problems = []
    if arrival.received_on > today:
        problems.append(FieldError("/received_on", f"lies in the future; at the site it is {today}"))
    if ordered_on is not None and arrival.received_on < ordered_on and not imported:
        problems.append(FieldError("/received_on", f"lies before the order's date, {ordered_on}"))
    named = Counter(line.line_number for line in arrival.lines)
    for index, line in enumerate(arrival.lines):
        at = f"/lines/{index}"
        balance = balances.get(line.line_number) if balances is not None else None
        if named[line.line_number] > 1:
            problems.append(FieldError(f"{at}/line_number", f"line {line.line_number} is named twice"))
        elif balances is None:
            pass  # which lines its order has, nobody knows yet
        elif balance is None:
            problems.append(FieldError(f"{at}/line_number", f"the order has no line {line.line_number}"))
        elif balance.closed_as in CALLED_OFF:
            problems.append(FieldError(f"{at}/line_number", f"line {line.line_number} was called off"))
        elif not imported and line.quantity > still_receivable(
            balance, tolerance := tolerances[line.line_number]
        ):
            problems.append(FieldError(f"{at}/quantity", _too_much(balance, tolerance)))
        if line.rejected_quantity > line.quantity:
            problems.append(
                FieldError(f"{at}/rejected_quantity", f"more than the {line.quantity} that arrived")
            )
        if line.rejected_quantity > 0 and line.rejection_reason is None and not imported:
            problems.append(FieldError(f"{at}/rejection_reason", "say why it was rejected"))
        if line.rejected_quantity == 0 and line.rejection_reason is not None:
            problems.append(FieldError(f"{at}/rejection_reason", "nothing was rejected"))
        if line.rejected_quantity == 0 and line.rejected_is is not None:
            problems.append(FieldError(f"{at}/rejected_is", "nothing was rejected"))
    return problems


def _too_much(balance: Balance, tolerance_percent: Decimal) -> str:
    replaced = balance.rejected_quantity - balance.refused_for_good_quantity
    owed_again = f" ({replaced} of it rejected and owed again)" if replaced else ""
    return (
        f"at most {still_receivable(balance, tolerance_percent).normalize():f} more: "
        f"{balance.quantity} ordered, {balance.received_quantity} received{owed_again}, "
        f"tolerance {tolerance_percent} %"
    )


def status_with_past_goods(status: str, *, cancelled: bool) -> Status:
    """Return where a receipt of the past leads an imported order that it does not complete.

    One that was complete before stays closed: what came after that came nevertheless. Raises ConflictError
    for one that was called off here, for then its goods are no longer of the past.
    """
    if status == Status.CLOSED and not cancelled:
        return Status.CLOSED
    return next_status(Action.RECEIVE, status)


def with_arrived(balance: Balance, line: ArrivedLine) -> Balance:
    """Return a line's balance with what arrived."""
    return replace(
        balance,
        received_quantity=balance.received_quantity + line.quantity,
        rejected_quantity=balance.rejected_quantity + line.rejected_quantity,
        refused_for_good_quantity=balance.refused_for_good_quantity + line.refused_for_good_quantity,
    )


def decided(arrival: Arrival, rejected_is: Mapping[int, RejectedIs]) -> Arrival:
    """Return goods that arrived, with what becomes of rejected ones where their receipt does not say."""
    return replace(
        arrival,
        lines=tuple(
            replace(line, rejected_is=line.rejected_is or rejected_is[line.line_number])
            if line.line_number in rejected_is
            else line
            for line in arrival.lines
        ),
    )


def completed_lines(arrival: Arrival, balances: Mapping[int, Balance]) -> frozenset[int]:
    """Return the numbers of lines of which, with this arrival and not before it, no more is to come."""
    return frozenset(
        line.line_number
        for line in arrival.lines
        if (balance := balances[line.line_number]).closed_as is None
        and open_quantity(with_arrived(balance, line)) == 0
    )


def is_complete(arrival: Arrival, balances: Mapping[int, Balance]) -> bool:
    """Whether with this arrival no more is to come of any line of the order.

    More than ordered of one line makes up for nothing that is missing of another.
    """
    arrived = {line.line_number: with_arrived(balances[line.line_number], line) for line in arrival.lines}
    return all(open_quantity(arrived.get(number, balance)) == 0 for number, balance in balances.items())
