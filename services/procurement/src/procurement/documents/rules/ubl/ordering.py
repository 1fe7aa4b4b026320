"""Orders, changes and cancellations of them as UBL: nothing that their supplier is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from procurement.amounts.rules.lines import gross
from procurement.documents.rules.ubl.money import adjustments, tax_category, totals
from procurement.documents.rules.ubl.names import Kind
from procurement.documents.rules.ubl.parties import Address, Correspondent, party, postal
from procurement.documents.rules.ubl.reading import Identifier
from procurement.documents.rules.ubl.writing import (
    Part,
    amount,
    document,
    identified,
    period,
    quantity,
    reference,
    said,
    within,
)
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.schedules import schedules_of
from procurement.orders.rules.versions import Version, differences
from procurement.taxes.rules import TaxRate
from purveyor.decimals import shortest

CALLED_OFF = "The order is cancelled."
"""A cancellation says why (UBL 2.1, `CancellationNote`), also where nobody has told the supplier."""
GTIN_SCHEME = "0160"
FIRST = 1


@dataclass(frozen=True, slots=True)
class ItemNumbers:
    """What is printed on an item in the unit that is ordered, and what its only maker calls it."""

    gtin: str | None
    part_number: str | None = None


NOTHING_PRINTED = ItemNumbers(None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods are delivered."""

    name: str
    gln: str | None
    address: Address


@dataclass(frozen=True, slots=True)
class Exchange:
    """Between whom an order is exchanged, and what it names by its key."""

    buyer: Correspondent
    seller: Correspondent
    place: Place
    payment_terms: str | None = None
    items: Mapping[tuple[str, str], ItemNumbers] = field(default_factory=dict)
    """By item and unit."""


def missing(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield what has to be known before anything is sent: a pointer, and what would be right."""
    if exchange.buyer.endpoint is None:
        yield (
            "/business_unit",
            f"{exchange.buyer.name} has no endpoint: PUT /v1/business-units/{{code}} states `electronic`",
        )
    if exchange.seller.endpoint is None:
        yield (
            "/supplier_id",
            f"{exchange.seller.name} has neither a Peppol participant nor a GLN: sourcing states them",
        )
    if exchange.seller.address.country is None:
        yield "/supplier_id", f"nobody knows in which country {exchange.seller.name} is: sourcing states it"


def order(number: str, version: Version, issued_on: date, exchange: Exchange) -> bytes:
    """Return the first version of an order."""
    content = version.content
    return document(
        Kind.ORDER,
        said("ID", number),
        said("IssueDate", issued_on),
        said("Note", version.reason_for_supplier),
        said("DocumentCurrencyCode", content.currency),
        *_between(exchange),
        *_terms(version, exchange),
        *(_line(line, worth, content, exchange) for line, worth in _worth(version)),
    )


def order_change(
    number: str, version: Version, before: Version, issued_on: date, exchange: Exchange
) -> bytes:
    """Return a later version of an order: all that it says, and which lines it says otherwise."""
    content = version.content
    changed = {one.line_number for one in differences(before.content, content)}
    old = {line.line_number: line for line in before.content.lines}
    kept = {line.line_number for line in content.lines}
    lines = [
        _line(line, worth, content, exchange, _status(line, old, changed)) for line, worth in _worth(version)
    ]
    gone = [
        _line(
            replace(line, quantity=Decimal(0), allowances=(), charges=()), Decimal(0), content, exchange, "2"
        )
        for number_of_line, line in old.items()
        if number_of_line not in kept
    ]
    return document(
        Kind.ORDER_CHANGE,
        said("ID", f"{number}-{version.number}"),
        said("IssueDate", issued_on),
        said("SequenceNumberID", version.number - FIRST),
        said("Note", version.reason_for_supplier),
        said("DocumentCurrencyCode", content.currency),
        reference("OrderReference", number),
        *_between(exchange),
        *_terms(version, exchange),
        *lines,
        *gone,
    )


def order_cancellation(number: str, cancelled_on: date, why: str | None, exchange: Exchange) -> bytes:
    """Return that all of an order is called off."""
    return document(
        Kind.ORDER_CANCELLATION,
        said("ID", f"{number}-cancellation"),
        said("IssueDate", cancelled_on),
        said("CancellationNote", why or CALLED_OFF),
        reference("OrderReference", number),
        *_between(exchange),
    )


def _between(exchange: Exchange) -> tuple[Part, Part]:
    return (
        within("BuyerCustomerParty", party(exchange.buyer, tax=True)),
        within("SellerSupplierParty", party(exchange.seller)),
    )


def _terms(version: Version, exchange: Exchange) -> Iterator[Part]:
    content, place = version.content, exchange.place
    days = {one.need_by for line in content.lines for one in schedules_of(line)}
    location = None if place.gln is None else Identifier("0088", place.gln)
    yield within(
        "Delivery",
        within("DeliveryLocation", identified("ID", location), postal("Address", place.address)),
        period("RequestedDeliveryPeriod", None, days.pop()) if len(days) == 1 else None,
        within("DeliveryParty", within("PartyName", said("Name", place.name))),
    )
    yield within(
        "DeliveryTerms",
        said("ID", content.incoterm),
        within("DeliveryLocation", said("ID", content.delivery_place)),
    )
    yield within("PaymentTerms", said("Note", exchange.payment_terms))
    whole = sum(version.amounts, Decimal(0))
    yield from adjustments(content.allowances, content.charges, whole, content.currency, _rates(content))
    yield from totals(version)


def _rates(content: DraftOrder) -> dict[str, TaxRate]:
    return {one.code: one for one in content.tax_rates}


def _worth(version: Version) -> Iterator[tuple[DraftLine, Decimal]]:
    return zip(version.content.lines, version.amounts, strict=True)


def _status(line: DraftLine, before: Mapping[int, DraftLine], changed: set[int | None]) -> str:
    """Return what a change does with a line (UNCL1229): added, changed, or nothing."""
    if line.line_number not in before:
        return "1"
    return "3" if line.line_number in changed else "4"


def _line(
    line: DraftLine, worth: Decimal, content: DraftOrder, exchange: Exchange, status: str | None = None
) -> Part:
    currency, schedules = content.currency, schedules_of(line)
    numbers = exchange.items.get((line.item, line.unit), NOTHING_PRINTED)
    if status is not None:
        # Peppol has no place for what its maker calls it in a change of an order.
        numbers = replace(numbers, part_number=None)
    days = [one.need_by for one in schedules]
    parts = "; ".join(f"{shortest(one.quantity):f} {line.unit}: {one.need_by}" for one in schedules)
    whole = gross(line.quantity, line.price, line.price_base_quantity, currency)
    return within(
        "OrderLine",
        said("Note", parts if len(schedules) > 1 else None),
        within(
            "LineItem",
            said("ID", line.line_number),
            said("LineStatusCode", status),
            quantity("Quantity", line.quantity, line.unit),
            amount("LineExtensionAmount", worth, currency),
            within(
                "Delivery",
                period("RequestedDeliveryPeriod", min(days) if len(schedules) > 1 else None, max(days)),
            ),
            *adjustments(line.allowances, line.charges, whole, currency),
            within(
                "Price",
                amount("PriceAmount", shortest(line.price), currency),
                quantity("BaseQuantity", line.price_base_quantity, line.unit),
            ),
            _item(line, numbers, _rates(content).get(line.tax_code or "")),
        ),
    )


def _item(line: DraftLine, numbers: ItemNumbers, rate: TaxRate | None) -> Part:
    gtin = None if numbers.gtin is None else Identifier(GTIN_SCHEME, numbers.gtin)
    return within(
        "Item",
        said("Name", line.description),
        within("BuyersItemIdentification", said("ID", line.item)),
        within("ManufacturersItemIdentification", said("ID", numbers.part_number)),
        within("StandardItemIdentification", identified("ID", gtin)),
        tax_category("ClassifiedTaxCategory", rate),
    )
