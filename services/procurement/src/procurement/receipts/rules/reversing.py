"""The rules of reversals: how much of a receipt may be taken back, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from procurement.orders.rules.reversing import TakenBack
from purveyor.errors import ConflictError, FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class LotLeft:
    """So much of a lot, and of that, what had been rejected."""

    quantity: Decimal
    rejected_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a line of a receipt, after what was taken back of it before."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    owed_again: bool
    lots: Mapping[str, LotLeft] = field(default_factory=dict)
    serials: Mapping[str, bool] = field(default_factory=dict)
    """Which are left, and whether each was rejected."""
    serials_of_one: Fraction = Fraction(0)
    """How many serials one of the line's unit has."""

    def taken_back(
        self,
        quantity: Decimal,
        rejected_quantity: Decimal,
        lots: Mapping[str, LotLeft],
        serials: tuple[str, ...],
    ) -> TakenParts:
        """Return so much of it, as its order knows it, with the lots and serials that it is of."""
        for_good = Decimal(0) if self.owed_again else rejected_quantity
        taken = TakenBack(self.line_number, quantity, rejected_quantity, for_good)
        return TakenParts(taken, lots, serials)

    def all_that_is_left(self) -> TakenParts:
        """Return all of it."""
        return self.taken_back(self.quantity, self.rejected_quantity, self.lots, tuple(self.serials))


@dataclass(frozen=True, slots=True)
class TakenParts:
    """What of a receipt's line never came, and of which lots and serials it is."""

    taken: TakenBack
    lots: Mapping[str, LotLeft]
    serials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReversedLine:
    """How much of a line of a receipt is taken back, and of that, what had been rejected."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    lots: tuple[tuple[str, LotLeft], ...] = ()
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reversal:
    """What is taken back of a receipt on a business day; all that is left of it, when no lines are named."""

    reversed_on: date
    lines: tuple[ReversedLine, ...] | None


def taken_back(
    reversal: Reversal, receipt: Mapping[int, Standing], received_on: date, today: date
) -> tuple[TakenParts, ...]:
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
        return tuple(line.all_that_is_left() for line in left.values())
    return tuple(_parts(line, receipt[line.line_number]) for line in reversal.lines)


def _parts(line: ReversedLine, left: Standing) -> TakenParts:
    """Return what is taken back of a line; where that is all of it, or all of one lot, nobody need say it."""
    if line.quantity == left.quantity:
        return left.all_that_is_left()
    of_lot = LotLeft(line.quantity, line.rejected_quantity)
    lots = dict(line.lots) or dict.fromkeys(left.lots, of_lot)
    return left.taken_back(line.quantity, line.rejected_quantity, lots, line.serials)


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
        else:
            problems += [*_problems_of_lots(at, line, left), *_problems_of_serials(at, line, left)]
    return problems


def _problems_of_lots(at: str, line: ReversedLine, left: Standing) -> Iterator[FieldError]:
    if not line.lots:
        if len(left.lots) > 1 and line.quantity < left.quantity:
            yield FieldError(f"{at}/lots", f"say of which lots: {', '.join(left.lots)} are left")
        return
    named = Counter(lot for lot, _ in line.lots)
    for nth, (lot, taken) in enumerate(line.lots):
        there = left.lots.get(lot)
        if named[lot] > 1:
            yield FieldError(f"{at}/lots/{nth}/lot", f"{lot} is named twice")
        elif there is None:
            yield FieldError(f"{at}/lots/{nth}/lot", f"nothing of the lot {lot} is left")
        elif not _fits(taken, there):
            why = f"{there.quantity} of it are left, {there.rejected_quantity} of them rejected"
            yield FieldError(f"{at}/lots/{nth}/quantity", why)
    for name in ("quantity", "rejected_quantity"):
        total = sum((getattr(taken, name) for _, taken in line.lots), Decimal(0))
        if total != getattr(line, name):
            said = f"add up to a {name} of {total:f}, and that of the line is {getattr(line, name):f}"
            yield FieldError(f"{at}/lots", said)


def _fits(taken: LotLeft, there: LotLeft) -> bool:
    """Whether so much can be taken of a lot: not more of it than is left, nor of what was rejected or not."""
    accepted = there.quantity - there.rejected_quantity
    return (
        taken.rejected_quantity <= min(taken.quantity, there.rejected_quantity)
        and taken.quantity - taken.rejected_quantity <= accepted
    )


def _problems_of_serials(at: str, line: ReversedLine, left: Standing) -> Iterator[FieldError]:
    unknown = [nth for nth, serial in enumerate(line.serials) if serial not in left.serials]
    for nth in unknown:
        yield FieldError(f"{at}/serials/{nth}", f"{line.serials[nth]} is none of the serials that are left")
    if unknown or (not line.serials and line.quantity == left.quantity):
        return
    named = set(line.serials)
    rejected = sum(left.serials[serial] for serial in named)
    of_all = Fraction(line.quantity) * left.serials_of_one
    of_rejected = Fraction(line.rejected_quantity) * left.serials_of_one
    if len(named) != of_all or rejected != of_rejected or len(named) < len(line.serials):
        why = f"name {of_all} that were received, {of_rejected} of them rejected, each once"
        yield FieldError(f"{at}/serials", why)
