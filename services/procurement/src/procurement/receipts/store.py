"""Goods receipts in SQL: one statement writes a receipt, or a set of them, and what that does to orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.store import receiving
from procurement.receipts.model import GoodsReceipt, GoodsReceiptLine
from procurement.receipts.rules import Arrival, ArrivedLine
from purveyor.db import Transaction
from purveyor.imported import SourceKey
from purveyor.sql import Statement, columnwise, only, unnest

ARRIVED = ArrivedLine.__slots__
LINE_COLUMNS = (*ARRIVED, "tolerance_version")
LINE = [GoodsReceiptLine.__table__.c[name] for name in LINE_COLUMNS]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A receipt's number, and where its order's stream and the order stand with it.

    There is none when the order had received the same before: `before` and `before_on` tell that receipt.
    """

    serial_number: int | None
    sequence: int
    closed_on: date | None
    before: int | None
    before_on: date | None


RECORD = Statement(
    Recorded,
    """
    WITH arrived AS (
      SELECT line.*, CASE WHEN closes THEN greatest(:received_on::date, (
        SELECT max(before.received_on) FROM goods_receipt AS before
        JOIN goods_receipt_line AS of_before ON of_before.receipt_id = before.id
        WHERE before.order_id = :order_id AND of_before.line_number = line.line_number
      )) END AS closed_on
      FROM unnest({lines}, :line_closes::boolean[]) AS line ({line}, closes)
    ), closing AS (
      SELECT CASE WHEN :closes THEN greatest(:received_on::date, max(received_on)) END AS closed_on
      FROM goods_receipt WHERE :closes AND order_id = :order_id
    ), before AS (
      SELECT serial_number, received_on FROM goods_receipt AS known
      WHERE order_id = :order_id AND NOT :another_delivery AND (
        lower(despatch_reference) = lower(:despatch_reference)
        OR (:despatch_reference::text IS NULL AND despatch_reference IS NULL AND NOT imported
            AND received_on = :received_on
            AND ARRAY(SELECT ROW(line_number, quantity, rejected_quantity) FROM goods_receipt_line
                      WHERE receipt_id = known.id ORDER BY line_number)
              = ARRAY(SELECT ROW(line_number, quantity, rejected_quantity) FROM arrived ORDER BY line_number))
      )
      ORDER BY id LIMIT 1
    ), received AS ({receive}), balances AS ({receive_lines}), receipt AS (
      INSERT INTO goods_receipt (
        id, order_id, supplier_id, received_on, despatch_reference, ordered_by, issued_by, received_by,
        received_at, kept_apart)
      SELECT :receipt_id, id, supplier_id, :received_on, :despatch_reference, created_by, issued_by, :actor,
             :now, :kept_apart
      FROM received WHERE NOT EXISTS (SELECT FROM before)
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
    receive=receiving.RECEIVE,
    receive_lines=receiving.RECEIVE_LINES,
)


class OrderAndReference(NamedTuple):
    """What a receipt of the past is known by: where it comes from, its order's key and its own reference."""

    order: SourceKey
    reference: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a receipt of the past: the receipt if it is there already, and the order if it is."""

    order_id: UUID | None
    receipt_id: UUID | None
    import_digest: bytes | None


UNKNOWN = Found(None, None, None)


@dataclass(frozen=True, slots=True)
class PastReceipt:
    """A receipt of the past that is not here yet."""

    id: UUID
    order_id: UUID
    arrival: Arrival
    external_reference: str
    import_digest: bytes
    completed: Mapping[int, date]
    """The lines of which no more is to come, each with the day of that."""


@dataclass(frozen=True, slots=True)
class MovedOrder:
    """Where a locked order stands after all its receipts of a set; the day if they closed it."""

    id: UUID
    status: str
    receipts: int
    sequence: int
    closed_on: date | None


MOVED = MovedOrder.__slots__


def _found(system: str, order: str, reference: str, **found: Any) -> tuple[OrderAndReference, Found]:
    return OrderAndReference(SourceKey(system, order), reference), Found(**found)


def _last_day(order_id: UUID, line_number: int, received_on: date) -> tuple[tuple[UUID, int], date]:
    return (order_id, line_number), received_on


FIND_PAST = Statement(
    _found,
    """
    SELECT stated.system, stated.order_reference AS order, stated.reference, imported.id AS order_id,
           receipt.id AS receipt_id, receipt.import_digest
    FROM unnest(:systems::text[], :orders::text[], :references::text[])
         AS stated (system, order_reference, reference)
    JOIN LATERAL ({imported}) AS imported ON true
    LEFT JOIN goods_receipt AS receipt
      ON receipt.order_id = imported.id AND receipt.external_reference = stated.reference
    """,
    imported=receiving.IMPORTED_AS.format(reference="stated.order_reference", system="stated.system"),
)

LAST_DAYS = Statement(
    _last_day,
    """
    SELECT order_id, line_number, max(received_on) AS received_on
    FROM goods_receipt JOIN goods_receipt_line ON receipt_id = id
    WHERE order_id = ANY(:order_ids) GROUP BY order_id, line_number
    """,
)

RECORD_PAST = Statement(
    only,
    """
    WITH arrived AS (
      SELECT * FROM unnest(:line_receipt_id::uuid[], :line_order_id::uuid[], {lines}, :line_closed_on::date[])
                    AS arrived (receipt_id, order_id, {line}, closed_on)
    ), received AS ({receive}), balances AS ({receive_lines}), receipt AS (
      INSERT INTO goods_receipt (
        id, order_id, supplier_id, received_on, despatch_reference, ordered_by, issued_by, received_by,
        received_at, imported, source_system, external_reference, import_digest)
      SELECT stated.id, received.id, received.supplier_id, stated.received_on, stated.despatch_reference,
             received.created_by, received.issued_by, :actor, :now, true, received.source_system,
             stated.external_reference, stated.import_digest
      FROM unnest(:receipt_id::uuid[], :receipt_order_id::uuid[], :receipt_received_on::date[],
                  :receipt_despatch_reference::text[], :receipt_external_reference::text[],
                  :receipt_import_digest::bytea[]) WITH ORDINALITY
           AS stated (id, order_id, received_on, despatch_reference, external_reference, import_digest, nth)
      JOIN received ON received.id = stated.order_id
      ORDER BY nth
    ), lines AS (
      INSERT INTO goods_receipt_line (receipt_id, {line}) SELECT receipt_id, {line} FROM arrived
    )
    SELECT count(*) FROM received
    """,
    lines=unnest(LINE[: len(ARRIVED)], "line_").removeprefix("unnest(").removesuffix(")"),
    line=", ".join(ARRIVED),
    receive=receiving.RECEIVE_ALL,
    receive_lines=receiving.RECEIVE_ALL_LINES,
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
    completed: Collection[int],
    kept_apart: Collection[str],
    tolerances: Mapping[int, int],
    another_delivery: bool,
) -> Recorded:
    """Write a receipt and what it changes on its locked order; the stream grows by so many events.

    When the order has received its despatch before, or the same without one on the same day, and it is not
    said to be another delivery, no receipt is written, and the transaction is not to be committed. The lock
    of the order was had by a statement before this one, so that receipts are seen that it waited for.

    `completed` are the lines of which no more is to come; `kept_apart` are those who do not receive it;
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
        kept_apart=sorted(kept_apart),
        another_delivery=another_delivery,
        closed_as=ClosedAs.COMPLETE,
        line_closes=[line.line_number in completed for line in arrival.lines],
        line_tolerance_version=[tolerances[line.line_number] for line in arrival.lines],
    )


async def of_the_past(tx: Transaction, keys: Sequence[OrderAndReference]) -> list[Found]:
    """Return what is known here of receipts of the past, each by its order's key and its own reference."""
    found = await FIND_PAST.all(
        tx.connection,
        systems=[key.order.system for key in keys],
        orders=[key.order.reference for key in keys],
        references=[key.reference for key in keys],
    )
    by_key = dict(found)
    return [by_key.get(key, UNKNOWN) for key in keys]


async def last_days(tx: Transaction, order_ids: Collection[UUID]) -> dict[tuple[UUID, int], date]:
    """Return the last day on which goods of each line of some orders arrived, where any did."""
    return dict(await LAST_DAYS.all(tx.connection, order_ids=list(order_ids)))


async def insert_past(tx: Transaction, receipts: Sequence[PastReceipt], moved: Sequence[MovedOrder]) -> None:
    """Write receipts of the past, in their order, and what they change on their locked orders."""
    lines = [(receipt, line) for receipt in receipts for line in receipt.arrival.lines]
    await RECORD_PAST.all(
        tx.connection,
        columnwise(receipts, ("id", "order_id", "external_reference", "import_digest"), "receipt_"),
        columnwise(
            [receipt.arrival for receipt in receipts], ("received_on", "despatch_reference"), "receipt_"
        ),
        columnwise([line for _, line in lines], ARRIVED, "line_"),
        columnwise(moved, MOVED, "moved_"),
        line_receipt_id=[receipt.id for receipt, _ in lines],
        line_order_id=[receipt.order_id for receipt, _ in lines],
        line_closed_on=[receipt.completed.get(line.line_number) for receipt, line in lines],
        closed_as=ClosedAs.COMPLETE,
        actor=tx.actor,
        now=tx.now,
    )


async def received_until(tx: Transaction) -> date | None:
    """Return the last day that goods arrived on; None before any did."""
    return await tx.session.scalar(select(func.max(GoodsReceipt.received_on)))
