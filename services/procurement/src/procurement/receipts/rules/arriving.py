"""The rules of goods receipts: what may be received, when, by whom, and up to how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.orders.rules.expected import Balance, Expected
from procurement.orders.rules.quantities import CALLED_OFF, ClosedAs
from procurement.orders.rules.states import Action, Status, next_status
from procurement.receipts.rules.rejecting import RejectedIs
from procurement.tolerances.rules import Tolerance, still_receivable
from purveyor.errors import ConflictError, FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class ArrivedLot:
    """How much of a line is of one lot, what of it was refused, and until when the rest can be used."""

    lot: str
    quantity: Decimal
    rejected_quantity: Decimal | None = None
    """None: all that the line rejects, where the lot is its only one, and nothing where it is not."""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """What arrived of an order line, and what of it was refused at inspection."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    rejection_reason: str | None
    rejected_is: str | None = None
    """What becomes of what was refused; nothing came in its place where nobody has said that."""
    completes: bool | None = None
    """Whether what came is enough, and the rest need not come; None: as the policy says."""
    cancelled_quantity: Decimal = Decimal(0)
    """What is called off of the order's line because what came is enough."""
    over_receipt: Tolerance | None = None
    """How much more than ordered might come of it; None for the past, of which all is taken."""
    under_receipt: Tolerance | None = None
    """By what it is complete without its rest, where it is."""
    rejection_kind: str | None = None
    stated_unit: str | None = None
    """The unit that the receiver counted in, where it is not that of the order's line, and how much of it."""
    stated_quantity: Decimal | None = None
    stated_rejected_quantity: Decimal | None = None
    lots: tuple[ArrivedLot, ...] = ()
    serials: tuple[str, ...] = ()
    rejected_serials: tuple[str, ...] = ()
    """Of the serials, those of what was refused."""
    schedule_number: int | None = None

    @property
    def tolerance_version(self) -> int | None:
        """Of the policy `over-receipt`; None where the item's own rule held."""
        return self.over_receipt.version if self.over_receipt else None

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
    shipment_id: UUID | None = None
    """With which shipment they came, where its despatch advice was taken."""

    def content(self) -> dict[str, Any]:
        """Return what it says by name."""
        return {name: getattr(self, name) for name in Arrival.__slots__}

    def called_off(self, balances: Mapping[int, Balance]) -> dict[int, tuple[Decimal, Decimal]]:
        """Return what was wanted of the order's lines, and is now, where what came is enough."""
        wanted = {number: line.quantity - line.cancelled_quantity for number, line in balances.items()}
        return {
            line.line_number: (before := wanted[line.line_number], before - line.cancelled_quantity)
            for line in self.lines
            if line.cancelled_quantity
        }

    def accepted(self, balances: Mapping[int, Balance]) -> dict[int, Decimal]:
        """Return what came in all of the order's lines that it brought goods of, and was not rejected."""
        return {
            line.line_number: balance.received_quantity
            - balance.rejected_quantity
            + line.quantity
            - line.rejected_quantity
            for line in self.lines
            if (balance := balances.get(line.line_number))
        }


def check_not_held(order: Expected) -> None:
    """Raise ConflictError while a hold of the order keeps its goods from being taken in."""
    if order.hold_stops_receipts:
        raise ConflictError("on_hold", f"The order is held, and so are its goods: {order.hold_reason}.")


def check_arrival(
    arrival: Arrival,
    balances: Mapping[int, Balance] | None,
    ordered_on: date | None,
    today: date,
    tolerances: Mapping[int, Tolerance],
    *,
    imported: bool = False,
) -> None:
    """Raise InvalidError naming every field of a receipt that cannot be.

    `balances` are None while its order is not here yet; `tolerances` are how much more than ordered may come
    of the lines that arrived, by line number.
    """
    if problems := arrival_problems(arrival, balances, ordered_on, today, tolerances, imported=imported):
        raise InvalidError("receipt_invalid", "The receipt breaks rules.", errors=problems)


def arrival_problems(
    arrival: Arrival,
    balances: Mapping[int, Balance] | None,
    ordered_on: date | None,
    today: date,
    tolerances: Mapping[int, Tolerance],
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
            balance, (tolerance := tolerances[line.line_number]).percent
        ):
            problems.append(FieldError(f"{at}/quantity", _too_much(balance, tolerance)))
        problems += _rejection_problems(at, line, imported=imported)
    return problems


def _rejection_problems(at: str, line: ArrivedLine, *, imported: bool) -> Iterator[FieldError]:
    if line.rejected_quantity > line.quantity:
        yield FieldError(f"{at}/rejected_quantity", f"more than the {line.quantity} that arrived")
    if line.rejected_quantity == 0:
        for name in ("rejection_reason", "rejection_kind", "rejected_is"):
            if getattr(line, name) is not None:
                yield FieldError(f"{at}/{name}", "nothing was rejected")
    elif line.rejection_reason is None and line.rejection_kind is None and not imported:
        yield FieldError(f"{at}/rejection_reason", "say why it was rejected")


def _too_much(balance: Balance, tolerance: Tolerance) -> str:
    replaced = balance.rejected_quantity - balance.refused_for_good_quantity
    owed_again = f" ({replaced} of it rejected and owed again)" if replaced else ""
    enough = balance.closed_as == ClosedAs.UNDER_TOLERANCE
    called_off = f", {balance.cancelled_quantity} called off as under tolerance" if enough else ""
    return (
        f"at most {still_receivable(balance, tolerance.percent).normalize():f} more: "
        f"{balance.quantity} ordered{called_off}, {balance.received_quantity} received{owed_again}, "
        f"tolerance {tolerance}"
    )


def status_with_past_goods(status: str, *, cancelled: bool) -> Status:
    """Return where a receipt of the past leads an imported order that it does not complete.

    One that was complete before stays closed: what came after that came nevertheless. Raises ConflictError
    for one that was called off here, for then its goods are no longer of the past.
    """
    if status == Status.CLOSED and not cancelled:
        return Status.CLOSED
    return next_status(Action.RECEIVE, status)
