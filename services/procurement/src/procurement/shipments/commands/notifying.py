"""A supplier, or a buyer for it, says what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.items import store as items
from procurement.items.rules.receiving import ReceivedItem
from procurement.orders.commands.shipping import lock_to_ship, put_under_way
from procurement.orders.model import PurchaseOrder, PurchaseOrderLine
from procurement.orders.rules.expected import Balance
from procurement.orders.rules.schedules import schedules_of
from procurement.shipments import store
from procurement.shipments.commands.numbering import expect_given_once
from procurement.shipments.model import Shipment, ShipmentLine, notified_event, package_row
from procurement.shipments.rules import advising
from procurement.shipments.rules.advising import Advice, LineToShip, OrderToShip, ShippedLine
from procurement.shipments.rules.states import INITIAL
from procurement.sites import store as sites
from procurement.tolerances.queries import OVER_RECEIPT, tolerance
from procurement.tolerances.rules import OverReceipt
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError
from purveyor.policies import History, Place
from purveyor_messaging.outbox import record

SHIPMENT = "shipment"


async def notify_shipment(
    tx: Transaction, advice: Advice, supplier_id: UUID | None
) -> tuple[Shipment, dict[UUID, PurchaseOrder]]:
    """Take a despatch advice of a supplier (None: one that a buyer sends for it); → ShipmentNotified.

    The orders that it names are locked, always in one order: of two advices of the last ten pieces one is
    taken, and the other is told. Raises ConflictError for a despatch reference that its supplier has used
    before, unless that shipment was cancelled, and for numbers of packages and things that were given before.
    """
    orders = await lock_to_ship(tx, {line.order_id for line in advice.lines}, supplier_id)
    named = next((orders[line.order_id] for line in advice.lines if line.order_id in orders), None)
    if named is not None:
        first = await store.lock_reference(tx, named.supplier_id, advice.despatch_reference)
        if first is not None:
            raise _known(advice, first)
    known = await items.received(tx, {line.item for order in orders.values() for line in order.lines})
    shipped = advising.taken(advice, await _to_ship(tx, orders, known), advising.latest_today(tx.now))
    await expect_given_once(tx, advice, orders, known.keys())
    shipment = Shipment(
        status=INITIAL,
        supplier_id=orders[advice.lines[0].order_id].supplier_id,
        site=orders[advice.lines[0].order_id].site,
        despatch_reference=advice.despatch_reference,
        shipped_on=advice.shipped_on,
        expected_on=advice.expected_on,
        first_expected_on=advice.expected_on,
        carrier=advice.carrier,
        tracking=advice.tracking,
        notified_by=tx.actor,
        notified_by_supplier=supplier_id is not None,
        notified_at=tx.now,
        lines=[ShipmentLine.of(place, line) for place, line in enumerate(shipped, start=1)],
        packages=sorted(map(package_row, advice.packages), key=lambda package: package.sscc),
        delays=[],
    )
    tx.session.add(shipment)
    await tx.flush()
    for order_id, quantities in _by_order(shipped).items():
        await put_under_way(tx, order_id, quantities)
        record(tx, orders[order_id], notified_event(shipment, orders[order_id]))
    await tx.flush()
    tx.audit("notify", SHIPMENT, shipment.id, after=advice.content())
    return shipment, orders


def _known(advice: Advice, first: Shipment) -> ConflictError:
    return ConflictError(
        "shipment_already_notified",
        f"{advice.despatch_reference} was notified before, with {first.number}. If other goods were sent, "
        "give them a number of their own; if it was wrong, cancel it, and notify it again.",
        errors=[FieldError("/despatch_reference", f"notified before, with {first.number}")],
        shipment=first.number,
        shipment_id=str(first.id),
    )


async def _to_ship(
    tx: Transaction, orders: Mapping[UUID, PurchaseOrder], known: Mapping[str, ReceivedItem]
) -> dict[UUID, OrderToShip]:
    """Return what the rules have to know of locked orders."""
    tolerances = await policies.history(tx, OVER_RECEIPT)
    found = {}
    for order in orders.values():
        today = await sites.business_day(tx, order.site)
        found[order.id] = OrderToShip(
            number=order.number,
            supplier_id=order.supplier_id,
            site=order.site,
            status=order.status,
            ordered_on=order.ordered_on,
            lines={
                line.line_number: _line(order, line, known.get(line.item), tolerances, today)
                for line in order.lines
            },
        )
    return found


def _line(
    order: PurchaseOrder,
    line: PurchaseOrderLine,
    item: ReceivedItem | None,
    tolerances: History[OverReceipt],
    today: date,
) -> LineToShip:
    place = Place(
        supplier_id=order.supplier_id,
        item=line.item,
        category=line.category,
        site=order.site,
        business_unit=order.business_unit,
    )
    return LineToShip(
        balance=Balance(**{name: getattr(line, name) for name in Balance.__slots__}),
        unit=line.unit,
        tolerance=tolerance(tolerances, today, place, item.over_receipt_tolerance if item else None),
        units=item.units if item else None,
        schedules={one.schedule_number for one in schedules_of(line.ordered())},
    )


def _by_order(shipped: list[ShippedLine]) -> dict[UUID, dict[int, Decimal]]:
    """Return what is under way of each line of each order, in the order in which orders are locked."""
    found: dict[UUID, dict[int, Decimal]] = {}
    for line in sorted(shipped, key=lambda line: line.stated.order_id):
        of_order = found.setdefault(line.stated.order_id, defaultdict(Decimal))
        of_order[line.stated.line_number] += line.quantity
    return found
