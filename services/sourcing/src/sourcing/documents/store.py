"""Documents in SQL: one to decide on, those that hold, those whose day comes, many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Date, and_, func, literal, or_, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from sourcing.documents.model import DocumentType, SupplierDocument
from sourcing.documents.rules import RESTS, STAGES, DocumentStatus

NO_END = date(2100, 12, 31)
LAST_DAY = func.coalesce(SupplierDocument.valid_to, literal(NO_END, Date))


async def types(tx: Transaction) -> Sequence[DocumentType]:
    """Return all types, by their codes."""
    return (await tx.session.scalars(select(DocumentType).order_by(DocumentType.code))).all()


async def type_called(tx: Transaction, code: str, *, lock: bool = False) -> DocumentType | None:
    """Return a type of a code, if there is one."""
    query = select(DocumentType).where(DocumentType.code == code)
    found: DocumentType | None = await tx.session.scalar(query.with_for_update() if lock else query)
    return found


async def get_document(tx: Transaction, document_id: UUID) -> SupplierDocument:
    """Return a document; raises NotFoundError."""
    found = await tx.session.get(SupplierDocument, document_id)
    if found is None:
        raise NotFoundError("supplier document", document_id)
    return found


async def lock_document(tx: Transaction, document_id: UUID) -> SupplierDocument:
    """Return a document to change, whose supplier is locked before; raises NotFoundError."""
    found = await tx.session.get(SupplierDocument, document_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFoundError("supplier document", document_id)
    return found


async def accepted(tx: Transaction, supplier_id: UUID) -> Sequence[SupplierDocument]:
    """Return the documents of a supplier that were accepted and that no other has replaced."""
    await tx.session.flush()
    query = select(SupplierDocument).where(
        SupplierDocument.supplier_id == supplier_id, SupplierDocument.status == DocumentStatus.ACCEPTED
    )
    return (await tx.session.scalars(query.order_by(SupplierDocument.id))).all()


async def given_before(tx: Transaction, supplier_id: UUID) -> set[str]:
    """Return of which types a supplier had a document that was accepted and counts no more."""
    query = select(SupplierDocument.type).where(
        SupplierDocument.supplier_id == supplier_id,
        SupplierDocument.status.in_((DocumentStatus.REPLACED, DocumentStatus.WITHDRAWN)),
        SupplierDocument.decided_by.is_not(None),
    )
    return set(await tx.session.scalars(query.distinct()))


async def suppliers_of_due(tx: Transaction, day: date) -> set[UUID]:
    """Return whose accepted documents are to be told of: they end soon, or have ended."""
    told_last = func.coalesce(SupplierDocument.told_days_before, STAGES[-1] + 1)
    soon = and_(
        SupplierDocument.valid_to >= day,
        SupplierDocument.valid_to <= day + timedelta(days=STAGES[-1]),
        told_last > STAGES[0],
    )
    ended = and_(SupplierDocument.valid_to < day, SupplierDocument.told_ended_on.is_(None))
    query = select(SupplierDocument.supplier_id).where(
        SupplierDocument.status == DocumentStatus.ACCEPTED, or_(soon, ended)
    )
    return set(await tx.session.scalars(query.distinct()))


async def covered(tx: Transaction, type_: str, day: date) -> set[UUID]:
    """Return which suppliers have an accepted document of a type that holds on a day."""
    query = select(SupplierDocument.supplier_id).where(
        SupplierDocument.status == DocumentStatus.ACCEPTED,
        SupplierDocument.type == type_,
        SupplierDocument.valid_from <= day,
        day <= LAST_DAY,
    )
    return set(await tx.session.scalars(query.distinct()))


async def resting_on(tx: Transaction, file_id: UUID) -> SupplierDocument | None:
    """Return a document that is to be decided on, or was accepted, and is this file; None when none is."""
    query = select(SupplierDocument).where(
        SupplierDocument.file_id == file_id, SupplierDocument.status.in_(RESTS)
    )
    found: SupplierDocument | None = await tx.session.scalar(query.limit(1))
    return found
