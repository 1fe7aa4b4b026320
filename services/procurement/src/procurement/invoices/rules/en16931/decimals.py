"""Amounts have two decimals at most (BR-DEC-01 to 28, UBL-DT-01), whatever their currency has elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from procurement.invoices.rules.en16931.parts import adjustments, breakdowns, lines
from procurement.invoices.rules.en16931.violations import Broken, Rule
from procurement.invoices.rules.terms import Invoice, Syntax

MOST = 2
Amounts = Callable[[Invoice], Iterator[tuple[str, Decimal | None]]]


def decimals(amount: Decimal) -> int:
    """Return how many decimals an amount is written with: 100.500 has three."""
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def too_many(term: str, of: Amounts, invoice: Invoice) -> Iterator[Broken]:
    """Yield the amounts that are written with more than two decimals."""
    for at, amount in of(invoice):
        if amount is not None and decimals(amount) > MOST:
            yield Broken(term, amount, "An amount in such a document has two decimals at most.", at)


def _of(name: str) -> Amounts:
    return lambda invoice: iter([("", getattr(invoice, name))])


def _of_adjustments(name: str, *, charges: bool, of_lines: bool) -> Amounts:
    return lambda invoice: (
        (at, getattr(one, name)) for at, one in adjustments(invoice, charges=charges, of_lines=of_lines)
    )


def _of_breakdowns(name: str) -> Amounts:
    return lambda invoice: ((at, getattr(one, name)) for at, one in breakdowns(invoice))


def _of_lines(name: str) -> Amounts:
    return lambda invoice: ((at, getattr(line, name)) for at, line in lines(invoice))


AMOUNTS: tuple[tuple[str, str, Amounts], ...] = (
    ("BR-DEC-01", "BT-92", _of_adjustments("amount", charges=False, of_lines=False)),
    ("BR-DEC-02", "BT-93", _of_adjustments("base_amount", charges=False, of_lines=False)),
    ("BR-DEC-05", "BT-99", _of_adjustments("amount", charges=True, of_lines=False)),
    ("BR-DEC-06", "BT-100", _of_adjustments("base_amount", charges=True, of_lines=False)),
    ("BR-DEC-09", "BT-106", _of("lines_total")),
    ("BR-DEC-10", "BT-107", _of("allowances_total")),
    ("BR-DEC-11", "BT-108", _of("charges_total")),
    ("BR-DEC-12", "BT-109", _of("net")),
    ("BR-DEC-13", "BT-110", _of("tax")),
    ("BR-DEC-14", "BT-112", _of("gross")),
    ("BR-DEC-15", "BT-111", _of("tax_in_tax_currency")),
    ("BR-DEC-16", "BT-113", _of("prepaid")),
    ("BR-DEC-17", "BT-114", _of("rounding")),
    ("BR-DEC-18", "BT-115", _of("payable")),
    ("BR-DEC-19", "BT-116", _of_breakdowns("taxable_amount")),
    ("BR-DEC-20", "BT-117", _of_breakdowns("tax_amount")),
    ("BR-DEC-23", "BT-131", _of_lines("net_amount")),
    ("BR-DEC-24", "BT-136", _of_adjustments("amount", charges=False, of_lines=True)),
    ("BR-DEC-25", "BT-137", _of_adjustments("base_amount", charges=False, of_lines=True)),
    ("BR-DEC-27", "BT-141", _of_adjustments("amount", charges=True, of_lines=True)),
    ("BR-DEC-28", "BT-142", _of_adjustments("base_amount", charges=True, of_lines=True)),
)


def any_in_ubl(invoice: Invoice) -> Iterator[Broken]:
    """In UBL the same is said of all amounts at once (UBL-DT-01)."""
    if invoice.syntax is Syntax.UBL:
        for _, term, of in AMOUNTS:
            yield from too_many(term, of, invoice)


RULES: tuple[Rule, ...] = (
    *(Rule(identifier, partial(too_many, term, of)) for identifier, term, of in AMOUNTS),
    Rule("UBL-DT-01", any_in_ubl),
)
