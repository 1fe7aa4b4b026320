"""Take in what procurement says about orders, and note whose score is to be judged again.

One statement an event: these run for every order and receipt of the organisation.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from purveyor.db import Transaction
from purveyor.money import minor_units
from purveyor_contract.events.procurement.orders import GoodsReceived, OrderEvent, POCancelled, POIssued
from purveyor_messaging.envelope import Envelope
from supplier_performance.due import store as due
from supplier_performance.settings import settings_of

UNTIL_THE_NEXT_JOB = timedelta(days=2)
"""Lines that fall overdue sooner are noted with the hour at once: the daily job may have gone by."""

NOTE_EVENT = """
INSERT INTO order_event (order_id, sequence, event_id, type, recorded_at, business_date)
VALUES ($1, $2, $3, $4, $5, $6)
"""

TAKE_IN_ORDER = f"""
WITH event AS ({NOTE_EVENT}), line AS (
  INSERT INTO order_line (order_id, supplier_id, order_number, site, time_zone, business_unit, cost_centre,
      currency, minor_units, ordered_on, line_number, item, description, category, quantity, unit, price,
      price_base_quantity, amount, promised_on)
  SELECT $1, $7, $8, $9, $10, $11, $12, $13, $14, $6, line.*
  FROM unnest($15::integer[], $16::text[], $17::text[], $18::text[], $19::numeric[], $20::text[],
              $21::numeric[], $22::numeric[], $23::numeric[], $24::date[]) AS line
  RETURNING (promised_on + $25::integer + 1)::timestamp AT TIME ZONE time_zone AS overdue_at
)
SELECT DISTINCT overdue_at FROM line WHERE overdue_at > $26 AND overdue_at < $27
"""  # noqa: S608  # made of constants

TAKE_IN_RECEIPT = f"""
WITH event AS ({NOTE_EVENT}), arrived AS (
  INSERT INTO received_line (order_id, sequence, received_on, line_number, quantity, rejected_quantity,
      rejection_reason, position)
  SELECT $1, $2, $6, line.*
  FROM unnest($7::integer[], $8::numeric[], $9::numeric[], $10::text[]) WITH ORDINALITY AS line
  RETURNING line_number, received_on, quantity, rejected_quantity
), delivery AS (
  SELECT line_number, received_on, quantity, rejected_quantity FROM arrived
  UNION ALL
  SELECT line_number, received_on, quantity, rejected_quantity FROM received_line
  WHERE order_id = $1 AND line_number = ANY($7)
), so_far AS (
  -- Added up by business date, a day's deliveries together: the order of recording does not matter.
  SELECT line_number, received_on,
         sum(quantity) OVER by_day AS received,
         sum(quantity - rejected_quantity) OVER by_day AS accepted
  FROM delivery
  WINDOW by_day AS (PARTITION BY line_number ORDER BY received_on)
), fate AS (
  SELECT ordered.line_number,
         max(received) AS received,
         max(accepted) AS accepted,
         min(received_on) FILTER (WHERE received >= ordered.quantity) AS completed_on,
         min(received_on) FILTER (WHERE accepted >= ordered.quantity) AS in_full_on,
         max(received_on) AS last_received_on
  FROM so_far JOIN order_line AS ordered ON ordered.order_id = $1 AND ordered.line_number = so_far.line_number
  GROUP BY ordered.line_number
)
UPDATE order_line
SET received_quantity = fate.received, rejected_quantity = fate.received - fate.accepted,
    completed_on = fate.completed_on, in_full_on = fate.in_full_on, last_received_on = fate.last_received_on
FROM fate
WHERE order_line.order_id = $1 AND order_line.line_number = fate.line_number
"""  # noqa: S608  # made of constants

TAKE_IN_CANCELLATION = f"""
WITH event AS ({NOTE_EVENT})
UPDATE order_line SET cancelled_on = $6 WHERE order_id = $1
"""  # noqa: S608  # made of constants


async def take_in_order(tx: Transaction, order: POIssued, envelope: Envelope) -> None:
    """Note the lines of an issued order."""
    lines = order.lines
    overdue = await tx.connection.fetch(
        TAKE_IN_ORDER,
        *_event(order, envelope, order.ordered_on),
        order.supplier_id,
        order.number,
        order.site,
        order.time_zone,
        order.business_unit,
        order.cost_centre,
        order.currency,
        minor_units(order.currency),
        [line.line_number for line in lines],
        [line.item for line in lines],
        [line.description for line in lines],
        [line.category for line in lines],
        [line.quantity for line in lines],
        [line.unit for line in lines],
        [line.price for line in lines],
        [line.price_base_quantity for line in lines],
        [line.amount for line in lines],
        [line.promised_on for line in lines],
        settings_of(tx).on_time_grace_days,
        tx.now,
        tx.now + UNTIL_THE_NEXT_JOB,
    )
    _note_due(tx, order.supplier_id, imported=order.imported)
    for row in overdue:
        due.note(tx, order.supplier_id, row["overdue_at"])


async def take_in_receipt(tx: Transaction, receipt: GoodsReceived, envelope: Envelope) -> None:
    """Note what arrived, and what the lines' receipts add up to now."""
    lines = receipt.lines
    await tx.connection.execute(
        TAKE_IN_RECEIPT,
        *_event(receipt, envelope, receipt.received_on),
        [line.line_number for line in lines],
        [line.quantity for line in lines],
        [line.rejected_quantity for line in lines],
        [line.rejection_reason for line in lines],
    )
    _note_due(tx, receipt.supplier_id, imported=receipt.imported)


async def take_in_cancellation(tx: Transaction, cancellation: POCancelled, envelope: Envelope) -> None:
    """Note that what has not arrived of an order is no longer due."""
    await tx.connection.execute(
        TAKE_IN_CANCELLATION, *_event(cancellation, envelope, cancellation.cancelled_on)
    )
    due.note(tx, cancellation.supplier_id, tx.now)


async def note_event(tx: Transaction, event: OrderEvent, envelope: Envelope, business_date: date) -> None:
    """Note an event that changes no measure, such as an acknowledgement."""
    await tx.connection.execute(NOTE_EVENT, *_event(event, envelope, business_date))


def _note_due(tx: Transaction, supplier_id: UUID, *, imported: bool) -> None:
    """Have a supplier judged: at once, or when an import, which tells orders before receipts, is silent."""
    if imported:
        silent_at = tx.now + timedelta(seconds=settings_of(tx).import_settle_seconds)
        due.note(tx, supplier_id, silent_at, settling=True)
    else:
        due.note(tx, supplier_id, tx.now)


def _event(event: OrderEvent, envelope: Envelope, business_date: date | None) -> tuple[object, ...]:
    return (event.order_id, envelope.sequence, envelope.id, envelope.type, envelope.time, business_date)
