"""Routes that take invoices in: as a file, or stated field by field."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from procurement.documents.rules.ubl.unreadable import UnreadableError
from procurement.invoices import commands, queries
from procurement.invoices.api.deciding import WRITE
from procurement.invoices.api.reading import JSON, PDF, XML, shown_to
from procurement.invoices.api.stating import InvoiceIn
from procurement.invoices.commands import Arrived, Received
from procurement.invoices.rules.reading.files import read
from procurement.invoices.rules.reading.pdf import is_pdf
from procurement.invoices.views import Invoice, InvoiceForSupplier
from purveyor.auth import Principal, requires
from purveyor.errors import FieldError, InvalidError, UnsupportedMediaTypeError
from purveyor.http.arrival import MOST_BYTES
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.preconditions import set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.http.uploads import BYTES
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/invoices", tags=["invoices"], route_class=TransactionRoute)
Sender = Annotated[Principal, requires(WRITE, Role.ACCOUNTS_PAYABLE, Role.SUPPLIER)]
READ_AS = {XML: XML, "text/xml": XML, PDF: PDF}
TAKEN: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Invoice | InvoiceForSupplier,
        "description": "The same bytes came before, and this is what became of them",
    }
    | carries(ETAG, LOCATION),
    201: {"description": "Kept as it came, and checked: `violations` says what it breaks"}
    | carries(ETAG, LOCATION),
}
EXAMPLE = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cbc="urn:oasis:names:'
    'specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>R-2026-117</cbc:ID></Invoice>'
)


def _may_be_large(request: Request) -> None:
    request.scope[MOST_BYTES] = request.app.state.context.settings.max_file_bytes


@router.post("", status_code=201, summary="State an invoice", responses=TAKEN)
async def create_invoice(
    request: Request, body: InvoiceIn, response: Response, tx: Tx, by: Sender
) -> Invoice | InvoiceForSupplier:
    """Enter an invoice or a credit note field by field, from paper or by another program.

    It is kept as it was stated, and held to the arithmetic of EN 16931. A number that its supplier has used
    is 409, however it is spelled; the same request again is the same invoice.
    """
    arrived = Arrived(body.said(), await request.body(), JSON, body.supplier_id)
    return await _taken(response, await commands.receive_invoice(tx, arrived, by), tx, by)


@router.post(
    ":file",
    status_code=201,
    summary="Send an invoice as a file",
    responses=TAKEN,
    dependencies=[Depends(_may_be_large)],
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "UBL 2.1 or CII as EN 16931 has them, or a PDF with either inside: "
            "Factur-X, ZUGFeRD",
            "content": {XML: {"schema": {"type": "string"}, "example": EXAMPLE}, PDF: BYTES},
        }
    },
)
async def receive_invoice_file(
    request: Request,
    response: Response,
    tx: Tx,
    by: Sender,
    supplier_id: Annotated[
        UUID | None,
        Query(description="Whose it is; left out by the supplier itself, or where it names an order"),
    ] = None,
) -> Invoice | InvoiceForSupplier:
    """Take in an invoice or a credit note as a file, keep it byte by byte, and hold it to EN 16931.

    What breaks rules is kept and shown with them. Only what cannot be read, or says no number, day, currency
    or amounts, is refused. A number that its supplier has used is 409, however it is spelled; the same bytes
    again are the same invoice.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in READ_AS:
        raise UnsupportedMediaTypeError(f"Send {XML} or {PDF}, not {kind or 'nothing'}.")
    content = await request.body()
    try:
        said = await asyncio.to_thread(read, content)
    except UnreadableError as error:
        raise InvalidError(
            "invoice_unreadable", error.detail, errors=[FieldError("", error.detail)], why=str(error.why)
        ) from None
    arrived = Arrived(said, content, PDF if is_pdf(content) else XML, supplier_id)
    return await _taken(response, await commands.receive_invoice(tx, arrived, by), tx, by)


async def _taken(
    response: Response, received: Received, tx: Tx, by: Principal
) -> Invoice | InvoiceForSupplier:
    invoice = await queries.invoice_for(tx, received.invoice.id, by)
    response.status_code = 201 if received.is_new else 200
    response.headers["Location"] = f"/v1/invoices/{invoice.id}"
    set_etag(response, invoice)
    return shown_to(invoice, by)
