"""What call-offs mean for their blanket order: taken when ordered, given back when called off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.blankets import commands as blankets
from procurement.blankets.rules import Wanted, check_as_agreed
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules.drafts import DraftOrder
from purveyor.db import Transaction
from purveyor.errors import ConflictError


async def settle(
    tx: Transaction, order: PurchaseOrder, before: Mapping[int, Decimal], today: date | None = None
) -> None:
    """Count for a call-off's blanket order what the order wants now and did not before, and otherwise.

    More is wanted only of one that may be called off today.
    """
    if order.blanket_order_id is None:
        return
    changes = _changes(before, order.wanted())
    if not changes:
        return
    blanket = await blankets.locked(tx, order.blanket_order_id)
    if today is not None and any(change.quantity > 0 for change in changes.values()):
        blanket.check_callable(today)
    blanket.call_off(changes)
    await tx.flush()


async def settle_taken_back(tx: Transaction, order: PurchaseOrder, before: Mapping[int, Decimal]) -> None:
    """Count what a call-off wants as goods of it were taken back.

    What is wanted again and its blanket order cannot give any more stays called off, line by line: that a
    receipt was wrong is true whatever has been called off since.
    """
    if order.blanket_order_id is None:
        return
    changes = _changes(before, order.wanted())
    if not changes:
        return
    blanket = await blankets.locked(tx, order.blanket_order_id)
    for number, change in sorted(changes.items(), key=lambda one: one[1].quantity > 0):
        if change.quantity <= 0 or blanket.leaves({number: change}):
            blanket.call_off({number: change})
        else:
            order.line(number).cancelled_quantity += change.quantity
    await tx.flush()


async def give_back(
    tx: Transaction, blanket_order_id: UUID | None, wanted: Mapping[int, tuple[Decimal, Decimal]]
) -> None:
    """Give back to a call-off's blanket order what the locked call-off does not want any more.

    `wanted` is by line what it wanted before and what it does now.
    """
    changes = {number: Wanted(*both) for number, both in wanted.items()}
    if blanket_order_id is None or not changes:
        return
    blanket = await blankets.locked(tx, blanket_order_id)
    blanket.call_off(changes)
    await tx.flush()


def _changes(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> dict[int, Wanted]:
    none = Decimal(0)
    return {
        number: change
        for number in sorted(before.keys() | after.keys())
        if (change := Wanted(before.get(number, none), after.get(number, none))).quantity
    }


async def check_may_be_issued(tx: Transaction, blanket_order_id: UUID | None, today: date) -> None:
    """Raise ConflictError for a call-off whose blanket order is held, closed or not valid today."""
    if blanket_order_id is not None:
        (await blankets.locked(tx, blanket_order_id)).check_callable(today)


async def check_content(tx: Transaction, order: PurchaseOrder, content: DraftOrder) -> None:
    """Raise InvalidError for an amendment that orders on a call-off what was not agreed."""
    if order.blanket_order_id is not None:
        blanket = await blankets.locked(tx, order.blanket_order_id)
        check_as_agreed(blanket.lines, content.lines, content.charges)


def expect_no_call_off(order: PurchaseOrder) -> None:
    """Raise ConflictError for a draft that calls off: it is cancelled, and another made."""
    if order.blanket_order_id is not None:
        raise ConflictError(
            "call_off", "A call-off is not changed as a draft: cancel it, and call off again.", allowed=[]
        )
