"""What has to be there (BR-01 to BR-65, BR-CO-03, 04, 09, 18 to 26)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from procurement.invoices.rules.en16931.codes import VAT_PREFIXES
from procurement.invoices.rules.en16931.parts import (
    Needed,
    addressed,
    breakdowns,
    code_of,
    document,
    lines,
    of_adjustments,
    of_party,
)
from procurement.invoices.rules.en16931.violations import Broken, Rule
from procurement.invoices.rules.terms import Adjustment, Breakdown, Invoice, Party

TRANSFERS = frozenset({"30", "58"})
"""Of UNCL4461: credit transfer, and the one of SEPA."""
NOT_TAXED = "O"
ALLOWANCES, CHARGES = of_adjustments(charges=False), of_adjustments(charges=True)
LINE_ALLOWANCES = of_adjustments(charges=False, of_lines=True)
LINE_CHARGES = of_adjustments(charges=True, of_lines=True)


def _reason(adjustment: Adjustment) -> str | None:
    return adjustment.reason or adjustment.reason_code


def _issued(invoice: Invoice) -> object:
    return invoice.issued_on or next((one.value for one in invoice.malformed if one.term == "BT-2"), None)


def _rate(one: Breakdown) -> object:
    if code_of(one) == NOT_TAXED:
        return NOT_TAXED
    return one.category.rate if one.category else None


def _nameof_adjustments(role: str) -> Callable[[Invoice], object]:
    def found(invoice: Invoice) -> object:
        party: Party | None = getattr(invoice, role)
        return party.name if party else None

    return found


def _addressof_adjustments(role: str) -> Callable[[Invoice], object]:
    def found(invoice: Invoice) -> object:
        party: Party | None = getattr(invoice, role)
        return "said" if party and party.has_address else None

    return found


def not_negative(rule: str, term: str, name: str) -> Rule:
    """Return the rule that a price of lines is not below zero."""

    def broken_by(invoice: Invoice) -> Iterator[Broken]:
        for at, line in lines(invoice):
            price: Decimal | None = getattr(line, name)
            if price is not None and price < 0:
                yield Broken(term, price, "A price is not negative: the quantity is.", at)

    return Rule(rule, broken_by)


def has_lines(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an invoice has a line (BR-16)."""
    if not invoice.lines:
        yield Broken("BG-25", None, "Say at least one line.")


def periods_in_order(invoice: Invoice) -> Iterator[Broken]:
    """Hold that the invoicing period ends when it starts, or later (BR-29)."""
    period = invoice.period
    if period and period.first and period.last and period.last < period.first:
        yield Broken("BT-74", period.last, f"The period starts on {period.first}: it ends then or later.")


def line_periods_in_order(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a line's period ends when it starts, or later (BR-30)."""
    for at, line in lines(invoice):
        period = line.period
        if period and period.first and period.last and period.last < period.first:
            why = f"The line's period starts on {period.first}: it ends then or later."
            yield Broken("BT-135", period.last, why, at)


def account_of_transfers(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a credit transfer says to which account (BR-61)."""
    paid_to = {one.means for one in invoice.accounts if one.number}
    for code in invoice.means_codes:
        if code in TRANSFERS and code not in paid_to:
            yield Broken("BT-84", None, f"It is paid by credit transfer ({code}): say to which account.")


def account_numbers(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an account that is transferred to has a number (BR-50)."""
    for one in invoice.accounts:
        if one.means in TRANSFERS and not one.number:
            yield Broken("BT-84", None, "Say the number of the account, an IBAN.")


def means_said(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a payment instruction says by which means (BR-49)."""
    for code in invoice.means_codes:
        if not code:
            yield Broken("BT-81", None, "Say by which means it is paid, a code of UNCL4461.")


def payee_named(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a payee who is not the seller has a name (BR-17)."""
    if invoice.payee is not None and not invoice.payee.name:
        yield Broken("BT-59", None, "Say the name of who is paid instead of the seller.")


def documents_named(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a supporting document has a reference (BR-52)."""
    for index, one in enumerate(invoice.documents):
        if not one:
            yield Broken("BT-122", None, "Say what the document is called by.", f"/documents/{index}")


def preceding_named(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a preceding invoice has a number (BR-55)."""
    for index, one in enumerate(invoice.preceding):
        if not one.number:
            yield Broken("BT-25", None, "Say the number of the invoice before.", f"/preceding/{index}")


def delivered_to_country(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a deliver-to address has a country (BR-57)."""
    if invoice.has_delivery_address and not invoice.delivery_country:
        yield Broken("BT-80", None, "Say the country that was delivered to.")


def tax_in_accounting_currency(invoice: Invoice) -> Iterator[Broken]:
    """Who names an accounting currency says the tax in it (BR-53)."""
    if invoice.tax_currency and invoice.tax_in_tax_currency is None:
        yield Broken("BT-111", None, f"Say what the tax comes to in {invoice.tax_currency}.")


def one_tax_point(invoice: Invoice) -> Iterator[Broken]:
    """Hold that the tax point is a day or a code, not both (BR-CO-03)."""
    if invoice.tax_point_on and invoice.tax_point_code:
        yield Broken("BT-8", invoice.tax_point_code, "Say the day of the tax point or its code, not both.")


def prefixed_numbers(invoice: Invoice) -> Iterator[Broken]:
    """VAT identifiers begin with a country (BR-CO-09); Greece may say EL."""
    for role, term in (("seller", "BT-31"), ("representative", "BT-63"), ("buyer", "BT-48")):
        party: Party | None = getattr(invoice, role)
        if party and party.vat_id and party.vat_id[:2] not in VAT_PREFIXES:
            yield Broken(term, party.vat_id, "A VAT identifier begins with a country's code (ISO 3166-1).")


def broken_down(invoice: Invoice) -> Iterator[Broken]:
    """There is a tax breakdown (BR-CO-18)."""
    if not invoice.breakdown:
        yield Broken("BG-23", None, "Say the tax of at least one category.")


def period_filled(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an invoicing period has an end, or both (BR-CO-19)."""
    period = invoice.period
    if period and period.first is period.last is None and not invoice.tax_point_code:
        yield Broken("BG-14", None, "Say when the period starts or ends.")


def line_periods_filled(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a line's period has an end, or both (BR-CO-20)."""
    for at, line in lines(invoice):
        if line.period and line.period.first is line.period.last is None:
            yield Broken("BG-26", None, "Say when the line's period starts or ends.", at)


def due_when(invoice: Invoice) -> Iterator[Broken]:
    """Hold that what is to be paid is due on a day, or by terms (BR-CO-25)."""
    is_due = any((invoice.due_on, invoice.payment_terms, "BT-9" in {one.term for one in invoice.malformed}))
    if not invoice.is_credit_note and (invoice.payable or 0) > 0 and not is_due:
        yield Broken("BT-9", None, "Say by when it is to be paid, or the payment terms (BT-20).")


def seller_identified(invoice: Invoice) -> Iterator[Broken]:
    """Hold that a seller is identified by a number of some kind (BR-CO-26)."""
    seller = invoice.seller
    if seller is not None and not (seller.vat_id or seller.identifiers or seller.legal_id):
        yield Broken("BT-29", None, "Say a number of the seller: its own, its register's, or for VAT.")


def addresses_schemed(rule: str, term: str, role: str) -> Rule:
    """Return the rule that an electronic address has a scheme (BR-62, BR-63)."""

    def broken_by(invoice: Invoice) -> Iterator[Broken]:
        party: Party | None = getattr(invoice, role)
        if party and party.endpoint and not party.endpoint.scheme:
            yield Broken(term, party.endpoint.value, "Say the scheme of the electronic address.")

    return Rule(rule, broken_by)


def items_schemed(invoice: Invoice) -> Iterator[Broken]:
    """Hold that an item's standard identifier has a scheme (BR-64)."""
    for at, line in lines(invoice):
        if line.standard_item and not line.standard_item.scheme:
            why = "Say the scheme of the item's standard identifier, such as 0160 for a GTIN."
            yield Broken("BT-157", line.standard_item.value, why, at)


RULES: tuple[Rule, ...] = (
    Needed("BR-01", "BT-24", lambda it: it.specification, "to which specification it keeps").of(document),
    Needed("BR-02", "BT-1", lambda it: it.number, "the number of the invoice").of(document),
    Needed("BR-03", "BT-2", _issued, "when it was issued").of(document),
    Needed("BR-04", "BT-3", lambda it: it.type_code, "its type, a code of UNCL1001").of(document),
    Needed("BR-05", "BT-5", lambda it: it.currency, "its currency").of(document),
    Needed("BR-06", "BT-27", _nameof_adjustments("seller"), "the seller's name").of(document),
    Needed("BR-07", "BT-44", _nameof_adjustments("buyer"), "the buyer's name").of(document),
    Needed("BR-08", "BG-5", _addressof_adjustments("seller"), "the seller's address").of(document),
    Needed("BR-09", "BT-40", lambda it: it.country, "the seller's country").of(addressed("seller")),
    Needed("BR-10", "BG-8", _addressof_adjustments("buyer"), "the buyer's address").of(document),
    Needed("BR-11", "BT-55", lambda it: it.country, "the buyer's country").of(addressed("buyer")),
    Needed("BR-12", "BT-106", lambda it: it.lines_total, "what the lines come to").of(document),
    Needed("BR-13", "BT-109", lambda it: it.net, "what it comes to without VAT").of(document),
    Needed("BR-14", "BT-112", lambda it: it.gross, "what it comes to with VAT").of(document),
    Needed("BR-15", "BT-115", lambda it: it.payable, "what is due").of(document),
    Rule("BR-16", has_lines),
    Rule("BR-17", payee_named),
    Needed("BR-18", "BT-62", lambda it: it.name, "the name of the tax representative").of(
        of_party("representative")
    ),
    Needed("BR-19", "BG-12", lambda it: it.has_address or None, "the tax representative's address").of(
        of_party("representative")
    ),
    Needed("BR-20", "BT-69", lambda it: it.country, "the tax representative's country").of(
        addressed("representative")
    ),
    Needed("BR-21", "BT-126", lambda it: it.number, "the line's number").of(lines),
    Needed("BR-22", "BT-129", lambda it: it.quantity, "the quantity").of(lines),
    Needed("BR-23", "BT-130", lambda it: it.unit, "the quantity's unit").of(lines),
    Needed("BR-24", "BT-131", lambda it: it.net_amount, "what the line comes to").of(lines),
    Needed("BR-25", "BT-153", lambda it: it.name, "what it is").of(lines),
    Needed("BR-26", "BT-146", lambda it: it.price, "its price").of(lines),
    not_negative("BR-27", "BT-146", "price"),
    not_negative("BR-28", "BT-148", "gross_price"),
    Rule("BR-29", periods_in_order),
    Rule("BR-30", line_periods_in_order),
    Needed("BR-31", "BT-92", lambda it: it.amount, "the amount").of(ALLOWANCES),
    Needed("BR-32", "BT-95", code_of, "how it is taxed").of(ALLOWANCES),
    Needed("BR-33", "BT-97", _reason, "why it is taken off").of(ALLOWANCES),
    Needed("BR-36", "BT-99", lambda it: it.amount, "the amount").of(CHARGES),
    Needed("BR-37", "BT-102", code_of, "how it is taxed").of(CHARGES),
    Needed("BR-38", "BT-104", _reason, "why it is put on").of(CHARGES),
    Needed("BR-41", "BT-136", lambda it: it.amount, "the amount").of(LINE_ALLOWANCES),
    Needed("BR-42", "BT-139", _reason, "why it is taken off").of(LINE_ALLOWANCES),
    Needed("BR-43", "BT-141", lambda it: it.amount, "the amount").of(LINE_CHARGES),
    Needed("BR-44", "BT-144", _reason, "why it is put on").of(LINE_CHARGES),
    Needed("BR-45", "BT-116", lambda it: it.taxable_amount, "the taxable amount").of(breakdowns),
    Needed("BR-46", "BT-117", lambda it: it.tax_amount, "the tax").of(breakdowns),
    Needed("BR-47", "BT-118", code_of, "the category").of(breakdowns),
    Needed("BR-48", "BT-119", _rate, "the rate").of(breakdowns),
    Rule("BR-49", means_said),
    Rule("BR-50", account_numbers),
    Rule("BR-52", documents_named),
    Rule("BR-53", tax_in_accounting_currency),
    Rule("BR-55", preceding_named),
    Needed("BR-56", "BT-63", lambda it: it.vat_id, "the tax representative's VAT identifier").of(
        of_party("representative")
    ),
    Rule("BR-57", delivered_to_country),
    Rule("BR-61", account_of_transfers),
    addresses_schemed("BR-62", "BT-34", "seller"),
    addresses_schemed("BR-63", "BT-49", "buyer"),
    Rule("BR-64", items_schemed),
    Rule("BR-CO-03", one_tax_point),
    Needed("BR-CO-04", "BT-151", code_of, "how the line is taxed").of(lines),
    Rule("BR-CO-09", prefixed_numbers),
    Rule("BR-CO-18", broken_down),
    Rule("BR-CO-19", period_filled),
    Rule("BR-CO-20", line_periods_filled),
    Needed("BR-CO-21", "BT-97", _reason, "why it is taken off").of(ALLOWANCES),
    Needed("BR-CO-22", "BT-104", _reason, "why it is put on").of(CHARGES),
    Needed("BR-CO-23", "BT-139", _reason, "why it is taken off").of(LINE_ALLOWANCES),
    Needed("BR-CO-24", "BT-144", _reason, "why it is put on").of(LINE_CHARGES),
    Rule("BR-CO-25", due_when),
    Rule("BR-CO-26", seller_identified),
)
