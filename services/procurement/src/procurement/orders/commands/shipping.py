"""What of an order is on its way: shipments say it, and its lines carry what all of them add up to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from procurement.orders.model import PurchaseOrder
from procurement.orders.store import rows, shipping
from purveyor.db import Transaction


async def lock_to_ship(
    tx: Transaction, order_ids: Collection[UUID], supplier_id: UUID | None = None
) -> dict[UUID, PurchaseOrder]:
    """Lock orders with their lines, those that a supplier (None: anybody) may see, always in one order.

    Whoever tells of a shipment holds all its orders before the shipment itself, so that nobody waits in a
    circle.
    """
    found: dict[UUID, PurchaseOrder] = {}
    for order_id in sorted(set(order_ids)):
        order = await rows.lock(tx, order_id, supplier_id)
        if order is not None:
            await tx.session.refresh(order, ["lines"])
            found[order_id] = order
    return found


async def put_under_way(tx: Transaction, order_id: UUID, quantities: Mapping[int, Decimal]) -> None:
    """Count for the lines of a locked order what is on its way now and was not, or below zero no more is."""
    changes = {number: quantity for number, quantity in quantities.items() if quantity}
    if changes:
        await shipping.add(tx, order_id, changes)
