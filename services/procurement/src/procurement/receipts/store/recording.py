"""Goods receipts in SQL: one statement writes a receipt, and what that does to its order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.store import receiving
from procurement.receipts.model import (
    GoodsReceipt,
    GoodsReceiptLine,
)
from procurement.receipts.rules.arriving import Arrival
from procurement.tolerances.rules import Tolerance
from purveyor.db import Transaction
from purveyor.pending import as_json
from purveyor.sql import Statement, columnwise, unnest

ARRIVED = (
    "line_number",
    "quantity",
    "rejected_quantity",
    "rejection_reason",
    "refused_for_good_quantity",
    "rejection_kind",
)
JUDGED = ("over_receipt", "under_receipt")
SAID = (
    "cancelled_quantity",
    "tolerance_version",
    "schedule_number",
    "stated_unit",
    "stated_quantity",
    "stated_rejected_quantity",
)
LINE_COLUMNS = (*ARRIVED, *SAID, *JUDGED)
LINE = [GoodsReceiptLine.__table__.c[name] for name in LINE_COLUMNS]


@dataclass(frozen=True, slots=True)
class Before:
    """A receipt by which an order has received the same before."""

    serial_number: int
    received_on: date


@dataclass(frozen=True, slots=True)
class Recorded:
    """A receipt's number, and where its order's stream and the order stand with it."""

    serial_number: int
    sequence: int
    closed_on: date | None
    before: Before | None
    """By which the same was received before."""


def _recorded(
    serial_number: int | None,
    sequence: int,
    closed_on: date | None,
    before: int | None,
    before_on: date,
) -> Recorded | Before:
    """Return what was recorded, or the receipt that kept it from being."""
    first = None if before is None else Before(before, before_on)
    if serial_number is None and first is not None:
        return first
    return Recorded(serial_number or 0, sequence, closed_on, first)


STANDS = """EXISTS (
        SELECT FROM goods_receipt_line WHERE receipt_id = known.id AND reversed_quantity < quantity)"""
"""Whether anything is left of a `known` receipt; taken back wholly, it is as if it had never been."""

BEFORE = """
SELECT serial_number, received_on FROM goods_receipt AS known
WHERE order_id = :order_id AND NOT :another_delivery AND {stands} AND (
  lower(despatch_reference) = lower(:despatch_reference)
  OR (:despatch_reference::text IS NULL AND despatch_reference IS NULL AND NOT imported
      AND received_on = :received_on
      AND ARRAY(SELECT ROW(line_number, quantity, rejected_quantity) FROM goods_receipt_line
                WHERE receipt_id = known.id ORDER BY line_number)
        = ARRAY(SELECT ROW(line_number, quantity, rejected_quantity) FROM arrived ORDER BY line_number))
)
ORDER BY id LIMIT 1
""".replace("{stands}", STANDS)
"""Of one order the receipt of the same: of its despatch, or without one of all `arrived` on that day."""

FIND_BEFORE = Statement(
    Before,
    "WITH arrived AS (SELECT * FROM {lines} AS line ({line})) {before}",
    lines=unnest(LINE[:3], "line_"),
    line=", ".join(ARRIVED[:3]),
    before=BEFORE,
)

RECORD = Statement(
    _recorded,
    """
    WITH arrived AS (
      SELECT line.*, CASE WHEN line.closed_as IS NOT NULL THEN greatest(:received_on::date, (
        SELECT max(before.received_on) FROM goods_receipt AS before
        JOIN goods_receipt_line AS of_before ON of_before.receipt_id = before.id
        WHERE before.order_id = :order_id AND of_before.line_number = line.line_number
          AND of_before.reversed_quantity < of_before.quantity
      )) END AS closed_on
      FROM unnest({lines}, :line_closed_as::text[]) AS line ({line}, closed_as)
    ), closing AS (
      SELECT CASE WHEN :closes THEN greatest(:received_on::date, max(received_on)) END AS closed_on
      FROM goods_receipt AS known WHERE :closes AND order_id = :order_id AND {stands}
    ), before AS (
      {before}
    ), received AS ({receive}), balances AS ({receive_lines}), receipt AS (
      INSERT INTO goods_receipt (
        id, order_id, supplier_id, received_on, despatch_reference, shipment_id, ordered_by, issued_by,
        received_by, received_at, kept_apart)
      SELECT :receipt_id, id, supplier_id, :received_on, :despatch_reference, :shipment_id, created_by,
             issued_by, :actor, :now, :kept_apart
      FROM received WHERE NOT (:refuses_repeated AND EXISTS (SELECT FROM before))
      RETURNING id, serial_number
    ), lines AS (
      INSERT INTO goods_receipt_line (receipt_id, {line}) SELECT receipt.id, {line} FROM receipt, arrived
    )
    SELECT receipt.serial_number, received.sequence, received.closed_on,
           before.serial_number AS before, before.received_on AS before_on
    FROM received LEFT JOIN receipt ON true LEFT JOIN before ON true
    """,
    lines=unnest(LINE, "line_").removeprefix("unnest(").removesuffix(")"),
    line=", ".join(LINE_COLUMNS),
    stands=STANDS,
    before=BEFORE,
    receive=receiving.RECEIVE,
    receive_lines=receiving.RECEIVE_LINES,
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
    closings: Mapping[int, ClosedAs],
    kept_apart: Collection[str],
    another_delivery: bool,
    refuses_repeated: bool,
) -> Recorded | Before:
    """Write a receipt and what it changes on its locked order; the stream grows by so many events.

    When the order has received its despatch before, or the same without one on the same day, and it is not
    said to be another delivery, no receipt is written where that `refuses_repeated`, and the transaction is
    not to be committed. The lock of the order was had by a statement before this one, so that receipts are
    seen that it waited for.

    `closings` are as what lines are closed of which no more is to come; `kept_apart` are those who do not
    receive it.
    """
    return await RECORD.one(
        tx.connection,
        arrival,
        columnwise(arrival.lines, (*ARRIVED, *SAID), "line_"),
        {f"line_{name}": [_judged_by(getattr(line, name)) for line in arrival.lines] for name in JUDGED},
        order_id=order_id,
        receipt_id=receipt_id,
        status=status,
        events=events,
        closes=closes,
        actor=tx.actor,
        now=tx.now,
        kept_apart=sorted(kept_apart),
        another_delivery=another_delivery,
        refuses_repeated=refuses_repeated,
        line_closed_as=[closings.get(line.line_number) for line in arrival.lines],
    )


def _judged_by(tolerance: Tolerance | None) -> str | None:
    return None if tolerance is None else as_json(tolerance.content())


async def find_before(tx: Transaction, order_id: UUID, arrival: Arrival) -> Before | None:
    """Return the receipt that a locked order has of the same; None when this would be the first."""
    return await FIND_BEFORE.one_or_none(
        tx.connection,
        arrival,
        columnwise(arrival.lines, ARRIVED, "line_"),
        order_id=order_id,
        another_delivery=False,
    )


async def received_until(tx: Transaction) -> date | None:
    """Return the last day that goods arrived on; None before any did."""
    return await tx.session.scalar(select(func.max(GoodsReceipt.received_on)))
