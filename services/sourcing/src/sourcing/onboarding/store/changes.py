"""What suppliers propose, in SQL."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from sourcing.onboarding.model import SupplierChange
from sourcing.onboarding.rules.changes import OPEN, ChangeStatus

CHANGES = Listing(
    name="supplier changes",
    id=SupplierChange.id,
    filters=(
        equal("status", ChangeStatus, SupplierChange.status, "Where it stands", example="proposed"),
        equal("supplier_id", UUID, SupplierChange.supplier_id, "Who wrote it"),
    ),
    sorts=both_ways("id", SupplierChange.id)[::-1],
    changed=SupplierChange.changed_in,
)


def add_change(tx: Transaction, change: SupplierChange) -> None:
    """Keep what a supplier began to write."""
    tx.session.add(change)


async def get_change(tx: Transaction, change_id: UUID, of_supplier: UUID | None) -> SupplierChange:
    """Return what a supplier wrote: to itself its own, to us once it was proposed; raises NotFoundError."""
    found = await tx.session.get(SupplierChange, change_id)
    ours = of_supplier is None
    if found is None or (found.record is None if ours else found.supplier_id != of_supplier):
        raise NotFoundError("supplier change", change_id)
    return found


async def lock_change(tx: Transaction, change_id: UUID) -> SupplierChange:
    """Return what nobody else changes meanwhile; lock its supplier first, as everybody does."""
    found: SupplierChange | None = await tx.session.get(
        SupplierChange, change_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFoundError("supplier change", change_id)
    return found


async def open_change_of(tx: Transaction, supplier_id: UUID) -> UUID | None:
    """Return what a supplier has under way."""
    found: UUID | None = await tx.session.scalar(
        select(SupplierChange.id).where(
            SupplierChange.supplier_id == supplier_id, SupplierChange.status.in_(sorted(OPEN))
        )
    )
    return found


async def find_changes(tx: Transaction, asked: Asked, of_supplier: UUID | None) -> Found[SupplierChange]:
    """Return a page of what suppliers wrote: to one of them its own, to us what was proposed."""
    shown = (
        SupplierChange.record.is_not(None)
        if of_supplier is None
        else SupplierChange.supplier_id == of_supplier
    )
    return await find(tx, select(SupplierChange).where(shown), asked)
