"""Reads of invoices, and what their list can be asked."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import selectinload

from procurement.invoices import store
from procurement.invoices.model import SupplierInvoice, SupplierInvoiceOriginal
from procurement.invoices.rules.states import InvoiceStatus
from procurement.invoices.store import visible_to
from purveyor.auth import Principal
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.texts import Reference

INVOICES = Listing(
    name="invoices",
    id=SupplierInvoice.id,
    filters=(
        equal("status", InvoiceStatus, SupplierInvoice.status, "Where it stands", example="exception"),
        equal("number", Reference, SupplierInvoice.number, "What its supplier calls it by"),
        equal("supplier_id", UUID, SupplierInvoice.supplier_id, "Whose it is"),
        equal("order_number", Reference, SupplierInvoice.order_number, "The order that it names"),
        *between("issued", Day, SupplierInvoice.issued_on, "Issued on this day"),
    ),
    sorts=(
        *reversed(both_ways("id", SupplierInvoice.id)),
        *both_ways("issued_on", SupplierInvoice.issued_on, SupplierInvoice.id),
    ),
    changed=SupplierInvoice.changed_in,
)


async def find_invoices(tx: Transaction, asked: Asked, by: Principal) -> Found[SupplierInvoice]:
    """Return a page of invoices without their lines, of those that the caller may see."""
    return await find(tx, visible_to(by.supplier_id), asked)


async def invoice_for(tx: Transaction, invoice_id: UUID, by: Principal) -> SupplierInvoice:
    """Return an invoice with its lines; raises NotFoundError when there is none that the caller may see."""
    wanted = (
        visible_to(by.supplier_id)
        .where(SupplierInvoice.id == invoice_id)
        .options(selectinload(SupplierInvoice.lines))
        .execution_options(populate_existing=True)
    )
    found = (await tx.session.scalars(wanted)).one_or_none()
    if found is None:
        raise NotFoundError("invoice", invoice_id)
    return found


async def original_for(
    tx: Transaction, invoice_id: UUID, by: Principal
) -> tuple[SupplierInvoice, SupplierInvoiceOriginal]:
    """Return an invoice and the bytes that came."""
    invoice = await invoice_for(tx, invoice_id, by)
    found = await store.original(tx, invoice_id)
    if found is None:
        raise NotFoundError("invoice", invoice_id)
    return invoice, found
