"""What a supplier's despatch advice says: what it has sent of which order lines, how packed, due when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from procurement.documents.rules.ubl.reading import Measured, Part, Party, Period
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError


@dataclass(frozen=True, slots=True)
class Instance:
    """A lot or a single piece of what was sent."""

    lot: str | None
    serial: str | None
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class DespatchedLine:
    """What was sent of a line of an order."""

    despatch_line: str
    order_number: str
    line_number: int
    quantity: Measured
    instances: tuple[Instance, ...]
    packages: tuple[str, ...]
    """The handling units that it is in: serial shipping container codes where they are GS1's."""


@dataclass(frozen=True, slots=True)
class DespatchAdvice:
    """What a supplier has sent."""

    number: str
    issued_on: date
    issued_at: time | None
    note: str | None
    seller: Party | None
    buyer: Party | None
    carrier: str | None
    tracking: str | None
    shipped_on: date | None
    expected: Period | None
    lines: tuple[DespatchedLine, ...]

    @property
    def order_numbers(self) -> tuple[str, ...]:
        """The orders that it speaks of."""
        return tuple(dict.fromkeys(line.order_number for line in self.lines))


def despatch_advice(root: Part) -> DespatchAdvice:
    """Return what a despatch advice says; raises UnreadableError.

    A line on which nothing was sent, because it is still outstanding, is left out.
    """
    of_all = root.reference("cac:OrderReference/cbc:ID")
    return DespatchAdvice(
        number=root.needed("cbc:ID"),
        issued_on=root.needed_day("cbc:IssueDate"),
        issued_at=root.time_of_day("cbc:IssueTime"),
        note=root.prose("cbc:Note"),
        seller=root.party("cac:SellerSupplierParty") or root.party("cac:DespatchSupplierParty"),
        buyer=root.party("cac:BuyerCustomerParty") or root.party("cac:DeliveryCustomerParty"),
        carrier=root.line("cac:Shipment/cac:Consignment/cac:CarrierParty/cac:PartyName/cbc:Name"),
        tracking=root.reference("cac:Shipment/cac:Consignment/cbc:ID"),
        shipped_on=root.day("cac:Shipment/cac:Delivery/cac:Despatch/cbc:ActualDespatchDate"),
        expected=root.period("cac:Shipment/cac:Delivery/cac:EstimatedDeliveryPeriod"),
        lines=tuple(_lines(root, of_all)),
    )


def _lines(root: Part, of_all: str | None) -> Iterator[DespatchedLine]:
    for line in root.parts("cac:DespatchLine"):
        quantity = line.measured("cbc:DeliveredQuantity", or_zero=True)
        if quantity is None or not quantity.quantity:
            continue
        order = line.reference("cac:OrderLineReference/cac:OrderReference/cbc:ID") or of_all
        if order is None:
            raise UnreadableError(
                Unreadable.VALUE_MISSING,
                f"{line.path}/cac:OrderLineReference/cac:OrderReference/cbc:ID is missing, and so is "
                f"{root.path}/cac:OrderReference/cbc:ID.",
            )
        units = line.parts("cac:Shipment/cac:TransportHandlingUnit")
        yield DespatchedLine(
            despatch_line=line.needed("cbc:ID"),
            order_number=order,
            line_number=line.line_number("cac:OrderLineReference/cbc:LineID"),
            quantity=quantity,
            instances=tuple(map(_instance, line.parts("cac:Item/cac:ItemInstance"))),
            packages=tuple(dict.fromkeys(unit.needed("cbc:ID") for unit in units)),
        )


def _instance(said: Part) -> Instance:
    return Instance(
        said.reference("cac:LotIdentification/cbc:LotNumberID"),
        said.reference("cbc:SerialID"),
        said.day("cac:LotIdentification/cbc:ExpiryDate") or said.day("cbc:BestBeforeDate"),
    )
