"""What a buyer does with what a supplier proposes: take or return each field of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.onboarding import SupplierChangeReturned, SupplierChangeTaken
from purveyor_messaging.outbox import record
from sourcing.onboarding.commands.drafting import audited, record_of
from sourcing.onboarding.model import SupplierChange
from sourcing.onboarding.rules.changes import (
    TAKEN_BY_ANOTHER,
    ChangeStatus,
    Decided,
    Decision,
    expect_decisions,
    expect_status,
    expect_still,
    merged,
)
from sourcing.onboarding.store import changes as store
from sourcing.suppliers.commands import change_locked
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import Scheme
from sourcing.suppliers.store.rows import lock_supplier
from sourcing.suppliers.views.stated import Contact, IdentifierStated, SupplierDetails, SupplierSite


async def decide(tx: Transaction, change_id: UUID, seen: Seen, decided: Sequence[Decided]) -> SupplierChange:
    """Take or return fields; what is taken is the supplier's record from then on.

    Who the supplier is, where that is changed, is confirmed by another than who took it.
    """
    supplier = await lock_supplier(tx, (await store.get_change(tx, change_id, None)).supplier_id)
    change = await store.lock_change(tx, change_id)
    expect_version(change, seen)
    expect_status(change.status, ChangeStatus.PROPOSED)
    expect_decisions(change.waiting, decided)
    expect_another(tx.actor, change.authors, TAKEN_BY_ANOTHER)
    before = audited(change)
    taken = [one.field.value for one in decided if one.decision is Decision.TAKEN]
    if taken:
        await _take(tx, supplier, change, taken)
    fields = {one.field: one for one in change.fields}
    for one in decided:
        fields[one.field].decide(one, tx.actor, tx.now)
        if one.decision is Decision.RETURNED:
            record(tx, supplier, _returned(change, one, tx.actor))
    # Its fields are rows of their own: what is decided of them is a change of it.
    change.decisions += len(decided)
    if not change.waiting:
        change.status = ChangeStatus.DECIDED
    tx.audit("decide", "supplier_change", change.id, before=before, after=audited(change))
    return change


async def _take(tx: Transaction, supplier: Supplier, change: SupplierChange, taken: Sequence[str]) -> None:
    now = record_of(supplier)
    expect_still(now, change.record or {}, taken)
    details = _details(merged(now, change.stated, taken))
    await change_locked(tx, supplier, details, written_by=change.authors)
    told = SupplierChangeTaken(
        supplier_id=supplier.id, change_id=change.id, fields=tuple(taken), taken_by=tx.actor
    )
    record(tx, supplier, told)


def _details(stated: dict[str, Any]) -> SupplierDetails:
    """Return details of what was checked when it was stated, and of what the record had before any check."""
    parts = {
        "identifiers": [
            IdentifierStated.model_construct(scheme=Scheme(one["scheme"]), value=one["value"])
            for one in stated["identifiers"]
        ],
        "contacts": [Contact.model_construct(**one) for one in stated["contacts"]],
        "sites": [SupplierSite.model_construct(**one) for one in stated["sites"]],
    }
    return SupplierDetails.model_construct(**(stated | parts))


def _returned(change: SupplierChange, one: Decided, by: str) -> SupplierChangeReturned:
    return SupplierChangeReturned(
        supplier_id=change.supplier_id,
        change_id=change.id,
        field=one.field.value,
        reason=one.reason,
        reason_for_supplier=one.reason_for_supplier,
        returned_by=by,
    )
