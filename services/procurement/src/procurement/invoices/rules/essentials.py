"""What an invoice cannot be kept without: who it is, when it was issued, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.invoices.rules.en16931.violations import Violation
from procurement.invoices.rules.terms import Invoice
from purveyor.errors import FieldError, InvalidError
from purveyor.money import minor_units, why_not_owed

NEEDED = {
    "BR-02": "number",
    "BR-03": "issued_on",
    "PEPPOL-EN16931-F001": "issued_on",
    "BR-05": "currency",
    "BR-CL-04": "currency",
    "BR-13": "net",
    "BR-14": "gross",
    "BR-15": "payable",
    "BR-16": "lines",
    "BR-22": "lines",
    "BR-24": "lines",
}
"""The rules that say so, and of what."""


@dataclass(frozen=True, slots=True)
class Essentials:
    """What every invoice that is kept says."""

    number: str
    issued_on: date
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    payable: Decimal


def essentials_of(invoice: Invoice, violations: Iterable[Violation]) -> Essentials:
    """Return what an invoice is known by; raises InvalidError naming each that it does not say."""
    problems = [
        FieldError(one.at or f"/{NEEDED[one.rule]}", f"{one.rule}, {one.term}: {one.detail}")
        for one in violations
        if one.rule in NEEDED and _is_missing(invoice, NEEDED[one.rule])
    ]
    number, issued_on, currency = invoice.number, invoice.issued_on, invoice.currency
    net, gross, payable = invoice.net, invoice.gross, invoice.payable
    if currency is not None and not _is_owed(currency, issued_on):
        problems.append(FieldError("/currency", f"{currency} is no currency that amounts are owed in"))
    if (
        problems
        or number is None
        or issued_on is None
        or currency is None
        or net is None
        or gross is None
        or payable is None
    ):
        raise InvalidError(
            "invoice_incomplete",
            "The invoice does not say what it cannot be kept without.",
            errors=problems
            or [FieldError("/number", "say the number, the day, the currency and the amounts")],
        )
    tax = gross - net if invoice.tax is None else invoice.tax
    return Essentials(number, issued_on, currency, net, tax, gross, payable)


def _is_missing(invoice: Invoice, name: str) -> bool:
    if name == "lines":
        return not invoice.lines or any(None in {one.quantity, one.net_amount} for one in invoice.lines)
    return getattr(invoice, name) is None


def _is_owed(currency: str, day: date | None) -> bool:
    try:
        minor_units(currency)
    except ValueError:
        return False
    return day is None or why_not_owed(currency, day) is None


def check_positive(known_by: Essentials) -> None:
    """Raise InvalidError for a credit note below zero, which would charge: it says what it takes back."""
    problems = [
        FieldError(f"/{name}", f"{amount:f} is below zero: a credit note says positively what it takes back")
        for name in ("net", "tax", "gross", "payable")
        if (amount := getattr(known_by, name)) < 0
    ]
    if problems:
        raise InvalidError("credit_below_zero", "The credit note would charge something.", errors=problems)


def check_credit(credited: Decimal, credit: Decimal, gross: Decimal, number: str) -> None:
    """Raise InvalidError for a credit note that takes back more than is left of its invoice."""
    left = gross - credited
    if credit > left:
        raise InvalidError(
            "credit_above_invoice",
            f"It takes back {credit}, and of {number} {left} is left.",
            errors=[FieldError("/gross", f"{left} at most: the rest was credited before, or never charged")],
        )
