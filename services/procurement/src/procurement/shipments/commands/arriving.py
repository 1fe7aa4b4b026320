"""Goods of a shipment are received, or turn out never to have come: receipts say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.orders.commands.shipping import put_under_way
from procurement.shipments import store
from procurement.shipments.commands.notifying import SHIPMENT
from procurement.shipments.model import Shipment
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError


async def lock_expected(tx: Transaction, shipment_id: UUID, order_id: UUID) -> Shipment:
    """Lock a shipment that goods of a locked order came with.

    Raises InvalidError for one that brings nothing for the order.
    """
    shipment = await store.lock(tx, shipment_id)
    if shipment is None or not shipment.brings_for(order_id):
        raise InvalidError(
            "receipt_invalid",
            f"No shipment {shipment_id} brings anything for this order.",
            errors=[FieldError("/shipment_id", "brings nothing for this order")],
        )
    return shipment


async def lock_announced(
    tx: Transaction, supplier_id: UUID, reference: str, order_id: UUID
) -> Shipment | None:
    """Lock what a supplier has notified under a reference, if that brings something for a locked order."""
    known = await store.of_reference(tx, supplier_id, reference)
    shipment = await store.lock(tx, known.id) if known else None
    return shipment if shipment and shipment.brings_for(order_id) else None


async def arrived(
    tx: Transaction, shipment: Shipment, order_id: UUID, received: Mapping[int, Decimal], on: date
) -> None:
    """Let goods of a locked order have come with a locked shipment, by line; they are under way no more.

    A line of which anything came has arrived, as much as was counted; the others are under way still.
    Raises ConflictError for a shipment that was called back.
    """
    before = shipment.status
    ended = shipment.receive(order_id, dict(received), on)
    await put_under_way(tx, order_id, {number: -quantity for number, quantity in ended.items()})
    await tx.flush()
    _audit(tx, "receive", shipment, order_id, before)


async def taken_back(
    tx: Transaction, shipment_id: UUID, order_id: UUID, quantities: Mapping[int, Decimal]
) -> None:
    """Let goods of a locked order never have come with a shipment: what is not there is under way again."""
    shipment = await store.lock(tx, shipment_id)
    if shipment is None:
        return
    before = shipment.status
    again = shipment.take_back(order_id, dict(quantities))
    await put_under_way(tx, order_id, again)
    await tx.flush()
    _audit(tx, "take_back", shipment, order_id, before)


def _audit(tx: Transaction, action: str, shipment: Shipment, order_id: UUID, before: str) -> None:
    after = {"status": shipment.status, "order_id": order_id}
    tx.audit(action, SHIPMENT, shipment.id, before={"status": before}, after=after)
