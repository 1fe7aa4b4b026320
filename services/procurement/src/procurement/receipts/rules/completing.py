"""What goods that arrived complete: lines, by all of them or by what is enough, and with them the order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from procurement.orders.rules.expected import Balance
from procurement.orders.rules.quantities import ClosedAs, open_quantity
from procurement.receipts.rules.arriving import Arrival, ArrivedLine
from procurement.receipts.rules.rejecting import RejectedIs
from procurement.tolerances.rules import Tolerance, dispensable
from purveyor.errors import FieldError, InvalidError

NONE = Decimal(0)


def with_arrived(balance: Balance, line: ArrivedLine) -> Balance:
    """Return a line's balance with what arrived."""
    return replace(
        balance,
        received_quantity=balance.received_quantity + line.quantity,
        rejected_quantity=balance.rejected_quantity + line.rejected_quantity,
        refused_for_good_quantity=balance.refused_for_good_quantity + line.refused_for_good_quantity,
        cancelled_quantity=balance.cancelled_quantity + line.cancelled_quantity,
    )


@dataclass(frozen=True, slots=True)
class Enough:
    """How much less than ordered of a line is enough, and whether that completes it by itself."""

    tolerance: Tolerance
    by_itself: bool


def decided(
    arrival: Arrival, rejected_is: Mapping[int, RejectedIs], over: Mapping[int, Tolerance]
) -> Arrival:
    """Return goods that arrived with what they were judged by, by line.

    That is what becomes of rejected ones where their receipt does not say so, and how much more than ordered
    may come.
    """
    return replace(
        arrival,
        lines=tuple(
            replace(
                line,
                rejected_is=(line.rejected_is or rejected_is[line.line_number])
                if line.rejected_quantity
                else None,
                over_receipt=over[line.line_number],
            )
            for line in arrival.lines
        ),
    )


def with_enough(arrival: Arrival, balances: Mapping[int, Balance], enough: Mapping[int, Enough]) -> Arrival:
    """Return goods that arrived, with what need not come any more of lines of which they are enough.

    A line is complete by what it lacks no more of than its tolerance, when the receipt says so or the policy
    lets it be by itself. By itself it never is when some of what came is owed again: then more is to come.
    Raises InvalidError for lines that a receipt calls complete and that lack more, or are owed more.
    """
    problems, lines = [], []
    for index, line in enumerate(arrival.lines):
        held = enough[line.line_number]
        rest = _dispensed(line, balances[line.line_number], held)
        if isinstance(rest, str):
            problems.append(FieldError(f"/lines/{index}/completes", rest))
        else:
            lines.append(_enough(line, rest, held.tolerance) if rest else line)
    if problems:
        raise InvalidError("receipt_invalid", "The receipt breaks rules.", errors=problems)
    return replace(arrival, lines=tuple(lines))


def _enough(line: ArrivedLine, rest: Decimal, tolerance: Tolerance) -> ArrivedLine:
    return replace(line, cancelled_quantity=rest, under_receipt=tolerance)


def _dispensed(line: ArrivedLine, balance: Balance, enough: Enough) -> Decimal | str:
    """Return what need not come of a line any more, or why that cannot be."""
    rest = open_quantity(with_arrived(balance, line))
    if line.completes is False or rest == 0 or balance.closed_as is not None:
        return NONE
    is_owed_again = line.rejected_quantity > line.refused_for_good_quantity
    is_enough = rest <= dispensable(balance, enough.tolerance.percent)
    if line.completes is None:
        return rest if is_enough and enough.by_itself and not is_owed_again else NONE
    if is_owed_again:
        return "what was rejected is owed again: leave the line open, or say with rejected_is that it ends"
    if not is_enough:
        most = dispensable(balance, enough.tolerance.percent).normalize()
        return (
            f"{rest.normalize():f} would be missing, and at most {most:f} may: tolerance {enough.tolerance}; "
            "leave the line open, or let a buyer close it short"
        )
    return rest


def closings(arrival: Arrival, balances: Mapping[int, Balance]) -> dict[int, ClosedAs]:
    """Return as what lines are closed of which, with this arrival and not before it, no more is to come."""
    return {
        line.line_number: ClosedAs.UNDER_TOLERANCE if after.cancelled_quantity else ClosedAs.COMPLETE
        for line in arrival.lines
        if (balance := balances[line.line_number]).closed_as is None
        and open_quantity(after := with_arrived(balance, line)) == 0
    }


def is_complete(arrival: Arrival, balances: Mapping[int, Balance]) -> bool:
    """Whether with this arrival no more is to come of any line of the order.

    More than ordered of one line makes up for nothing that is missing of another.
    """
    arrived = {line.line_number: with_arrived(balances[line.line_number], line) for line in arrival.lines}
    return all(open_quantity(arrived.get(number, balance)) == 0 for number, balance in balances.items())
