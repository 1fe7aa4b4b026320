"""Invoices as rows: kept, recognised, found alike, and locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from procurement.invoices.model import SupplierInvoice, SupplierInvoiceOriginal
from procurement.invoices.rules.numbers import Seen
from procurement.invoices.rules.states import InvoiceStatus
from purveyor.db import Transaction
from purveyor.sql import Statement, only

LOCK: Statement[None] = Statement(only, "SELECT pg_advisory_xact_lock(hashtextextended(:key, 0)) AS locked")


CLOSED = "SELECT id FROM supplier_invoice WHERE status IN ('rejected', 'cancelled')"
"""Invoices that nothing is paid of: declared for who matched them."""
NEW = "SELECT id FROM supplier_invoice WHERE status IN ('received', 'checked')"
"""Invoices that came in and were not matched against anything yet."""
TURNS = """
    SELECT id,
           CASE WHEN status IN ('scheduled', 'paid') THEN '00000000-0000-0000-0000-000000000000'::uuid
                ELSE coalesce(preceding_id, id) END AS turn
    FROM supplier_invoice
"""
"""Who came first: a credit note comes with its invoice, and what is paid comes before all."""


async def take_turn(tx: Transaction, supplier_id: UUID, number_key: str) -> None:
    """Let nobody else take in the same number of a supplier until the end of the transaction."""
    await LOCK.all(tx.connection, key=f"supplier_invoice {supplier_id} {number_key}")


async def standing(
    tx: Transaction, supplier_ids: Sequence[UUID], number_key: str, *, is_credit_note: bool
) -> SupplierInvoice | None:
    """Return the invoice of a company that is known by a number and was not rejected."""
    wanted = (
        select(SupplierInvoice)
        .where(SupplierInvoice.supplier_id.in_(supplier_ids), SupplierInvoice.number_key == number_key)
        .where(SupplierInvoice.is_credit_note.is_(is_credit_note), SupplierInvoice.rejected_by.is_(None))
        .order_by(SupplierInvoice.id)
        .limit(1)
    )
    return (await tx.session.scalars(wanted)).one_or_none()


async def digest_of(tx: Transaction, invoice_id: UUID) -> bytes | None:
    """Return the digest of an invoice's original."""
    wanted = select(SupplierInvoiceOriginal.sha256).where(SupplierInvoiceOriginal.invoice_id == invoice_id)
    return await tx.session.scalar(wanted)


async def original(tx: Transaction, invoice_id: UUID) -> SupplierInvoiceOriginal | None:
    """Return the bytes that came."""
    return await tx.session.get(SupplierInvoiceOriginal, invoice_id)


async def over(
    tx: Transaction,
    supplier_ids: Sequence[UUID],
    payable: Decimal,
    first: date,
    last: date,
    order: str | None,
) -> Sequence[Seen]:
    """Return invoices of a company over an amount, issued between two days or of an order."""
    near: ColumnElement[bool] = SupplierInvoice.issued_on.between(first, last)
    if order is not None:
        near = or_(near, SupplierInvoice.order_number == order)
    wanted = (
        select(SupplierInvoice)
        .where(SupplierInvoice.supplier_id.in_(supplier_ids), SupplierInvoice.payable == payable, near)
        .where(SupplierInvoice.rejected_by.is_(None))
        .order_by(SupplierInvoice.id.desc())
        .limit(20)
    )
    return [
        Seen(
            one.id,
            one.number,
            one.payable,
            one.currency,
            one.issued_on,
            one.order_number,
            one.is_credit_note,
        )
        for one in await tx.session.scalars(wanted)
    ]


def visible_to(supplier_id: UUID | None) -> Select[SupplierInvoice]:
    """Select invoices; of a supplier (None: of all), its own."""
    every = select(SupplierInvoice)
    return every if supplier_id is None else every.where(SupplierInvoice.supplier_id == supplier_id)


async def lock(tx: Transaction, invoice_id: UUID) -> SupplierInvoice | None:
    """Lock an invoice with its lines, to decide of it."""
    wanted = (
        visible_to(None)
        .where(SupplierInvoice.id == invoice_id)
        .options(selectinload(SupplierInvoice.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await tx.session.scalars(wanted)).one_or_none()


async def look(tx: Transaction, invoice_id: UUID) -> SupplierInvoice | None:
    """Return an invoice with its lines, not locked."""
    wanted = visible_to(None).where(SupplierInvoice.id == invoice_id)
    return (await tx.session.scalars(wanted.options(selectinload(SupplierInvoice.lines)))).one_or_none()


async def whole(tx: Transaction, invoice_ids: Sequence[UUID]) -> Sequence[SupplierInvoice]:
    """Return invoices without their lines."""
    return list(await tx.session.scalars(visible_to(None).where(SupplierInvoice.id.in_(invoice_ids))))


async def credit_notes_of(tx: Transaction, invoice_id: UUID) -> Mapping[UUID, InvoiceStatus]:
    """Return where credit notes stand that take back from an invoice, but for those that were rejected."""
    wanted = select(SupplierInvoice.id, SupplierInvoice.status).where(
        SupplierInvoice.preceding_id == invoice_id, SupplierInvoice.rejected_by.is_(None)
    )
    found = await tx.session.execute(wanted.order_by(SupplierInvoice.id))
    return {row[0]: InvoiceStatus(row[1]) for row in found}
