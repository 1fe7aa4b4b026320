"""What changes of an order's quantities counts for its blanket order, and for its requisitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from procurement.orders.commands import blankets, requested
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.expected import Expected
from purveyor.db import Transaction


async def settle(
    tx: Transaction, order: PurchaseOrder, before: Mapping[int, Decimal], today: date | None = None
) -> None:
    """Count what the order wants now and did not before, and otherwise; its lines have to be loaded.

    More of a blanket order is wanted only of one that may be called off today.
    """
    await blankets.settle(tx, order, before, today)
    await requested.settle(tx, order, before)


async def settle_taken_back(tx: Transaction, order: PurchaseOrder, before: Mapping[int, Decimal]) -> None:
    """Count what the order wants as goods of it were taken back; its lines have to be loaded."""
    await blankets.settle_taken_back(tx, order, before)
    await requested.settle_taken_back(tx, order, before)


async def settle_arrival(
    tx: Transaction,
    order: Expected,
    called_off: Mapping[int, tuple[Decimal, Decimal]],
    accepted: Mapping[int, Decimal],
) -> None:
    """Count what a locked order does not want as what came is enough, and what came of it."""
    await blankets.give_back(tx, order.blanket_order_id, called_off)
    await requested.settle_arrival(tx, order, called_off, accepted)


async def check_content(tx: Transaction, order: PurchaseOrder, content: DraftOrder) -> None:
    """Raise InvalidError for what was not agreed, or not requested."""
    await blankets.check_content(tx, order, content)
    await requested.check_content(tx, order, content)
