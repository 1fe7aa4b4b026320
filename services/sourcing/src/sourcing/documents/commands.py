"""What can be done with documents: types stated, documents submitted and decided on, told of as days pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from purveyor import policies
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.duties import expect_another
from purveyor.errors import (
    FieldError,
    InvalidError,
    NotFoundError,
    PreconditionFailedError,
    PreconditionRequiredError,
)
from purveyor.policies import Place
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.documents import (
    DocumentAccepted,
    DocumentExpired,
    DocumentExpiring,
    DocumentRefused,
    DocumentSubmitted,
    DocumentWithdrawn,
)
from purveyor_messaging.outbox import record
from sourcing.categories.queries import expect_categories
from sourcing.documents import store
from sourcing.documents.model import DocumentType, SupplierDocument
from sourcing.documents.queries import MISSING_DOCUMENTS, Requirements, approved_on, requirements
from sourcing.documents.rules import (
    ACCEPTED_BY_ANOTHER,
    Consequence,
    DocumentAction,
    DocumentStatus,
    Lack,
    Standing,
    consequence,
    expect_possible,
    stage_due,
    standing,
)
from sourcing.files.commands import claim
from sourcing.suppliers.commands import block_locked, unblock_locked
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.identity import REPRESENTATIVE
from sourcing.suppliers.store.rows import approvals_in_force, blocked_by, lock_supplier

CONTENT = ("number", "issuer", "scope", "site", "valid_from", "valid_to")
DOCUMENT = "supplier_document"


@dataclass(frozen=True, slots=True)
class StatedDocument:
    """A document as somebody submits it."""

    type: str
    file_id: UUID
    content: Mapping[str, Any]


async def put_type(
    tx: Transaction, code: str, content: Mapping[str, Any], seen: Seen | None
) -> tuple[DocumentType, bool]:
    """State a type of document, as it was seen where there is one; returns it and whether it is new.

    What it is required in from now on is looked at by the job of the next day.
    """
    await expect_categories(tx, content["required_in"], "/required_in")
    known = await store.type_called(tx, code, lock=True)
    if known is None:
        if seen is not None:
            raise PreconditionFailedError(
                "changed_meanwhile", f"There is no type {code}: send no If-Match to create it."
            )
        known = DocumentType(code=code, **content)
        tx.session.add(known)
        await tx.flush()
        tx.audit("create", "document_type", code, after=content)
        return known, True
    before = {name: getattr(known, name) for name in content}
    if before == content:
        return known, False
    if seen is None:
        raise PreconditionRequiredError(
            "if_match_required", "Send If-Match with the ETag of the version that you mean to change."
        )
    expect_version(known, seen)
    for name, value in content.items():
        setattr(known, name, value)
    await tx.flush()
    tx.audit("change", "document_type", code, before=before, after=content)
    return known, False


async def submit(
    tx: Transaction, supplier_id: UUID, stated: StatedDocument, by: Principal
) -> SupplierDocument:
    """Submit a document of a supplier, which counts once somebody else accepts it; → DocumentSubmitted."""
    if not by.may_see_supplier(supplier_id):
        raise NotFoundError("supplier", supplier_id)
    supplier = await lock_supplier(tx, supplier_id)
    type_ = await store.type_called(tx, stated.type)
    if type_ is None:
        known = ", ".join(one.code for one in await store.types(tx))
        raise _wrong("document_type_unknown", "/type", f"There is no type {stated.type}, but {known}")
    first, last = stated.content["valid_from"], stated.content["valid_to"]
    if last is None and type_.ends:
        raise _wrong("document_period", "/valid_to", f"Every {type_.name} has a last day: state it")
    if last is not None and last < first:
        raise _wrong("document_period", "/valid_to", f"It would end on {last}, before its first day, {first}")
    file = await claim(tx, stated.file_id, by, shown_to=supplier_id)
    document = SupplierDocument(
        supplier_id=supplier_id,
        type=type_.code,
        file_id=file.id,
        status=DocumentStatus.SUBMITTED,
        submitted_by=tx.actor,
        submitted_at=tx.now,
        by_supplier=by.is_supplier,
        **stated.content,
    )
    document.note_author(file.uploaded_by)
    document.note_author(tx.actor)
    tx.session.add(document)
    await tx.flush()
    of = _of(document, type_.name)
    record(tx, supplier, DocumentSubmitted(**of, submitted_by=tx.actor, by_supplier=by.is_supplier))
    tx.audit("submit", DOCUMENT, document.id, after=_said(document))
    return document


async def accept(tx: Transaction, document_id: UUID, seen: Seen) -> SupplierDocument:
    """Accept a document that somebody else submitted; → DocumentAccepted, SupplierUnblocked.

    What ends no later, of its type and site, is replaced by it once its first day has come.
    """
    supplier, document = await _locked(tx, document_id, seen)
    expect_possible(DocumentAction.ACCEPT, DocumentStatus(document.status))
    _expect_decider(tx, supplier, document)
    before = _said(document)
    document.move(DocumentAction.ACCEPT, DocumentStatus.ACCEPTED)
    document.decide(tx.actor, tx.now, None, None)
    known = await requirements(tx)
    replaced = _replaced(tx, await store.accepted(tx, supplier.id), document)
    await tx.flush()
    of = _of(document, known.name_of(document.type))
    record(tx, supplier, DocumentAccepted(**of, accepted_by=tx.actor, replaces=replaced))
    tx.audit("accept", DOCUMENT, document.id, before=before, after=_said(document))
    await settle_locked(tx, supplier, known)
    return document


async def refuse(
    tx: Transaction, document_id: UUID, seen: Seen, reason: str, told: str | None
) -> SupplierDocument:
    """Refuse a document that somebody else submitted; → DocumentRefused."""
    supplier, document = await _locked(tx, document_id, seen)
    expect_possible(DocumentAction.REFUSE, DocumentStatus(document.status))
    _expect_decider(tx, supplier, document)
    before = _said(document)
    document.move(DocumentAction.REFUSE, DocumentStatus.REFUSED)
    document.decide(tx.actor, tx.now, reason, told)
    await tx.flush()
    of = _of(document, (await requirements(tx)).name_of(document.type))
    record(tx, supplier, DocumentRefused(**of, reason=reason, reason_for_supplier=told, refused_by=tx.actor))
    tx.audit("refuse", DOCUMENT, document.id, before=before, after=_said(document), reason=reason)
    return document


async def withdraw(
    tx: Transaction, document_id: UUID, seen: Seen, reason: str, told: str | None, by: Principal
) -> SupplierDocument:
    """Take back a document, which does not count any more; → DocumentWithdrawn, SupplierBlocked."""
    supplier, document = await _locked(tx, document_id, seen, by)
    before = _said(document)
    document.move(DocumentAction.WITHDRAW, DocumentStatus.WITHDRAWN)
    document.reason, document.reason_for_supplier = reason, reason if by.is_supplier else told
    await tx.flush()
    known = await requirements(tx)
    of = _of(document, known.name_of(document.type))
    why = {"reason": reason, "reason_for_supplier": document.reason_for_supplier}
    record(tx, supplier, DocumentWithdrawn(**of, **why, withdrawn_by=tx.actor))
    tx.audit("withdraw", DOCUMENT, document.id, before=before, after=_said(document), reason=reason)
    await settle_locked(tx, supplier, known)
    return document


async def pass_day(tx: Transaction, day: date) -> None:
    """Tell what ends soon and what has ended by a day, and block or unblock what follows from it today.

    → DocumentExpiring, DocumentExpired, SupplierBlocked, SupplierUnblocked. Each is told once, however
    often a day is gone through; a day that was missed is told when it is made up for.
    """
    known = await requirements(tx)
    suppliers = await store.suppliers_of_due(tx, day)
    suppliers |= await blocked_by(tx, BlockCause.DOCUMENT)
    suppliers |= await _lacking(tx, known)
    for supplier_id in sorted(suppliers):
        supplier = await lock_supplier(tx, supplier_id)
        await _tell(tx, supplier, known, day)
        await settle_locked(tx, supplier, known)


async def settle_locked(tx: Transaction, supplier: Supplier, known: Requirements) -> None:
    """Block what a locked supplier lacks a document for today, and unblock what it lacks none for."""
    history = await policies.history(tx, MISSING_DOCUMENTS)
    approved = approved_on(supplier, tx.day)
    held = [one.held() for one in await store.accepted(tx, supplier.id)]
    given = await store.given_before(tx, supplier.id)
    for type_ in known.types:
        stands = standing(type_.code, known.touched(type_.code, approved), held, given, tx.day)
        stopped = [
            category
            for category in stands.categories
            if consequence(stands.lack, history.in_force(tx.day, Place(category=category)).value)
            is Consequence.BLOCK
        ]
        if stopped:
            why, told = _why(type_.name, stands)
            block_locked(tx, supplier, BlockCause.DOCUMENT, type_.id, why, told, stopped)
        else:
            unblock_locked(tx, supplier, BlockCause.DOCUMENT, type_.id, f"No {type_.name} is lacking")


async def _lacking(tx: Transaction, known: Requirements) -> set[UUID]:
    """Return who is approved for what requires a document and has none that holds today."""
    found = set[UUID]()
    for type_ in known.types:
        if type_.required_in:
            approved = await approvals_in_force(tx, known.around(type_.code), tx.day)
            needing = {one for one, categories in approved.items() if known.touched(type_.code, categories)}
            found |= needing - await store.covered(tx, type_.code, tx.day)
    return found


async def _tell(tx: Transaction, supplier: Supplier, known: Requirements, day: date) -> None:
    documents = await store.accepted(tx, supplier.id)
    held = {document.id: document.held() for document in documents}
    for document in documents:
        if document.valid_to is None:
            continue
        followers = [one for one in held.values() if one.goes_on_after(held[document.id])]
        if followers:
            if document.valid_to < day and any(one.holds(tx.day) for one in followers):
                document.status = DocumentStatus.REPLACED
            continue
        of = _of(document, known.name_of(document.type))
        touched = known.touched(document.type, approved_on(supplier, day))
        stage = stage_due(document.valid_to, day, document.told_days_before)
        if stage is not None:
            document.told_days_before = stage
            left = (document.valid_to - day).days
            record(tx, supplier, DocumentExpiring(**of, days_left=left, stage=stage, categories=touched))
        elif document.valid_to < day and document.told_ended_on is None:
            document.told_ended_on = day
            record(tx, supplier, DocumentExpired(**of, categories=touched))
    await tx.flush()


def _replaced(
    tx: Transaction, documents: Sequence[SupplierDocument], new: SupplierDocument
) -> tuple[UUID, ...]:
    """Let a document that has begun replace those that end no later; returns them."""
    if new.valid_from > tx.day:
        return ()
    replaced = [one for one in documents if new.held().goes_on_after(one.held())]
    for one in replaced:
        one.status = DocumentStatus.REPLACED
        tx.audit("replace", DOCUMENT, one.id, after={"status": one.status, "by": new.id})
    return tuple(one.id for one in replaced)


def _why(name: str, stands: Standing) -> tuple[str, str]:
    if stands.lack is Lack.ENDED and stands.valid_to is None:
        return f"{name} was withdrawn", f"{name} was withdrawn: submit a new one"
    if stands.lack is Lack.ENDED:
        return f"{name} ended on {stands.valid_to}", f"{name} ended on {stands.valid_to}: submit a new one"
    return f"No {name} was ever accepted", f"{name} is required: submit one"


async def _locked(
    tx: Transaction, document_id: UUID, seen: Seen, by: Principal | None = None
) -> tuple[Supplier, SupplierDocument]:
    found = await store.get_document(tx, document_id)
    if by is not None and not by.may_see_supplier(found.supplier_id):
        raise NotFoundError("supplier document", document_id)
    supplier = await lock_supplier(tx, found.supplier_id)
    document = await store.lock_document(tx, document_id)
    expect_version(document, seen)
    return supplier, document


def _expect_decider(tx: Transaction, supplier: Supplier, document: SupplierDocument) -> None:
    """Raise ForbiddenError for who submitted a document, or acts or has acted for its supplier."""
    expect_another(tx.actor, document.authors, ACCEPTED_BY_ANOTHER)
    expect_another(tx.actor, supplier.represented_by, REPRESENTATIVE)


def _of(document: SupplierDocument, type_name: str) -> dict[str, Any]:
    """Return what each event says of a document."""
    stated = {name: getattr(document, name) for name in CONTENT}
    return stated | {
        "supplier_id": document.supplier_id,
        "document_id": document.id,
        "type": document.type,
        "name": type_name,
    }


def _said(document: SupplierDocument) -> dict[str, object]:
    names = ("status", "supplier_id", "type", *CONTENT, "file_id", "reason_for_supplier")
    return {name: getattr(document, name) for name in names}


def _wrong(code: str, pointer: str, right: str) -> InvalidError:
    return InvalidError(code, f"{right}.", errors=[FieldError(pointer, right)])
