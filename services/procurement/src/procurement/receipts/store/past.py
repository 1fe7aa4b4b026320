"""Goods receipts of the past in SQL: one statement writes a set of them, and what that does to orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.store import receiving
from procurement.receipts.rules.arriving import Arrival
from procurement.receipts.store.recording import ARRIVED, LINE
from purveyor.db import Transaction
from purveyor.imported import SourceKey
from purveyor.sql import Statement, columnwise, only, unnest


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
    WHERE order_id = ANY(:order_ids) AND reversed_quantity < quantity GROUP BY order_id, line_number
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
