"""Ordered lines in SQL: kept as procurement tells them, added up by supplier, category and currency."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from purveyor.db import Transaction
from sourcing.spend.model import OrderedLine
from sourcing.spend.rules import Spent, Window

COMMITTED = func.sum(
    OrderedLine.amount
    * func.greatest(OrderedLine.quantity - OrderedLine.called_off, cast(0, Numeric))
    / OrderedLine.quantity
)
"""What is left of what was ordered: of a line whose half was called off, half."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a version of an order states it."""

    line_number: int
    category: str
    amount: Decimal
    quantity: Decimal


async def state_order(
    tx: Transaction,
    order_id: UUID,
    lines: Sequence[Line],
    *,
    supplier_id: UUID,
    ordered_on: date | None,
    currency: str,
) -> None:
    """Keep the lines of an order as a version states them; those that it has no more were called off.

    What was called off of a line before, and what has come of it, stays.
    """
    numbers = [line.line_number for line in lines]
    of_order = {
        "order_id": order_id,
        "supplier_id": supplier_id,
        "ordered_on": ordered_on,
        "currency": currency,
    }
    await tx.session.execute(
        update(OrderedLine)
        .where(OrderedLine.order_id == order_id, OrderedLine.line_number.not_in(numbers))
        .values(called_off=OrderedLine.quantity)
    )
    stated = insert(OrderedLine).values([of_order | asdict(line) for line in lines])
    again = ("supplier_id", "ordered_on", "currency", "category", "amount", "quantity")
    await tx.session.execute(
        stated.on_conflict_do_update(
            index_elements=("order_id", "line_number"),
            set_={name: stated.excluded[name] for name in again},
        )
    )


async def call_off(tx: Transaction, order_id: UUID, quantities: Mapping[int, Decimal]) -> None:
    """Note how much of lines is wanted no more, all told."""
    for line_number, quantity in quantities.items():
        await _change(tx, order_id, line_number, called_off=quantity)


async def call_off_the_rest(tx: Transaction, order_id: UUID) -> None:
    """Note that nothing more is wanted of any line of an order than has come."""
    await tx.session.execute(
        update(OrderedLine)
        .where(OrderedLine.order_id == order_id)
        .values(called_off=func.greatest(OrderedLine.called_off, OrderedLine.quantity - OrderedLine.received))
    )


async def receive(
    tx: Transaction, order_id: UUID, line_number: int, quantity: Decimal, called_off: Decimal | None
) -> None:
    """Note what has come of a line (taken back: below zero), and what of it is wanted no more, all told.

    None: what is wanted of it stays as it was.
    """
    wanted = {} if called_off is None else {"called_off": called_off}
    await _change(tx, order_id, line_number, received=OrderedLine.received + quantity, **wanted)


async def forget_order(tx: Transaction, order_id: UUID) -> None:
    """Forget all that an order's stream has told."""
    await tx.session.execute(delete(OrderedLine).where(OrderedLine.order_id == order_id))


async def spent_in(tx: Transaction, window: Window, suppliers: Collection[UUID] | None = None) -> list[Spent]:
    """Return what was ordered in a window and not called off, of all suppliers or of some."""
    by = (OrderedLine.supplier_id, OrderedLine.category, OrderedLine.currency)
    ordered = select(*by, COMMITTED).where(OrderedLine.ordered_on.between(window.first, window.last))
    if suppliers is not None:
        ordered = ordered.where(OrderedLine.supplier_id.in_(suppliers))
    found = await tx.session.execute(ordered.group_by(*by).order_by(*by))
    return [Spent(*row) for row in found]


async def _change(tx: Transaction, order_id: UUID, line_number: int, **values: Any) -> None:
    await tx.session.execute(
        update(OrderedLine)
        .where(OrderedLine.order_id == order_id, OrderedLine.line_number == line_number)
        .values(values)
    )
