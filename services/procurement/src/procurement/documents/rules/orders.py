"""What an order's version says on paper: nothing that its supplier is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from procurement.amounts.rules.adjustments import Adjustment
from procurement.amounts.rules.lines import gross
from procurement.documents.rules.languages import (
    WORDS,
    Language,
    amount_in,
    country_in,
    day_in,
    price_in,
    quantity_in,
)
from procurement.orders.rules.amounts import amounts_of, order_total
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.schedules import schedules_of
from procurement.orders.rules.versions import Version


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who orders, as its letters say it."""

    legal_name: str
    address: Sequence[str] = ()
    country: str | None = None
    tax_number: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What an order names by its key, in the words that a document has for it."""

    buyer: Letterhead
    supplier: str
    supplier_number: str
    supplier_country: str | None
    site: str
    site_name: str
    site_country: str | None
    time_zone: str
    payment_terms: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is printed; `sum` is what it and those before it are worth."""

    number: str
    item: str
    description: str
    quantity: str
    price: str
    promised_on: Sequence[str]
    """One day, or by which day how much."""
    amount: str
    sum: str
    adjustments: Sequence[tuple[str, str]] = ()
    """What its amount holds beside quantity × price: taken off it and put on it."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed, all of it as texts."""

    language: Language
    title: str
    buyer: str
    address: Sequence[str]
    supplier: Sequence[str]
    deliver_to: Sequence[str]
    facts: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    adjustments: Sequence[tuple[str, str]]
    """Of the whole, after what the lines come to; none of either where the total is that."""
    total: str
    taxes: Sequence[tuple[str, str]]
    words: dict[str, str]


def document_of(number: str, version: Version, named: Named, language: Language) -> Document:
    """Return what a version says in a language. It goes by the version alone, not by what became of it."""
    words, content = WORDS[language], version.content
    sums = accumulate(version.amounts)
    lines = zip(content.lines, version.amounts, sums, strict=True)
    return Document(
        language=language,
        title=words.title.format(number=number, version=version.number),
        buyer=named.buyer.legal_name,
        address=_address(named.buyer, language),
        supplier=[named.supplier, *_country(named.supplier_country, language)],
        deliver_to=[named.site_name, named.site, *_country(named.site_country, language)],
        facts=list(_facts(version, named, language)),
        lines=[_line(line, amount, so_far, content.currency, language) for line, amount, so_far in lines],
        adjustments=list(_adjustments(version, language)),
        total=amount_in(language, order_total(content, version.amounts), content.currency),
        taxes=list(_taxes(version, language)),
        words=asdict(words),
    )


def _adjustments(version: Version, language: Language) -> Iterator[tuple[str, str]]:
    """Return what the lines come to, and what is taken off that and put on it, each with its reason."""
    content, whole = version.content, sum(version.amounts, Decimal(0))
    if content.allowances or content.charges:
        yield WORDS[language].lines, amount_in(language, whole, content.currency)
    yield from _adjusting(content.allowances, content.charges, whole, content.currency, language)


def _adjusting(
    taken_off: Sequence[Adjustment],
    put_on: Sequence[Adjustment],
    whole: Decimal,
    currency: str,
    language: Language,
) -> Iterator[tuple[str, str]]:
    for sign, adjustments in ((-1, taken_off), (1, put_on)):
        for one in adjustments:
            yield one.reason, amount_in(language, sign * one.comes_to(whole, currency), currency)


def _taxes(version: Version, language: Language) -> Iterator[tuple[str, str]]:
    """Return tax a category, and the total with it, where it is known how all is taxed."""
    words, currency = WORDS[language], version.content.currency
    found = amounts_of(version.content, version.amounts)
    for one in found.taxes:
        taxation, basis = one.taxation, amount_in(language, one.basis, currency)
        rate = f"{taxation.rate.normalize():f}"
        said = words.tax.format(category=taxation.category, rate=rate, amount=basis)
        yield said, amount_in(language, one.tax, currency)
    if found.gross is not None:
        yield words.gross, amount_in(language, found.gross, currency)


def issued_on(version: Version, time_zone: str) -> date | None:
    """Return the day at the site on which a version was issued; None where nobody recorded it."""
    return None if version.issued_at is None else version.issued_at.astimezone(ZoneInfo(time_zone)).date()


def _facts(version: Version, named: Named, language: Language) -> Iterator[tuple[str, str]]:
    words, content = WORDS[language], version.content
    yield words.supplier_number, named.supplier_number
    if content.ordered_on is not None:
        yield words.ordered_on, day_in(language, content.ordered_on)
    if day := issued_on(version, named.time_zone):
        yield words.issued_on, day_in(language, day)
    if version.reason_for_supplier is not None:
        yield words.reason, version.reason_for_supplier
    if content.payment_terms is not None:
        yield words.payment_terms, named.payment_terms or content.payment_terms
    if content.incoterm is not None:
        yield words.delivery_terms, " ".join(filter(None, (content.incoterm, content.delivery_place)))


def _line(line: DraftLine, amount: Decimal, so_far: Decimal, currency: str, language: Language) -> Line:
    price = price_in(language, line.price, currency)
    if line.price_base_quantity != 1:
        base = quantity_in(language, line.price_base_quantity, line.unit)
        price = WORDS[language].per.format(price=price, quantity=base)
    whole = gross(line.quantity, line.price, line.price_base_quantity, currency)
    return Line(
        number=str(line.line_number),
        item=line.item,
        description=line.description,
        quantity=quantity_in(language, line.quantity, line.unit),
        price=price,
        promised_on=_days(line, language),
        amount=amount_in(language, amount, currency),
        sum=amount_in(language, so_far, currency),
        adjustments=list(_adjusting(line.allowances, line.charges, whole, currency, language)),
    )


def _days(line: DraftLine, language: Language) -> list[str]:
    if not line.schedules:
        return [day_in(language, line.promised_on)]
    return [
        f"{quantity_in(language, one.quantity, line.unit)}: {day_in(language, one.need_by)}"
        for one in schedules_of(line)
    ]


def _address(buyer: Letterhead, language: Language) -> list[str]:
    tax_number = [] if buyer.tax_number is None else [buyer.tax_number]
    return [*buyer.address, *_country(buyer.country, language), *tax_number]


def _country(country: str | None, language: Language) -> list[str]:
    return [] if country is None else [country_in(language, country)]
