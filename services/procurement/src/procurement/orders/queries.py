"""Reads of purchase orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from procurement.orders import rules
from procurement.orders.model import PurchaseOrder
from procurement.orders.rules import Action
from procurement.sites.model import Site
from procurement.sites.rules import business_date
from procurement.suppliers.model import Supplier
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError, PreconditionFailedError, ProblemError
from purveyor.http.pages import PageRequest, Sort
from purveyor.http.preconditions import expect_version

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
    statement = visible_to(by).where(PurchaseOrder.id == order_id).options(selectinload(PurchaseOrder.lines))
    order = (await tx.session.scalars(statement)).one_or_none()
    if order is None:
        raise NotFoundError("purchase order", order_id)
    return order


async def find_orders(
    tx: Transaction, wanted: OrderFilter, page: PageRequest, by: Principal
) -> list[PurchaseOrder]:
    """Return orders without their lines, newest first: a page and one more when there is more."""
    statement = visible_to(by)
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


def visible_to(by: Principal) -> Select[PurchaseOrder]:
    """Select what a caller may see: a supplier sees its own orders, once they were issued."""
    statement = select(PurchaseOrder)
    if by.supplier_id is not None:
        statement = statement.where(
            PurchaseOrder.supplier_id == by.supplier_id, PurchaseOrder.issued_at.is_not(None)
        )
    return statement


async def locked_order(
    tx: Transaction, order_id: UUID, seen: int | None, by: Principal | None = None
) -> PurchaseOrder:
    """Lock an order; raises NotFoundError, or PreconditionFailedError unless it is as the caller saw it."""
    statement = select(PurchaseOrder) if by is None else visible_to(by)
    statement = statement.where(PurchaseOrder.id == order_id).with_for_update()
    order = (await tx.session.scalars(statement)).one_or_none()
    if order is None:
        raise NotFoundError("purchase order", order_id)
    if seen is not None:
        expect_version(order, seen)
    return order


async def named(tx: Transaction, supplier_id: UUID, site_code: str) -> tuple[Supplier, Site]:
    """Return the supplier and the site that an order names; raises InvalidError for one not known here."""
    supplier = await tx.session.get(Supplier, supplier_id)
    if supplier is None:
        raise InvalidError(
            "supplier_unknown",
            f"Supplier {supplier_id} is not known here: not registered, or its registration is on its way.",
            errors=[FieldError("/supplier_id", "not a known supplier")],
        )
    site = await tx.session.get(Site, site_code)
    if site is None:
        raise InvalidError(
            "site_unknown",
            f"No site {site_code} exists; PUT /v1/sites/{site_code} creates it.",
            errors=[FieldError("/site", "not a known site")],
        )
    return supplier, site


async def today_at(tx: Transaction, site_code: str) -> date:
    """Return the business date at a site now."""
    site = await tx.session.get_one(Site, site_code)
    return business_date(tx.now, site.time_zone)


async def refusal(tx: Transaction, order_id: UUID, seen: int, action: Action) -> ProblemError:
    """Return why a statement of the hot path changed nothing, as the rules see the order now."""
    order = await locked_order(tx, order_id, seen)
    rules.next_status(action, order.status)
    if action is Action.APPROVE:
        supplier = await tx.session.get_one(Supplier, order.supplier_id)
        rules.check_approver(tx.actor, order.created_by, supplier.onboarded_by)
    return PreconditionFailedError(
        "changed_meanwhile", "It was being changed: read it again, then decide again."
    )
