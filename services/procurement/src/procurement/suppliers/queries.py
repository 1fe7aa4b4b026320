"""Reads of suppliers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from procurement.suppliers.model import Supplier
from procurement.suppliers.rules import SupplierStatus
from purveyor.auth import Principal
from purveyor.countries import Country
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, whether
from purveyor.texts import Code, Reference

SUPPLIERS = Listing(
    name="suppliers",
    id=Supplier.id,
    filters=(
        equal("number", Reference, Supplier.number, "What people call it by", example="S-000042"),
        equal("status", SupplierStatus, Supplier.status, "Where it stands", example="approved"),
        equal("country", Country, Supplier.country, "Where it is registered", example="DE"),
        equal("parent_id", UUID, Supplier.parent_id, "The company that it was said to belong to", ours=True),
        whether("imported", Supplier.imported, "Whether it comes from another system", ours=True),
        equal(
            "source_system",
            Code,
            Supplier.source_system,
            "Whose `external_reference`s to look among",
            ours=True,
        ),
        equal("external_reference", Reference, Supplier.external_reference, "Its key elsewhere", ours=True),
    ),
    sorts=(
        *both_ways("id", Supplier.id),
        *both_ways("number", Supplier.number, Supplier.id),
        *both_ways("legal_name", Supplier.legal_name, Supplier.id),
    ),
    changed=Supplier.changed_in,
)


async def supplier_for(tx: Transaction, supplier_id: UUID, by: Principal) -> Supplier:
    """Return a supplier; raises NotFoundError when there is none that the caller may see."""
    supplier = (await tx.session.scalars(visible_to(by).where(Supplier.id == supplier_id))).one_or_none()
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier


async def find_suppliers(tx: Transaction, asked: Asked, by: Principal) -> Found[Supplier]:
    """Return a page of suppliers, of those that the caller may see."""
    return await find(tx, visible_to(by), asked)


def visible_to(by: Principal) -> Select[Supplier]:
    """Select what a caller may see: a supplier sees itself."""
    statement = select(Supplier)
    return statement if by.supplier_id is None else statement.where(Supplier.id == by.supplier_id)
