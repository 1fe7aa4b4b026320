"""What events tell that nobody else keeps, in SQL: written as it is told, and declared for the kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.sql import Statement, columnwise, only
from purveyor_contract.events.procurement.orders import OrderedLine

PRICES = """(
  SELECT order_id, line_number, sequence, price, price_base_quantity, quantity FROM ordered_price
)"""
"""Prices of order lines, version by version."""

SHIPPED = """(
  SELECT order_id, shipment_id, line_number, sequence, despatch_reference, shipped_on, expected_on, quantity,
         by_supplier, event_id, event_type, known_at
  FROM shipped_line
)"""
"""What despatch advices say of order lines."""

CHANGES = "(SELECT order_id, sequence, shipment_id, known_at, expected_on, cancelled_on FROM shipment_change)"
"""What became of shipments since."""

OF_SHIPMENTS = """(
  SELECT told.order_id, told.sequence, coalesce(told.shipment_id, receipt.shipment_id) AS shipment_id
  FROM shipment_receipt AS told
  LEFT JOIN shipment_receipt AS receipt
    ON receipt.order_id = told.order_id AND receipt.receipt_id = told.receipt_id
    AND told.shipment_id IS NULL AND receipt.shipment_id IS NOT NULL
)"""
"""Receipts, and reversals of them, by their numbers in the order's stream, with their shipments."""

QUALIFICATIONS = """(
  SELECT supplier_id, sequence, happened_on, case_id, case_number, category, region, made_at, step,
         valid_until, result, event_id, event_type, known_at
  FROM qualification_step
)"""
DOCUMENTS = """(
  SELECT supplier_id, sequence, happened_on, document_id, document_type, made_at, step, valid_from,
         valid_until, event_id, event_type, known_at
  FROM document_step
)"""
RISKS = """(
  SELECT supplier_id, sequence, happened_on, assessment, level, former_level, overall, share_known, event_id,
         event_type, known_at
  FROM risk_assessment
)"""
"""What was told of suppliers' qualifications, documents and risk, event by event."""

KEEP_PRICES = Statement(
    only,
    """
    INSERT INTO ordered_price (order_id, sequence, line_number, price, price_base_quantity, quantity)
    SELECT :order_id, :sequence, line.*
    FROM unnest(:line_number::integer[], :price::numeric[], :price_base_quantity::numeric[],
                :quantity::numeric[]) AS line
    """,
)
KEEP_SHIPMENT = Statement(
    only,
    """
    INSERT INTO shipped_line (order_id, shipment_id, sequence, despatch_reference, shipped_on, expected_on,
                              by_supplier, event_id, event_type, known_at, line_number, quantity)
    SELECT :order_id, :shipment_id, :sequence, :despatch_reference, :shipped_on, :expected_on, :by_supplier,
           :event_id, :event_type, :known_at, line_number, sum(quantity)
    FROM unnest(:line_number::integer[], :quantity::numeric[]) AS line (line_number, quantity)
    GROUP BY line_number
    """,
)
KEEP_CHANGE = Statement(
    only,
    """
    INSERT INTO shipment_change (order_id, sequence, shipment_id, known_at, expected_on, cancelled_on)
    VALUES (:order_id, :sequence, :shipment_id, :known_at, :expected_on, :cancelled_on)
    """,
)
KEEP_RECEIPT = Statement(
    only,
    """
    INSERT INTO shipment_receipt (order_id, sequence, receipt_id, shipment_id)
    VALUES (:order_id, :sequence, :receipt_id, :shipment_id)
    """,
)
FORGET_ORDER = Statement(
    only,
    """
    WITH prices AS (DELETE FROM ordered_price WHERE order_id = :order_id),
         shipped AS (DELETE FROM shipped_line WHERE order_id = :order_id),
         changes AS (DELETE FROM shipment_change WHERE order_id = :order_id)
    DELETE FROM shipment_receipt WHERE order_id = :order_id
    """,
)
FORGET_SUPPLIER = Statement(
    only,
    """
    WITH steps AS (DELETE FROM qualification_step WHERE supplier_id = :supplier_id),
         documents AS (DELETE FROM document_step WHERE supplier_id = :supplier_id)
    DELETE FROM risk_assessment WHERE supplier_id = :supplier_id
    """,
)


async def keep_prices(tx: Transaction, order_id: UUID, sequence: int, lines: Sequence[OrderedLine]) -> None:
    """Keep the prices that a version of an order says."""
    names = ("line_number", "price", "price_base_quantity", "quantity")
    await KEEP_PRICES.all(tx.connection, columnwise(lines, names), order_id=order_id, sequence=sequence)


async def keep_shipment(tx: Transaction, told: Mapping[str, Any], lines: Sequence[Any]) -> None:
    """Keep what a despatch advice says of an order's lines, each of them once."""
    await KEEP_SHIPMENT.all(tx.connection, told, columnwise(lines, ("line_number", "quantity")))


async def keep_change(
    tx: Transaction,
    order_id: UUID,
    sequence: int,
    shipment_id: UUID,
    known_at: datetime,
    *,
    expected_on: date | None = None,
    cancelled_on: date | None = None,
) -> None:
    """Keep the day that a shipment is expected on now, or that it does not come."""
    await KEEP_CHANGE.all(
        tx.connection,
        order_id=order_id,
        sequence=sequence,
        shipment_id=shipment_id,
        known_at=known_at,
        expected_on=expected_on,
        cancelled_on=cancelled_on,
    )


async def keep_receipt(
    tx: Transaction, order_id: UUID, sequence: int, receipt_id: UUID, shipment_id: UUID | None
) -> None:
    """Keep which shipment a receipt is of, or which receipt a reversal is of."""
    await KEEP_RECEIPT.all(
        tx.connection, order_id=order_id, sequence=sequence, receipt_id=receipt_id, shipment_id=shipment_id
    )


async def forget_order(tx: Transaction, order_id: UUID) -> None:
    """Take away what was kept of an order."""
    await FORGET_ORDER.all(tx.connection, order_id=order_id)


async def forget_supplier(tx: Transaction, supplier_id: UUID) -> None:
    """Take away what was kept of a supplier."""
    await FORGET_SUPPLIER.all(tx.connection, supplier_id=supplier_id)
