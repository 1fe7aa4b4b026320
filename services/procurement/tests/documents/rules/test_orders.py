"""What documents say, in each language."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from procurement.amounts.rules.adjustments import Adjustment
from procurement.documents.rules.languages import (
    LOCALES,
    UNITS,
    WORDS,
    Language,
    amount_in,
    country_in,
    day_in,
    price_in,
    quantity_in,
)
from procurement.documents.rules.orders import Letterhead, Named, document_of
from procurement.items.rules.units import units
from procurement.orders.rules.drafts import DraftLine, DraftOrder, order_amounts
from procurement.orders.rules.schedules import Schedule
from procurement.orders.rules.versions import Version
from procurement.taxes.rules import TaxRate

LINE = DraftLine(
    line_number=1,
    item="M8-HEX-40",
    description="Hexagon bolt M8 × 40",
    category="fasteners",
    quantity=Decimal("2500"),
    unit="C62",
    price=Decimal("8.4"),
    price_base_quantity=Decimal(100),
    promised_on=date(2026, 3, 20),
    external_reference="internal-17",
)
ORDER = DraftOrder(
    supplier_id=UUID(int=1),
    currency="EUR",
    site="HAM-1",
    business_unit="drives",
    cost_centre="secret-centre",
    ordered_on=date(2026, 3, 2),
    project="secret-project",
    lines=(LINE, replace(LINE, line_number=7, price_base_quantity=Decimal(1))),
)
VERSION = Version(
    number=2,
    content=ORDER,
    amounts=(Decimal("210.00"), Decimal("21000.00")),
    authors=("robin-the-author",),
    approved_by="alex-the-approver",
    approved_at=datetime(2026, 3, 8, tzinfo=UTC),
    issued_by="bea-the-buyer",
    issued_at=datetime(2026, 3, 8, 23, 30, tzinfo=UTC),
    reason="secret-reason",
    reason_for_supplier="we need it sooner",
)
NAMED = Named(
    buyer=Letterhead("Nordwind Antriebe GmbH", ["Hafenstraße 12", "20457 Hamburg"], "DE", "DE136695976"),
    supplier="Schraubenwerk Nord GmbH",
    supplier_number="S-000042",
    supplier_country="CH",
    site="HAM-1",
    site_name="Hamburg, hall 1",
    site_country="DE",
    time_zone="Europe/Berlin",
)


@pytest.mark.parametrize(
    ("language", "amount", "price", "quantity", "day", "country"),
    [
        (Language.ENGLISH, "1,234.50 EUR", "8.4025 EUR", "2,500.5 pcs", "9 Mar 2026", "Germany"),
        (Language.GERMAN, "1.234,50 EUR", "8,4025 EUR", "2.500,5 Stück", "09.03.2026", "Deutschland"),
        (
            Language.FRENCH,
            "1\u202f234,50 EUR",
            "8,4025 EUR",
            "2\u202f500,5 pièces",
            "9 mars 2026",
            "Allemagne",
        ),
    ],
)
def test_each_language_writes_numbers_days_and_countries_in_its_own_form(  # one example of each
    language: Language, amount: str, price: str, quantity: str, day: str, country: str
) -> None:
    assert amount_in(language, Decimal("1234.5"), "EUR") == amount
    assert price_in(language, Decimal("8.4025"), "EUR") == price
    assert quantity_in(language, Decimal("2500.5"), "C62") == quantity
    assert day_in(language, date(2026, 3, 9)) == day
    assert country_in(language, "DE") == country


@pytest.mark.parametrize(
    ("currency", "amount", "price"),
    [
        ("JPY", "1,235 JPY", "8.4 JPY"),
        ("KWD", "1,234.500 KWD", "8.400 KWD"),
        ("EUR", "1,234.50 EUR", "8.40 EUR"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, amount: str, price: str) -> None:
    stated = Decimal("1235") if currency == "JPY" else Decimal("1234.5")
    assert amount_in(Language.ENGLISH, stated, currency) == amount
    assert price_in(Language.ENGLISH, Decimal("8.4"), currency) == price


def test_the_largest_and_the_smallest_numbers_lose_no_digit() -> None:
    assert amount_in(Language.GERMAN, Decimal("999999999999999.99"), "EUR") == "999.999.999.999.999,99 EUR"
    assert price_in(Language.GERMAN, Decimal("123456789012.000001"), "EUR") == "123.456.789.012,000001 EUR"
    assert quantity_in(Language.GERMAN, Decimal("0.000001"), "KGM") == "0,000001 kg"


def test_a_unit_without_a_word_is_called_by_its_code_and_those_with_one_are_units() -> None:
    assert quantity_in(Language.FRENCH, Decimal(3), "XPX") == "3 XPX"
    assert all(code in units() for words in UNITS.values() for code in words)
    assert LOCALES.keys() == WORDS.keys() == UNITS.keys() == set(Language)


@pytest.mark.parametrize("language", Language)
def test_a_document_says_nothing_that_suppliers_are_not_shown(language: Language) -> None:
    said = str(asdict(document_of("PO-000042", VERSION, NAMED, language)))
    for ours in ("secret", "internal-17", "robin", "alex", "bea", "fasteners"):
        assert ours not in said


def test_a_document_goes_by_the_version_and_not_by_what_became_of_it() -> None:
    answered = replace(VERSION, acknowledged_on=date(2026, 3, 10), approved_by="another")
    assert document_of("PO-1", answered, NAMED, Language.GERMAN) == document_of(
        "PO-1", VERSION, NAMED, Language.GERMAN
    )


def test_lines_carry_what_they_and_those_before_them_are_worth() -> None:
    document = document_of("PO-000042", VERSION, NAMED, Language.GERMAN)
    assert [line.number for line in document.lines] == ["1", "7"]
    assert [line.price for line in document.lines] == ["8,40 EUR je 100 Stück", "8,40 EUR"]
    assert [line.sum for line in document.lines] == ["210,00 EUR", "21.210,00 EUR"]
    assert document.total == "21.210,00 EUR"


def test_a_line_in_parts_says_by_which_day_how_much() -> None:
    late = Schedule(1, Decimal(1500), date(2026, 3, 27))
    parts = replace(LINE, schedules=(late, Schedule(2, Decimal(1000), date(2026, 3, 20))))
    version = replace(VERSION, content=replace(ORDER, lines=(parts, LINE)))
    document = document_of("PO-000042", version, NAMED, Language.ENGLISH)
    assert [line.promised_on for line in document.lines] == [
        ["1,000 pcs: 20 Mar 2026", "1,500 pcs: 27 Mar 2026"],
        ["20 Mar 2026"],
    ]


def test_the_day_of_issue_is_the_sites_and_is_left_out_where_nobody_knows_it() -> None:
    assert ("Ausgestellt am", "09.03.2026") in document_of("PO-1", VERSION, NAMED, Language.GERMAN).facts
    unknown = replace(
        VERSION, issued_at=None, reason_for_supplier=None, content=replace(ORDER, ordered_on=None)
    )
    assert document_of("PO-1", unknown, NAMED, Language.GERMAN).facts == [("Lieferantennummer", "S-000042")]


def test_terms_of_payment_that_nobody_named_are_printed_by_their_code() -> None:
    agreed = replace(VERSION, content=replace(ORDER, payment_terms="30N", incoterm="DDU"))
    facts = document_of("PO-1", agreed, NAMED, Language.GERMAN).facts
    assert facts[-2:] == [("Zahlungsbedingungen", "30N"), ("Lieferbedingungen", "DDU")]
    named = document_of("PO-1", agreed, replace(NAMED, payment_terms="30 Tage netto"), Language.GERMAN)
    assert ("Zahlungsbedingungen", "30 Tage netto") in named.facts


def test_a_document_adds_up_to_what_the_order_comes_to_with_tax() -> None:
    content = replace(
        ORDER,
        lines=tuple(replace(line, tax_code="DE-S") for line in ORDER.lines),
        allowances=(Adjustment("rebate", percent=Decimal(2), tax_code="DE-S"),),
        charges=(Adjustment("freight", amount=Decimal("12.5"), tax_code="DE-S"),),
        tax_rates=(TaxRate("DE-S", "S", Decimal(19)),),
    )
    document = document_of("PO-1", replace(VERSION, content=content), NAMED, Language.GERMAN)
    assert document.adjustments == [
        ("Summe der Positionen", "21.210,00 EUR"),
        ("rebate", "-424,20 EUR"),
        ("freight", "12,50 EUR"),
    ]
    assert document.total == "20.798,30 EUR"
    assert document.taxes == [
        ("Steuer S 19 % auf 20.798,30 EUR", "3.951,68 EUR"),
        ("Gesamtbetrag mit Steuer", "24.749,98 EUR"),
    ]


@pytest.mark.parametrize(
    ("language", "currency", "rebate", "lines", "total"),
    [
        (Language.ENGLISH, "EUR", "-200.00 EUR", ("Sum of the lines", "800.00 EUR"), "850.00 EUR"),
        (Language.GERMAN, "EUR", "-200,00 EUR", ("Summe der Positionen", "800,00 EUR"), "850,00 EUR"),
        (Language.FRENCH, "KWD", "-200,000 KWD", ("Somme des lignes", "800,000 KWD"), "850,000 KWD"),
        (Language.ENGLISH, "JPY", "-200 JPY", ("Sum of the lines", "800 JPY"), "850 JPY"),
    ],
)
def test_every_step_from_quantity_and_price_to_the_total_is_printed(
    language: Language, currency: str, rebate: str, lines: tuple[str, str], total: str
) -> None:
    rebated = replace(
        LINE,
        quantity=Decimal(100),
        price=Decimal(10),
        price_base_quantity=Decimal(1),
        allowances=(Adjustment("rebate", percent=Decimal(20)),),
    )
    freight = (Adjustment("freight", amount=Decimal(50)),)
    content = replace(ORDER, currency=currency, lines=(rebated,), charges=freight)
    version = replace(VERSION, content=content, amounts=tuple(order_amounts(content)))
    document = document_of("PO-1", version, NAMED, language)
    assert document.lines[0].adjustments == [("rebate", rebate)]
    assert (document.lines[0].amount, document.adjustments[0]) == (lines[1], lines)
    assert document.total == total


def test_a_version_of_which_freight_alone_is_amended_says_another_total() -> None:
    amended = replace(ORDER, charges=(Adjustment("freight", amount=Decimal("7.5")),))
    before, after = (
        document_of("PO-1", replace(VERSION, content=content), NAMED, Language.ENGLISH)
        for content in (ORDER, amended)
    )
    assert (before.total, before.adjustments) == ("21,210.00 EUR", [])
    assert after.total == "21,217.50 EUR"


def test_a_unit_without_a_letterhead_writes_under_its_name() -> None:
    document = document_of("PO-1", VERSION, replace(NAMED, buyer=Letterhead("Drives")), Language.ENGLISH)
    assert (document.buyer, document.address) == ("Drives", [])
