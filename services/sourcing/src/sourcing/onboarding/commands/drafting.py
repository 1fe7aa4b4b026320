"""What a supplier does with what it writes of itself: begin, save, propose, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.onboarding import SupplierChangeProposed
from purveyor_messaging.outbox import record
from sourcing.categories.queries import expect_categories
from sourcing.onboarding.model import ProposedField, SupplierChange
from sourcing.onboarding.rules.changes import ChangeStatus, Field, expect_something, expect_status
from sourcing.onboarding.store import changes as store
from sourcing.onboarding.views.stated import ChangeDraft
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import Scheme, canonical_identifiers
from sourcing.suppliers.store.rows import lock_supplier


async def draft(tx: Transaction, supplier_id: UUID, stated: ChangeDraft) -> SupplierChange:
    """Begin to write; raises ConflictError naming what the supplier has under way already."""
    supplier = await _writing(tx, supplier_id)
    await _expect_categories(tx, supplier, stated)
    under_way = await store.open_change_of(tx, supplier.id)
    if under_way is not None:
        raise ConflictError(
            "change_under_way",
            "You have a change under way: go on with that, or withdraw it first.",
            change_id=str(under_way),
        )
    change = SupplierChange(
        id=new_id(),
        version=1,
        supplier_id=supplier.id,
        status=ChangeStatus.DRAFT,
        stated=stated.content(),
        note=stated.note,
        fields=[],
    )
    change.note_author(tx.actor)
    store.add_change(tx, change)
    tx.audit("draft", "supplier_change", change.id, after=audited(change))
    return change


async def redraft(
    tx: Transaction, supplier_id: UUID, change_id: UUID, seen: Seen, stated: ChangeDraft
) -> SupplierChange:
    """Save a draft: all that it states."""
    supplier = await _writing(tx, supplier_id)
    change = await _own(tx, supplier_id, change_id, seen, ChangeStatus.DRAFT)
    await _expect_categories(tx, supplier, stated)
    before = audited(change)
    change.stated, change.note = stated.content(), stated.note
    change.note_author(tx.actor)
    tx.audit("redraft", "supplier_change", change.id, before=before, after=audited(change))
    return change


async def submit(tx: Transaction, supplier_id: UUID, change_id: UUID, seen: Seen) -> SupplierChange:
    """Propose what a draft states and the record does not say; nothing of it is the record's yet."""
    supplier = await _writing(tx, supplier_id)
    change = await _own(tx, supplier_id, change_id, seen, ChangeStatus.DRAFT)
    before = audited(change)
    change.record = record_of(supplier)
    change.stated = _canonical(change.stated, change.record)
    fields = expect_something(change.record, change.stated)
    change.note_author(tx.actor)
    change.status, change.proposed_at = ChangeStatus.PROPOSED, tx.now
    change.fields = [ProposedField(field=field, authors=list(change.authors)) for field in fields]
    told = SupplierChangeProposed(
        supplier_id=supplier.id, change_id=change.id, fields=tuple(fields), proposed_by=tx.actor
    )
    record(tx, supplier, told)
    tx.audit("submit", "supplier_change", change.id, before=before, after=audited(change))
    return change


async def withdraw(tx: Transaction, supplier_id: UUID, change_id: UUID, seen: Seen) -> SupplierChange:
    """Give up what was not decided yet; what was taken of it stays taken."""
    await _writing(tx, supplier_id)
    change = await _own(tx, supplier_id, change_id, seen, ChangeStatus.DRAFT, ChangeStatus.PROPOSED)
    before = audited(change)
    change.status = ChangeStatus.WITHDRAWN
    tx.audit("withdraw", "supplier_change", change.id, before=before, after=audited(change))
    return change


def record_of(supplier: Supplier) -> dict[str, Any]:
    """Return what a supplier's record says, by the names of what it may propose."""
    return {
        Field.LEGAL_NAME.value: supplier.legal_name,
        Field.COUNTRY.value: supplier.country,
        Field.IDENTIFIERS.value: [{"scheme": i.scheme, "value": i.value} for i in supplier.identifiers],
        Field.CONTACTS.value: list(supplier.contacts),
        Field.CATEGORIES.value: list(supplier.categories),
        Field.SITES.value: list(supplier.sites),
    }


def audited(change: SupplierChange) -> dict[str, Any]:
    """Return what the trail says of a change; people only by digest."""
    contacts = change.stated.get("contacts")
    people = {} if contacts is None else {"contacts": [Personal(one) for one in contacts]}
    decided = {one.field.value: one.decision for one in change.fields}
    return {"status": change.status.value, "stated": {**change.stated, **people}, "decided": decided}


def _canonical(stated: dict[str, Any], record_now: dict[str, Any]) -> dict[str, Any]:
    """Return what is stated with its numbers in their one form; raises InvalidError naming wrong ones."""
    if stated.get("identifiers") is None:
        return stated
    written = [(Scheme(one["scheme"]), one["value"]) for one in stated["identifiers"]]
    held = {(one["scheme"], one["value"]) for one in record_now["identifiers"]}
    numbers = canonical_identifiers(written, stated.get("country") or record_now["country"], held)
    return stated | {"identifiers": [one.model_dump() for one in numbers]}


async def _expect_categories(tx: Transaction, supplier: Supplier, stated: ChangeDraft) -> None:
    """Raise InvalidError for categories that there are not: a supplier makes none by offering it.

    Which ones there are that are like it is not told to a supplier.
    """
    offered = stated.stated.categories or []
    await expect_categories(tx, offered, "/stated/categories", but=supplier.categories, suggest=False)


async def _writing(tx: Transaction, supplier_id: UUID) -> Supplier:
    supplier = await lock_supplier(tx, supplier_id)
    if not supplier.allowed_actions:
        detail = (
            f"Supplier {supplier.display_number} is {supplier.status}: nothing about it changes any more."
        )
        raise ConflictError("wrong_state", detail, allowed=[])
    return supplier


async def _own(
    tx: Transaction, supplier_id: UUID, change_id: UUID, seen: Seen, *allowed: ChangeStatus
) -> SupplierChange:
    """Lock a change of a supplier's own as it was seen; raises NotFoundError for another's."""
    await store.get_change(tx, change_id, supplier_id)
    change = await store.lock_change(tx, change_id)
    expect_version(change, seen)
    expect_status(change.status, *allowed)
    return change
