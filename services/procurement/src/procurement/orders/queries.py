"""Reads of purchase orders."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from procurement.orders.model import ORDERED_ON, PurchaseOrder, PurchaseOrderLine, order_number
from procurement.orders.rules.states import BINDING, Status
from procurement.orders.rules.versions import Version
from procurement.orders.store import versions
from procurement.orders.store.rows import visible_to
from procurement.suppliers.store import same_as
from purveyor.auth import Principal
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import (
    Asked,
    Filter,
    Found,
    Listing,
    between,
    both_ways,
    equal,
    find,
    numbered,
    whether,
)
from purveyor.texts import Code, Line, Reference

ORDER_NUMBER = re.compile(r"PO-([0-9]{6,18})", re.IGNORECASE)
"""How an order is called on its documents."""


def of_line(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition of orders that have a line with one of some values."""
    return PurchaseOrder.id.in_(select(PurchaseOrderLine.order_id).where(column.in_(values)))


SUPPLIER = "supplier_id"
ORDERS = Listing(
    name="orders",
    id=PurchaseOrder.id,
    filters=(
        numbered("PO", PurchaseOrder.serial_number),
        equal("status", Status, PurchaseOrder.status, "Where it stands", example="issued"),
        equal(
            SUPPLIER,
            UUID,
            PurchaseOrder.supplier_id,
            "From whom it orders, and from those that were merged into it",
        ),
        equal("site", Code, PurchaseOrder.site, "Where it is to be delivered", example="HAM-1"),
        equal("business_unit", Code, PurchaseOrder.business_unit, "Which unit orders", example="drives"),
        equal("cost_centre", Code, PurchaseOrder.cost_centre, "Which pays for it", example="4711", ours=True),
        equal("project", Code, PurchaseOrder.project, "What it is for", example="P-17", ours=True),
        Filter(
            name="category",
            kind=Code,
            test=partial(of_line, PurchaseOrderLine.category),
            description="Of a line of it",
            example="fasteners",
            several=True,
        ),
        Filter(
            name="item",
            kind=Line,
            test=partial(of_line, PurchaseOrderLine.item),
            description="Of a line of it",
            example="M8-HEX-40",
            several=True,
        ),
        *between("ordered", Day, ORDERED_ON, "Ordered on this day", nullable=PurchaseOrder.ordered_on),
        whether(
            "flagged",
            PurchaseOrder.flagged_at.is_not(None),
            "Whether something speaks against the supplier",
            ours=True,
        ),
        whether("imported", PurchaseOrder.imported, "Whether it comes from another system", ours=True),
        equal(
            "source_system",
            Code,
            PurchaseOrder.source_system,
            "Whose `external_reference`s to look among",
            ours=True,
        ),
        equal("external_reference", Reference, PurchaseOrder.external_reference, "Its key elsewhere"),
    ),
    sorts=(
        *reversed(both_ways("id", PurchaseOrder.id)),
        *both_ways("number", PurchaseOrder.serial_number),
        *both_ways("ordered_on", ORDERED_ON, PurchaseOrder.id),
    ),
    changed=PurchaseOrder.changed_in,
)


def of_orders(order_id: Any, column: str, values: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition of what belongs to an order with one of some values, say of `site`."""
    with_one = PurchaseOrder.__table__.c[column].in_(values)
    belongs: ColumnElement[bool] = order_id.in_(select(PurchaseOrder.id).where(with_one))
    return belongs


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


async def order_called(tx: Transaction, number: str, by: Principal) -> PurchaseOrder:
    """Return the order that a supplier calls by a number, ours or that of the system it was imported from.

    Raises NotFoundError when there is none that the caller may see, or more than one.
    """
    ours = ORDER_NUMBER.fullmatch(number)
    called = (
        PurchaseOrder.serial_number == int(ours[1])
        if ours is not None
        else PurchaseOrder.external_reference == number
    )
    found = list(await tx.session.scalars(visible_to(by.supplier_id).where(called).limit(2)))
    if len(found) != 1:
        raise NotFoundError("purchase order", number)
    return found[0]


async def orders_called(
    tx: Transaction, numbers: Collection[str], supplier_ids: Collection[UUID]
) -> dict[str, UUID]:
    """Return by number the orders that suppliers call so, ours or those of the system they came from.

    What is called so more than once is left out: nobody guesses which is meant.
    """
    ours = {int(known[1]): number for number in numbers if (known := ORDER_NUMBER.fullmatch(number))}
    wanted = select(PurchaseOrder.id, PurchaseOrder.serial_number, PurchaseOrder.external_reference).where(
        PurchaseOrder.supplier_id.in_(supplier_ids),
        PurchaseOrder.issued_at.is_not(None),
        or_(PurchaseOrder.serial_number.in_(ours), PurchaseOrder.external_reference.in_(numbers)),
    )
    found: dict[str, set[UUID]] = {}
    for order_id, serial_number, reference in await tx.session.execute(wanted):
        for number in numbers:
            if number in {ours.get(serial_number), reference}:
                found.setdefault(number, set()).add(order_id)
    return {number: next(iter(ids)) for number, ids in found.items() if len(ids) == 1}


async def open_lines_of(
    tx: Transaction, item: str, *, site: str | None, supplier_id: UUID | None, most: int
) -> Sequence[tuple[PurchaseOrder, PurchaseOrderLine]]:
    """Return lines of an item of which goods may arrive, those that were promised for the earliest first."""
    wanted = (
        select(PurchaseOrder, PurchaseOrderLine)
        .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
        .where(
            PurchaseOrderLine.item == item,
            PurchaseOrderLine.closed_as.is_(None),
            PurchaseOrder.status.in_(BINDING),
            PurchaseOrder.hold_stops_receipts.is_(False),
        )
        .order_by(PurchaseOrderLine.promised_on, PurchaseOrder.id, PurchaseOrderLine.line_number)
        .limit(most)
    )
    if site is not None:
        wanted = wanted.where(PurchaseOrder.site == site)
    if supplier_id is not None:
        wanted = wanted.where(PurchaseOrder.supplier_id == supplier_id)
    return [(order, line) for order, line in await tx.session.execute(wanted)]


async def find_orders(tx: Transaction, asked: Asked, by: Principal) -> Found[PurchaseOrder]:
    """Return a page of orders without their lines, of those that the caller may see.

    Those of a supplier are those of every one that was merged into it, too.
    """
    if SUPPLIER in asked.filters:
        same = await same_as(tx, asked.filters[SUPPLIER])
        asked = replace(asked, filters={**asked.filters, SUPPLIER: list(same)})
    return await find(tx, visible_to(by.supplier_id), asked)


async def with_lines(tx: Transaction, order_ids: Collection[UUID]) -> dict[UUID, PurchaseOrder]:
    """Return orders with their lines, as neighbours show parts of them."""
    wanted = select(PurchaseOrder).where(PurchaseOrder.id.in_(order_ids))
    wanted = wanted.options(selectinload(PurchaseOrder.lines)).execution_options(populate_existing=True)
    found = await tx.session.scalars(wanted)
    return {order.id: order for order in found}


async def versions_for(tx: Transaction, order_id: UUID, by: Principal) -> tuple[PurchaseOrder, list[Version]]:
    """Return an order and its versions, the one in force last; a draft has none."""
    order = await order_for(tx, order_id, by)
    if not order.current_version:
        return order, []
    return order, [*await versions.past(tx, order_id), order.version_in_force()]


async def version_for(
    tx: Transaction, order_id: UUID, number: int, by: Principal
) -> tuple[PurchaseOrder, Version]:
    """Return an order and a version of it; raises NotFoundError when there is none that may be seen."""
    order, found = await versions_for(tx, order_id, by)
    if not 0 < number <= len(found):
        raise NotFoundError("purchase order version", number)
    return order, found[number - 1]


async def standing_of(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, tuple[str, str, bool]]:
    """Return what orders are called, where they stand, and whether they were closed with what came."""
    wanted = select(PurchaseOrder.id, PurchaseOrder.serial_number, PurchaseOrder.status)
    found = await tx.session.execute(wanted.where(PurchaseOrder.id.in_(ids)))
    return {
        order_id: (order_number(serial), status, status == Status.CLOSED)
        for order_id, serial, status in found
    }
