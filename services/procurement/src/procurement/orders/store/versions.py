"""Versions of orders that are past, as rows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from procurement.orders.model import PurchaseOrder, PurchaseOrderVersion
from procurement.orders.rules.versions import Version
from purveyor.db import Transaction

VERSIONS = "SELECT id, version FROM purchase_order"
"""Orders, each with the number of its last change: declared for who wants to know of the next one."""


async def past(tx: Transaction, order_id: UUID) -> list[Version]:
    """Return an order's versions but for the one in force, the first one first."""
    kept = select(PurchaseOrderVersion).where(PurchaseOrderVersion.order_id == order_id)
    rows = await tx.session.scalars(kept.order_by(PurchaseOrderVersion.number))
    return [row.version() for row in rows]


def keep(tx: Transaction, order: PurchaseOrder, version: Version) -> None:
    """Keep a version of an order as it is about to be past."""
    tx.session.add(PurchaseOrderVersion.of(order.id, version))
