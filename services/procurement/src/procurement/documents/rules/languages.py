"""The languages of documents: their words, and how they write numbers, days, countries and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from purveyor.money import minor_units


class Language(StrEnum):
    """A language that documents are written in (ISO 639-1)."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"


LOCALES: Mapping[Language, Locale] = {
    Language.ENGLISH: Locale("en", "GB"),  # 9 Mar 2026: no day is taken for a month
    Language.GERMAN: Locale("de", "DE"),
    Language.FRENCH: Locale("fr", "FR"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a document says beside its data; what is in braces is filled in."""

    title: str
    supplier: str
    supplier_number: str
    deliver_to: str
    ordered_on: str
    issued_on: str
    reason: str
    payment_terms: str
    delivery_terms: str
    line: str
    item: str
    quantity: str
    price: str
    promised_on: str
    amount: str
    per: str
    carried: str
    lines: str
    total: str
    tax: str
    gross: str
    page: str


WORDS: Mapping[Language, Words] = {
    Language.ENGLISH: Words(
        title="Purchase order {number}, version {version}",
        supplier="Supplier",
        supplier_number="Supplier number",
        deliver_to="Deliver to",
        ordered_on="Ordered on",
        issued_on="Issued on",
        reason="Reason for the change",
        payment_terms="Terms of payment",
        delivery_terms="Terms of delivery",
        line="Line",
        item="Item and description",
        quantity="Quantity",
        price="Price",
        promised_on="Delivery by",
        amount="Amount",
        per="{price} per {quantity}",
        carried="Carried forward",
        lines="Sum of the lines",
        total="Total, net",
        tax="Tax {category} {rate} % on {amount}",
        gross="Total with tax",
        page="Page {page} of {pages}",
    ),
    Language.GERMAN: Words(
        title="Bestellung {number}, Version {version}",
        supplier="Lieferant",
        supplier_number="Lieferantennummer",
        deliver_to="Lieferanschrift",
        ordered_on="Bestellt am",
        issued_on="Ausgestellt am",
        reason="Grund der Änderung",
        payment_terms="Zahlungsbedingungen",
        delivery_terms="Lieferbedingungen",
        line="Pos.",
        item="Artikel und Bezeichnung",
        quantity="Menge",
        price="Preis",
        promised_on="Lieferung bis",
        amount="Betrag",
        per="{price} je {quantity}",
        carried="Übertrag",
        lines="Summe der Positionen",
        total="Gesamtbetrag, netto",
        tax="Steuer {category} {rate} % auf {amount}",
        gross="Gesamtbetrag mit Steuer",
        page="Seite {page} von {pages}",
    ),
    Language.FRENCH: Words(
        title="Commande {number}, version {version}",
        supplier="Fournisseur",
        supplier_number="Numéro de fournisseur",
        deliver_to="Adresse de livraison",
        ordered_on="Commandé le",
        issued_on="Émis le",
        reason="Motif de la modification",
        payment_terms="Conditions de paiement",
        delivery_terms="Conditions de livraison",
        line="Ligne",
        item="Article et désignation",
        quantity="Quantité",
        price="Prix",
        promised_on="Livraison au plus tard le",
        amount="Montant",
        per="{price} pour {quantity}",
        carried="À reporter",
        lines="Somme des lignes",
        total="Total hors taxes",
        tax="Taxe {category} {rate} % sur {amount}",
        gross="Total toutes taxes comprises",
        page="Page {page} sur {pages}",
    ),
}

SYMBOLS: Mapping[str, str] = {
    "CMT": "cm",
    "CMK": "cm²",
    "GRM": "g",
    "KGM": "kg",
    "KMT": "km",
    "KWH": "kWh",
    "LTR": "l",
    "MGM": "mg",
    "MLT": "ml",
    "MMT": "mm",
    "MTK": "m²",
    "MTQ": "m³",
    "MTR": "m",
    "TNE": "t",
}
"""Units that are written alike in every language (ISO 80000-1)."""

UNITS: Mapping[Language, Mapping[str, str]] = {
    Language.ENGLISH: {"C62": "pcs", "H87": "pcs", "DAY": "days", "HUR": "h", "MIN": "min"},
    Language.GERMAN: {"C62": "Stück", "H87": "Stück", "DAY": "Tage", "HUR": "Std.", "MIN": "Min."},
    Language.FRENCH: {"C62": "pièces", "H87": "pièces", "DAY": "jours", "HUR": "h", "MIN": "min"},
}


def amount_in(language: Language, amount: Decimal, currency: str) -> str:
    """Write an amount with as many decimals as its currency has: `1.234,50 EUR`."""
    decimals = minor_units(currency)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{_number(language, amount, pattern)} {currency}"


def price_in(language: Language, price: Decimal, currency: str) -> str:
    """Write a price with the decimals of its currency at least, and every one that it has."""
    decimals = minor_units(currency)
    return f"{_number(language, price, '#,##0.' + '0' * decimals + '#' * (6 - decimals))} {currency}"


def quantity_in(language: Language, quantity: Decimal, unit: str) -> str:
    """Write a quantity and its unit: in the language's word, or by the code that the trade knows."""
    word = SYMBOLS.get(unit) or UNITS[language].get(unit, unit)
    return f"{_number(language, quantity, '#,##0.######')} {word}"


def day_in(language: Language, day: date) -> str:
    """Write a day."""
    return format_date(day, "medium", LOCALES[language])


def country_in(language: Language, country: str) -> str:
    """Write a country's name; its code where the language has no word for it."""
    name: str = LOCALES[language].territories.get(country, country)
    return name


def _number(language: Language, number: Decimal, pattern: str) -> str:
    return format_decimal(number, pattern, LOCALES[language])
