"""What is overdue is found as a business day begins at a site, and told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from procurement.orders.commands.shipping import lock_to_ship
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules.schedules import schedules_of
from procurement.orders.rules.states import BINDING
from procurement.promises import store as promises
from procurement.promises.rules import dates_of
from procurement.shipments import store
from procurement.shipments.model import overdue_event
from procurement.shipments.rules.overdue import OnItsWay, OpenLine, Overdue, Part, overdue
from purveyor.db import Transaction
from purveyor_messaging.outbox import record

ORDERS_A_BATCH = 100
LOOK_EVERY = timedelta(seconds=1)


async def begin_day(tx: Transaction, business_date: date) -> None:
    """Note when a business date begins at each site: from then on its deliveries are looked at."""
    await store.begin_days(tx, business_date)


async def find_overdue_deliveries(tx: Transaction) -> bool:
    """Tell what is overdue of a batch of a site's orders, whose day has begun; → DeliveryOverdue.

    Returns whether there may be more.
    """
    begun = await store.day_begun(tx)
    if begun is None:
        return False
    order_ids = await store.overdue_orders(tx, begun, ORDERS_A_BATCH)
    orders = await lock_to_ship(tx, order_ids)
    under_way = await store.on_their_way(tx, order_ids)
    for order in orders.values():
        await _tell(tx, order, under_way[order.id], begun.day)
    await tx.flush()
    if len(order_ids) < ORDERS_A_BATCH:
        await store.end_day(tx, begun)
    else:
        await store.look_on(tx, begun, order_ids[-1])
    return True


async def _tell(tx: Transaction, order: PurchaseOrder, under_way: list[OnItsWay], today: date) -> None:
    """Tell of a locked order what is overdue and was not told."""
    known = await store.told(tx, order.id)
    parts = await _parts(tx, order)
    late = [
        one for one in _late(order, parts, under_way, today) if (one.line_number, one.due_on) not in known
    ]
    for one in late:
        record(tx, order, overdue_event(order, one, today))
    store.tell(tx, order.id, late, today)
    if late:
        tx.audit("find_overdue", "purchase_order", order.id, after={"overdue": late})


async def _parts(tx: Transaction, order: PurchaseOrder) -> dict[int, list[Part]]:
    """Return the schedules of each open line, each with the day by which it is due as promises stand."""
    promised = await promises.of_order(tx, order.id)
    return {
        line.line_number: [
            Part(
                dates_of(one.need_by, promised.get((line.line_number, one.schedule_number), [])).due_on,
                one.quantity,
            )
            for one in schedules_of(line.ordered())
        ]
        for line in order.lines
        if line.closed_as is None
    }


def _late(
    order: PurchaseOrder, parts: Mapping[int, list[Part]], under_way: list[OnItsWay], today: date
) -> list[Overdue]:
    if order.status not in BINDING or order.hold_stops_receipts:
        return []
    known_since = order.created_at.date() if order.imported else None
    return [
        late
        for line in order.lines
        if line.closed_as is None
        for late in overdue(
            OpenLine(
                line.line_number,
                parts[line.line_number],
                line.open_quantity,
                known_since,
            ),
            [one for one in under_way if one.line_number == line.line_number],
            today,
        )
    ]
