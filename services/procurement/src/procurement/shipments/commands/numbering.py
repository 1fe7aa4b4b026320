"""What an advice calls packages and single things is held against what was sent before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from procurement.orders.model import PurchaseOrder
from procurement.shipments import store
from procurement.shipments.rules import numbers
from procurement.shipments.rules.advising import Advice
from purveyor.db import Transaction


async def expect_given_once(
    tx: Transaction, advice: Advice, orders: Mapping[UUID, PurchaseOrder], known_items: Collection[str]
) -> None:
    """Raise ConflictError for numbers of packages and things that another shipment has.

    A serial number is unique of an item, whoever sends it; of free text it is so of one supplier. Of two
    advices at once with one number, one is told.
    """
    items = {(order.id, line.line_number): line.item for order in orders.values() for line in order.lines}
    named = numbers.things(advice.lines, items)
    ssccs = [package.sscc for package in advice.packages]
    if not named and not ssccs:
        return
    supplier_id = orders[advice.lines[0].order_id].supplier_id
    await store.lock_numbers(tx, ssccs, {item for (item, _), _ in named})
    numbers.check_given_once(
        supplier_id,
        advice.packages,
        await store.sent_packages(tx, ssccs, *numbers.taken_from(advice.shipped_on)),
        named,
        await store.things_under_way(tx, supplier_id, [thing for thing, _ in named], known_items),
    )
