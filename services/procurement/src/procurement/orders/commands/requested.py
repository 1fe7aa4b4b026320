"""What orders mean for requisitions: taken when ordered, given back when called off, delivered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from procurement.orders.model import PurchaseOrder, order_number
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.expected import Expected
from procurement.orders.rules.requested import check_as_requested
from procurement.requisitions.commands import ordering
from procurement.requisitions.commands.ordering import Ordering
from procurement.requisitions.queries import requested_of
from purveyor.db import Transaction

NONE = Decimal(0)


async def settle(tx: Transaction, order: PurchaseOrder, before: Mapping[int, Decimal]) -> None:
    """Count for its requisitions what the order wants now and did not before, and otherwise.

    Raises InvalidError where more is wanted than is open of what was approved.
    """
    if order.from_requisitions and (changes := _changes(before, order.wanted())):
        await tx.flush()
        await ordering.settle(tx, _named(order), changes)


async def settle_taken_back(tx: Transaction, order: PurchaseOrder, before: Mapping[int, Decimal]) -> None:
    """Count what the order wants as goods of it were taken back, and what of it has come still.

    What is wanted again and was ordered elsewhere meanwhile stays called off: that a receipt was wrong is
    true whatever has been ordered since.
    """
    if not order.from_requisitions:
        return
    await tx.flush()
    if changes := _changes(before, order.wanted()):
        refused = await ordering.settle_what_can_be(tx, _named(order), changes)
        for number, change in refused.items():
            order.line(number).cancelled_quantity += change
    accepted = {line.line_number: line.accepted_quantity for line in order.lines}
    await ordering.note_delivered(tx, order.id, accepted)


async def settle_arrival(
    tx: Transaction,
    order: Expected,
    called_off: Mapping[int, tuple[Decimal, Decimal]],
    accepted: Mapping[int, Decimal],
) -> None:
    """Count what came of a locked order and was accepted, and what it does not want as that is enough."""
    if not order.from_requisitions:
        return
    changes = {number: now - before for number, (before, now) in called_off.items() if now != before}
    if changes:
        named = Ordering(order.id, order_number(order.serial_number), order.supplier_id)
        await ordering.settle(tx, named, changes)
    await ordering.note_delivered(tx, order.id, accepted)


async def check_content(tx: Transaction, order: PurchaseOrder, content: DraftOrder) -> None:
    """Raise InvalidError for what orders of a requisition another thing than was approved."""
    if order.from_requisitions:
        check_as_requested(await requested_of(tx, order.id), content.lines)


def _named(order: PurchaseOrder) -> Ordering:
    return Ordering(order.id, order.number, order.supplier_id)


def _changes(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> dict[int, Decimal]:
    return {
        number: change
        for number in sorted(before.keys() | after.keys())
        if (change := after.get(number, NONE) - before.get(number, NONE))
    }
