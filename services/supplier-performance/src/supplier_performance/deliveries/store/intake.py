"""Keeps what procurement says of orders, one statement an event: these run for every order and receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from uuid import UUID

from purveyor.db import Transaction
from purveyor.money import minor_units
from purveyor.policies import History
from purveyor_contract.events.procurement.orders import OrderedLine, POIssued, ReceivedLine
from supplier_performance.deliveries.rules import OnTime
from supplier_performance.deliveries.store import grace

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
  RETURNING (promised_on + {{grace}} + 1)::timestamp AT TIME ZONE time_zone AS overdue_at
)
SELECT DISTINCT overdue_at FROM line WHERE overdue_at > $29 AND overdue_at < $30
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


@dataclass(frozen=True, slots=True)
class Noted:
    """An event of an order as it is kept: the first six arguments of every statement here."""

    order_id: UUID
    sequence: int
    event_id: UUID
    type: str
    recorded_at: datetime
    business_date: date | None


async def take_in_order(
    tx: Transaction, noted: Noted, order: POIssued, *, graces: History[OnTime], until: datetime
) -> list[datetime]:
    """Add an order's lines; return the moments after now and before `until` when some fall overdue."""
    lines: tuple[OrderedLine, ...] = order.lines
    overdue = await tx.connection.fetch(
        TAKE_IN_ORDER.format(grace=grace.days(len(graces.versions), 25)),
        *astuple(noted),
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
        *grace.arguments(graces),
        tx.now,
        until,
    )
    return [row["overdue_at"] for row in overdue]


async def take_in_receipt(tx: Transaction, noted: Noted, lines: Sequence[ReceivedLine]) -> None:
    """Add what arrived, and what the lines' receipts add up to now."""
    await tx.connection.execute(
        TAKE_IN_RECEIPT,
        *astuple(noted),
        [line.line_number for line in lines],
        [line.quantity for line in lines],
        [line.rejected_quantity for line in lines],
        [line.rejection_reason for line in lines],
    )


async def take_in_cancellation(tx: Transaction, noted: Noted) -> None:
    """Close an order's lines on the day of its cancellation."""
    await tx.connection.execute(TAKE_IN_CANCELLATION, *astuple(noted))


async def note_event(tx: Transaction, noted: Noted) -> None:
    """Add an event that changes no line."""
    await tx.connection.execute(NOTE_EVENT, *astuple(noted))
