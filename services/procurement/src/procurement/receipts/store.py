"""Goods receipts in SQL: one statement writes a receipt and what it changes on its locked order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from procurement.orders.store import receiving, rows
from procurement.receipts.model import GoodsReceipt, GoodsReceiptLine
from procurement.receipts.rules import Arrival, ArrivedLine
from purveyor.db import Transaction
from purveyor.imported import ImportKey
from purveyor.sql import Statement, columnwise, unnest

ARRIVED = ArrivedLine.__slots__
LINE_COLUMNS = (*ARRIVED, "tolerance_version")
LINE = [GoodsReceiptLine.__table__.c[name] for name in LINE_COLUMNS]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A receipt's number, and where its order's stream and the order stand with it."""

    serial_number: int
    sequence: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an import: the receipt if it is there already, and the order if it is."""

    receipt_id: UUID | None
    import_digest: bytes | None
    order_id: UUID | None


RECORD = Statement(
    Recorded,
    """
    WITH arrived AS (
      SELECT * FROM {lines} AS line ({line})
    ), closing AS (
      SELECT CASE WHEN :closes THEN greatest(:received_on::date, max(received_on)) END AS closed_on
      FROM goods_receipt WHERE :closes AND order_id = :order_id
    ), received AS ({receive}), balances AS ({receive_lines}), receipt AS (
      INSERT INTO goods_receipt (
        id, order_id, supplier_id, received_on, despatch_reference, ordered_by, issued_by, received_by,
        received_at, imported, external_reference, import_digest)
      SELECT :receipt_id, id, supplier_id, :received_on, :despatch_reference, created_by, issued_by, :actor,
             :now, :imported, :external_reference, :import_digest
      FROM received
      RETURNING id, serial_number
    ), lines AS (
      INSERT INTO goods_receipt_line (receipt_id, {line}) SELECT receipt.id, arrived.* FROM receipt, arrived
    )
    SELECT receipt.serial_number, received.sequence, received.closed_on FROM receipt, received
    """,
    lines=unnest(LINE, "line_"),
    line=", ".join(LINE_COLUMNS),
    receive=receiving.RECEIVE,
    receive_lines=receiving.RECEIVE_LINES,
)

LOOK_UP = Statement(
    Found,
    """
    SELECT receipt.id AS receipt_id, receipt.import_digest, imported.id AS order_id
    FROM (SELECT) AS one
    LEFT JOIN ({imported}) AS imported ON true
    LEFT JOIN goods_receipt AS receipt
      ON receipt.order_id = imported.id AND receipt.external_reference = :reference
    """,
    imported=rows.IMPORTED_AS.format(reference=":order_reference"),
)


async def insert(
    tx: Transaction,
    order_id: UUID,
    receipt_id: UUID,
    arrival: Arrival,
    *,
    status: str,
    events: int,
    closes: bool,
    key: ImportKey | None,
    tolerances: Mapping[int, int],
) -> Recorded:
    """Write a receipt and what it changes on its locked order; the stream grows by so many events.

    `tolerances` are the versions that its lines were judged by.
    """
    return await RECORD.one(
        tx.connection,
        arrival,
        columnwise(arrival.lines, ARRIVED, "line_"),
        order_id=order_id,
        receipt_id=receipt_id,
        status=status,
        events=events,
        closes=closes,
        actor=tx.actor,
        now=tx.now,
        imported=key is not None,
        external_reference=key.reference if key else None,
        import_digest=key.digest if key else None,
        line_tolerance_version=[tolerances[line.line_number] for line in arrival.lines],
    )


async def look_up(tx: Transaction, reference: str, order_reference: str) -> Found:
    """Return what is known here of a receipt of the past; its reference is one among its order's."""
    return await LOOK_UP.one(tx.connection, reference=reference, order_reference=order_reference)


async def received_until(tx: Transaction) -> date | None:
    """Return the last day that goods arrived on; None before any did."""
    return await tx.session.scalar(select(func.max(GoodsReceipt.received_on)))
