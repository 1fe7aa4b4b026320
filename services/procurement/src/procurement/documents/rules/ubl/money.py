"""What an order takes off, puts on and taxes, and what it comes to, as UBL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from procurement.amounts.rules.adjustments import Adjustment
from procurement.documents.rules.ubl.writing import Part, amount, said, within
from procurement.orders.rules.amounts import amounts_of
from procurement.orders.rules.versions import Version
from procurement.taxes.rules import TaxRate
from purveyor.decimals import shortest

NOT_TAXED = "O"
"""The category of what is not subject to tax, which has no rate (EN 16931, UNCL5305)."""


def adjustments(
    taken_off: Sequence[Adjustment],
    put_on: Sequence[Adjustment],
    whole: Decimal,
    currency: str,
    rates: Mapping[str, TaxRate] | None = None,
) -> Iterator[Part]:
    """Yield allowances and charges of a whole; those of a document say how they are taxed, by `rates`."""
    for is_charge, several in (("false", taken_off), ("true", put_on)):
        for one in several:
            base = whole if one.base_amount is None else one.base_amount
            rate = None if rates is None else rates.get(one.tax_code or "")
            yield within(
                "AllowanceCharge",
                said("ChargeIndicator", is_charge),
                said("AllowanceChargeReasonCode", one.reason_code),
                said("AllowanceChargeReason", one.reason),
                said("MultiplierFactorNumeric", None if one.percent is None else shortest(one.percent)),
                amount("Amount", one.comes_to(whole, currency), currency),
                amount("BaseAmount", None if one.percent is None else base, currency),
                tax_category("TaxCategory", rate),
            )


def tax_category(name: str, rate: TaxRate | None) -> Part:
    """Return how something is taxed."""
    if rate is None:
        return None
    percent = None if rate.category == NOT_TAXED else shortest(rate.rate)
    return within(
        name, said("ID", rate.category), said("Percent", percent), within("TaxScheme", said("ID", "VAT"))
    )


def totals(version: Version) -> Iterator[Part]:
    """Yield the tax, where it is said how all of an order is taxed, and what it is expected to come to."""
    content = version.content
    currency, found = content.currency, amounts_of(content, version.amounts)
    yield within("TaxTotal", amount("TaxAmount", found.tax, currency))
    yield within(
        "AnticipatedMonetaryTotal",
        amount("LineExtensionAmount", found.lines, currency),
        amount("TaxExclusiveAmount", found.net, currency),
        amount("TaxInclusiveAmount", found.gross, currency),
        amount("AllowanceTotalAmount", found.allowances or None, currency),
        amount("ChargeTotalAmount", found.charges or None, currency),
        amount("PayableAmount", found.net if found.gross is None else found.gross, currency),
    )
