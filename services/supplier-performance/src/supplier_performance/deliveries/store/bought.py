"""What is bought of whom: how many lines of each category are promised in a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.sql import Statement, only
from supplier_performance.deliveries.rules import Window
from supplier_performance.suppliers import store as suppliers

BOUGHT = """
SELECT coalesce(present_id, supplier_id) AS supplier_id, category, count(*) AS lines
FROM order_line LEFT JOIN {merged} AS merged USING (supplier_id)
WHERE promised_on BETWEEN :first::date AND :last::date
  AND (:only::uuid[] IS NULL OR supplier_id = ANY(:only))
GROUP BY 1, 2
ORDER BY 1, 2
"""
WITH_LINES = """
SELECT DISTINCT coalesce(present_id, supplier_id)
FROM order_line LEFT JOIN {merged} AS merged USING (supplier_id)
"""
FIRST_PROMISED = "SELECT min(promised_on) FROM order_line"
WITHIN = """
SELECT count(DISTINCT order_id)
FROM order_line LEFT JOIN {merged} AS merged USING (supplier_id)
WHERE (supplier_id = :supplier_id::uuid OR present_id = :supplier_id)
  AND EXISTS (SELECT FROM unnest(:firsts::date[], :lasts::date[]) AS range (first, last)
              WHERE ordered_on BETWEEN first AND last)
"""


@dataclass(frozen=True, slots=True)
class Bought:
    """How many lines of a category a supplier has."""

    supplier_id: UUID
    category: str
    lines: int


LINES = Statement(Bought, BOUGHT, merged=suppliers.MERGED)
ORDERS_WITHIN = Statement(only, WITHIN, merged=suppliers.MERGED)
SUPPLIERS = Statement(only, WITH_LINES, merged=suppliers.MERGED)


async def lines(tx: Transaction, window: Window, suppliers: Sequence[UUID] | None) -> list[Bought]:
    """Return how many lines are promised in a window by supplier and category, of these suppliers' rows."""
    return await LINES.all(tx.connection, first=window.first, last=window.last, only=suppliers)


async def with_lines(tx: Transaction) -> list[UUID]:
    """Return every supplier that anything was ordered from, each as the one that it is at present."""
    return await SUPPLIERS.all(tx.connection)


async def first_promised(tx: Transaction) -> date | None:
    """Return the first day on which anything was promised."""
    found: date | None = await tx.connection.fetchval(FIRST_PROMISED)
    return found


async def orders_within(tx: Transaction, supplier_id: UUID, ranges: Sequence[tuple[date, date]]) -> int:
    """Return how many orders of a supplier were made on days within any of the ranges."""
    firsts, lasts = ([one[side] for one in ranges] for side in (0, 1))
    [found] = await ORDERS_WITHIN.all(tx.connection, supplier_id=supplier_id, firsts=firsts, lasts=lasts)
    return int(found)
