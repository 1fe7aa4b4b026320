"""The hot path of receipts in SQL: one statement locks and reads the order, one writes everything."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from procurement.receipts.rules import Arrival
from purveyor.db import Transaction
from purveyor.http.imports import ImportKey

LOCK = """
SELECT o.id, o.serial_number, o.status, o.supplier_id, o.ordered_on, o.created_by, o.issued_by,
       ($2::timestamptz AT TIME ZONE site.time_zone)::date AS today,
       line.line_number, line.quantity, line.received_quantity
FROM purchase_order AS o
JOIN site ON site.code = o.site
JOIN purchase_order_line AS line ON line.order_id = o.id
WHERE o.id = $1
FOR UPDATE OF o, line
"""
"""The lines are locked too: a receipt that waited for another one sees what that one received."""

RECEIVE = """
WITH received AS (
  UPDATE purchase_order
  SET status = $2, version = version + 1, sequence = sequence + $3,
      closed_on = CASE WHEN $4 THEN
        greatest($6::date, (SELECT max(received_on) FROM goods_receipt WHERE order_id = $1)) END
  WHERE id = $1
  RETURNING *
), receipt AS (
  INSERT INTO goods_receipt (
    id, order_id, supplier_id, received_on, despatch_reference, ordered_by, issued_by, received_by,
    received_at, imported, external_reference, import_digest)
  SELECT $5, id, supplier_id, $6, $7, created_by, issued_by, $8, $9, $10, $11, $12 FROM received
  RETURNING id, serial_number
), arrived AS (
  SELECT * FROM unnest($13::integer[], $14::numeric[], $15::numeric[], $16::text[])
             AS line (line_number, quantity, rejected_quantity, rejection_reason)
), lines AS (
  INSERT INTO goods_receipt_line (receipt_id, line_number, quantity, rejected_quantity, rejection_reason)
  SELECT receipt.id, arrived.* FROM receipt, arrived
), balances AS (
  UPDATE purchase_order_line AS line
  SET received_quantity = line.received_quantity + arrived.quantity,
      rejected_quantity = line.rejected_quantity + arrived.rejected_quantity
  FROM arrived
  WHERE line.order_id = $1 AND line.line_number = arrived.line_number
)
SELECT receipt.serial_number, received.sequence, received.closed_on FROM receipt, received
"""


async def lock(tx: Transaction, order_id: UUID) -> list[asyncpg.Record]:
    """Lock an order and return a row a line, with the order and its site's day; none without an order."""
    return await tx.connection.fetch(LOCK, order_id, tx.now)


async def receive(
    tx: Transaction,
    order_id: UUID,
    receipt_id: UUID,
    arrival: Arrival,
    *,
    status: str,
    events: int,
    closes: bool,
    imported: ImportKey | None,
) -> asyncpg.Record:
    """Write a receipt and what it changes on its locked order; return its number and the stream's."""
    row = await tx.connection.fetchrow(
        RECEIVE,
        order_id,
        status,
        events,
        closes,
        receipt_id,
        arrival.received_on,
        arrival.despatch_reference,
        tx.actor,
        tx.now,
        imported is not None,
        imported.reference if imported else None,
        imported.digest if imported else None,
        [line.line_number for line in arrival.lines],
        [line.quantity for line in arrival.lines],
        [line.rejected_quantity for line in arrival.lines],
        [line.rejection_reason for line in arrival.lines],
    )
    assert row is not None  # noqa: S101  # the order is locked, so it is there
    return row
