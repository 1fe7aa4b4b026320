"""Promises as rows: read by order, and added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from procurement.promises.model import PurchaseOrderPromise
from procurement.promises.rules import Key, Promise
from purveyor.db import Transaction

DAYS = """
SELECT order_id, line_number, unnest(ARRAY[promised_on, moved_from]) AS day FROM purchase_order_promise
"""
"""Each day that a schedule of a line was ever promised for, or moved from."""


async def of_order(tx: Transaction, order_id: UUID) -> Mapping[Key, list[Promise]]:
    """Return what was promised of an order, by schedule, the first promise first."""
    wanted = select(PurchaseOrderPromise).where(PurchaseOrderPromise.order_id == order_id)
    found: dict[Key, list[Promise]] = defaultdict(list)
    for row in await tx.session.scalars(wanted.order_by(PurchaseOrderPromise.nth)):
        promise = row.promise()
        found[promise.key].append(promise)
    return found


def add(tx: Transaction, order_id: UUID, promises: Iterable[Promise]) -> None:
    """Add promises of a locked order."""
    tx.session.add_all(PurchaseOrderPromise.of(order_id, promise) for promise in promises)
