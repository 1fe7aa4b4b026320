"""The arithmetic of lines and charges, as Peppol BIS Billing 3.0 asks for it; with a slack of two cents.

What breaks these is an exception with an owner, no reason to refuse an invoice.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from procurement.amounts.rules.lines import EXACT, agrees
from procurement.invoices.rules.en16931.arithmetic import NOTHING, total
from procurement.invoices.rules.en16931.parts import adjustments, lines
from procurement.invoices.rules.en16931.violations import HUNDRED, Broken, Rule, rounded
from procurement.invoices.rules.terms import Adjustment, Invoice, Line

OF_OBJECT = "130"
"""UNCL1001: an invoiced object, the only document that a line refers to (BT-128)."""


def _all(invoice: Invoice) -> Iterator[tuple[str, Adjustment]]:
    for charges in (False, True):
        for of_lines in (False, True):
            yield from adjustments(invoice, charges=charges, of_lines=of_lines)


def percentages(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an allowance or charge by percentage is that percentage of its base (R040)."""
    for at, one in _all(invoice):
        if one.percent is not None and one.base_amount is not None:
            expected = one.base_amount * one.percent / HUNDRED
            if not agrees(one.amount or NOTHING, expected):
                why = f"{one.percent} % of {one.base_amount} is {rounded(expected)}."
                yield Broken("BT-99" if one.is_charge else "BT-92", one.amount, why, at)


def based(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a percentage has a base (R041)."""
    for at, one in _all(invoice):
        if one.percent is not None and one.base_amount is None:
            yield Broken("BT-93", None, f"Say what {one.percent} % is of.", at)


def with_percentage(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a base has a percentage (R042)."""
    for at, one in _all(invoice):
        if one.percent is None and one.base_amount is not None:
            yield Broken("BT-94", None, f"Say how many percent of {one.base_amount} it is.", at)


def net_prices(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a net price is the gross one less its discount (R046)."""
    for at, line in lines(invoice):
        if line.gross_price is not None:
            expected = None if line.discount is None else line.gross_price - line.discount
            if line.price != expected:
                why = f"The gross price {line.gross_price} less its discount is {expected}."
                yield Broken("BT-146", line.price, why, at)


def one_currency(invoice: Invoice) -> Iterator[Broken]:
    """Amounts are in the invoice's currency, but for the tax in the accounting currency (R051)."""
    for currency in invoice.amount_currencies:
        if currency != invoice.currency:
            yield Broken("BT-5", currency, f"Amounts are in {invoice.currency}, the invoice's currency.")


def objects(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a line refers to an invoiced object and to no other document (R101)."""
    for at, line in lines(invoice):
        if line.objects and not any(one.type_code == OF_OBJECT for one in line.objects):
            yield Broken("BT-128", line.objects[0].type_code, "A line refers to an object: type 130.", at)


def starts_within(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a line's period starts within the invoice's (R110)."""
    first = invoice.period.first if invoice.period else None
    for at, line in lines(invoice):
        if first and line.period and line.period.first and line.period.first < first:
            yield Broken("BT-134", line.period.first, f"The invoice's period starts on {first}.", at)


def ends_within(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a line's period ends within the invoice's (R111)."""
    last = invoice.period.last if invoice.period else None
    for at, line in lines(invoice):
        if last and line.period and line.period.last and line.period.last > last:
            yield Broken("BT-135", line.period.last, f"The invoice's period ends on {last}.", at)


def comes_to(line: Line) -> Decimal:
    """Return what a line comes to by its quantity, price, allowances and charges, not rounded yet."""
    quantity = Decimal(1) if line.quantity is None else line.quantity
    gross = EXACT.divide(EXACT.multiply(quantity, line.price or NOTHING), line.base_quantity or Decimal(1))
    put_on = rounded(total(one.amount for one in line.adjustments if one.is_charge))
    taken_off = rounded(total(one.amount for one in line.adjustments if not one.is_charge))
    return gross + put_on - taken_off


def lines_come_to(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a line's amount is quantity × price, plus charges, less allowances (R120)."""
    for at, line in lines(invoice):
        expected = comes_to(line)
        if not agrees(line.net_amount or NOTHING, expected):
            why = f"Quantity × price, its charges and allowances come to {rounded(expected)}."
            yield Broken("BT-131", line.net_amount, why, at)


def bases_positive(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a price is for more than nothing (R121)."""
    for at, line in lines(invoice):
        if line.base_quantity is not None and line.base_quantity <= 0:
            yield Broken("BT-149", line.base_quantity, "A price is for a quantity above zero.", at)


def days_written(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a day is written as one (F001)."""
    for one in invoice.malformed:
        yield Broken(one.term, one.value, "Write a day of the calendar, such as 2026-11-30.")


RULES: tuple[Rule, ...] = (
    Rule("PEPPOL-EN16931-F001", days_written),
    Rule("PEPPOL-EN16931-R040", percentages),
    Rule("PEPPOL-EN16931-R041", based),
    Rule("PEPPOL-EN16931-R042", with_percentage),
    Rule("PEPPOL-EN16931-R046", net_prices),
    Rule("PEPPOL-EN16931-R051", one_currency),
    Rule("PEPPOL-EN16931-R101", objects),
    Rule("PEPPOL-EN16931-R110", starts_within),
    Rule("PEPPOL-EN16931-R111", ends_within),
    Rule("PEPPOL-EN16931-R120", lines_come_to),
    Rule("PEPPOL-EN16931-R121", bases_positive),
)
