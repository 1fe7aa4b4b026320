"""What receipts may do to an order: lock it, and, in their own statement, move it and add up its lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from procurement.items import store as items
from procurement.items.rules.receiving import ReceivedItem
from procurement.orders.rules.expected import Awaited, Balance, Expected, Parts
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor.imported import SourceKey
from purveyor.sql import Statement


@dataclass(frozen=True, slots=True)
class _ExpectedLine:
    """A line of an order that goods arrive for; not in force when an amendment was waited for."""

    order: Expected
    parts: Parts
    line_number: int
    balance: Balance
    item: ReceivedItem | None
    in_force: bool


def _expected(
    line_number: int, in_force: bool, received_item: Mapping[str, Any] | None, **columns: Any
) -> _ExpectedLine:
    parts = Parts(**{name: columns.pop(name) for name in Parts.__slots__})
    balance = Balance(**{name: columns.pop(name) for name in Balance.__slots__})
    item = items.received_item(received_item)
    return _ExpectedLine(Expected(**columns), parts, line_number, balance, item, in_force)


@dataclass(slots=True)
class Standing:
    """A locked order as it stands while several receipts of it are taken one after the other."""

    order: Expected
    sequence: int
    cancelled: bool
    balances: dict[int, Balance] = field(default_factory=dict)


def _standing(
    source_system: str, external_reference: str, sequence: int, cancelled: bool, **order: Any
) -> tuple[SourceKey, Standing]:
    return SourceKey(source_system, external_reference), Standing(Expected(**order), sequence, cancelled)


def _balance(order_id: UUID, line_number: int, **balance: Any) -> tuple[UUID, int, Balance]:
    return order_id, line_number, Balance(**balance)


def _schedule(line_number: int, schedule_number: int) -> tuple[int, int]:
    return line_number, schedule_number


EXPECTED = """o.id, o.serial_number, o.status, o.supplier_id, o.business_unit, o.ordered_on, o.created_by,
       o.issued_by, o.hold_reason, o.hold_stops_receipts, place.today, o.site, o.blanket_order_id,
       o.from_requisitions"""

BALANCE = ", ".join(f"line.{name}" for name in Balance.__slots__)

EXPECT = Statement(
    _expected,
    """
    SELECT {expected}, o.authors, o.approved_by, o.former_approvers, o.amended_by, o.orderers,
           seller.authors AS supplier_authors, seller.approvers AS supplier_approvers,
           ({site_authors}) AS site_authors,
           line.line_number, {balance}, known.received_item,
           o.current_version = (SELECT current_version FROM purchase_order WHERE id = :order_id) AS in_force
    FROM purchase_order AS o
    CROSS JOIN LATERAL ({place}) AS place
    CROSS JOIN LATERAL ({seller}) AS seller
    JOIN purchase_order_line AS line ON line.order_id = o.id
    LEFT JOIN LATERAL ({item}) AS known ON true
    WHERE o.id = :order_id
    FOR UPDATE OF o, line
    """,
    expected=EXPECTED,
    balance=BALANCE,
    place=sites.PLACE.format(code="o.site"),
    site_authors=sites.AUTHORS.format(code="o.site"),
    seller=suppliers.PARTS.format(supplier_id="o.supplier_id"),
    item=items.RECEIVED.format(code="line.item"),
)
"""The lines are locked too: a receipt that waited for another one sees what that one received.

One that waited for an amendment sees the order as it is now, but no line that was added: its snapshot is from
before. That it tells by the version, which the snapshot has as it was, and it has to look again.
"""

RECEIVE = """
UPDATE purchase_order
SET status = :status, version = version + 1, sequence = sequence + :events,
    receivers = array_append(array_remove(receivers, :actor), :actor),
    closed_on = (SELECT closed_on FROM closing)
WHERE id = :order_id
RETURNING id, supplier_id, created_by, issued_by, sequence, closed_on
"""
"""What a receipt does to its locked order. Who composes it has a `closing` with the day, null while open."""

CLOSING = """closed_on = coalesce(arrived.closed_on, line.closed_on),
    closed_by = CASE WHEN arrived.closed_on IS NULL THEN line.closed_by ELSE :actor END,
    closed_as = CASE WHEN arrived.closed_on IS NULL THEN line.closed_as ELSE {closed_as} END"""

RECEIVE_LINES = """
UPDATE purchase_order_line AS line
SET received_quantity = line.received_quantity + arrived.quantity,
    rejected_quantity = line.rejected_quantity + arrived.rejected_quantity,
    refused_for_good_quantity = line.refused_for_good_quantity + arrived.refused_for_good_quantity,
    cancelled_quantity = line.cancelled_quantity + arrived.cancelled_quantity,
    {closing}
FROM arrived
WHERE line.order_id = :order_id AND line.line_number = arrived.line_number
""".replace("{closing}", CLOSING.replace("{closed_as}", "arrived.closed_as"))
"""What a receipt does to the order's lines. Who composes it has `arrived` rows of line and quantities, with
the day and as what if they close the line.
"""


IMPORTED = """
SELECT o.source_system, o.external_reference, o.sequence, o.cancelled_on IS NOT NULL AS cancelled, {expected}
FROM purchase_order AS o
CROSS JOIN LATERAL ({place}) AS place
WHERE (o.external_reference, o.source_system) IN (SELECT * FROM unnest(:references::text[], :systems::text[]))
ORDER BY o.id
{locked}
"""
OF_IMPORTED = {"expected": EXPECTED, "place": sites.PLACE.format(code="o.site")}
LOOK_AT_IMPORTED = Statement(_standing, IMPORTED, **OF_IMPORTED, locked="")
LOCK_IMPORTED = Statement(_standing, IMPORTED, **OF_IMPORTED, locked="FOR UPDATE OF o")
LINES = Statement(
    _balance,
    """
    SELECT order_id, line_number, {balance}
    FROM purchase_order_line AS line WHERE order_id = ANY(:order_ids)
    """,
    balance=BALANCE,
)

IMPORTED_AS = """
SELECT id FROM purchase_order WHERE external_reference = {reference} AND source_system = {system}
"""
"""The order that a system knows by a reference."""

RECEIVE_ALL = """
UPDATE purchase_order AS o
SET status = moved.status, version = o.version + moved.receipts, sequence = moved.sequence,
    closed_on = coalesce(moved.closed_on, o.closed_on)
FROM unnest(:moved_id::uuid[], :moved_status::text[], :moved_receipts::integer[], :moved_sequence::integer[],
            :moved_closed_on::date[]) AS moved (id, status, receipts, sequence, closed_on)
WHERE o.id = moved.id
RETURNING o.id, o.supplier_id, o.source_system, o.created_by, o.issued_by
"""
"""What receipts of the past do to their locked orders."""

RECEIVE_ALL_LINES = """
UPDATE purchase_order_line AS line
SET received_quantity = line.received_quantity + arrived.quantity,
    rejected_quantity = line.rejected_quantity + arrived.rejected_quantity,
    refused_for_good_quantity = line.refused_for_good_quantity + arrived.refused_for_good_quantity,
    {closing}
FROM (
  SELECT order_id, line_number, sum(quantity) AS quantity, sum(rejected_quantity) AS rejected_quantity,
         sum(refused_for_good_quantity) AS refused_for_good_quantity, max(closed_on) AS closed_on
  FROM arrived GROUP BY order_id, line_number
) AS arrived
WHERE line.order_id = arrived.order_id AND line.line_number = arrived.line_number
""".replace("{closing}", CLOSING.replace("{closed_as}", ":closed_as"))
"""What they do to the orders' lines. Who composes it has `arrived` rows of order, line and quantities, with
the day if they close the line.
"""


SCHEDULES = Statement(
    _schedule, "SELECT line_number, schedule_number FROM purchase_order_schedule WHERE order_id = :order_id"
)


async def schedules_of(tx: Transaction, order_id: UUID) -> set[tuple[int, int]]:
    """Return the schedules of an order, by line number and their own."""
    return set(await SCHEDULES.all(tx.connection, order_id=order_id))


async def look_at_imported(tx: Transaction, orders: Collection[SourceKey]) -> dict[SourceKey, Standing]:
    """Return by key how imported orders and their lines stand."""
    return await _standings(tx, LOOK_AT_IMPORTED, orders)


async def lock_imported(tx: Transaction, orders: Collection[SourceKey]) -> dict[SourceKey, Standing]:
    """Lock imported orders for goods that arrived; return by key how they and their lines stand."""
    return await _standings(tx, LOCK_IMPORTED, orders)


async def _standings(
    tx: Transaction, statement: Statement[tuple[SourceKey, Standing]], orders: Collection[SourceKey]
) -> dict[SourceKey, Standing]:
    found = await statement.all(
        tx.connection,
        references=[key.reference for key in orders],
        systems=[key.system for key in orders],
        now=tx.now,
    )
    by_id = {standing.order.id: standing for _, standing in found}
    for order_id, number, balance in await LINES.all(tx.connection, order_ids=list(by_id)):
        by_id[order_id].balances[number] = balance
    return dict(found)


async def expect(tx: Transaction, order_id: UUID) -> Awaited | None:
    """Lock an order and its lines for goods that arrive; None when there is none."""
    rows = await EXPECT.all(tx.connection, order_id=order_id, now=tx.now)
    if rows and not rows[0].in_force:
        rows = await EXPECT.all(tx.connection, order_id=order_id, now=tx.now)
    if not rows:
        return None
    return Awaited(
        rows[0].order,
        rows[0].parts,
        {row.line_number: row.balance for row in rows},
        {row.line_number: row.item for row in rows if row.item is not None},
    )
