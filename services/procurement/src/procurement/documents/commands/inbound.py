"""Documents come in: kept as they came, read, and applied or parked with the reason."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from procurement.documents import store
from procurement.documents.commands.applying import Done, apply, expect_of_its_supplier, order_of
from procurement.documents.model import InboundDocument
from procurement.documents.rules.inbound import DocumentAction, expect_possible, reason_of
from procurement.documents.rules.ubl.inbound import Message, kind_of, read
from procurement.documents.rules.ubl.reading import Party
from procurement.documents.rules.ubl.unreadable import UnreadableError
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError, ProblemError
from purveyor.versions import Seen, expect_version
from purveyor_contract.roles import Role

DOCUMENT = "inbound_document"


@dataclass(frozen=True, slots=True)
class Received:
    """A document that came in, and whether it had come before."""

    document: InboundDocument
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a document: what it says, as far as it was read, and what came of it or why nothing."""

    message: Message | None = None
    supplier_id: UUID | None = None
    order_id: UUID | None = None
    done: Done | None = None
    reason_code: str = ""
    reason: str = ""


async def receive_document(tx: Transaction, content: bytes, by: Principal) -> Received:
    """Keep a document and apply what it says, as its sender may; the same bytes again change nothing.

    What cannot be read or applied is parked with the reason, so that somebody looks at it.
    """
    digest, sender_id = sha256(content).digest(), by.supplier_id
    await store.take_turn(tx, digest.hex())
    known = await store.same(tx, digest, sender_id)
    if known is not None:
        return Received(known, is_new=False)
    outcome = await _outcome(tx, content, by, tx.actor)
    document = InboundDocument(
        sha256=digest,
        content=content,
        size=len(content),
        sender_id=sender_id,
        received_on=tx.day,
        received_at=tx.now,
        received_by=tx.actor,
    )
    _note(document, outcome)
    tx.session.add(document)
    await tx.flush()
    tx.audit("receive", DOCUMENT, document.id, after=_said(document) | {"sha256": digest.hex()})
    return Received(document, is_new=True)


async def retry_document(tx: Transaction, document_id: UUID, seen: Seen, by: Principal) -> InboundDocument:
    """Read a parked document again and apply it, as its sender may."""
    document = await _locked(tx, document_id, seen)
    expect_possible(DocumentAction.RETRY, document.status)
    content, sender_id, before = document.content, document.sender_id, _said(document)
    sent_by = document.received_by
    if sender_id is not None:
        by = replace(by, supplier_id=sender_id, roles=frozenset({str(Role.SUPPLIER)}))
    outcome = await _outcome(tx, content, by, sent_by)
    document = await _locked(tx, document_id, seen)
    _note(document, outcome)
    await tx.flush()
    tx.audit("retry", DOCUMENT, document_id, before=before, after=_said(document))
    return document


async def dismiss_document(
    tx: Transaction, document_id: UUID, seen: Seen, reason: str, told: str | None
) -> InboundDocument:
    """Decide that nothing comes of a parked document."""
    document = await _locked(tx, document_id, seen)
    expect_possible(DocumentAction.DISMISS, document.status)
    before = _said(document)
    document.dismiss(tx.actor, tx.now, reason, told)
    await tx.flush()
    after = _said(document) | {"reason_for_supplier": told}
    tx.audit("dismiss", DOCUMENT, document_id, before=before, after=after, reason=reason)
    return document


async def _outcome(tx: Transaction, content: bytes, by: Principal, sent_by: str) -> _Outcome:
    try:
        message = await asyncio.to_thread(read, content)
    except UnreadableError as error:
        return _Outcome(supplier_id=by.supplier_id, reason_code=error.why, reason=error.detail)
    outcome = _Outcome(message, by.supplier_id)
    try:
        async with tx.savepoint():
            order = await order_of(tx, message, by)
            outcome = replace(outcome, supplier_id=order.supplier_id, order_id=order.id)
            await expect_of_its_supplier(tx, order, message, by)
            kind = kind_of(message)
            await store.take_turn(tx, f"{order.supplier_id} {kind} {message.number}")
            used = await store.used(tx, kind, message.number, order.supplier_id)
            if used is not None:
                return replace(
                    outcome,
                    reason_code="number_used",
                    reason=f"The document {used} has the number {message.number} already, and says something "
                    "else: what is another document has another number.",
                )
            return replace(outcome, done=await apply(tx, order, message, by, sent_by))
    except ProblemError as problem:
        return replace(outcome, reason_code=problem.code, reason=reason_of(problem))


def _note(document: InboundDocument, outcome: _Outcome) -> None:
    document.supplier_id, document.order_id = outcome.supplier_id, outcome.order_id
    message = outcome.message
    if message is not None:
        document.kind, document.number = kind_of(message), message.number
        document.issued_on = message.issued_on
        document.seller, document.buyer = _name(message.seller), _name(message.buyer)
    if outcome.done is None:
        document.park(outcome.reason_code, outcome.reason)
    else:
        document.apply(outcome.done.what, outcome.done.id)


def _name(party: Party | None) -> str | None:
    return None if party is None else party.name


def _said(document: InboundDocument) -> dict[str, object]:
    names = ("status", "kind", "number", "order_id", "reason_code", "reason", "result", "result_id")
    return {name: getattr(document, name) for name in names}


async def _locked(tx: Transaction, document_id: UUID, seen: Seen) -> InboundDocument:
    document = await store.lock(tx, document_id)
    if document is None:
        raise NotFoundError("document", document_id)
    expect_version(document, seen)
    return document
