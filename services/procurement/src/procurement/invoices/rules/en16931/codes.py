"""Codes are of their lists (BR-CL-01 to 25), as far as the lists are at hand: not those of references."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache, partial

import pycountry
from iso4217 import Currency

from procurement.amounts.rules.categories import TaxCategory
from procurement.invoices.rules.en16931.parts import adjustments, breakdowns, code_of, lines
from procurement.invoices.rules.en16931.violations import Broken, Rule
from procurement.invoices.rules.terms import Invoice
from procurement.items.rules.units import units

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries) | {"1A", "XI"}
"""ISO 3166-1, with Kosovo and Northern Ireland as EN 16931 has them."""
VAT_PREFIXES = COUNTRIES | {"EL", "AN"}
CURRENCIES = frozenset(one.code for one in Currency)
_INVOICES = (
    "71 80 81 82 84 102 130 202 203 204 211 218 219 295 325 326 331 380 382 383 384 385 386 387 388 389 "
    "390 393 394 395 456 457 471 472 473 500 501 527 553 575 623 633 751 780 817 870 875 876 877 935"
)
INVOICES = frozenset(_INVOICES.split())
_CREDIT_NOTES = "81 83 261 262 296 308 381 396 420 458 502 503 532"
CREDIT_NOTES = frozenset(_CREDIT_NOTES.split())
TAX_POINTS = frozenset({"3", "35", "432", "5", "29", "72"})
"""UNTDID 2005 in UBL, and 2475 in CII."""
MEANS = frozenset(map(str, (*range(1, 69), 70, *range(74, 79), *range(91, 98)))) | {"ZZZ"}
"""UNCL4461."""
CATEGORIES = frozenset(TaxCategory) | {"B"}
"""UNCL5305; B is Italy's split payment."""
ALLOWANCES = frozenset(map(str, {*range(1, 106)} - {43})) | {"ZZZ"}
"""UNCL5189."""
_CHARGES = (
    "AA AAA AAC AAD AAE AAF AAH AAI AAS AAT AAV AAY AAZ ABA ABB ABC ABD ABF ABK ABL ABN ABR ABS ABT ABU "
    "ACF ACG ACH ACI ACJ ACK ACL ACM ACS ADC ADE ADJ ADK ADL ADM ADN ADO ADP ADQ ADR ADT ADW ADY ADZ AEA "
    "AEB AEC AED AEF AEH AEI AEJ AEK AEL AEM AEN AEO AEP AES AET AEU AEV AEW AEX AEY AEZ AJ AU CA CAB "
    "CAD CAE CAF CAI CAJ CAK CAL CAM CAN CAO CAP CAQ CAR CAS CAT CAU CAV CAW CAX CAY CAZ CD CG CS CT DAB "
    "DAC DAD DAF DAG DAH DAI DAJ DAK DAL DAM DAN DAO DAP DAQ DL EG EP ER FAA FAB FAC FC FH FI GAA HAA HD "
    "HH IAA IAB ID IF IR IS KO L1 LA LAA LAB LF MAE MI ML NAA OA PA PAA PC PL PRV RAB RAC RAD RAF RE RF "
    "RH RV SA SAA SAD SAE SAI SG SH SM SU TAB TAC TT TV V1 V2 WH XAA YY ZZZ"
)
CHARGES = frozenset(_CHARGES.split())
"""UNCL7161."""

Codes = Callable[[Invoice], Iterator[tuple[str, str | None]]]


@cache
def unit_codes() -> frozenset[str]:
    """Return the codes of UN/ECE Recommendations 20 and 21, with those of kinds that it withdrew."""
    return frozenset(units()) | {"ZZ", "NAR", "NPR", "HUR", "DAY"}


def unlisted(
    term: str, of: Codes, listed: Callable[[], Collection[str]], invoice: Invoice
) -> Iterator[Broken]:
    """Yield the codes that are not of a list."""
    for at, code in of(invoice):
        if code and code not in listed():
            yield Broken(term, code, "It is no code of its list.", at)


def type_codes(invoice: Invoice) -> Iterator[Broken]:
    """Hold that the type is one of an invoice, or one of a credit note (BR-CL-01: UNCL1001)."""
    listed = CREDIT_NOTES if invoice.is_credit_note else INVOICES
    if invoice.type_code and invoice.type_code not in listed:
        what = "a credit note, such as 381" if invoice.is_credit_note else "an invoice, such as 380"
        yield Broken("BT-3", invoice.type_code, f"It is no code of {what} (UNCL1001).")


def _one(name: str) -> Codes:
    return lambda invoice: iter([("", getattr(invoice, name))])


def _amounts(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    return (("", code) for code in invoice.amount_currencies)


def _countries(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    for role in ("seller", "buyer", "payee", "representative"):
        party = getattr(invoice, role)
        yield f"/{role}", party.country if party else None
    yield "", invoice.delivery_country


def _origins(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    return ((at, line.origin_country) for at, line in lines(invoice))


def _means(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    return (("", code) for code in invoice.means_codes)


def _taxed(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    yield from ((at, code_of(one)) for at, one in breakdowns(invoice))
    for charges in (False, True):
        found = adjustments(invoice, charges=charges)
        yield from ((at, code_of(one)) for at, one in found)


def _lines_taxed(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    return ((at, code_of(line)) for at, line in lines(invoice))


def _reasons(invoice: Invoice, *, charges: bool) -> Iterator[tuple[str, str | None]]:
    for of_lines in (False, True):
        found = adjustments(invoice, charges=charges, of_lines=of_lines)
        yield from ((at, one.reason_code) for at, one in found)


def _units(invoice: Invoice) -> Iterator[tuple[str, str | None]]:
    for at, line in lines(invoice):
        yield at, line.unit
        yield at, line.base_unit


def _in(
    identifier: str, term: str, of: Codes, codes: Collection[str] | Callable[[], Collection[str]]
) -> Rule:
    listed = codes if callable(codes) else lambda: codes
    return Rule(identifier, partial(unlisted, term, of, listed))


RULES: tuple[Rule, ...] = (
    Rule("BR-CL-01", type_codes),
    _in("BR-CL-03", "BT-5", _amounts, CURRENCIES),
    _in("BR-CL-04", "BT-5", _one("currency"), CURRENCIES),
    _in("BR-CL-05", "BT-6", _one("tax_currency"), CURRENCIES),
    _in("BR-CL-06", "BT-8", _one("tax_point_code"), TAX_POINTS),
    _in("BR-CL-14", "BT-40", _countries, COUNTRIES),
    _in("BR-CL-15", "BT-159", _origins, COUNTRIES),
    _in("BR-CL-16", "BT-81", _means, MEANS),
    _in("BR-CL-17", "BT-118", _taxed, CATEGORIES),
    _in("BR-CL-18", "BT-151", _lines_taxed, CATEGORIES),
    _in("BR-CL-19", "BT-98", partial(_reasons, charges=False), ALLOWANCES),
    _in("BR-CL-20", "BT-105", partial(_reasons, charges=True), CHARGES),
    _in("BR-CL-23", "BT-130", _units, unit_codes),
)
