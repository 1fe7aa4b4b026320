"""What has to add up (BR-CO-10 to 17); with the slack that the official rules allow, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from procurement.invoices.rules.en16931.parts import breakdowns
from procurement.invoices.rules.en16931.violations import HUNDRED, Broken, Rule, places_of, rounded, whole
from procurement.invoices.rules.terms import Adjustment, Invoice

NOTHING = Decimal(0)
SLACK = Decimal(1)
"""Of the tax of a category: less than one unit of the currency is let pass (BR-CO-17, BR-S-09)."""


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return what amounts come to; one that is not said counts as nothing."""
    return sum((one or NOTHING for one in amounts), NOTHING)


def within_slack(stated: Decimal, expected: Decimal) -> bool:
    """Whether a tax is what it comes to, less than one off, whichever way it is signed."""
    return abs(stated) - SLACK < expected < abs(stated) + SLACK


def tax_of(taxable: Decimal, rate: Decimal, places: int) -> Decimal:
    """Return what a tax comes to, unsigned, with so many decimals."""
    return rounded(abs(taxable) * rate / HUNDRED, places)


def lines_add_up(invoice: Invoice) -> Iterator[Broken]:
    """Hold that the sum of the lines is Σ of their amounts (BR-CO-10)."""
    stated, sum_of = (
        invoice.lines_total,
        rounded(total(line.net_amount for line in invoice.lines), places_of(invoice)),
    )
    if stated is not None and (stated != sum_of or not invoice.lines):
        yield Broken("BT-106", stated, f"The lines come to {sum_of}.")


def adjustments_add_up(
    rule: str, term: str, name: str, of: Callable[[Invoice], Iterable[Adjustment]]
) -> Rule:
    """Return the rule that a sum of allowances or charges is Σ of their amounts (BR-CO-11, 12)."""

    def broken_by(invoice: Invoice) -> Iterator[Broken]:
        stated: Decimal | None = getattr(invoice, name)
        parts = list(of(invoice))
        sum_of = rounded(total(one.amount for one in parts), places_of(invoice))
        if _totals_said(invoice) and (sum_of != stated if stated is not None else bool(parts)):
            yield Broken(term, stated, f"They come to {sum_of}.")

    return Rule(rule, broken_by)


def _totals_said(invoice: Invoice) -> bool:
    """Whether there are totals at all: what is not there adds up to nothing, which other rules say."""
    said = (invoice.lines_total, invoice.allowances_total, invoice.charges_total, invoice.net, invoice.gross)
    return any(one is not None for one in (*said, invoice.prepaid, invoice.rounding, invoice.payable))


def net_adds_up(invoice: Invoice) -> Iterator[Broken]:
    """Net is the lines, less allowances, plus charges (BR-CO-13)."""
    if not _totals_said(invoice):
        return
    lines, taken_off, put_on = invoice.lines_total, invoice.allowances_total, invoice.charges_total
    expected = None if lines is None else lines - (taken_off or NOTHING) + (put_on or NOTHING)
    if expected is not None and not taken_off is put_on is None:
        expected = rounded(expected, places_of(invoice))
    if expected is None or invoice.net != expected:
        yield Broken("BT-109", invoice.net, f"The lines, allowances and charges come to {expected}.")


def taxes_add_up(invoice: Invoice) -> Iterator[Broken]:
    """Hold that the tax is Σ of the tax of each category (BR-CO-14)."""
    expected = rounded(total(one.tax_amount for one in invoice.breakdown), places_of(invoice))
    for one in invoice.tax_totals:
        if one.is_broken_down and one.amount != expected:
            yield Broken("BT-110", one.amount, f"The taxes of the categories come to {expected}.")


def gross_adds_up(invoice: Invoice) -> Iterator[Broken]:
    """Gross is net plus tax (BR-CO-15)."""
    if invoice.currency is None:
        return
    tax, net = invoice.tax, invoice.net
    is_one = sum(one.currency == invoice.currency for one in invoice.tax_totals) == 1
    expected = None if tax is None or net is None or not is_one else rounded(net + tax, places_of(invoice))
    if expected is None or invoice.gross != expected:
        found = (
            f"come to {expected}"
            if expected is not None
            else f"are not both said, once, in {invoice.currency}"
        )
        yield Broken("BT-112", invoice.gross, f"The amount without VAT and the VAT {found}.")


def payable_adds_up(invoice: Invoice) -> Iterator[Broken]:
    """Hold that what is due is gross, less what was paid, plus the rounding (BR-CO-16)."""
    if not _totals_said(invoice):
        return
    payable, gross = invoice.payable, invoice.gross
    paid, rounding = invoice.prepaid or NOTHING, invoice.rounding or NOTHING
    if payable is None or gross is None:
        yield Broken("BT-115", payable, "Say what is due, and what it comes to with VAT.")
        return
    without = rounded(payable - rounding, places_of(invoice)) if rounding else payable
    expected = rounded(gross - paid, places_of(invoice)) if paid else gross
    if without != expected:
        yield Broken(
            "BT-115", payable, f"With VAT, less what was paid, plus the rounding: {expected + rounding}."
        )


def taxes_of_categories(invoice: Invoice) -> Iterator[Broken]:
    """Hold that the tax of a category is its taxable amount × its rate (BR-CO-17), less than one off."""
    for at, one in breakdowns(invoice):
        if one.tax_amount is None or one.category is None:
            continue
        rate, taxable = one.category.rate, one.taxable_amount or NOTHING
        if rate is None or whole(rate) == 0:
            if whole(one.tax_amount) != 0:
                yield Broken("BT-117", one.tax_amount, "Without a rate there is no tax.", at)
        elif not within_slack(one.tax_amount, expected := tax_of(taxable, rate, places_of(invoice))):
            yield Broken("BT-117", one.tax_amount, f"{rate} % of {taxable} is {expected}.", at)


RULES: tuple[Rule, ...] = (
    Rule("BR-CO-10", lines_add_up),
    adjustments_add_up("BR-CO-11", "BT-107", "allowances_total", Invoice.allowances),
    adjustments_add_up("BR-CO-12", "BT-108", "charges_total", Invoice.charges),
    Rule("BR-CO-13", net_adds_up),
    Rule("BR-CO-14", taxes_add_up),
    Rule("BR-CO-15", gross_adds_up),
    Rule("BR-CO-16", payable_adds_up),
    Rule("BR-CO-17", taxes_of_categories),
)
