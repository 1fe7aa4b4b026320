"""What an event of sourcing changes in procurement's copy of a supplier."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from procurement.suppliers import store
from procurement.suppliers.model import Supplier
from procurement.suppliers.rules import SupplierStatus, order_flag
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor_contract.events.sourcing.suppliers import (
    CategoryApproval,
    SupplierDetailsChanged,
    SupplierRegistered,
)


async def register(tx: Transaction, event: SupplierRegistered) -> None:
    """Begin the copy of a supplier that became known."""
    supplier = Supplier(
        id=event.supplier_id,
        number=event.number,
        legal_name=event.legal_name,
        country=event.country,
        status=SupplierStatus.REGISTERED,
        approvals=[],
        onboarded_by=event.registered_by,
        external_reference=event.external_reference,
        changed_at=tx.now,
    )
    tx.session.add(supplier)
    await tx.flush()


async def change_details(tx: Transaction, event: SupplierDetailsChanged) -> None:
    """Take over a supplier's name and country as they are now."""
    supplier = await _locked(tx, event.supplier_id)
    supplier.legal_name = event.legal_name
    supplier.country = event.country
    supplier.changed_at = tx.now
    await tx.flush()


async def set_standing(
    tx: Transaction,
    supplier_id: UUID,
    status: SupplierStatus,
    *,
    approvals: Sequence[CategoryApproval] | None = None,
    reason: str | None = None,
) -> None:
    """Note where a supplier stands now, why, and for what it may be ordered from (None: as before)."""
    supplier = await _locked(tx, supplier_id)
    before = supplier.status
    supplier.status = status
    supplier.status_reason = reason
    supplier.order_flag = order_flag(status, reason)
    if approvals is not None:
        supplier.approvals = [approval.model_dump(mode="json") for approval in approvals]
    supplier.changed_at = tx.now
    tx.audit(
        "change_standing",
        "supplier",
        supplier_id,
        before={"status": before},
        after={"status": status, "approvals": supplier.approvals},
        reason=reason,
    )
    await tx.flush()


async def _locked(tx: Transaction, supplier_id: UUID) -> Supplier:
    supplier = await store.lock(tx, supplier_id)
    if supplier is None:
        raise NotFoundError("supplier", supplier_id)
    return supplier
