"""Spend follows an order through its life: issued, amended, called off, wanted again, told again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from services.sourcing.tests.spend.ordering import LAST_DAY, Order, lines, receive

from purveyor_contract.events.procurement.orders import (
    CancelledLine,
    GoodsReceiptReversed,
    GoodsReceived,
    POAmended,
    POCancelled,
    POLineClosed,
    POLineReopened,
    ReceivedLine,
    ReversedLine,
)
from sourcing.spend.rules import window
from sourcing.spend.store import spent_in

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Desk

SUPPLIER = "01a22bcf-492e-70f5-a25d-796367116d45"
CALLED_OFF = {"reason": "so", "cancelled_on": LAST_DAY, "cancelled_by": "bea"}


async def spent(desk: Desk, days: int = 365) -> dict[tuple[str, str], Decimal]:
    async with desk.context.database.transaction() as tx:
        return {
            (one.category, one.currency): one.amount.normalize()
            for one in await spent_in(tx, window(LAST_DAY, days))
        }


def received(order: Order, quantity: int, called_off: int = 0) -> Any:
    line = ReceivedLine(line_number=1, quantity=Decimal(quantity), cancelled_quantity=Decimal(called_off))
    return order.tell(
        GoodsReceived, receipt_id=uuid4(), received_on=LAST_DAY, lines=(line,), received_by="rolf"
    )


def closed(order: Order, quantity: int) -> Any:
    return order.tell(
        POLineClosed,
        line_number=1,
        cancelled_quantity=Decimal(quantity),
        closed_as="short",
        closed_on=LAST_DAY,
        reason="so",
        closed_by="bea",
    )


def reversed_(order: Order, quantity: int, called_off: int) -> Any:
    line = ReversedLine(
        line_number=1,
        quantity=Decimal(quantity),
        rejected_quantity=Decimal(0),
        refused_for_good_quantity=Decimal(0),
        cancelled_quantity=Decimal(called_off),
    )
    return order.tell(
        GoodsReceiptReversed,
        receipt_id=uuid4(),
        reversal_id=uuid4(),
        received_on=LAST_DAY,
        reversed_on=LAST_DAY,
        lines=(line,),
        reason="so",
        reversed_by="rolf",
    )


def reopened(order: Order) -> Any:
    return order.tell(
        POLineReopened,
        line_number=1,
        open_quantity=Decimal(4),
        reopened_on=LAST_DAY,
        reason="so",
        reopened_by="bea",
    )


async def test_what_is_ordered_is_spent_by_category_and_currency_on_the_orders_day(desk: Desk) -> None:
    euros, dollars = Order(SUPPLIER), Order(SUPPLIER, currency="USD")
    early = Order(SUPPLIER, ordered_on=date(2025, 11, 20))
    undated = Order(SUPPLIER, ordered_on=None)
    await receive(
        desk.context.database,
        [
            euros.issued(("fasteners", "100"), ("paper", "30"), ("fasteners", "20")),
            dollars.issued(("fasteners", "7")),
            early.issued(("fasteners", "5000")),
            undated.issued(("fasteners", "6000")),
        ],
    )
    expected = {("fasteners", "EUR"): 120, ("paper", "EUR"): 30, ("fasteners", "USD"): 7}
    assert await spent(desk) == expected
    assert await spent(desk, 366) == expected | {("fasteners", "EUR"): 5120}


@pytest.mark.parametrize("named", [True, False], ids=["lines are named", "no line is named"])
async def test_what_is_cancelled_is_not_spent_and_what_has_come_is(desk: Desk, named: bool) -> None:
    order = Order(SUPPLIER)
    off = CancelledLine(line_number=1, cancelled_quantity=Decimal(6), closed_as="short")
    await receive(
        desk.context.database,
        [
            order.issued(("fasteners", "100")),
            received(order, 4),
            order.tell(POCancelled, **CALLED_OFF, lines=(off,) if named else ()),
        ],
    )
    assert await spent(desk) == {("fasteners", "EUR"): 40}


async def test_a_line_that_is_closed_and_opened_again_is_spent_again(desk: Desk) -> None:
    order = Order(SUPPLIER)
    await receive(desk.context.database, [order.issued(("fasteners", "100")), closed(order, 6)])
    assert await spent(desk) == {("fasteners", "EUR"): 40}
    await receive(desk.context.database, [reopened(order)])
    assert await spent(desk) == {("fasteners", "EUR"): 100}


async def test_what_came_being_enough_is_spent_until_the_receipt_is_reversed(desk: Desk) -> None:
    order = Order(SUPPLIER)
    await receive(desk.context.database, [order.issued(("fasteners", "100")), received(order, 9, 1)])
    assert await spent(desk) == {("fasteners", "EUR"): 90}
    await receive(desk.context.database, [reversed_(order, 9, 0)])
    assert await spent(desk) == {("fasteners", "EUR"): 100}


async def test_an_amended_order_is_spent_as_it_is_stated_now(desk: Desk) -> None:
    order = Order(SUPPLIER)
    amended = {
        "version": 2,
        "previous_version": 1,
        "amended_on": LAST_DAY,
        "amended_by": "bea",
        "reason": "so",
        "changed": (),
    }
    first = order.issued(("fasteners", "100"), ("paper", "30"))
    second = order.tell(POAmended, **amended, **order.content, lines=lines(("bearings", "80")))
    await receive(desk.context.database, [first, second])
    assert await spent(desk) == {("bearings", "EUR"): 80, ("paper", "EUR"): 0}
