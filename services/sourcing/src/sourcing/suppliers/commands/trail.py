"""What every command on a supplier does: lock it as it was seen, refuse a field, tell the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identity import REPRESENTATIVE
from sourcing.suppliers.store import rows as store


async def lock_as_seen(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    """Lock a supplier; raises PreconditionFailedError unless it is as the caller saw it."""
    supplier = await store.lock_supplier(tx, supplier_id)
    expect_version(supplier, seen)
    return supplier


async def lock_to_decide(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    """Lock a supplier, of which whoever acts for it decides nothing; raises ForbiddenError for those."""
    supplier = await lock_as_seen(tx, supplier_id, seen)
    expect_another(tx.actor, supplier.represented_by, REPRESENTATIVE)
    return supplier


def expect_changeable(supplier: Supplier) -> None:
    """Raise ConflictError for a supplier of which nothing changes any more."""
    if not supplier.allowed_actions:
        detail = (
            f"Supplier {supplier.display_number} is {supplier.status}: nothing about it changes any more."
        )
        raise ConflictError("wrong_state", detail, allowed=[])


def invalid(code: str, pointer: str, detail: str) -> InvalidError:
    """Return the refusal of one field."""
    return InvalidError(code, detail, errors=[FieldError(pointer, detail)])


def identifiers_of(supplier: Supplier) -> tuple[SupplierIdentifier, ...]:
    """Return the identifiers that a supplier holds."""
    return tuple(SupplierIdentifier(scheme=i.scheme, value=i.value) for i in supplier.identifiers)


def audit(
    tx: Transaction, action: str, supplier: Supplier, before: dict[str, Any], reason: str | None
) -> None:
    """Note a move of a supplier in the trail: where it stood and where it stands."""
    tx.audit(action, "supplier", supplier.id, before=before, after=audited_status(supplier), reason=reason)


def audited_status(supplier: Supplier) -> dict[str, Any]:
    """Return what the trail says of where a supplier stands."""
    told = supplier.status_reason_for_supplier
    return {
        "status": supplier.status.value,
        "approvals": {approval.category: approval.expires_on for approval in supplier.approvals},
    } | ({} if told is None else {"reason_for_supplier": told})


def audited_parent(supplier: Supplier) -> dict[str, Any]:
    """Return what the trail says of the company that a supplier belongs to."""
    return {
        "parent_id": None if supplier.parent_id is None else str(supplier.parent_id),
        "share": None if supplier.parent_share is None else str(supplier.parent_share),
        "source": supplier.parent_source,
    }


def audited_details(supplier: Supplier, identifiers: Sequence[SupplierIdentifier]) -> dict[str, Any]:
    """Return what the trail says of who a supplier is; people only by digest."""
    return {
        "legal_name": supplier.legal_name,
        "country": supplier.country,
        "identifiers": [identifier.model_dump() for identifier in identifiers],
        "categories": supplier.categories,
        "contacts": [Personal(contact) for contact in supplier.contacts],
        "sites": supplier.sites,
    }
