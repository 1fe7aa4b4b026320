"""Routes of procurement's copy of suppliers; it is read here and changed in sourcing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from procurement.suppliers import queries
from procurement.suppliers.views import Supplier, SupplierForSupplier
from purveyor.auth import Principal, requires
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:suppliers:read", suppliers_too=True)]


@router.get("/{supplier_id}", summary="Read a supplier")
async def get_supplier(supplier_id: UUID, tx: Tx, by: Reader) -> Supplier | SupplierForSupplier:
    """Read a supplier and what it may be ordered for."""
    supplier = await queries.supplier_for(tx, supplier_id, by)
    return (SupplierForSupplier if by.is_supplier else Supplier).model_validate(supplier)


@router.get("", summary="Find suppliers")
async def list_suppliers(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.SUPPLIERS, Supplier, SupplierForSupplier)]
) -> Page[Supplier] | Page[SupplierForSupplier]:
    """Find suppliers, in the order in which they were registered unless another is asked for."""
    found = await queries.find_suppliers(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, SupplierForSupplier.model_validate)
    return asked.page(found, Supplier.model_validate)
