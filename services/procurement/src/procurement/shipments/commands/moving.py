"""A shipment is expected on another day, or called back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.orders.commands.shipping import lock_to_ship, put_under_way
from procurement.orders.model import PurchaseOrder
from procurement.shipments import store
from procurement.shipments.commands.notifying import SHIPMENT
from procurement.shipments.model import (
    Shipment,
    ShipmentDelay,
    ShipmentLine,
    cancelled_event,
    delayed_event,
)
from procurement.shipments.rules.states import ShipmentAction, check_move
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record


async def delay_shipment(
    tx: Transaction,
    shipment_id: UUID,
    seen: Seen,
    expected_on: date,
    reason: str,
    told: str | None,
    supplier_id: UUID | None,
) -> tuple[Shipment, dict[UUID, PurchaseOrder]]:
    """Expect a shipment on another day, for a reason; → ShipmentDelayed on each order with a part under way.

    What a supplier (None: a buyer for it) says of why it is shown itself.
    """
    shipment, orders = await _locked(tx, shipment_id, seen, supplier_id)
    check_move(ShipmentAction.DELAY, shipment.status)
    if expected_on == shipment.expected_on:
        raise _wrong_day(f"it is expected on {expected_on} already")
    if expected_on < shipment.shipped_on:
        raise _wrong_day(f"lies before the day that it was sent, {shipment.shipped_on}")
    delay = ShipmentDelay(
        nth=len(shipment.delays) + 1,
        expected_before=shipment.expected_on,
        expected_on=expected_on,
        reason=reason,
        reason_for_supplier=told if supplier_id is None else reason,
        moved_by=tx.actor,
        moved_by_supplier=supplier_id is not None,
        moved_at=tx.now,
    )
    shipment.delay(delay)
    for order_id in sorted({line.order_id for line in shipment.under_way()}):
        record(tx, orders[order_id], delayed_event(shipment, orders[order_id], delay))
    await tx.flush()
    tx.audit(
        "delay",
        SHIPMENT,
        shipment.id,
        before={"expected_on": delay.expected_before},
        after={"expected_on": expected_on, "reason_for_supplier": delay.reason_for_supplier},
        reason=reason,
    )
    return shipment, orders


async def cancel_shipment(
    tx: Transaction,
    shipment_id: UUID,
    seen: Seen,
    reason: str,
    told: str | None,
    supplier_id: UUID | None,
) -> tuple[Shipment, dict[UUID, PurchaseOrder]]:
    """Call back what is under way of a shipment; → ShipmentCancelled. What has arrived of it stays."""
    shipment, orders = await _locked(tx, shipment_id, seen, supplier_id)
    today = await sites.business_day(tx, shipment.site)
    before = shipment.status
    shown = told if supplier_id is None else reason
    lines = shipment.cancel(tx.actor, today, reason, shown, by_supplier=supplier_id is not None)
    for order_id, quantities in _under_way(lines).items():
        await put_under_way(tx, order_id, quantities)
        record(tx, orders[order_id], cancelled_event(shipment, orders[order_id], lines))
    await tx.flush()
    tx.audit(
        "cancel",
        SHIPMENT,
        shipment.id,
        before={"status": before},
        after={"status": shipment.status, "reason_for_supplier": shown},
        reason=reason,
    )
    return shipment, orders


async def _locked(
    tx: Transaction, shipment_id: UUID, seen: Seen, supplier_id: UUID | None
) -> tuple[Shipment, dict[UUID, PurchaseOrder]]:
    """Lock the orders of a shipment and then itself, as its caller saw it; raises NotFoundError."""
    orders = await lock_to_ship(tx, await store.orders_of(tx, shipment_id), supplier_id)
    shipment = await store.lock(tx, shipment_id, supplier_id)
    if shipment is None:
        raise NotFoundError("shipment", shipment_id)
    expect_version(shipment, seen)
    return shipment, orders


def _under_way(lines: list[ShipmentLine]) -> dict[UUID, dict[int, Decimal]]:
    """Return what is under way no more of each line of each order, below zero, orders as they are locked."""
    found: dict[UUID, dict[int, Decimal]] = {}
    for line in sorted(lines, key=lambda line: line.order_id):
        of_order = found.setdefault(line.order_id, defaultdict(Decimal))
        of_order[line.line_number] -= line.quantity
    return found


def _wrong_day(why: str) -> InvalidError:
    return InvalidError(
        "shipment_invalid", f"The day cannot be: {why}.", errors=[FieldError("/expected_on", why)]
    )
