"""What an order comes to: its lines, its own allowances and charges, tax a category, and landed costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from procurement.amounts.rules.adjustments import (
    Adjustment,
    SpreadBy,
    adjustment_problems,
    decimal_problems,
    total_of,
)
from procurement.amounts.rules.documents import Part, Tax, Taxation, totals
from procurement.amounts.rules.spread import spread
from procurement.orders.rules.drafts import LARGEST_AMOUNT, DraftLine, DraftOrder, line_amount
from procurement.orders.rules.quantities import Counted, due_quantity
from purveyor.errors import FieldError, InvalidError

UNTAXED = Taxation("", Decimal(0))
"""Stands for how something is taxed where nobody says it, and the tax is not told."""


class Numbered(Counted, Protocol):
    """What has become of a line, by its number."""

    @property
    def line_number(self) -> int:
        """That of the line."""


@dataclass(frozen=True, slots=True)
class OrderAmounts:
    """What an order comes to; tax and gross are None where it is not said how all of it is taxed."""

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    taxes: tuple[Tax, ...]
    tax: Decimal | None
    gross: Decimal | None


def order_total(order: DraftOrder, amounts: Sequence[Decimal]) -> Decimal:
    """Return what an order comes to without tax (BT-109); `amounts` are its lines' nets."""
    lines = sum(amounts, Decimal(0))
    if not (order.allowances or order.charges):
        return lines
    taken_off = total_of(order.allowances, lines, order.currency)
    return lines - taken_off + total_of(order.charges, lines, order.currency)


def amounts_of(order: DraftOrder, amounts: Sequence[Decimal]) -> OrderAmounts:
    """Return what an order comes to (EN 16931, BR-CO-10 to 15); `amounts` are its lines' nets.

    Tax is told when all of it has a tax code whose rate on the order's day is known, and not otherwise.
    """
    rates = {one.code: Taxation(one.category, one.rate) for one in order.tax_rates}
    whole = sum(amounts, Decimal(0))

    def part(amount: Decimal, code: str | None) -> Part:
        return Part(amount, rates.get(code or "", UNTAXED))

    def parts(adjustments: Sequence[Adjustment]) -> list[Part]:
        return [part(one.comes_to(whole, order.currency), one.tax_code) for one in adjustments]

    found = totals(
        order.currency,
        [part(amount, line.tax_code) for line, amount in zip(order.lines, amounts, strict=True)],
        parts(order.allowances),
        parts(order.charges),
    )
    known = all(one.taxation is not UNTAXED for one in found.taxes)
    return OrderAmounts(
        found.lines,
        found.allowances,
        found.charges,
        found.net,
        found.taxes if known else (),
        found.tax if known else None,
        found.gross if known else None,
    )


def landed_costs(order: DraftOrder, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Return what each line costs with its share of what the order takes off and puts on.

    An allowance is spread by value and a charge as it says; the last cent goes to the largest remainder. They
    add up to the order's total without tax. Where only lines are left that are free, they bear it alike.
    """
    landed = {line.line_number: amount for line, amount in zip(order.lines, amounts, strict=True)}
    whole = sum(amounts, Decimal(0))
    nets = dict(landed)
    for sign, adjustments in ((-1, order.allowances), (1, order.charges)):
        for one in adjustments:
            if amount := one.comes_to(whole, order.currency):
                shares = _shares(one.spread_by, order.lines, nets)
                for number, part in spread(amount, shares, order.currency).items():
                    landed[number] += sign * part
    return [landed[line.line_number] for line in order.lines]


@dataclass(frozen=True, slots=True)
class Worth:
    """What an order is still worth, and by number what each line that is wanted costs with its share."""

    net: Decimal
    landed: Mapping[int, Decimal]


def still_worth(order: DraftOrder, lines: Iterable[Numbered]) -> Worth:
    """Return what an order is worth without what was called off or refused for good, whoever called it off.

    It is what an amendment that no longer orders that would come to: the lines that are left bear what the
    order takes off and puts on; `lines` are what has become of those that it orders.
    """
    due = {line.line_number: due_quantity(line) for line in lines}
    left = tuple(_lowered(line, due[line.line_number]) for line in order.lines if due[line.line_number])
    if not left:
        return Worth(Decimal(0), {})
    wanted = replace(order, lines=left)
    amounts = [max(line_amount(line, order.currency), Decimal(0)) for line in left]
    costs = landed_costs(wanted, amounts)
    numbers = [line.line_number for line in left]
    return Worth(order_total(wanted, amounts), dict(zip(numbers, costs, strict=True)))


def _lowered(line: DraftLine, quantity: Decimal) -> DraftLine:
    weight = None if line.weight is None else line.weight * quantity / line.quantity
    return replace(line, quantity=quantity, weight=weight)


def _shares(by: SpreadBy, lines: Sequence[DraftLine], nets: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    if by == SpreadBy.QUANTITY:
        return {line.line_number: line.quantity for line in lines}
    if by == SpreadBy.WEIGHT:
        return {line.line_number: line.weight or Decimal(0) for line in lines}
    if any(nets.values()):
        return nets
    return dict.fromkeys(nets, Decimal(1))


def check_amounts(order: DraftOrder, amounts: Sequence[Decimal]) -> None:
    """Raise InvalidError for what an order cannot take off, put on or spread; its lines are right already."""
    if problems := amount_problems(order, amounts):
        raise InvalidError(
            "amounts_invalid", "Allowances or charges of the order break rules.", errors=problems
        )


def amount_problems(order: DraftOrder, amounts: Sequence[Decimal]) -> list[FieldError]:
    """Return what is wrong with an order's own allowances and charges, and with what it comes to."""
    problems = list(_decimal_problems(order))
    if not (order.allowances or order.charges):
        return problems
    problems += adjustment_problems("", order.allowances, order.charges)
    if problems:
        return problems
    total = order_total(order, amounts)
    if total < 0:
        problems.append(FieldError("/allowances", f"take off more than there is: {total:f} would be left"))
    if total >= LARGEST_AMOUNT:
        problems.append(FieldError("/charges", f"the order would be worth {total:.0f}"))
    for index, one in enumerate(order.charges):
        problems += _spreading_problems(f"/charges/{index}", one, order.lines, amounts)
    return problems


def _decimal_problems(order: DraftOrder) -> Iterator[FieldError]:
    yield from decimal_problems("", order.allowances, order.charges, order.currency)
    for place, line in enumerate(order.lines):
        if line.allowances or line.charges:
            yield from decimal_problems(f"/lines/{place}", line.allowances, line.charges, order.currency)


def _spreading_problems(
    at: str, charge: Adjustment, lines: Sequence[DraftLine], amounts: Sequence[Decimal]
) -> Iterator[FieldError]:
    units = sorted({line.unit for line in lines})
    if charge.spread_by == SpreadBy.VALUE and not any(amounts):
        yield FieldError(f"{at}/spread_by", "no line is worth anything: spread it by quantity or weight")
    if charge.spread_by == SpreadBy.QUANTITY and len(units) > 1:
        why = f"quantities of {' and '.join(units)} are not added up: spread it by value or weight"
        yield FieldError(f"{at}/spread_by", why)
    if charge.spread_by == SpreadBy.WEIGHT:
        for place, line in enumerate(lines):
            if line.weight is None:
                why = f"say what the line weighs, in kilograms: {at} is spread by weight"
                yield FieldError(f"/lines/{place}/weight", why)


def check_taxed(order: DraftOrder) -> None:
    """Raise InvalidError for an order of which some is taxed and some is not said how: no total is right."""
    named = dict(tax_codes(order))
    if any(named.values()) and not all(named.values()):
        errors = [
            FieldError(pointer, "name one: other parts of the order do")
            for pointer, code in named.items()
            if code is None
        ]
        raise InvalidError("tax_codes_incomplete", "All of an order has a tax code, or none.", errors=errors)


def tax_codes(order: DraftOrder) -> Iterator[tuple[str, str | None]]:
    """Return where an order may name tax codes, with those that it names: lines, allowances, charges."""
    for name in ("lines", "allowances", "charges"):
        for place, one in enumerate(getattr(order, name)):
            yield f"/{name}/{place}/tax_code", one.tax_code
