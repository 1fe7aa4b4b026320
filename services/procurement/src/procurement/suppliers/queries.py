"""Reads of suppliers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from procurement.suppliers.model import Supplier
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort

BY_ID = Sort("id", Supplier.id)


async def supplier_for(tx: Transaction, supplier_id: UUID, by: Principal) -> Supplier:
    """Return a supplier; raises NotFoundError when there is none that the caller may see."""
    supplier = (await tx.session.scalars(visible_to(by).where(Supplier.id == supplier_id))).one_or_none()
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier


async def find_suppliers(
    tx: Transaction, status: str | None, external_reference: str | None, page: PageRequest, by: Principal
) -> list[Supplier]:
    """Return suppliers in the order in which they were registered."""
    statement = visible_to(by)
    if status is not None:
        statement = statement.where(Supplier.status == status)
    if external_reference is not None:
        statement = statement.where(Supplier.external_reference == external_reference)
    return list(await tx.session.scalars(BY_ID.select(statement, page)))


def visible_to(by: Principal) -> Select[Supplier]:
    """Select what a caller may see: a supplier sees itself."""
    statement = select(Supplier)
    return statement if by.supplier_id is None else statement.where(Supplier.id == by.supplier_id)
