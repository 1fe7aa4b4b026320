"""Reads of purchase orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import selectinload

from procurement.orders.model import PurchaseOrder
from procurement.orders.store.rows import visible_to
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort

NEWEST_FIRST = Sort("newest", PurchaseOrder.id, descending=True)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What orders to list; None means any."""

    serial_number: int | None = None
    status: str | None = None
    supplier_id: UUID | None = None
    site: str | None = None
    business_unit: str | None = None
    ordered_from: date | None = None
    ordered_to: date | None = None
    flagged: bool | None = None
    external_reference: str | None = None


async def order_for(tx: Transaction, order_id: UUID, by: Principal) -> PurchaseOrder:
    """Return an order with its lines; raises NotFoundError when there is none that the caller may see."""
    statement = (
        visible_to(by.supplier_id)
        .where(PurchaseOrder.id == order_id)
        .options(selectinload(PurchaseOrder.lines))
    )
    order = (await tx.session.scalars(statement)).one_or_none()
    if order is None:
        raise NotFoundError("purchase order", order_id)
    return order


async def find_orders(
    tx: Transaction, wanted: OrderFilter, page: PageRequest, by: Principal
) -> list[PurchaseOrder]:
    """Return orders without their lines, newest first: a page and one more when there is more."""
    statement = visible_to(by.supplier_id)
    for column, value in (
        (PurchaseOrder.serial_number, wanted.serial_number),
        (PurchaseOrder.status, wanted.status),
        (PurchaseOrder.supplier_id, wanted.supplier_id),
        (PurchaseOrder.site, wanted.site),
        (PurchaseOrder.business_unit, wanted.business_unit),
        (PurchaseOrder.external_reference, wanted.external_reference),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.ordered_from is not None:
        statement = statement.where(PurchaseOrder.ordered_on >= wanted.ordered_from)
    if wanted.ordered_to is not None:
        statement = statement.where(PurchaseOrder.ordered_on <= wanted.ordered_to)
    if wanted.flagged is not None:
        flagged = PurchaseOrder.flagged_at.is_not(None)
        statement = statement.where(flagged if wanted.flagged else ~flagged)
    return list(await tx.session.scalars(NEWEST_FIRST.select(statement, page)))
