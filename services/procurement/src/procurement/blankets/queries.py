"""Reads of blanket orders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, select

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
        .where(BlanketOrderLine.item.in_(items), *_callable(business_unit, day))
    )
    return set(await tx.session.scalars(agreed))


@dataclass(frozen=True, slots=True)
class Agreement:
    """A line of a blanket order that leaves as much as is wanted."""

    blanket_order_id: UUID
    number: str
    line_number: int


async def agreement_for(
    tx: Transaction, item: str, unit: str, quantity: Decimal, business_unit: str, day: date
) -> Agreement | None:
    """Return of which blanket order so much may be called off on a day; of several, the first that ends."""
    wanted = (
        select(BlanketOrder, BlanketOrderLine.line_number)
        .join(BlanketOrderLine, BlanketOrder.id == BlanketOrderLine.blanket_order_id)
        .where(
            BlanketOrderLine.item == item,
            BlanketOrderLine.unit == unit,
            BlanketOrderLine.most_quantity - BlanketOrderLine.called_off_quantity >= quantity,
            *_callable(business_unit, day),
        )
        .order_by(BlanketOrder.valid_to, BlanketOrder.serial_number, BlanketOrderLine.line_number)
        .limit(1)
    )
    found = (await tx.session.execute(wanted)).one_or_none()
    return None if found is None else Agreement(found[0].id, found[0].number, found[1])


def _callable(business_unit: str, day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        BlanketOrder.business_unit == business_unit,
        BlanketOrder.status == BlanketStatus.APPROVED,
        BlanketOrder.held_at.is_(None),
        BlanketOrder.valid_from <= day,
        BlanketOrder.valid_to >= day,
    )
