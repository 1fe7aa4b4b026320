"""What is on its way, as rows: counted on the lines of orders."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from purveyor.db import Transaction
from purveyor.sql import Statement, only

ADD = Statement(
    only,
    """
    UPDATE purchase_order_line AS line
    SET under_way_quantity = line.under_way_quantity + change.quantity
    FROM unnest(:numbers::integer[], :quantities::numeric[]) AS change (line_number, quantity)
    WHERE line.order_id = :order_id AND line.line_number = change.line_number
    """,
)

ITEMS = "SELECT order_id, line_number, item FROM purchase_order_line"
"""What lines of orders are of: an item's code, or free text."""

OPEN_BY = """
SELECT part.order_id, part.line_number, part.day AS due_on
FROM (
  SELECT order_id, line_number, promised_on FROM purchase_order_line WHERE closed_as IS NULL
  UNION ALL SELECT order_id, line_number, need_by FROM purchase_order_schedule
  UNION ALL SELECT order_id, line_number, day FROM ({days}) AS known
) AS part (order_id, line_number, day)
JOIN purchase_order_line AS line USING (order_id, line_number)
JOIN purchase_order AS o ON o.id = part.order_id
WHERE part.day < {day} AND line.closed_as IS NULL
  AND o.site = {site} AND o.status = ANY(:binding::text[]) AND NOT o.hold_stops_receipts
"""
"""Lines of orders to a site that are open, each with the days before one by which it, or a part, was due.

`days` are others by which it may have been; `binding` are the statuses in which their supplier owes it.
"""


async def add(tx: Transaction, order_id: UUID, quantities: Mapping[int, Decimal]) -> None:
    """Add to what is on its way of lines of a locked order."""
    await ADD.all(
        tx.connection,
        order_id=order_id,
        numbers=list(quantities),
        quantities=list(quantities.values()),
    )
