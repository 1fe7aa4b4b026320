"""Routes that find and read invoices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from procurement.invoices import queries
from procurement.invoices.model import SupplierInvoice
from procurement.invoices.views import (
    Invoice,
    InvoiceForSupplier,
    InvoiceHeader,
    InvoiceHeaderForSupplier,
)
from purveyor.auth import Principal, requires
from purveyor.http.headers import CONTENT_DISPOSITION, ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.http.uploads import BYTES
from purveyor.pages import Page

READ = "procurement:invoices:read"
XML, PDF, JSON = "application/xml", "application/pdf", "application/json"
ENDINGS = {XML: "xml", PDF: "pdf", JSON: "json"}
CONTENT = {
    XML: {"schema": {"type": "string"}},
    PDF: BYTES,
    JSON: {"schema": {"type": "object", "description": "What was sent to `POST /v1/invoices`"}},
}

router = APIRouter(prefix="/v1/invoices", tags=["invoices"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires(READ, suppliers_too=True)]


@router.get("", summary="Find invoices")
async def list_invoices(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(queries.INVOICES, InvoiceHeader, InvoiceHeaderForSupplier)],
) -> Page[InvoiceHeader] | Page[InvoiceHeaderForSupplier]:
    """Find invoices and credit notes, newest first unless another order is asked for; a supplier, its own."""
    found = await queries.find_invoices(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, InvoiceHeaderForSupplier.of)
    return asked.page(found, InvoiceHeader.of)


@router.get("/{invoice_id}", summary="Read an invoice", responses={200: carries(ETAG)})
async def get_invoice(
    invoice_id: UUID, response: Response, tx: Tx, by: Reader
) -> Invoice | InvoiceForSupplier:
    """Read an invoice with its lines and the rules that it breaks."""
    invoice = await queries.invoice_for(tx, invoice_id, by)
    set_etag(response, invoice)
    return shown_to(invoice, by)


@router.get(
    "/{invoice_id}/original",
    summary="Read an invoice as it came",
    response_class=Response,
    responses={
        200: {"description": "Byte by byte as it came", "content": CONTENT}
        | carries(ETAG, CONTENT_DISPOSITION)
    },
)
async def get_invoice_original(invoice_id: UUID, tx: Tx, by: Reader) -> Response:
    """Read an invoice byte by byte as it came: look before you open it."""
    invoice, found = await queries.original_for(tx, invoice_id, by)
    named = f'attachment; filename="{invoice.our_number}.{ENDINGS[found.media_type]}"'
    return Response(
        found.content,
        media_type=found.media_type,
        headers={ETAG: f'"{invoice.version}"', CONTENT_DISPOSITION: named},
    )


def shown_to(invoice: SupplierInvoice, by: Principal) -> Invoice | InvoiceForSupplier:
    """Show an invoice with its lines to somebody."""
    return (InvoiceForSupplier if by.is_supplier else Invoice).of(invoice)
