"""Procurement's order events, as far as they are spend: ordered, amended, called off, received."""

from __future__ import annotations

from decimal import Decimal

from purveyor.db import Transaction
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POAmended,
    POCancelled,
    POIssued,
    POLineClosed,
    POLineReopened,
    PORestated,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold
from sourcing.spend import commands


async def on_stated(tx: Transaction, event: POIssued | POAmended, envelope: Envelope) -> None:
    """Keep what is ordered by now."""
    await commands.state_order(tx, event)


async def on_cancelled(tx: Transaction, event: POCancelled, envelope: Envelope) -> None:
    """Count no more what was called off."""
    await commands.cancel_order(tx, event)


async def on_line_closed(tx: Transaction, event: POLineClosed, envelope: Envelope) -> None:
    """Count no more what was called off of a line."""
    await commands.call_off_line(tx, event.order_id, event.line_number, event.cancelled_quantity)


async def on_line_reopened(tx: Transaction, event: POLineReopened, envelope: Envelope) -> None:
    """Count all of a line again."""
    await commands.call_off_line(tx, event.order_id, event.line_number, Decimal(0))


async def on_received(tx: Transaction, event: GoodsReceived, envelope: Envelope) -> None:
    """Count no more what is not wanted because enough has come."""
    await commands.take_receipt(tx, event)


async def on_reversed(tx: Transaction, event: GoodsReceiptReversed, envelope: Envelope) -> None:
    """Count again what is wanted because less has come."""
    await commands.take_reversal(tx, event)


STORY = (
    on(POIssued, on_stated),
    on(POAmended, on_stated),
    on(POCancelled, on_cancelled),
    on(POLineClosed, on_line_closed),
    on(POLineReopened, on_line_reopened),
    on(GoodsReceived, on_received),
    on(GoodsReceiptReversed, on_reversed),
)
SPEND = Consumer(
    "sourcing.spend", "procurement.orders", (*STORY, retold(PORestated, commands.forget_order, *STORY))
)
