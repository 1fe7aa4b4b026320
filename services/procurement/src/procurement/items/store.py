"""Items in SQL: locked by their ids, found by their numbers, and what orders may know of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.items.model import Item
from procurement.items.rules.conversions import Units
from procurement.items.rules.ordering import Known
from procurement.items.rules.receiving import ReceivedItem, Scanned
from purveyor.db import Transaction
from purveyor.sql import Statement, columnwise

ORDERED = """
SELECT jsonb_object_agg(code, jsonb_build_object(
  'category', category, 'retired_from', retired_from, 'base_unit', base_unit, 'conversions', conversions
)) AS known
FROM item WHERE code = ANY({codes})
"""
"""What orders know of the items among some codes, as `known_items` reads it; null where there are none."""


RECEIVED = """
SELECT jsonb_build_object(
  'base_unit', base_unit, 'conversions', conversions,
  'over_receipt_tolerance', over_receipt_tolerance::text,
  'under_receipt_tolerance', under_receipt_tolerance::text,
  'tracked_by', tracked_by, 'least_remaining_life_days', least_remaining_life_days
) AS received_item
FROM item AS known_item WHERE known_item.code = {code}
"""
"""What the dock has to know of the item of a code, as `received_item` reads it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A GTIN, the item that it is printed on, and the unit of it."""

    gtin: str
    item_id: UUID
    unit: str


def known_items(known: Mapping[str, Any] | None) -> dict[str, Known]:
    """Return what orders know of items by their codes, from a row of `ORDERED`."""
    return {
        code: Known(
            category=item["category"],
            retired_from=item["retired_from"] and date.fromisoformat(item["retired_from"]),
            units=Units.of(item["base_unit"], item["conversions"]),
        )
        for code, item in (known or {}).items()
    }


def received_item(known: Mapping[str, Any] | None) -> ReceivedItem | None:
    """Return what the dock has to know of an item, from a row of `RECEIVED`; None where it is none."""
    return None if known is None else _item_of(known)


def _item_of(known: Mapping[str, Any]) -> ReceivedItem:
    return ReceivedItem(
        units=Units.of(known["base_unit"], known["conversions"]),
        over_receipt_tolerance=_decimal(known["over_receipt_tolerance"]),
        under_receipt_tolerance=_decimal(known["under_receipt_tolerance"]),
        tracked_by=known["tracked_by"],
        least_remaining_life_days=known["least_remaining_life_days"],
    )


def _of_code(code: str, known: Mapping[str, Any] | None) -> tuple[str, ReceivedItem | None]:
    return code, received_item(known)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _scanned(code: str, unit: str, received_item: Mapping[str, Any]) -> Scanned:
    item = _item_of(received_item)
    return Scanned(code, unit, item)


FIND_SCANNED = Statement(
    _scanned,
    """
    SELECT item.code, printed.unit, known.received_item
    FROM item_gtin AS printed JOIN item ON item.id = printed.item_id
    CROSS JOIN LATERAL ({received}) AS known
    WHERE printed.gtin = :gtin
    """,
    received=RECEIVED.format(code="item.code"),
)
FIND_ORDERED: Statement[dict[str, Known]] = Statement(known_items, ORDERED, codes=":codes")
FIND_RECEIVED = Statement(
    _of_code,
    "SELECT item.code, known.received_item AS known FROM item CROSS JOIN LATERAL ({received}) AS known"
    " WHERE item.code = ANY(:codes)",
    received=RECEIVED.format(code="item.code"),
)
FIND_PRINTED = Statement(Printed, "SELECT gtin, item_id, unit FROM item_gtin WHERE gtin = ANY(:gtins)")
FORGET_PRINTED: Statement[None] = Statement(
    lambda **_: None, "DELETE FROM item_gtin WHERE item_id = ANY(:item_ids)"
)
PRINT: Statement[None] = Statement(
    lambda **_: None,
    """
    INSERT INTO item_gtin (gtin, item_id, unit)
    SELECT * FROM unnest(:gtin::text[], :item_id::uuid[], :unit::text[])
    """,
)


async def ordered(tx: Transaction, codes: Collection[str]) -> dict[str, Known]:
    """Return what orders know of the items among some codes."""
    return await FIND_ORDERED.one(tx.connection, codes=list(codes))


async def received(tx: Transaction, codes: Collection[str]) -> dict[str, ReceivedItem]:
    """Return what is known where goods arrive of the items among some codes."""
    found = await FIND_RECEIVED.all(tx.connection, codes=list(codes))
    return {code: item for code, item in found if item is not None}


async def printed(tx: Transaction, gtins: Collection[str]) -> dict[str, Printed]:
    """Return what GTINs are printed on, as far as it is known."""
    found = await FIND_PRINTED.all(tx.connection, gtins=list(gtins))
    return {one.gtin: one for one in found}


async def scanned(tx: Transaction, gtin: str) -> Scanned | None:
    """Return what a GTIN, in fourteen digits, stands on; None where nobody has said that."""
    return await FIND_SCANNED.one_or_none(tx.connection, gtin=gtin)


async def print_anew(tx: Transaction, item_ids: Collection[UUID], numbers: Sequence[Printed]) -> None:
    """Replace the GTINs of items."""
    await FORGET_PRINTED.all(tx.connection, item_ids=list(item_ids))
    await PRINT.all(tx.connection, columnwise(numbers, Printed.__slots__))


async def lock(tx: Transaction, item_id: UUID) -> Item | None:
    """Lock an item's row, which holds its stream's counter."""
    return await tx.session.get(Item, item_id, with_for_update=True)
