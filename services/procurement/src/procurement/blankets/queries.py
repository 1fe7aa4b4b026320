"""Reads of blanket orders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from procurement.blankets import store
from procurement.blankets.model import BlanketOrder, BlanketOrderLine
from procurement.blankets.rules import BlanketStatus
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, numbered

BLANKET_ORDERS = Listing(
    name="blanket-orders",
    id=BlanketOrder.id,
    filters=(
        numbered("BO", BlanketOrder.serial_number),
        equal("status", BlanketStatus, BlanketOrder.status, "Where it stands", example="approved"),
        equal("supplier_id", UUID, BlanketOrder.supplier_id, "Of whom it is called off"),
    ),
    sorts=(
        *reversed(both_ways("id", BlanketOrder.id)),
        *both_ways("number", BlanketOrder.serial_number),
    ),
    changed=BlanketOrder.changed_in,
)


async def find_blanket_orders(tx: Transaction, asked: Asked, by: Principal) -> Found[BlanketOrder]:
    """Return a page of blanket orders, of those that the caller may see."""
    return await find(tx, store.visible_to(by.supplier_id), asked)


async def blanket_order(tx: Transaction, blanket_order_id: UUID, by: Principal) -> BlanketOrder:
    """Return a blanket order; raises NotFoundError when there is none that the caller may see."""
    wanted = store.visible_to(by.supplier_id).where(BlanketOrder.id == blanket_order_id)
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("blanket order", blanket_order_id)
    return found


async def agreed_items(tx: Transaction, items: Collection[str], business_unit: str, day: date) -> set[str]:
    """Return which items a unit may call off of some blanket order on a day; what is held is not."""
    agreed = (
        select(BlanketOrderLine.item)
        .join(BlanketOrder, BlanketOrder.id == BlanketOrderLine.blanket_order_id)
        .where(
            BlanketOrderLine.item.in_(items),
            BlanketOrder.business_unit == business_unit,
            BlanketOrder.status == BlanketStatus.APPROVED,
            BlanketOrder.held_at.is_(None),
            BlanketOrder.valid_from <= day,
            BlanketOrder.valid_to >= day,
        )
    )
    return set(await tx.session.scalars(agreed))
