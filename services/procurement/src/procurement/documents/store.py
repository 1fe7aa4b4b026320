"""Documents that came in, as rows: recognised, and locked to be decided."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import undefer

from procurement.documents.model import InboundDocument
from procurement.documents.rules.inbound import DocumentStatus
from purveyor.db import Transaction
from purveyor.sql import Statement, only

LOCK: Statement[None] = Statement(only, "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0)) AS locked")


async def take_turn(tx: Transaction, key: str) -> None:
    """Let nobody else take in the same until the end of the transaction."""
    await LOCK.all(tx.connection, key=f"inbound_document {key}")


async def same(tx: Transaction, sha256: bytes, sender_id: UUID | None) -> InboundDocument | None:
    """Return the document that a supplier (None: our people) has sent before, byte by byte."""
    wanted = select(InboundDocument).where(
        InboundDocument.sha256 == sha256, InboundDocument.sender_id.is_not_distinct_from(sender_id)
    )
    return (await tx.session.scalars(wanted)).one_or_none()


async def used(tx: Transaction, kind: str, number: str, supplier_id: UUID) -> UUID | None:
    """Return the document of a supplier that was taken in under a number; None where there is none."""
    wanted = (
        select(InboundDocument.id)
        .where(InboundDocument.kind == kind, InboundDocument.number == number)
        .where(InboundDocument.supplier_id == supplier_id)
        .where(InboundDocument.status.in_([DocumentStatus.READ, DocumentStatus.APPLIED]))
        .order_by(InboundDocument.id)
        .limit(1)
    )
    return await tx.session.scalar(wanted)


async def latest(tx: Transaction, kind: str, number: str, supplier_id: UUID) -> InboundDocument | None:
    """Return the document of a supplier that was taken in under a number last, with its content."""
    wanted = (
        select(InboundDocument)
        .where(InboundDocument.kind == kind, InboundDocument.number == number)
        .where(InboundDocument.supplier_id == supplier_id)
        .where(InboundDocument.status.in_([DocumentStatus.READ, DocumentStatus.APPLIED]))
        .options(undefer(InboundDocument.content))
        .order_by(InboundDocument.id.desc())
        .limit(1)
    )
    return (await tx.session.scalars(wanted)).one_or_none()


def visible_to(supplier_id: UUID | None) -> Select[InboundDocument]:
    """Select documents; of a supplier (None: of all), those that it sent itself."""
    every = select(InboundDocument)
    return every if supplier_id is None else every.where(InboundDocument.sender_id == supplier_id)


async def lock(tx: Transaction, document_id: UUID) -> InboundDocument | None:
    """Lock a document, with its content, to decide what becomes of it."""
    wanted = (
        select(InboundDocument)
        .where(InboundDocument.id == document_id)
        .options(undefer(InboundDocument.content))
        .with_for_update()
    )
    return (await tx.session.scalars(wanted)).one_or_none()
