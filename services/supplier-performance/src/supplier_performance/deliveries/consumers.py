"""Procurement's order events: what was ordered, what arrived, what was called off."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POAcknowledged,
    POAmended,
    POCancelled,
    POClosed,
    POIssued,
    POLineClosed,
    POLineReopened,
    POReopened,
    PORestated,
)
from purveyor_contract.events.procurement.promises import POResponded, PromiseChanged
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold
from supplier_performance.deliveries import commands


async def on_order_acknowledged(tx: Transaction, event: POAcknowledged, envelope: Envelope) -> None:
    """Note how soon the supplier answered, and what it promised by that."""
    await commands.take_in_answer(tx, event, envelope, event.acknowledged_on)


async def on_order_responded(tx: Transaction, event: POResponded, envelope: Envelope) -> None:
    """Note how soon the supplier answered, and what it promised by that."""
    await commands.take_in_answer(tx, event, envelope, event.responded_on)


async def on_order_closed(tx: Transaction, event: POClosed, envelope: Envelope) -> None:
    """Note that procurement regards an order as done; its receipts have said so already."""
    await commands.note_event(tx, event, envelope, event.closed_on)


async def on_order_reopened(tx: Transaction, event: POReopened, envelope: Envelope) -> None:
    """Note that procurement expects more of an order; which line, it has told before."""
    await commands.note_event(tx, event, envelope, event.reopened_on)


STORY = (
    on(POIssued, commands.take_in_order),
    on(POAcknowledged, on_order_acknowledged),
    on(POResponded, on_order_responded),
    on(PromiseChanged, commands.take_in_promises),
    on(GoodsReceived, commands.take_in_receipt),
    on(GoodsReceiptReversed, commands.take_in_reversal),
    on(POAmended, commands.take_in_amendment),
    on(POCancelled, commands.take_in_cancellation),
    on(POLineClosed, commands.take_in_closed_line),
    on(POLineReopened, commands.take_in_reopened_line),
    on(POReopened, on_order_reopened),
    on(POClosed, on_order_closed),
)
ORDERS = Consumer(
    "supplier-performance.orders",
    "procurement.orders",
    (*STORY, retold(PORestated, commands.forget_order, *STORY)),
)
