"""What was told of orders beside their lines: promises that were moved, and what neighbours may read."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from purveyor.sql import Statement, columnwise, only
from purveyor_contract.events.procurement.promises import MovedPromise, PromiseChanged

KEEP_MOVES = Statement(
    only,
    """
    INSERT INTO moved_promise (order_id, sequence, moved_by, agreed, line_number, schedule_number, moved_from,
                               promised_on, due_on)
    SELECT :order_id, :sequence, :moved_by, :agreed, moved.*
    FROM unnest(:line_number::integer[], :schedule_number::integer[], :moved_from::date[],
                :promised_on::date[], :due_on::date[]) AS moved
    """,
)
FORGET_MOVES = Statement(only, "DELETE FROM moved_promise WHERE order_id = :order_id")

ORDERED = """(
  SELECT order_id, line_number, supplier_id, order_number, item, category, site, time_zone, business_unit,
         unit, currency, ordered_on
  FROM order_line
)"""
"""Lines as they were ordered, to join."""

ORDERS = """(
  SELECT order_id, supplier_id, order_number, site, time_zone, business_unit, currency
  FROM order_line AS line
  WHERE line_number = (SELECT min(line_number) FROM order_line WHERE order_id = line.order_id)
)"""
"""Orders, which are what their lines have in common."""

EVENTS = "(SELECT order_id, sequence, event_id, type, recorded_at, business_date FROM order_event)"
"""What was told of orders, to join."""

MOVES = """(
  SELECT order_id, line_number, schedule_number, sequence, moved_by, agreed, moved_from, promised_on, due_on
  FROM moved_promise
)"""
"""Promises that were moved, to join."""


async def keep_moves(tx: Transaction, change: PromiseChanged, sequence: int) -> None:
    """Keep what an event says was moved."""
    names = ("line_number", "schedule_number", "moved_from", "promised_on", "due_on")
    moves: tuple[MovedPromise, ...] = change.promises
    await KEEP_MOVES.all(
        tx.connection,
        columnwise(moves, names),
        order_id=change.order_id,
        sequence=sequence,
        moved_by=change.moved_by,
        agreed=change.agreed,
    )


async def forget_moves(tx: Transaction, order_id: UUID) -> None:
    """Take away what was moved of an order."""
    await FORGET_MOVES.all(tx.connection, order_id=order_id)
