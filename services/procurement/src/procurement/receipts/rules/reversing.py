"""The rules of reversals: how much of a receipt may be taken back, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.orders.rules.reversing import TakenBack
from purveyor.errors import ConflictError, FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a line of a receipt, after what was taken back of it before."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    owed_again: bool

    def taken_back(self, quantity: Decimal, rejected_quantity: Decimal) -> TakenBack:
        """Return so much of it, as its order knows it."""
        for_good = Decimal(0) if self.owed_again else rejected_quantity
        return TakenBack(self.line_number, quantity, rejected_quantity, for_good)


@dataclass(frozen=True, slots=True)
class ReversedLine:
    """How much of a line of a receipt is taken back, and of that, what had been rejected."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Reversal:
    """What is taken back of a receipt on a business day; all that is left of it, when no lines are named."""

    reversed_on: date
    lines: tuple[ReversedLine, ...] | None


def taken_back(
    reversal: Reversal, receipt: Mapping[int, Standing], received_on: date, today: date
) -> tuple[TakenBack, ...]:
    """Return what a reversal takes back of a receipt.

    Raises ConflictError when nothing of the receipt is left, and InvalidError naming every field of a
    reversal that cannot be.
    """
    left = {number: line for number, line in receipt.items() if line.quantity > 0}
    if not left:
        raise ConflictError("already_reversed", "All of the receipt was taken back already.")
    problems = []
    if reversal.reversed_on > today:
        problems.append(FieldError("/reversed_on", f"lies in the future; at the site it is {today}"))
    if reversal.reversed_on < received_on:
        problems.append(FieldError("/reversed_on", f"lies before the receipt, {received_on}"))
    problems += _problems_of_lines(reversal.lines or (), receipt)
    if problems:
        raise InvalidError("reversal_invalid", "The reversal breaks rules.", errors=problems)
    if reversal.lines is None:
        return tuple(line.taken_back(line.quantity, line.rejected_quantity) for line in left.values())
    return tuple(
        receipt[line.line_number].taken_back(line.quantity, line.rejected_quantity) for line in reversal.lines
    )


def _problems_of_lines(lines: tuple[ReversedLine, ...], receipt: Mapping[int, Standing]) -> list[FieldError]:
    problems = []
    named = Counter(line.line_number for line in lines)
    for index, line in enumerate(lines):
        at, left = f"/lines/{index}", receipt.get(line.line_number)
        if named[line.line_number] > 1:
            problems.append(FieldError(f"{at}/line_number", f"line {line.line_number} is named twice"))
        elif left is None:
            problems.append(FieldError(f"{at}/line_number", f"the receipt has no line {line.line_number}"))
        elif line.quantity > left.quantity:
            problems.append(FieldError(f"{at}/quantity", f"only {left.quantity} of it are left"))
        elif line.rejected_quantity > min(line.quantity, left.rejected_quantity):
            most = min(line.quantity, left.rejected_quantity)
            problems.append(FieldError(f"{at}/rejected_quantity", f"at most {most} of them were rejected"))
        elif (accepted := left.quantity - left.rejected_quantity) < line.quantity - line.rejected_quantity:
            problems.append(
                FieldError(f"{at}/rejected_quantity", f"only {accepted} that were accepted are left")
            )
    return problems
