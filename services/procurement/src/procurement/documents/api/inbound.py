"""Routes of documents that come in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from procurement.documents import commands
from procurement.documents.api.xml import AS_XML, XML, XmlResponse
from procurement.documents.model import InboundDocument as Document
from procurement.documents.queries import inbound as queries
from procurement.documents.queries.inbound import DOCUMENTS
from procurement.documents.views.inbound import InboundDocument, InboundDocumentForSupplier
from procurement.orders.api.drafts import WRITE
from procurement.orders.api.moves import ToldReason
from procurement.orders.api.reads import READ
from purveyor.auth import Principal, requires
from purveyor.errors import UnsupportedMediaTypeError
from purveyor.http.headers import CONTENT_DISPOSITION, ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role

READ_AS = frozenset({XML, "text/xml"})
EXAMPLE = """\
<OrderResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2"
    xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
    xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>AB-2026-117</cbc:ID>
  <cbc:IssueDate>2026-03-03</cbc:IssueDate>
  <cbc:OrderResponseCode>AP</cbc:OrderResponseCode>
  <cac:OrderReference><cbc:ID>PO-000042</cbc:ID></cac:OrderReference>
</OrderResponse>
"""

router = APIRouter(prefix="/v1/documents", tags=["documents"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires(READ, suppliers_too=True)]
Buyer = Annotated[Principal, requires(WRITE, Role.BUYER)]


@router.post(
    "",
    status_code=201,
    summary="Send a document in",
    responses={
        200: {
            "model": InboundDocument | InboundDocumentForSupplier,
            "description": "The same bytes came before, and this is what became of them",
        }
        | carries(ETAG, LOCATION),
        201: {"description": "Kept, and applied or parked: `status` says which"} | carries(ETAG, LOCATION),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "An `OrderResponse` or a `DespatchAdvice` of UBL 2.1 as Peppol BIS 3 has them",
            "content": {XML: {"schema": {"type": "string"}, "example": EXAMPLE}},
        }
    },
)
async def receive_document(
    request: Request,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.BUYER, Role.SUPPLIER)],
) -> InboundDocument | InboundDocumentForSupplier:
    """Take in a supplier's order response or despatch advice, and do what it says.

    Its supplier sends it with a token of its own, of its own orders only, or a buyer does who was given it.
    It is kept as it came. What cannot be read, or not be done, is `parked` with the reason, and a buyer tries
    it again or dismisses it. The same bytes again are the same document.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in READ_AS:
        raise UnsupportedMediaTypeError(f"Send {XML}, not {kind or 'nothing'}.")
    received = await commands.receive_document(tx, await request.body(), by)
    response.status_code = 201 if received.is_new else 200
    response.headers["Location"] = f"/v1/documents/{received.document.id}"
    set_etag(response, received.document)
    return _shown(received.document, by)


@router.get("", summary="Find documents that came in")
async def list_documents(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(DOCUMENTS, InboundDocument, InboundDocumentForSupplier)],
) -> Page[InboundDocument] | Page[InboundDocumentForSupplier]:
    """Find documents that came in, newest first unless another order is asked for; a supplier, its own."""
    found = await queries.find_documents(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, InboundDocumentForSupplier.of)
    return asked.page(found, InboundDocument.of)


@router.get("/{document_id}", summary="Read what became of a document", responses={200: carries(ETAG)})
async def get_document(
    document_id: UUID, response: Response, tx: Tx, by: Reader
) -> InboundDocument | InboundDocumentForSupplier:
    """Read what a document is, what came of it, or why it is parked."""
    document = await queries.document_for(tx, document_id, by)
    set_etag(response, document)
    return _shown(document, by)


@router.get(
    "/{document_id}/content",
    summary="Read a document as it came",
    response_class=XmlResponse,
    responses={200: {"description": "Byte by byte as it came"} | AS_XML | carries(ETAG, CONTENT_DISPOSITION)},
)
async def get_document_content(document_id: UUID, tx: Tx, by: Reader) -> XmlResponse:
    """Read a document byte by byte as it came, which need not be well-formed: look before you open it."""
    document = await queries.document_for(tx, document_id, by, content=True)
    shown_as = f'attachment; filename="{document.id}.xml"'
    return XmlResponse(
        document.content, headers={ETAG: f'"{document.version}"', CONTENT_DISPOSITION: shown_as}
    )


@router.post("/{document_id}:retry", summary="Try a parked document again", responses={200: carries(ETAG)})
async def retry_document(
    document_id: UUID, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> InboundDocument:
    """Read a parked document again and do what it says, with the rights of who sent it."""
    document = await commands.retry_document(tx, document_id, seen, by)
    set_etag(response, document)
    return InboundDocument.of(document)


@router.post("/{document_id}:dismiss", summary="Dismiss a parked document", responses={200: carries(ETAG)})
async def dismiss_document(
    document_id: UUID, body: ToldReason, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> InboundDocument:
    """Decide, with a reason, that nothing comes of a parked document."""
    document = await commands.dismiss_document(tx, document_id, seen, body.reason, body.reason_for_supplier)
    set_etag(response, document)
    return InboundDocument.of(document)


def _shown(document: Document, by: Principal) -> InboundDocument | InboundDocumentForSupplier:
    return (InboundDocumentForSupplier if by.is_supplier else InboundDocument).of(document)
