"""Keeps what procurement says of orders, one statement an event: these run for every order and receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.money import minor_units
from purveyor.policies import History
from purveyor.sql import Statement, columnwise, only, unnest
from purveyor_contract.events.procurement.orders import (
    POAmended,
    POIssued,
    ReceivedLine,
    ReversedLine,
)
from supplier_performance.deliveries.model import OrderLine
from supplier_performance.deliveries.model import ReceivedLine as KeptLine
from supplier_performance.deliveries.rules import OnTime
from supplier_performance.deliveries.store import grace, schedules
from supplier_performance.deliveries.store.moved import MOVED

ORDERED = [
    OrderLine.__table__.c[name]
    for name in (
        "line_number",
        "item",
        "description",
        "category",
        "quantity",
        "unit",
        "price",
        "price_base_quantity",
        "amount",
        "promised_on",
    )
]
RECEIVED = [
    KeptLine.__table__.c[name]
    for name in (
        "line_number",
        "quantity",
        "rejected_quantity",
        "rejection_reason",
        "refused_for_good_quantity",
    )
]
"""What a line of an event says, by the names of both the event and the table."""

NOTE_EVENT = """
INSERT INTO order_event (order_id, sequence, event_id, type, recorded_at, business_date, of_line)
VALUES (:order_id, :sequence, :event_id, :type, :recorded_at, :business_date, :of_line::integer)
"""

TAKE_IN_ORDER = """
WITH event AS ({note_event}), line AS (
  INSERT INTO order_line (order_id, supplier_id, order_number, site, time_zone, business_unit, cost_centre,
      currency, minor_units, ordered_on, need_by, {columns})
  SELECT :order_id, :supplier_id, :number, :site, :time_zone, :business_unit, :cost_centre,
      :currency, :minor_units, :business_date, promised_on, {columns}
  FROM {lines} AS line ({columns})
  RETURNING (promised_on + {grace} + 1)::timestamp AT TIME ZONE time_zone AS overdue_at
)
SELECT DISTINCT overdue_at FROM line WHERE overdue_at > :now AND overdue_at < :until
"""

ADDED_UP = """so_far AS (
      -- Added up by business date, a day's deliveries together: the order of recording does not matter.
      SELECT line_number, received_on, sum(quantity) AS that_day,
             sum(sum(quantity)) OVER by_day AS received,
             sum(sum(quantity - rejected_quantity)) OVER by_day AS accepted,
             sum(sum(quantity - rejected_quantity + coalesce(refused_for_good_quantity, rejected_quantity)))
               OVER by_day AS settled
      FROM delivery
      GROUP BY line_number, received_on
      WINDOW by_day AS (PARTITION BY line_number ORDER BY received_on)
    ), fate AS (
      SELECT ordered.line_number,
             max(received) AS received,
             max(accepted) AS accepted,
             min(received_on) FILTER (WHERE settled >= quantity - dispensed_quantity) AS completed_on,
             min(received_on) FILTER (WHERE accepted >= quantity - dispensed_quantity) AS in_full_on,
             max(received_on) FILTER (WHERE that_day > 0) AS last_received_on
      FROM so_far
      JOIN order_line AS ordered
        ON ordered.order_id = :order_id AND ordered.line_number = so_far.line_number
      GROUP BY ordered.line_number
    )
    UPDATE order_line
    SET received_quantity = fate.received, rejected_quantity = fate.received - fate.accepted,
        completed_on = fate.completed_on, in_full_on = fate.in_full_on,
        last_received_on = fate.last_received_on
    FROM fate
    WHERE order_line.order_id = :order_id AND order_line.line_number = fate.line_number
    RETURNING order_line.scheduled"""
"""What the deliveries of an order's lines add up to, and whether each is due in parts.

Who composes it has a `delivery`.
"""

COUNTED = "line_number, received_on, quantity, rejected_quantity, refused_for_good_quantity"

TAKE_IN_RECEIPT = Statement(
    only,
    """
    WITH event AS ({note_event}), arrived AS (
      INSERT INTO received_line (order_id, sequence, received_on, {columns}, position)
      SELECT :order_id, :sequence, :business_date, line.*
      FROM {lines} WITH ORDINALITY AS line
      RETURNING {counted}
    ), delivery AS (
      SELECT {counted} FROM arrived
      UNION ALL
      SELECT {counted} FROM {moved} AS moved
      WHERE order_id = :order_id AND line_number = ANY(:line_number)
    ), {added_up}
    """,
    note_event=NOTE_EVENT,
    columns=", ".join(column.key for column in RECEIVED),
    lines=unnest(RECEIVED),
    counted=COUNTED,
    moved=MOVED,
    added_up=ADDED_UP,
)

DISPENSE = Statement(
    only,
    """
    UPDATE order_line AS line SET dispensed_quantity = enough.quantity
    FROM unnest(:line_number::integer[], :cancelled_quantity::numeric[]) AS enough (line_number, quantity)
    WHERE line.order_id = :order_id AND line.line_number = enough.line_number
    """,
)

TAKE_IN_REVERSAL = Statement(
    only,
    """
    WITH event AS ({note_event}), stated AS (
      SELECT * FROM unnest(:line_number::integer[], :quantity::numeric[], :rejected_quantity::numeric[],
                           :refused_for_good_quantity::numeric[], :cancelled_quantity::numeric[])
        AS stated (line_number, quantity, rejected_quantity, refused_for_good_quantity, cancelled_quantity)
    ), called_off AS (
      UPDATE order_line AS line
      SET cancelled_quantity = stated.cancelled_quantity,
          cancelled_on = CASE WHEN stated.cancelled_quantity > 0 THEN cancelled_on END
      FROM stated
      WHERE line.order_id = :order_id AND line.line_number = stated.line_number
        AND line.cancelled_on IS NOT NULL
    ), wanted_again AS (
      UPDATE order_line AS line SET dispensed_quantity = 0
      FROM stated
      WHERE line.order_id = :order_id AND line.line_number = stated.line_number
        AND line.cancelled_on IS NULL AND line.dispensed_quantity > stated.cancelled_quantity
    )
    INSERT INTO reversed_line (order_id, sequence, received_on, line_number, quantity, rejected_quantity,
                               refused_for_good_quantity)
    SELECT :order_id, :sequence, :received_on, line_number, quantity, rejected_quantity,
           refused_for_good_quantity
    FROM stated
    """,
    note_event=NOTE_EVENT,
)

TAKE_IN_AMENDMENT = """
WITH event AS ({note_event}), stated AS (
  SELECT * FROM {lines} AS stated ({columns})
), dropped AS (
  UPDATE order_line
  SET cancelled_on = coalesce(cancelled_on, :business_date), cancelled_quantity = quantity
  WHERE order_id = :order_id AND line_number <> ALL(:line_number)
), line AS (
  INSERT INTO order_line (order_id, supplier_id, order_number, site, time_zone, business_unit, cost_centre,
      currency, minor_units, ordered_on, need_by, {columns})
  SELECT :order_id, :supplier_id, :number, :site, :time_zone, :business_unit, :cost_centre,
      :currency, :minor_units, :ordered_on, promised_on, {columns}
  FROM stated
  ON CONFLICT (order_id, line_number) DO UPDATE
  SET {again}, need_by = excluded.need_by,
      promised_on = CASE WHEN excluded.need_by = coalesce(order_line.need_by, order_line.promised_on)
                         THEN order_line.promised_on ELSE excluded.need_by END
  RETURNING (promised_on + {grace} + 1)::timestamp AT TIME ZONE time_zone AS overdue_at
)
SELECT DISTINCT overdue_at FROM line WHERE overdue_at > :now AND overdue_at < :until
"""
AMENDED = ("site", "time_zone", "business_unit", "cost_centre", *(column.key for column in ORDERED))
"""What a version may say otherwise; a day that it does not move stays the one that was promised."""
ADD_UP_AGAIN = Statement(
    only,
    """
    WITH delivery AS (
      SELECT {counted} FROM {moved} AS moved WHERE order_id = :order_id
    ), {added_up}
    """,
    counted=COUNTED,
    moved=MOVED,
    added_up=ADDED_UP,
)

TAKE_IN_CANCELLATION = Statement(
    only,
    """
    WITH event AS ({note_event}), called_off AS (
      SELECT * FROM unnest(:line_number::integer[], :cancelled_quantity::numeric[])
                    AS called_off (line_number, quantity)
    )
    UPDATE order_line AS line
    SET cancelled_on = coalesce(line.cancelled_on, :business_date),
        cancelled_quantity = CASE
          WHEN line.cancelled_on IS NOT NULL THEN line.cancelled_quantity
          ELSE coalesce((SELECT quantity FROM called_off WHERE called_off.line_number = line.line_number),
                        greatest(line.quantity - line.received_quantity, 0))
        END
    WHERE line.order_id = :order_id
      AND (cardinality(:line_number) = 0 OR line.line_number = ANY(:line_number))
    """,
    note_event=NOTE_EVENT,
)
"""An event that names no line, as all did once, is of those that were not called off before it."""

TAKE_IN_REOPENING = Statement(
    only,
    """
    WITH event AS ({note_event})
    UPDATE order_line SET cancelled_on = NULL, cancelled_quantity = 0, dispensed_quantity = 0
    WHERE order_id = :order_id AND line_number = :of_line
    """,
    note_event=NOTE_EVENT,
)
NOTE = Statement(only, NOTE_EVENT)

FORGET_RECEIPTS = Statement(
    only,
    """
    WITH reversals AS (DELETE FROM reversed_line WHERE order_id = :order_id)
    DELETE FROM received_line WHERE order_id = :order_id
    """,
)
FORGET_ORDER = Statement(
    only,
    """
    WITH events AS (DELETE FROM order_event WHERE order_id = :order_id), lines AS (
      DELETE FROM order_line WHERE order_id = :order_id RETURNING supplier_id
    )
    SELECT DISTINCT supplier_id FROM lines
    """,
)


@dataclass(frozen=True, slots=True)
class Noted:
    """An event of an order as it is kept."""

    order_id: UUID
    sequence: int
    event_id: UUID
    type: str
    recorded_at: datetime
    business_date: date | None
    of_line: int | None = None


@cache
def _take_in_amendment(versions: int) -> Statement[datetime]:
    return Statement(
        only,
        TAKE_IN_AMENDMENT,
        note_event=NOTE_EVENT,
        columns=", ".join(column.key for column in ORDERED),
        again=", ".join(
            f"{name} = excluded.{name}" for name in AMENDED if name not in {"line_number", "promised_on"}
        ),
        lines=unnest(ORDERED),
        grace=grace.DAYS.format(chosen=grace.chosen(versions)),
    )


@cache
def _take_in_order(versions: int) -> Statement[datetime]:
    return Statement(
        only,
        TAKE_IN_ORDER,
        note_event=NOTE_EVENT,
        columns=", ".join(column.key for column in ORDERED),
        lines=unnest(ORDERED),
        grace=grace.DAYS.format(chosen=grace.chosen(versions)),
    )


async def take_in_order(
    tx: Transaction, noted: Noted, order: POIssued, *, graces: History[OnTime], until: datetime
) -> list[datetime]:
    """Add an order's lines; return the moments after now and before `until` when some fall overdue."""
    overdue = await _take_in_order(len(graces.versions)).all(
        tx.connection,
        noted,
        _said(order),
        grace.arguments(graces),
        now=tx.now,
        until=until,
    )
    if any(line.schedules for line in order.lines):
        parts = (order.order_id, order.supplier_id, order.lines)
        overdue += await schedules.take_in(tx, *parts, graces=graces, until=until)
    return overdue


async def take_in_receipt(tx: Transaction, noted: Noted, lines: Sequence[ReceivedLine]) -> None:
    """Add what arrived, and what the lines' receipts add up to now: of some lines it is enough."""
    enough = {line.line_number: line.cancelled_quantity for line in lines if line.cancelled_quantity}
    if enough:
        await DISPENSE.all(
            tx.connection,
            order_id=noted.order_id,
            line_number=list(enough),
            cancelled_quantity=list(enough.values()),
        )
    said = columnwise(lines, [column.key for column in RECEIVED])
    if any(await TAKE_IN_RECEIPT.all(tx.connection, noted, said)):
        await schedules.fill(tx, noted.order_id)


async def take_in_reversal(
    tx: Transaction, noted: Noted, received_on: date, lines: Sequence[ReversedLine]
) -> None:
    """Add what was taken back of a receipt of a day, and what the lines' receipts add up to now."""
    said = columnwise(lines, tuple(ReversedLine.model_fields))
    await TAKE_IN_REVERSAL.all(tx.connection, noted, said, received_on=received_on)
    await _add_up_again(tx, noted.order_id)


async def take_in_amendment(
    tx: Transaction, noted: Noted, order: POAmended, *, graces: History[OnTime], until: datetime
) -> list[datetime]:
    """Let an order's lines say what its next version does; return when some fall overdue, as above.

    What has arrived is held against what is ordered now.
    """
    before = await schedules.days(tx, order.order_id)
    overdue = await _take_in_amendment(len(graces.versions)).all(
        tx.connection, noted, _said(order), grace.arguments(graces), now=tx.now, until=until
    )
    await ADD_UP_AGAIN.all(tx.connection, order_id=order.order_id)
    parts = (order.order_id, order.supplier_id, order.lines)
    overdue += await schedules.take_in(tx, *parts, graces=graces, until=until)
    if carried := schedules.carried(before, await schedules.days(tx, order.order_id)):
        overdue += await schedules.promise(tx, order.order_id, carried, graces=graces, until=until)
    return overdue


async def _add_up_again(tx: Transaction, order_id: UUID) -> None:
    if any(await ADD_UP_AGAIN.all(tx.connection, order_id=order_id)):
        await schedules.fill(tx, order_id)


def _said(order: POIssued | POAmended) -> dict[str, Any]:
    """Return what a whole order says, by the names of the statements' parameters."""
    names = ("supplier_id", "number", "site", "time_zone", "business_unit", "cost_centre", "currency")
    said = {name: getattr(order, name) for name in (*names, "ordered_on")}
    lines = columnwise(order.lines, [column.key for column in ORDERED])
    return said | lines | {"minor_units": minor_units(order.currency)}


async def take_in_cancellation(tx: Transaction, noted: Noted, lines: Mapping[int, Decimal]) -> None:
    """Call off what is open of some lines, each with how much that is; of all lines when none is named."""
    await TAKE_IN_CANCELLATION.all(
        tx.connection, noted, line_number=list(lines), cancelled_quantity=list(lines.values())
    )


async def take_in_reopening(tx: Transaction, noted: Noted) -> None:
    """Let what was called off of the line that an event is of be wanted again, and what need not come."""
    await TAKE_IN_REOPENING.all(tx.connection, noted)
    await _add_up_again(tx, noted.order_id)


async def note_event(tx: Transaction, noted: Noted) -> None:
    """Add an event that changes no line."""
    await NOTE.all(tx.connection, noted)


async def forget_order(tx: Transaction, order_id: UUID) -> list[UUID]:
    """Take away all that was kept of an order; return the supplier that it went to, if lines were known."""
    await FORGET_RECEIPTS.all(tx.connection, order_id=order_id)
    await schedules.forget(tx, order_id)
    return await FORGET_ORDER.all(tx.connection, order_id=order_id)
