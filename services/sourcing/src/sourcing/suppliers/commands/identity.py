"""Who a supplier is: changed by one, confirmed by another, or made again what was approved."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.versions import Seen
from purveyor_contract.events.sourcing.suppliers import SupplierIdentity
from purveyor_messaging.outbox import record
from sourcing.categories import commands as categories
from sourcing.categories.queries import ancestors_of_each
from sourcing.suppliers.commands.registering import expect_made, hold_identifiers, take_details
from sourcing.suppliers.commands.trail import (
    audit,
    audited_details,
    audited_parent,
    audited_status,
    expect_changeable,
    identifiers_of,
    invalid,
    lock_as_seen,
    lock_to_decide,
)
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.model.phones import known_phones, note_phones
from sourcing.suppliers.rules.belonging import expect_apart
from sourcing.suppliers.rules.identifiers import canonical_identifiers
from sourcing.suppliers.rules.identity import CONFIRMED_BY_ANOTHER, Identity
from sourcing.suppliers.rules.qualification import (
    WAS_APPROVED,
    Move,
    in_force,
    not_offered,
)
from sourcing.suppliers.store import belonging
from sourcing.suppliers.store.rows import get_supplier
from sourcing.suppliers.views.stated import SupplierDetails


async def change_details(
    tx: Transaction, supplier_id: UUID, seen: Seen, details: SupplierDetails
) -> Supplier:
    """Replace a supplier's details; one that is terminated stays as it was.

    One that was approved is not ordered from until another confirms a change of who it is.
    """
    supplier = await lock_as_seen(tx, supplier_id, seen)
    await change_locked(tx, supplier, details)
    return supplier


async def change_locked(
    tx: Transaction, supplier: Supplier, details: SupplierDetails, *, written_by: Sequence[str] = ()
) -> None:
    """Replace the details of a supplier that the caller has locked.

    Who of the supplier's own people wrote them is an author beside who takes them: neither confirms it.
    """
    expect_changeable(supplier)
    if details.country is None and not supplier.imported:
        raise invalid("country_required", "/country", "Say which country the supplier is in, such as DE.")
    approved = [a.category for a in supplier.approvals if in_force(a.expires_on, tx.now.date())]
    await categories.admit(tx, details.categories, "/categories", before=supplier.categories)
    await expect_made(tx, details)
    dropped = not_offered(approved, details.categories, await ancestors_of_each(tx, approved))
    if dropped:
        detail = f"It is approved for {', '.join(dropped)}: keep that among what it offers."
        raise invalid("category_approved", "/categories", detail)
    held = {(held.scheme, held.value) for held in supplier.identifiers}
    identifiers = canonical_identifiers(details.identifiers_as_written(), details.country, held)
    before, was = audited_details(supplier, identifiers_of(supplier)), supplier.identity()
    phones = known_phones(supplier)
    take_details(supplier, details, identifiers)
    note_phones(supplier, phones, tx.actor, tx.now, written_by)
    after = audited_details(supplier, identifiers)
    if after != before:
        for author in (*written_by, tx.actor):
            supplier.note_author(author)
        now = supplier.identity(identifiers)
        record(tx, supplier, supplier.details_changed(identifiers, tx.actor, identity_changed=now != was))
        tx.audit("change_details", "supplier", supplier.id, before=before, after=after)
        await_confirmation(tx, supplier, was, now, written_by)
        await tx.session.flush()
        await hold_identifiers(tx, supplier, identifiers)


def await_confirmation(
    tx: Transaction, supplier: Supplier, was: Identity, now: Identity, written_by: Sequence[str] = ()
) -> None:
    """Keep a locked supplier that stands by an approval from being ordered from until another confirms."""
    if was == now or supplier.status not in WAS_APPROVED:
        return
    before = audited_status(supplier)
    record(tx, supplier, *supplier.change_identity(was, now, tx.actor, written_by))
    audit(tx, "change_identity", supplier, before, supplier.status_reason)


async def confirm(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    """Vouch for who a supplier is since somebody else changed that; it is ordered from again."""
    supplier = await lock_to_decide(tx, supplier_id, seen)
    supplier.expect_possible(Move.CONFIRM)
    expect_another(tx.actor, supplier.unconfirmed_by, CONFIRMED_BY_ANOTHER)
    before = audited_status(supplier)
    record(tx, supplier, *supplier.confirm(tx.actor, tx.now.date()))
    audit(tx, "confirm", supplier, before, None)
    return supplier


async def _belong_again(tx: Transaction, supplier: Supplier, parent_id: UUID | None) -> None:
    """Let a supplier belong to the company again that it did; raises ConflictError where that is its own."""
    if supplier.parent_id == parent_id:
        return
    if parent_id is not None:
        parent = await get_supplier(tx, parent_id)
        above = await belonging.above(tx, parent_id)
        expect_apart(supplier.display_number, parent.display_number, supplier.id, above)
    before = audited_parent(supplier)
    record(tx, supplier, supplier.belong_to(parent_id, None, None, tx.actor))
    tx.audit("state_parent", "supplier", supplier.id, before=before, after=audited_parent(supplier))


async def revert(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Make a supplier again who it was when it was approved; it is ordered from again.

    Raises ConflictError when another supplier has one of its numbers by now.
    """
    await belonging.change_one_at_a_time(tx)
    supplier = await lock_to_decide(tx, supplier_id, seen)
    supplier.expect_possible(Move.REVERT)
    status, before = audited_status(supplier), audited_details(supplier, identifiers_of(supplier))
    approved = SupplierIdentity.model_validate(supplier.approved_identity)
    await _belong_again(tx, supplier, approved.parent_id)
    supplier.legal_name, supplier.country = approved.legal_name, approved.country
    supplier.index_for_search(approved.identifiers)
    told_details = supplier.details_changed(approved.identifiers, tx.actor, identity_changed=False)
    record(tx, supplier, told_details)
    record(tx, supplier, *supplier.revert(reason, told, tx.actor, tx.now.date()))
    await tx.session.flush()
    await hold_identifiers(tx, supplier, approved.identifiers)
    after = audited_details(supplier, approved.identifiers)
    tx.audit(
        "revert",
        "supplier",
        supplier.id,
        before=before | status,
        after=after | audited_status(supplier),
        reason=reason,
    )
    return supplier
