"""What people do with suppliers: register, change, qualify, suspend, end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another, with_author
from purveyor.errors import ConflictError, FieldError, InvalidError
from purveyor.imported import MAIN, SourceKey
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier, SupplierIdentity
from purveyor_messaging.outbox import record
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.identifiers import canonical_identifiers
from sourcing.suppliers.rules.identity import CONFIRMED_BY_ANOTHER, Identity
from sourcing.suppliers.rules.qualification import (
    APPROVED_BY_ANOTHER,
    WAS_APPROVED,
    Move,
    Status,
    display_number,
    in_force,
    not_offered,
)
from sourcing.suppliers.rules.search import FORM
from sourcing.suppliers.store import rows as store
from sourcing.suppliers.store.importing import Holder
from sourcing.suppliers.views.stated import SupplierDetails

INDEXED_AT_A_TIME = 200
AnswerReview = Callable[[Transaction, Supplier, str, str | None], Awaitable[None]]
"""Answers the open review of a supplier that is about to be terminated, if there is one."""


async def register(tx: Transaction, details: SupplierDetails, *, source: SourceKey | None = None) -> Supplier:
    """Make a supplier known; raises ConflictError naming who has an identifier or the reference already."""
    identifiers = canonical_identifiers(details.identifiers_as_written(), details.country)
    what = f"the external reference {source}"
    if source is not None:
        known = await store.by_external_reference(tx, source)
        if known is not None:
            raise _taken("external_reference_taken", what, known)
    number = await store.next_number(tx)
    supplier = introduce(tx, number, details, identifiers, source=source)
    if not await store.add_supplier(tx, supplier):
        raise _taken("external_reference_taken", what, None)
    await _hold_identifiers(tx, supplier, identifiers)
    return supplier


def introduce(
    tx: Transaction,
    number: int,
    details: SupplierDetails,
    identifiers: Sequence[SupplierIdentifier],
    *,
    source: SourceKey | None = None,
    registered_on: date | None = None,
    import_digest: bytes | None = None,
    proposed_by: Sequence[str] = (),
) -> Supplier:
    """Make a new supplier, which is inserted with what is told of it.

    One with an `import_digest` was registered in another system, which may not have known its country; who
    proposed that import is an author of it.
    """
    supplier = Supplier(
        id=new_id(),
        version=1,
        sequence=0,
        number=number,
        status=Status.REGISTERED,
        registered_by=tx.actor,
        authors=with_author(proposed_by, tx.actor),
        registered_at=tx.now,
        registered_on=registered_on or tx.now.date(),
        external_reference=None if source is None else source.reference,
        source_system=MAIN if source is None else source.system,
        imported=import_digest is not None,
        import_digest=import_digest,
        approvals=[],
    )
    _take_details(supplier, details, identifiers)
    record(tx, supplier, supplier.registered(identifiers))
    tx.audit("register", "supplier", supplier.id, after=_audited_details(supplier, identifiers))
    return supplier


async def change_details(
    tx: Transaction, supplier_id: UUID, seen: Seen, details: SupplierDetails
) -> Supplier:
    """Replace a supplier's details; one that is terminated stays as it was.

    One that was approved is not ordered from until another confirms a change of who it is.
    """
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    if not supplier.allowed_actions:
        detail = (
            f"Supplier {supplier.display_number} is {supplier.status}: nothing about it changes any more."
        )
        raise ConflictError("wrong_state", detail, allowed=[])
    if details.country is None and not supplier.imported:
        raise _invalid("country_required", "/country", "Say which country the supplier is in, such as DE.")
    approved = [a.category for a in supplier.approvals if in_force(a.expires_on, tx.now.date())]
    dropped = not_offered(approved, details.categories)
    if dropped:
        detail = f"It is approved for {', '.join(dropped)}: keep that among what it offers."
        raise _invalid("category_approved", "/categories", detail)
    held = {(held.scheme, held.value) for held in supplier.identifiers}
    identifiers = canonical_identifiers(details.identifiers_as_written(), details.country, held)
    before, was = _audited_details(supplier, _identifiers_of(supplier)), supplier.identity()
    _take_details(supplier, details, identifiers)
    after = _audited_details(supplier, identifiers)
    if after != before:
        supplier.note_author(tx.actor)
        now = supplier.identity(identifiers)
        record(tx, supplier, supplier.details_changed(identifiers, tx.actor, identity_changed=now != was))
        tx.audit("change_details", "supplier", supplier.id, before=before, after=after)
        _await_confirmation(tx, supplier, was, now)
        await tx.session.flush()
        await _hold_identifiers(tx, supplier, identifiers)
    return supplier


def _await_confirmation(tx: Transaction, supplier: Supplier, was: Identity, now: Identity) -> None:
    if was == now or supplier.status not in WAS_APPROVED:
        return
    before = _audited_status(supplier)
    record(tx, supplier, *supplier.change_identity(was, now, tx.actor))
    _audit(tx, "change_identity", supplier, before, supplier.status_reason)


async def confirm(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    """Vouch for who a supplier is since somebody else changed that; it is ordered from again."""
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.CONFIRM)
    expect_another(tx.actor, supplier.unconfirmed_by, CONFIRMED_BY_ANOTHER)
    before = _audited_status(supplier)
    record(tx, supplier, *supplier.confirm(tx.actor, tx.now.date()))
    _audit(tx, "confirm", supplier, before, None)
    return supplier


async def revert(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Make a supplier again who it was when it was approved; it is ordered from again.

    Raises ConflictError when another supplier has one of its numbers by now.
    """
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.REVERT)
    status, before = _audited_status(supplier), _audited_details(supplier, _identifiers_of(supplier))
    approved = SupplierIdentity.model_validate(supplier.approved_identity)
    supplier.legal_name, supplier.country = approved.legal_name, approved.country
    supplier.index_for_search(approved.identifiers)
    told_details = supplier.details_changed(approved.identifiers, tx.actor, identity_changed=False)
    record(tx, supplier, told_details)
    record(tx, supplier, *supplier.revert(reason, told, tx.actor, tx.now.date()))
    await tx.session.flush()
    await _hold_identifiers(tx, supplier, approved.identifiers)
    after = _audited_details(supplier, approved.identifiers)
    tx.audit(
        "revert",
        "supplier",
        supplier.id,
        before=before | status,
        after=after | _audited_status(supplier),
        reason=reason,
    )
    return supplier


async def submit(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    """Hand a supplier in for qualification, once what qualification looks at is known."""
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.SUBMIT)
    errors = []
    if supplier.country is None:
        errors.append(FieldError("/country", "Say first which country the supplier is in, such as DE."))
    if not supplier.categories:
        errors.append(FieldError("/categories", "Name first at least one category that it offers."))
    if errors:
        raise InvalidError("details_missing", " ".join(error.detail for error in errors), errors=errors)
    before = _audited_status(supplier)
    supplier.submit()
    supplier.note_author(tx.actor)
    tx.audit("submit", "supplier", supplier.id, before=before, after=_audited_status(supplier))
    return supplier


async def approve(
    tx: Transaction, supplier_id: UUID, seen: Seen, categories: Sequence[str], expires_on: date
) -> Supplier:
    """Allow orders to a supplier in these categories through that day.

    Approving it again adds categories, or moves the day of those it is approved for.
    """
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.APPROVE)
    expect_another(tx.actor, supplier.authors, APPROVED_BY_ANOTHER)
    if not in_force(expires_on, tx.now.date()):
        raise _invalid("expired", "/expires_on", f"The approval would have ended on {expires_on} already.")
    unknown = not_offered(categories, supplier.categories)
    if unknown:
        positions = [position for position, category in enumerate(categories) if category in unknown]
        offered = ", ".join(supplier.categories) or "nothing"
        raise InvalidError(
            "category_not_offered",
            f"The supplier offers {offered}, not {', '.join(unknown)}.",
            errors=[FieldError(f"/categories/{position}", f"It offers {offered}.") for position in positions],
        )
    before = _audited_status(supplier)
    record(tx, supplier, supplier.approve(categories, expires_on, tx.actor, tx.now))
    tx.audit("approve", "supplier", supplier.id, before=before, after=_audited_status(supplier))
    return supplier


def take_over_approval(
    tx: Transaction, supplier: Supplier, categories: Sequence[str], expires_on: date | None
) -> None:
    """Approve a supplier that is being imported, because another system had approved it."""
    before = _audited_status(supplier)
    record(tx, supplier, supplier.take_over_approval(categories, expires_on, tx.actor, tx.now))
    _audit(tx, "import_approval", supplier, before, None)


async def reject(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Refuse a supplier's qualification."""
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    before = _audited_status(supplier)
    record(tx, supplier, supplier.reject(reason, told, tx.actor))
    _audit(tx, "reject", supplier, before, reason)
    return supplier


async def suspend(tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None) -> Supplier:
    """Stop new orders to a supplier. An open review stays open: whether to end the relation is undecided."""
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    suspend_locked(tx, supplier, reason, told)
    return supplier


async def reinstate(
    tx: Transaction, supplier_id: UUID, seen: Seen, reason: str, told: str | None
) -> Supplier:
    """Allow orders to a suspended supplier again: by another than who has changed who it is meanwhile."""
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.REINSTATE)
    expect_another(tx.actor, supplier.unconfirmed_by, CONFIRMED_BY_ANOTHER)
    before = _audited_status(supplier)
    record(tx, supplier, *supplier.reinstate(reason, told, tx.actor, tx.now.date()))
    _audit(tx, "reinstate", supplier, before, reason)
    return supplier


async def terminate(
    tx: Transaction,
    supplier_id: UUID,
    seen: Seen,
    reason: str,
    told: str | None,
    answer_review: AnswerReview,
) -> Supplier:
    """End the relation with a supplier, which answers its open review too: nothing is left to decide."""
    supplier = await _lock_as_seen(tx, supplier_id, seen)
    supplier.expect_possible(Move.TERMINATE)
    await answer_review(tx, supplier, reason, told)
    terminate_locked(tx, supplier, reason, told)
    return supplier


def suspend_locked(tx: Transaction, supplier: Supplier, reason: str, told: str | None) -> None:
    """Suspend a supplier that the caller has locked."""
    before = _audited_status(supplier)
    record(tx, supplier, supplier.suspend(reason, told, tx.actor))
    _audit(tx, "suspend", supplier, before, reason)


def terminate_locked(tx: Transaction, supplier: Supplier, reason: str, told: str | None) -> None:
    """Terminate a supplier that the caller has locked."""
    before = _audited_status(supplier)
    record(tx, supplier, supplier.terminate(reason, told, tx.actor))
    _audit(tx, "terminate", supplier, before, reason)


async def index_anew(tx: Transaction) -> bool:
    """Index some suppliers whose search texts are of an older form; returns whether there are more."""
    suppliers = await store.indexed_otherwise(tx, FORM, INDEXED_AT_A_TIME)
    for supplier in suppliers:
        supplier.index_for_search(_identifiers_of(supplier))
    await store.set_index(tx, suppliers)
    return len(suppliers) == INDEXED_AT_A_TIME


async def _lock_as_seen(tx: Transaction, supplier_id: UUID, seen: Seen) -> Supplier:
    supplier = await store.lock_supplier(tx, supplier_id)
    expect_version(supplier, seen)
    return supplier


def _take_details(
    supplier: Supplier, details: SupplierDetails, identifiers: Sequence[SupplierIdentifier]
) -> None:
    supplier.legal_name = details.legal_name
    supplier.country = details.country
    supplier.categories = list(details.categories)
    supplier.contacts = [contact.model_dump(mode="json") for contact in details.contacts]
    supplier.sites = [site.model_dump(mode="json") for site in details.sites]
    supplier.index_for_search(identifiers)


async def _hold_identifiers(
    tx: Transaction, supplier: Supplier, identifiers: Sequence[SupplierIdentifier]
) -> None:
    """Give a supplier these identifiers and no others; raises ConflictError naming who has one already."""
    taken = await store.hold_identifiers(tx, supplier, [(i.scheme, i.value) for i in identifiers])
    if taken:
        scheme, value = taken[0]
        raise _taken("identifier_taken", f"{scheme} {value}", await store.holder_of(tx, scheme, value))


def identifier_taken(scheme: str, value: str, holder: Holder) -> ConflictError:
    """Return the refusal of an identifier that another supplier has."""
    return _taken("identifier_taken", f"{scheme} {value}", holder)


def _taken(code: str, what: str, holder: Supplier | Holder | None) -> ConflictError:
    if holder is None:
        return ConflictError(code, f"A supplier with {what} was registered at this very moment.")
    number = display_number(holder.number)
    return ConflictError(
        code,
        f"Supplier {number} ({holder.legal_name}) has {what} already.",
        supplier_id=str(holder.id),
        number=number,
    )


def _invalid(code: str, pointer: str, detail: str) -> InvalidError:
    return InvalidError(code, detail, errors=[FieldError(pointer, detail)])


def _identifiers_of(supplier: Supplier) -> tuple[SupplierIdentifier, ...]:
    return tuple(SupplierIdentifier(scheme=i.scheme, value=i.value) for i in supplier.identifiers)


def _audit(
    tx: Transaction, action: str, supplier: Supplier, before: dict[str, Any], reason: str | None
) -> None:
    tx.audit(action, "supplier", supplier.id, before=before, after=_audited_status(supplier), reason=reason)


def _audited_status(supplier: Supplier) -> dict[str, Any]:
    told = supplier.status_reason_for_supplier
    return {
        "status": supplier.status.value,
        "approvals": {approval.category: approval.expires_on for approval in supplier.approvals},
    } | ({} if told is None else {"reason_for_supplier": told})


def _audited_details(supplier: Supplier, identifiers: Sequence[SupplierIdentifier]) -> dict[str, Any]:
    return {
        "legal_name": supplier.legal_name,
        "country": supplier.country,
        "identifiers": [identifier.model_dump() for identifier in identifiers],
        "categories": supplier.categories,
        "contacts": [Personal(contact) for contact in supplier.contacts],
        "sites": supplier.sites,
    }
