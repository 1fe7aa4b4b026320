"""What receipts may do to an order: lock it, and, in their own statement, move it and add up its lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from procurement.orders.rules.expected import Balance, Expected
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.sql import Statement


def _expected(
    line_number: int, category: str, quantity: Decimal, received_quantity: Decimal, **order: Any
) -> tuple[Expected, int, Balance]:
    return Expected(**order), line_number, Balance(category, quantity, received_quantity)


EXPECT = Statement(
    _expected,
    """
    SELECT o.id, o.serial_number, o.status, o.supplier_id, o.business_unit, o.ordered_on, o.created_by,
           o.issued_by, place.today, line.line_number, line.category, line.quantity, line.received_quantity
    FROM purchase_order AS o
    CROSS JOIN LATERAL ({place}) AS place
    JOIN purchase_order_line AS line ON line.order_id = o.id
    WHERE o.id = :order_id
    FOR UPDATE OF o, line
    """,
    place=sites.PLACE.format(code="o.site"),
)
"""The lines are locked too: a receipt that waited for another one sees what that one received."""

RECEIVE = """
UPDATE purchase_order
SET status = :status, version = version + 1, sequence = sequence + :events,
    closed_on = (SELECT closed_on FROM closing)
WHERE id = :order_id
RETURNING id, supplier_id, created_by, issued_by, sequence, closed_on
"""
"""What a receipt does to its locked order. Who composes it has a `closing` with the day, null while open."""

RECEIVE_LINES = """
UPDATE purchase_order_line AS line
SET received_quantity = line.received_quantity + arrived.quantity,
    rejected_quantity = line.rejected_quantity + arrived.rejected_quantity
FROM arrived
WHERE line.order_id = :order_id AND line.line_number = arrived.line_number
"""
"""What a receipt does to the order's lines. Who composes it has `arrived` rows of line and quantities."""


async def expect(tx: Transaction, order_id: UUID) -> tuple[Expected, dict[int, Balance]] | None:
    """Lock an order and its lines for goods that arrive; return it and its balances by line number."""
    rows = await EXPECT.all(tx.connection, order_id=order_id, now=tx.now)
    return (rows[0][0], {number: balance for _, number, balance in rows}) if rows else None
