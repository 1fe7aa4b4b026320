"""What each category of VAT asks for (BR-S-01 to BR-O-14): the same ten questions of each, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial

from procurement.amounts.rules.categories import TaxCategory
from procurement.invoices.rules.en16931.arithmetic import NOTHING, SLACK, tax_of, total, within_slack
from procurement.invoices.rules.en16931.parts import adjustments, breakdowns, lines
from procurement.invoices.rules.en16931.violations import Broken, Rule, places_of
from procurement.invoices.rules.terms import Category, Invoice


class Rate(StrEnum):
    """Which rate a category has."""

    ZERO = "0"
    ABOVE_ZERO = "above 0"
    ZERO_OR_MORE = "0 or more"
    NONE = "not said"


@dataclass(frozen=True, slots=True)
class Asks:
    """What a category asks for."""

    letters: str
    """In the identifiers of its rules."""
    code: TaxCategory
    rate: Rate
    once: bool
    """Whether its breakdown is one; else it has one a rate."""
    has_reason: bool
    """Whether the breakdown says why no tax is due; else it may not."""
    why_identified: str
    """Who has to be identified, and how."""


ANY_NUMBER = "the seller's VAT or tax number (BT-31, BT-32), or its tax representative's (BT-63)"
SELLERS_VAT = "the seller's VAT identifier (BT-31), or its tax representative's (BT-63)"
CATEGORIES = (
    Asks("S", TaxCategory.STANDARD, Rate.ABOVE_ZERO, False, False, ANY_NUMBER),
    Asks("Z", TaxCategory.ZERO, Rate.ZERO, True, False, ANY_NUMBER),
    Asks("E", TaxCategory.EXEMPT, Rate.ZERO, True, True, ANY_NUMBER),
    Asks(
        "AE",
        TaxCategory.REVERSE_CHARGE,
        Rate.ZERO,
        True,
        True,
        f"{ANY_NUMBER}, and the buyer's VAT identifier or register number (BT-48, BT-47)",
    ),
    Asks(
        "IC",
        TaxCategory.INTRA_COMMUNITY,
        Rate.ZERO,
        True,
        True,
        f"{SELLERS_VAT}, and the buyer's (BT-48)",
    ),
    Asks("G", TaxCategory.EXPORT, Rate.ZERO, True, True, SELLERS_VAT),
    Asks("O", TaxCategory.NOT_TAXED, Rate.NONE, True, True, "no VAT identifier (BT-31, BT-48, BT-63)"),
    Asks("AF", TaxCategory.CANARY_ISLANDS, Rate.ZERO_OR_MORE, False, False, ANY_NUMBER),
    Asks("AG", TaxCategory.CEUTA_AND_MELILLA, Rate.ZERO_OR_MORE, False, False, ANY_NUMBER),
)


def used(invoice: Invoice) -> Iterator[tuple[str, Category, Decimal]]:
    """Yield how each line, allowance and charge is taxed, and how much of it, signed as it counts."""
    for line in invoice.lines:
        if line.category:
            yield "line", line.category, line.net_amount or NOTHING
    for one in invoice.adjustments:
        if one.category:
            amount = one.amount or NOTHING
            yield ("charge", one.category, amount) if one.is_charge else ("allowance", one.category, -amount)


def broken_down(asks: Asks, invoice: Invoice) -> Iterator[Broken]:
    """Hold that what is taxed so has a breakdown (…-01): exactly one, or one a rate."""
    found = sum(one.category is not None and one.category.code == asks.code for one in invoice.breakdown)
    is_used = any(category.code == asks.code for _, category, _ in used(invoice))
    if asks.once and (is_used or found) and found != 1:
        yield Broken("BT-118", found, f"What is taxed {asks.code} has one breakdown, not {found}.")
    elif not asks.once and is_used != bool(found):
        why = "has a breakdown" if is_used else "is on no line, so it has no breakdown"
        yield Broken("BT-118", found, f"What is taxed {asks.code} {why}.")


def identified(asks: Asks, kind: str, term: str, invoice: Invoice) -> Iterator[Broken]:
    """Who has to be identified for tax, is (…-02 to 04)."""
    is_used = any(what == kind and category.code == asks.code for what, category, _ in used(invoice))
    if is_used and not _identifies(asks, invoice):
        yield Broken(term, asks.code, f"Where something is taxed {asks.code}, say {asks.why_identified}.")


def _identifies(asks: Asks, invoice: Invoice) -> bool:
    seller, buyer, representative = invoice.seller, invoice.buyer, invoice.representative
    represented = bool(representative and representative.vat_id)
    by_vat = represented or bool(seller and seller.vat_id)
    by_any = by_vat or bool(seller and seller.tax_id)
    buyers_vat = bool(buyer and buyer.vat_id)
    match asks.code:
        case TaxCategory.REVERSE_CHARGE:
            return by_any and (buyers_vat or bool(buyer and buyer.legal_id))
        case TaxCategory.INTRA_COMMUNITY:
            return by_vat and buyers_vat
        case TaxCategory.EXPORT:
            return by_vat
        case TaxCategory.NOT_TAXED:
            return not (by_vat or buyers_vat)
        case _:
            return by_any


def _rate_fits(asks: Asks, rate: Decimal | None) -> bool:
    match asks.rate:
        case Rate.ZERO:
            return rate == 0
        case Rate.ABOVE_ZERO:
            return rate is not None and rate > 0
        case Rate.ZERO_OR_MORE:
            return rate is not None and rate >= 0
        case Rate.NONE:
            return rate is None


Categories = Callable[[Invoice], Iterable[tuple[str, Category | None]]]


def rated(asks: Asks, term: str, of: Categories, invoice: Invoice) -> Iterator[Broken]:
    """Hold that the rate is one of the category (…-05 to 07)."""
    for at, category in of(invoice):
        if category and category.code == asks.code and not _rate_fits(asks, category.rate):
            yield Broken(term, category.rate, f"The rate of what is taxed {asks.code} is {asks.rate}.", at)


def _of_lines(invoice: Invoice) -> Iterator[tuple[str, Category | None]]:
    return ((at, line.category) for at, line in lines(invoice))


def _of_adjustments(invoice: Invoice, *, charges: bool) -> Iterator[tuple[str, Category | None]]:
    return ((at, one.category) for at, one in adjustments(invoice, charges=charges))


def taxable(asks: Asks, invoice: Invoice) -> Iterator[Broken]:
    """Hold that the taxable amount is Σ of what is taxed so (…-08); a rate's is less than one off."""
    for at, one in breakdowns(invoice):
        if one.category is None or one.category.code != asks.code:
            continue
        alike = total(
            amount
            for _, category, amount in used(invoice)
            if category.code == asks.code and (asks.once or category.rate == one.category.rate)
        )
        stated = one.taxable_amount or NOTHING
        fits = stated == alike if asks.once else stated - SLACK < alike < stated + SLACK
        if not fits or not invoice.lines:
            yield Broken("BT-116", one.taxable_amount, f"What is taxed so comes to {alike}.", at)


def taxed(asks: Asks, invoice: Invoice) -> Iterator[Broken]:
    """Hold that the tax is none, or what the rate makes of the taxable amount, less than one off (…-09)."""
    for at, one in breakdowns(invoice):
        if one.category is None or one.category.code != asks.code:
            continue
        tax, base, rate = one.tax_amount, one.taxable_amount or NOTHING, one.category.rate or NOTHING
        if asks.rate in {Rate.ZERO, Rate.NONE}:
            if tax != 0:
                yield Broken("BT-117", tax, f"What is taxed {asks.code} bears no VAT here.", at)
            continue
        expected = tax_of(base, rate, places_of(invoice))
        if tax is None or not within_slack(tax, expected):
            yield Broken("BT-117", tax, f"{rate} % of {base} is {expected}.", at)


def reasoned(asks: Asks, invoice: Invoice) -> Iterator[Broken]:
    """Hold that it says why no tax is due, or may not (…-10)."""
    for at, one in breakdowns(invoice):
        if one.category is None or one.category.code != asks.code:
            continue
        reason = one.exemption_reason or one.exemption_code
        if asks.has_reason and not reason:
            yield Broken("BT-120", None, f"Say why what is taxed {asks.code} bears no VAT.", at)
        elif reason and not asks.has_reason:
            yield Broken("BT-120", reason, f"What is taxed {asks.code} has no reason of exemption.", at)


def _uses(invoice: Invoice, code: TaxCategory) -> bool:
    return any(one.category is not None and one.category.code == code for one in invoice.breakdown)


def delivered_when(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an intra-community supply says when it was made (BR-IC-11)."""
    if _uses(invoice, TaxCategory.INTRA_COMMUNITY) and not (invoice.delivered_on or invoice.period):
        yield Broken("BT-72", None, "Say when it was delivered, or the invoicing period (BG-14).")


def delivered_where(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an intra-community supply says to which country it went (BR-IC-12)."""
    if _uses(invoice, TaxCategory.INTRA_COMMUNITY) and not invoice.delivery_country:
        yield Broken("BT-80", None, "Say to which country it was delivered.")


def breakdown_alone(invoice: Invoice) -> Iterator[Broken]:
    """Hold that what is not subject to VAT stands in no invoice with other breakdowns (BR-O-11)."""
    if _uses(invoice, TaxCategory.NOT_TAXED):
        for at, one in breakdowns(invoice):
            if one.category and one.category.code != TaxCategory.NOT_TAXED:
                yield Broken("BT-118", one.category.code, "Beside O there is no other category.", at)


def alone(kind: str, term: str, invoice: Invoice) -> Iterator[Broken]:
    """…and with no line, allowance or charge that is taxed otherwise (BR-O-12 to 14)."""
    if _uses(invoice, TaxCategory.NOT_TAXED):
        for what, category, _ in used(invoice):
            if what == kind and category.code != TaxCategory.NOT_TAXED:
                yield Broken(term, category.code, "Beside O there is no other category.")


KINDS = (("line", "BT-151"), ("allowance", "BT-95"), ("charge", "BT-102"))


def _rules_of(asks: Asks) -> Iterator[Rule]:
    name = f"BR-{asks.letters}-"
    yield Rule(f"{name}01", partial(broken_down, asks))
    for place, (kind, term) in enumerate(KINDS, start=2):
        yield Rule(f"{name}{place:02}", partial(identified, asks, kind, term))
    yield Rule(f"{name}05", partial(rated, asks, "BT-152", _of_lines))
    yield Rule(f"{name}06", partial(rated, asks, "BT-96", partial(_of_adjustments, charges=False)))
    yield Rule(f"{name}07", partial(rated, asks, "BT-103", partial(_of_adjustments, charges=True)))
    yield Rule(f"{name}08", partial(taxable, asks))
    yield Rule(f"{name}09", partial(taxed, asks))
    yield Rule(f"{name}10", partial(reasoned, asks))


def of_amounts(rule: Rule) -> bool:
    """Whether a rule of a category is about amounts and rates, not about who says so and why."""
    return rule.identifier[-2:] in {"01", "05", "06", "07", "08", "09"}


RULES: tuple[Rule, ...] = (
    *(rule for asks in CATEGORIES for rule in _rules_of(asks)),
    Rule("BR-IC-11", delivered_when),
    Rule("BR-IC-12", delivered_where),
    Rule("BR-O-11", breakdown_alone),
    *(Rule(f"BR-O-{place}", partial(alone, *kind)) for place, kind in enumerate(KINDS, start=12)),
)
