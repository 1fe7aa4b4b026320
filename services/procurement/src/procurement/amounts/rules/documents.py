"""What a document comes to: its lines, its own allowances and charges, tax a category, and the totals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from procurement.amounts.rules.lines import percentage
from purveyor.money import round_amount

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taxation:
    """How an amount is taxed: a category of EN 16931 (S, Z, E, AE, …) and its rate in percent."""

    category: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """An amount of a document and how it is taxed: a line's net, an allowance or a charge."""

    amount: Decimal
    taxation: Taxation


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax on everything in a document that is taxed alike (BG-23)."""

    taxation: Taxation
    basis: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document comes to; each total is a sum of parts that are rounded already."""

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    taxes: tuple[Tax, ...]
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    payable: Decimal


def totals(
    currency: str,
    lines: Iterable[Part],
    allowances: Iterable[Part] = (),
    charges: Iterable[Part] = (),
    prepaid: Decimal = NOTHING,
) -> Totals:
    """Return what a document comes to (EN 16931, BR-CO-10 to 17).

    Tax is counted once a category and rate, on the sum of what is taxed so, and never a line: rounding each
    line's tax would make another sum.
    """
    nets = _rounded(currency, lines)
    taken_off = _rounded(currency, allowances)
    put_on = _rounded(currency, charges)
    basis: dict[Taxation, Decimal] = {}
    for sign, parts in ((1, nets), (-1, taken_off), (1, put_on)):
        for part in parts:
            basis[part.taxation] = basis.get(part.taxation, NOTHING) + sign * part.amount
    taxes = tuple(
        Tax(taxation, amount, percentage(amount, taxation.rate, currency))
        for taxation, amount in sorted(basis.items(), key=lambda item: (item[0].category, item[0].rate))
    )
    of_lines, of_allowances, of_charges = _sum(nets), _sum(taken_off), _sum(put_on)
    net = of_lines - of_allowances + of_charges
    tax = sum((one.tax for one in taxes), NOTHING)
    paid = round_amount(prepaid, currency)
    return Totals(
        lines=of_lines,
        allowances=of_allowances,
        charges=of_charges,
        net=net,
        taxes=taxes,
        tax=tax,
        gross=net + tax,
        prepaid=paid,
        payable=net + tax - paid,
    )


def _rounded(currency: str, parts: Iterable[Part]) -> list[Part]:
    return [Part(round_amount(part.amount, currency), part.taxation) for part in parts]


def _sum(parts: Iterable[Part]) -> Decimal:
    return sum((part.amount for part in parts), NOTHING)
