"""What a line comes to: its quantity at its price, less its allowances, plus its charges."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal

from purveyor.money import round_amount

EXACT = Context(prec=60)
"""Enough digits for any quantity times any price, so that only the last step rounds."""

HUNDRED = Decimal(100)


def exact_gross(quantity: Decimal, price: Decimal, base_quantity: Decimal) -> Decimal:
    """Return quantity × price ÷ base quantity, not rounded yet."""
    return EXACT.divide(EXACT.multiply(quantity, price), base_quantity)


def gross(quantity: Decimal, price: Decimal, base_quantity: Decimal, currency: str) -> Decimal:
    """Return what a quantity costs, rounded to the minor unit (Peppol BIS Billing 3, line-calc)."""
    return round_amount(exact_gross(quantity, price, base_quantity), currency)


def percentage(base: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Return an allowance or a charge that is stated as a percentage of a base amount (BT-93, BT-138)."""
    return round_amount(EXACT.divide(EXACT.multiply(base, percent), HUNDRED), currency)


def net(gross: Decimal, allowances: Iterable[Decimal], charges: Iterable[Decimal], currency: str) -> Decimal:
    """Return what a line comes to (BT-131): each allowance and charge is rounded apart, then added up."""
    taken_off = sum((round_amount(amount, currency) for amount in allowances), Decimal(0))
    put_on = sum((round_amount(amount, currency) for amount in charges), Decimal(0))
    return round_amount(gross, currency) - taken_off + put_on


def agrees(stated: Decimal, computed: Decimal, slack: Decimal = Decimal("0.02")) -> bool:
    """Whether a line's net, as somebody else states it, is what it comes to (PEPPOL-EN16931-R120).

    One that does not is an exception on the line: the totals of its document may still be in order.
    """
    return abs(stated - computed) <= slack
