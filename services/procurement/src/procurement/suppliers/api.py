"""Routes of procurement's copy of suppliers; it is read here and changed in sourcing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Reference
from procurement.suppliers import queries
from procurement.suppliers.model import Supplier as SupplierRow
from procurement.suppliers.queries import BY_ID
from procurement.suppliers.rules import SupplierStatus
from purveyor.auth import Principal, requires
from purveyor.http.pages import Page, Paging
from purveyor.http.transaction import TransactionRoute, Tx

router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:suppliers:read")]


class Approval(BaseModel):
    """A category that may be ordered, and until when."""

    category: str = Field(examples=["fasteners"])
    expires_on: date | None = Field(description="The last day; null without an end")


class Supplier(BaseModel):
    """A supplier as sourcing described it last."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0199c0de-0000-7000-8000-000000000001",
                    "number": "S-000042",
                    "legal_name": "Schraubenwerk Nord GmbH",
                    "country": "DE",
                    "status": "approved",
                    "status_reason": None,
                    "approvals": [{"category": "fasteners", "expires_on": "2027-12-31"}],
                    "onboarded_by": "sam",
                    "external_reference": None,
                    "changed_at": "2026-03-01T10:00:00Z",
                }
            ]
        },
    )

    id: UUID
    number: str
    legal_name: str
    country: str | None
    status: SupplierStatus
    status_reason: str | None
    approvals: list[Approval]
    onboarded_by: str
    external_reference: str | None
    changed_at: datetime = Field(description="When procurement heard of the last change")


def _show(supplier: SupplierRow) -> Supplier:
    return Supplier.model_validate(supplier)


@router.get("/{supplier_id}", summary="Read a supplier")
async def read_supplier(supplier_id: UUID, tx: Tx, by: Reader) -> Supplier:
    """Read a supplier and what it may be ordered for."""
    return _show(await queries.supplier_for(tx, supplier_id, by))


@router.get("", summary="Find suppliers")
async def find_suppliers(
    tx: Tx,
    by: Reader,
    page: Paging,
    status: SupplierStatus | None = None,
    external_reference: Reference | None = None,
) -> Page[Supplier]:
    """Find suppliers, in the order in which they were registered."""
    found = await queries.find_suppliers(tx, status, external_reference, page, by)
    return page.of(found, BY_ID.name, lambda supplier: (supplier.id,), _show)
