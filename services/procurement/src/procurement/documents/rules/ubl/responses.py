"""What a supplier's order response says: to all of an order, and line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from procurement.documents.rules.ubl.reading import Measured, Part, Party, Period
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError

CodeT = TypeVar("CodeT", bound=StrEnum)


class Answer(StrEnum):
    """What is answered to an order (UNCL4343, of which Peppol BIS 3 takes these)."""

    RECEIVED = "AB"
    ACCEPTED = "AP"
    REJECTED = "RE"
    WITH_CHANGES = "CA"


class LineAnswer(StrEnum):
    """What is answered to a line (UNCL1229, of which Peppol BIS 3 takes these)."""

    ADDED = "1"
    CHANGED = "3"
    ACCEPTED = "5"
    NOT_ACCEPTED = "7"
    DELIVERED = "42"


@dataclass(frozen=True, slots=True)
class Substitute:
    """What a supplier would send instead."""

    item: str | None
    description: str


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """What is answered to a line; None where it says what the order says."""

    line_number: int
    answer: LineAnswer
    note: str | None
    quantity: Measured | None
    price: Decimal | None
    price_base: Measured | None
    promised: Period | None
    substitute: Substitute | None


@dataclass(frozen=True, slots=True)
class OrderResponse:
    """A supplier's answer to an order, or to a change of it."""

    number: str
    issued_on: date
    answer: Answer
    note: str | None
    order_number: str
    supplier_reference: str | None
    currency: str | None
    seller: Party | None
    buyer: Party | None
    promised: Period | None
    lines: tuple[AnsweredLine, ...]

    @property
    def order_numbers(self) -> tuple[str, ...]:
        """The orders that it speaks of."""
        return (self.order_number,)


def order_response(root: Part) -> OrderResponse:
    """Return what an order response says; raises UnreadableError."""
    said = root.one("cbc:OrderResponseCode")
    return OrderResponse(
        number=root.needed("cbc:ID"),
        issued_on=root.needed_day("cbc:IssueDate"),
        answer=_code(said, Answer),
        note=root.prose("cbc:Note"),
        order_number=root.needed("cac:OrderReference/cbc:ID"),
        supplier_reference=root.reference("cbc:SalesOrderID"),
        currency=root.reference("cbc:DocumentCurrencyCode"),
        seller=root.party("cac:SellerSupplierParty"),
        buyer=root.party("cac:BuyerCustomerParty"),
        promised=root.period("cac:Delivery/cac:PromisedDeliveryPeriod"),
        lines=tuple(map(_line, root.parts("cac:OrderLine"))),
    )


def _line(line: Part) -> AnsweredLine:
    said = line.one("cac:LineItem")
    number = said if line.part("cac:OrderLineReference") is None else line
    instead = line.part("cac:SellerSubstitutedLineItem/cac:Item")
    return AnsweredLine(
        line_number=number.line_number("cbc:ID" if number is said else "cac:OrderLineReference/cbc:LineID"),
        answer=_code(said.one("cbc:LineStatusCode"), LineAnswer),
        note=said.prose("cbc:Note"),
        quantity=said.measured("cbc:Quantity", or_zero=True),
        price=said.price("cac:Price/cbc:PriceAmount"),
        price_base=said.measured("cac:Price/cbc:BaseQuantity"),
        promised=said.period("cac:Delivery/cac:PromisedDeliveryPeriod"),
        substitute=None if instead is None else _substitute(instead),
    )


def _substitute(item: Part) -> Substitute:
    number = item.reference("cac:SellersItemIdentification/cbc:ID")
    return Substitute(
        number or item.reference("cac:StandardItemIdentification/cbc:ID"),
        item.line("cbc:Name") or item.line("cbc:Description") or item.needed("cbc:Name"),
    )


def _code(part: Part, codes: type[CodeT]) -> CodeT:
    try:
        return codes(part.text)
    except ValueError:
        known = ", ".join(f"{one} ({one.name.lower().replace('_', ' ')})" for one in codes)
        raise UnreadableError(
            Unreadable.VALUE_WRONG, f"{part.path} is {part.text[:40]!r}, not one of {known}."
        ) from None
