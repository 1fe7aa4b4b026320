"""Routes of procurement's copy of suppliers; it is read here and changed in sourcing."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from procurement.suppliers import queries
from procurement.suppliers.queries import BY_ID
from procurement.suppliers.rules import SupplierStatus
from procurement.suppliers.views import Supplier
from purveyor.auth import Principal, requires
from purveyor.http.pages import Paging
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Reference

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:suppliers:read")]


@router.get("/{supplier_id}", summary="Read a supplier")
async def get_supplier(supplier_id: UUID, tx: Tx, by: Reader) -> Supplier:
    """Read a supplier and what it may be ordered for."""
    return Supplier.model_validate(await queries.supplier_for(tx, supplier_id, by))


@router.get("", summary="Find suppliers")
async def list_suppliers(
    tx: Tx,
    by: Reader,
    page: Paging,
    status: SupplierStatus | None = None,
    external_reference: Reference | None = None,
) -> Page[Supplier]:
    """Find suppliers, in the order in which they were registered."""
    found = await queries.find_suppliers(tx, status, external_reference, page, by)
    return page.of(found, BY_ID.name, lambda supplier: (supplier.id,), Supplier.model_validate)
