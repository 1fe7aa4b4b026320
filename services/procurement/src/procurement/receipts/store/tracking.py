"""Lots and serials of receipts as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from procurement.receipts.rules.arriving import Arrival
from purveyor.db import Transaction
from purveyor.sql import Statement, columnwise, only


class Kept(NamedTuple):
    """A single thing: an item's code and its serial number."""

    item: str
    serial: str


def _in_stock(item: str, serial: str, serial_number: int) -> tuple[Kept, int]:
    return Kept(item, serial), serial_number


LOCK = Statement(
    only,
    """
    SELECT pg_advisory_xact_lock(hashtextextended('purveyor serials ' || item, 0))
    FROM (SELECT DISTINCT item FROM unnest(:items::text[]) AS item ORDER BY item) AS named
    """,
)
IN_STOCK = Statement(
    _in_stock,
    """
    SELECT kept.item, kept.serial, receipt.serial_number
    FROM unnest(:items::text[], :serials::text[]) AS stated (item, serial)
    JOIN goods_receipt_serial AS kept ON (kept.item, kept.serial) = (stated.item, stated.serial)
      AND kept.reversal_id IS NULL AND NOT kept.rejected
    JOIN goods_receipt AS receipt ON receipt.id = kept.receipt_id
    """,
)
INSERT = Statement(
    only,
    """
    WITH lots AS (
      INSERT INTO goods_receipt_lot (receipt_id, line_number, lot, quantity, rejected_quantity, expires_on)
      SELECT :receipt_id, * FROM unnest(:lot_line::integer[], :lot_lot::text[], :lot_quantity::numeric[],
                                        :lot_rejected_quantity::numeric[], :lot_expires_on::date[])
    )
    INSERT INTO goods_receipt_serial (receipt_id, line_number, serial, item, rejected)
    SELECT :receipt_id, * FROM unnest(:serial_line::integer[], :serial::text[], :item::text[],
                                      :rejected::boolean[])
    """,
)


async def lock_in_stock(tx: Transaction, stated: Collection[Kept]) -> dict[Kept, int]:
    """Return which of some things are in stock, with the serial number of the receipt of each.

    Nobody else receives serials of their items until this transaction ends: of two at once, one is told.
    """
    items = [one.item for one in stated]
    await LOCK.all(tx.connection, items=items)
    serials = [one.serial for one in stated]
    return dict(await IN_STOCK.all(tx.connection, items=items, serials=serials))


async def insert(tx: Transaction, receipt_id: UUID, arrival: Arrival, items: Mapping[int, str]) -> None:
    """Write which lots and serials came with a receipt; `items` are the codes of the lines that name one."""
    lots = [(line.line_number, lot) for line in arrival.lines for lot in line.lots]
    serials = [(line, serial) for line in arrival.lines for serial in line.serials]
    if not lots and not serials:
        return
    await INSERT.all(
        tx.connection,
        columnwise([lot for _, lot in lots], ("lot", "quantity", "rejected_quantity", "expires_on"), "lot_"),
        receipt_id=receipt_id,
        lot_line=[number for number, _ in lots],
        serial_line=[line.line_number for line, _ in serials],
        serial=[serial for _, serial in serials],
        item=[items.get(line.line_number) for line, _ in serials],
        rejected=[serial in line.rejected_serials for line, serial in serials],
    )
