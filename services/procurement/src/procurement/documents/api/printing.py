"""Routes of documents: an order's version as its supplier is sent it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from procurement.documents import views
from procurement.documents.api.xml import XML, XmlResponse
from procurement.documents.queries import exchanging
from procurement.documents.queries import printing as queries
from procurement.documents.rules.languages import Language
from procurement.documents.rules.orders import document_of
from procurement.settings import ProcurementSettings
from purveyor.auth import Principal, requires
from purveyor.http.accepted import takes
from purveyor.http.headers import CONTENT_DISPOSITION, ETAG, carries
from purveyor.http.transaction import TransactionRoute, Tx, end_reading
from purveyor.http.uploads import BYTES

PDF = "application/pdf"
DOCUMENT: dict[str, Any] = {
    "description": "The document",
    "content": {PDF: BYTES, XML: {"schema": {"type": "string"}}},
}

router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)


class Format(StrEnum):
    """What a document is written for."""

    PDF = "pdf"
    UBL = "ubl"


class PdfResponse(Response):
    """A PDF."""

    media_type = PDF


@router.get(
    "/{order_id}/versions/{number}/document",
    summary="Print a version of an order",
    response_class=PdfResponse,
    responses={200: DOCUMENT | carries(ETAG, CONTENT_DISPOSITION)},
)
async def get_purchase_order_document(
    order_id: UUID,
    number: Annotated[int, Path(ge=1, le=1_000_000, examples=[1])],
    request: Request,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:orders:read", suppliers_too=True)],
    language: Annotated[
        Language, Query(description="What it is written in: English, German or French")
    ] = Language.ENGLISH,
    format_: Annotated[
        Format | None,
        Query(alias="format", description="What it is written for; left out, a PDF where `Accept` takes one"),
    ] = None,
) -> Response:
    """Write what an order said from one issue to the next, under the letterhead of its business unit.

    For people it is a PDF. With `format=ubl`, or for who takes XML only, it is UBL 2.1 as Peppol BIS 3 has
    it: `Order` for the first version, `OrderChange` for later ones. For either both parties have an address.

    It holds nothing that the order's supplier is not shown, whoever asks, and it is the same bytes each time,
    until what the order names is called otherwise: its business unit, its supplier or its site.
    """
    if (format_ or _taken(request)) is Format.UBL:
        number_of_order, written = await exchanging.version_as_ubl(tx, order_id, number, by)
        return XmlResponse.of(written, f"{number_of_order}-{number}", **{ETAG: f'"{number}"'})
    number_of_order, version, named = await queries.version_and_names(tx, order_id, number, by)
    await end_reading(request)
    document = document_of(number_of_order, version, named, language)
    settings: ProcurementSettings = request.app.state.context.settings
    pdf = await views.pdf_of(document, version.issued_at, settings.document_fonts)
    shown_as = f'inline; filename="{number_of_order}-{version.number}-{language}.pdf"'
    return PdfResponse(pdf, headers={ETAG: f'"{version.number}"', CONTENT_DISPOSITION: shown_as})


def _taken(request: Request) -> Format:
    """Return which of both a caller takes; who takes either is sent a PDF, as browsers prefer XML."""
    accept = request.headers.get("accept", "*/*")
    return Format.PDF if takes(accept, (PDF,)) or not takes(accept, (XML,)) else Format.UBL
