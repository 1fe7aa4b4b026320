"""Routes of procurement's copy of suppliers; it is read here and changed in sourcing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from procurement.suppliers import queries
from procurement.suppliers.model import Supplier as Known
from procurement.suppliers.queries import BY_ID
from procurement.suppliers.rules import SupplierStatus
from procurement.suppliers.views import Supplier, SupplierForSupplier
from purveyor.auth import Principal, refuse_to_suppliers, requires
from purveyor.http.pages import Paging
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Reference

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:suppliers:read", suppliers_too=True)]


@router.get("/{supplier_id}", summary="Read a supplier")
async def get_supplier(supplier_id: UUID, tx: Tx, by: Reader) -> Supplier | SupplierForSupplier:
    """Read a supplier and what it may be ordered for."""
    supplier = await queries.supplier_for(tx, supplier_id, by)
    return (SupplierForSupplier if by.is_supplier else Supplier).model_validate(supplier)


@router.get("", summary="Find suppliers")
async def list_suppliers(
    tx: Tx,
    by: Reader,
    page: Paging,
    status: SupplierStatus | None = None,
    external_reference: Reference | None = None,
) -> Page[Supplier] | Page[SupplierForSupplier]:
    """Find suppliers, in the order in which they were registered."""
    refuse_to_suppliers(by, external_reference=external_reference)
    found = await queries.find_suppliers(tx, status, external_reference, page, by)
    if by.is_supplier:
        return page.of(found, BY_ID.name, _place, SupplierForSupplier.model_validate)
    return page.of(found, BY_ID.name, _place, Supplier.model_validate)


def _place(supplier: Known) -> tuple[UUID]:
    return (supplier.id,)
