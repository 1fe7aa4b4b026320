"""Keeps what procurement tells of orders, as far as it is spend."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POAmended,
    POCancelled,
    POIssued,
)
from sourcing.spend import store

forget_order = store.forget_order


async def state_order(tx: Transaction, order: POIssued | POAmended) -> None:
    """Keep an order as the version in force states it."""
    lines = [store.Line(line.line_number, line.category, line.amount, line.quantity) for line in order.lines]
    await store.state_order(
        tx,
        order.order_id,
        lines,
        supplier_id=order.supplier_id,
        ordered_on=order.ordered_on,
        currency=order.currency,
    )


async def take_receipt(tx: Transaction, receipt: GoodsReceived) -> None:
    """Note what has come, and what is called off because it is enough."""
    for line in receipt.lines:
        enough = line.cancelled_quantity or None
        await store.receive(tx, receipt.order_id, line.line_number, line.quantity, enough)


async def take_reversal(tx: Transaction, reversal: GoodsReceiptReversed) -> None:
    """Note what has not come after all, and what is called off with that."""
    for line in reversal.lines:
        await store.receive(tx, reversal.order_id, line.line_number, -line.quantity, line.cancelled_quantity)


async def cancel_order(tx: Transaction, cancelled: POCancelled) -> None:
    """Note what of an order is wanted no more; one that names no line is of all that has not come."""
    if not cancelled.lines:
        await store.call_off_the_rest(tx, cancelled.order_id)
        return
    quantities = {line.line_number: line.cancelled_quantity for line in cancelled.lines}
    await store.call_off(tx, cancelled.order_id, quantities)


async def call_off_line(tx: Transaction, order_id: UUID, line_number: int, quantity: Decimal) -> None:
    """Note how much of a line is wanted no more, all told; zero: all of it is wanted again."""
    await store.call_off(tx, order_id, {line_number: quantity})
