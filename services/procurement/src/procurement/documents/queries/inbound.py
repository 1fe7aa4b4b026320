"""Reads of documents that came in, and what their list can be asked."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import undefer

from procurement.documents.model import InboundDocument
from procurement.documents.rules.inbound import DocumentStatus
from procurement.documents.rules.ubl.names import Kind
from procurement.documents.store import visible_to
from purveyor.auth import Principal
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.texts import Reference

DOCUMENTS = Listing(
    name="documents",
    id=InboundDocument.id,
    filters=(
        equal("status", DocumentStatus, InboundDocument.status, "Where it stands", example="parked"),
        equal("kind", Kind, InboundDocument.kind, "What it is", example="OrderResponse"),
        equal("number", Reference, InboundDocument.number, "What its sender calls it by"),
        equal("supplier_id", UUID, InboundDocument.supplier_id, "Whose it is"),
        equal("order_id", UUID, InboundDocument.order_id, "Of which order it speaks first"),
        *between("received", Day, InboundDocument.received_on, "Received on this day, in UTC,"),
    ),
    sorts=(
        *reversed(both_ways("id", InboundDocument.id)),
        *both_ways("received_on", InboundDocument.received_on, InboundDocument.id),
    ),
    changed=InboundDocument.changed_in,
)


async def find_documents(tx: Transaction, asked: Asked, by: Principal) -> Found[InboundDocument]:
    """Return a page of documents, of those that the caller may see."""
    return await find(tx, visible_to(by.supplier_id), asked)


async def document_for(
    tx: Transaction, document_id: UUID, by: Principal, *, content: bool = False
) -> InboundDocument:
    """Return a document; raises NotFoundError when there is none that the caller may see."""
    wanted = visible_to(by.supplier_id).where(InboundDocument.id == document_id)
    if content:
        wanted = wanted.options(undefer(InboundDocument.content))
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("document", document_id)
    return found
