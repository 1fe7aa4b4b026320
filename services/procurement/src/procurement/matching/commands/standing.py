"""What an invoice is held against: its orders, locked, with what of them was invoiced before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from procurement.amounts.rules.adjustments import total_of
from procurement.invoices.model import SupplierInvoice, SupplierInvoiceLine
from procurement.items import store as items
from procurement.items.rules.conversions import Units
from procurement.items.rules.receiving import ReceivedItem
from procurement.matching import store
from procurement.matching.model import InvoiceLineMatch
from procurement.matching.rules.assigning import Assigned, Candidate, Said, assign, learned_as
from procurement.matching.rules.judging import NOTHING, Charged, Ordered
from procurement.matching.rules.turns import Before, Key, held_against
from procurement.orders.commands.shipping import lock_to_ship
from procurement.orders.model import PurchaseOrder, PurchaseOrderLine
from procurement.orders.queries import orders_called
from procurement.suppliers.store import company_of
from purveyor.db import Transaction
from purveyor.errors import InvalidError


@dataclass(slots=True)
class Standing:
    """Locked orders, their lines as they stand, and the items that these name."""

    orders: dict[UUID, PurchaseOrder]
    by_number: dict[str, UUID]
    ordered: dict[Key, Ordered]
    lines: dict[Key, PurchaseOrderLine]
    items: Mapping[str, ReceivedItem]

    def order_of(self, invoice: SupplierInvoice, line: SupplierInvoiceLine) -> UUID | None:
        """Return the order that a line is for, as far as it is said and known."""
        return self.by_number.get(line.order_number or invoice.order_number or "")

    def quantity(self, line: SupplierInvoiceLine, key: Key) -> Decimal | None:
        """Return how much of a line of an order is charged, in its unit; None where that cannot be said."""
        ordered = self.lines[key]
        if line.unit in {None, ordered.unit}:
            return line.quantity
        known = self.items.get(ordered.item)
        units = known.units if known else Units(ordered.unit)
        try:
            return units.exactly(line.quantity, line.unit or ordered.unit, ordered.unit)
        except InvalidError:
            return None

    def rebates(self, invoiced: Mapping[Key, Decimal]) -> list[tuple[Decimal, Decimal, Decimal]]:
        """Return what each order takes off, what is invoiced of it at its price, and what it comes to."""
        found = []
        for order in self.orders.values():
            whole = _worth(order)
            worth = sum(
                (
                    self.ordered[key].comes_to(quantity)
                    for key, quantity in invoiced.items()
                    if key[0] == order.id
                ),
                NOTHING,
            )
            found.append((total_of(order.allowances, whole, order.currency), worth, whole))
        return found

    def freight(self) -> Decimal:
        """Return what the orders put on their lines, without tax."""
        return sum(
            (total_of(one.charges, _worth(one), one.currency) for one in self.orders.values()), NOTHING
        )


def _worth(order: PurchaseOrder) -> Decimal:
    return sum((line.amount for line in order.lines if line.dropped_by_version is None), NOTHING)


async def stand(tx: Transaction, invoice: SupplierInvoice, known: Iterable[InvoiceLineMatch]) -> Standing:
    """Lock the orders that an invoice names, and those that its lines were assigned to."""
    company = await company_of(tx, invoice.supplier_id)
    called = await orders_called(tx, invoice.orders_named(), company)
    locked = await lock_to_ship(tx, {*called.values(), *(one.order_id for one in known)})
    await tx.flush()
    turn = invoice.preceding_id or invoice.id
    before = held_against(await store.counted(tx, locked), turn)
    lines = {(order.id, line.line_number): line for order in locked.values() for line in order.lines}
    return Standing(
        orders=locked,
        by_number={number: order_id for number, order_id in called.items() if order_id in locked},
        ordered={
            key: _ordered(locked[key[0]], line, before.get(key, Before())) for key, line in lines.items()
        },
        lines=lines,
        items=await items.received(tx, {line.item for line in lines.values()}),
    )


def _ordered(order: PurchaseOrder, line: PurchaseOrderLine, before: Before) -> Ordered:
    rates = {one.code: one.rate for one in order.tax_rates}
    return Ordered(
        order_id=order.id,
        order_number=order.number,
        line_number=line.line_number,
        currency=order.currency,
        unit=line.unit,
        quantity=line.quantity,
        wanted=line.quantity - line.cancelled_quantity,
        received=line.received_quantity,
        accepted=line.accepted_quantity,
        amount=line.amount,
        price=line.price,
        base_quantity=line.price_base_quantity,
        invoiced=before.invoiced,
        charged=before.charged,
        tax_rate=None if line.tax_code is None else rates.get(line.tax_code),
    )


async def assigned(
    tx: Transaction, invoice: SupplierInvoice, standing: Standing, known: Mapping[int, InvoiceLineMatch]
) -> dict[int, Assigned]:
    """Return the lines of orders that an invoice's lines are for; what a person has assigned stays."""
    calls = {learned_as(line.sellers_item, line.name) for line in invoice.lines} - {None}
    learned = await store.learned(tx, invoice.supplier_id, [one for one in calls if one is not None])
    candidates = [
        Candidate(
            order_id=key[0],
            line_number=key[1],
            item=line.item,
            description=line.description,
            unit_price=line.price / line.price_base_quantity,
            open_quantity=standing.ordered[key].wanted - standing.ordered[key].invoiced,
        )
        for key, line in standing.lines.items()
    ]
    found = {}
    for line in invoice.lines:
        before = known.get(line.position)
        if before is not None and before.assigned_by is not None:
            continue
        price = None if line.price is None else line.price / (line.base_quantity or Decimal(1))
        said = Said(
            position=line.position,
            order_line=line.order_line,
            buyers_item=line.buyers_item,
            sellers_item=line.sellers_item,
            name=line.name,
            quantity=line.quantity,
            unit_price=price,
            order_id=standing.order_of(invoice, line),
        )
        best = assign(said, candidates, learned)
        if best is not None:
            found[line.position] = best
    return found


def charged(line: SupplierInvoiceLine, quantity: Decimal | None) -> Charged:
    """Return a line as it is judged."""
    return Charged(
        position=line.position,
        quantity=quantity,
        unit=line.unit,
        net_amount=line.net_amount,
        price=line.price,
        base_quantity=line.base_quantity,
        tax_rate=line.tax_rate,
    )
