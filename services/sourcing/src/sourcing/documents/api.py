"""Documents over HTTP: types, what suppliers submit, what is decided, what is required."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role
from sourcing.documents import commands, queries, store
from sourcing.documents.commands import StatedDocument
from sourcing.documents.model import SupplierDocument
from sourcing.documents.queries import DOCUMENTS
from sourcing.documents.views import (
    DocumentIn,
    DocumentType,
    DocumentTypeIn,
    DocumentTypes,
    RequiredDocument,
    RequiredDocuments,
    SupplierDocumentForSupplier,
    SupplierDocumentOut,
)
from sourcing.suppliers.views.stated import WithReason

WRITE = "sourcing:documents:write"
router = APIRouter(prefix="/v1", tags=["documents"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:documents:read", suppliers_too=True)]
Submitter = Annotated[
    Principal, requires(WRITE, Role.BUYER, Role.CATEGORY_MANAGER, Role.QUALITY, Role.SUPPLIER)
]
Decider = Annotated[Principal, requires(WRITE, Role.CATEGORY_MANAGER, Role.QUALITY)]
Author = Annotated[Principal, requires(WRITE, Role.CATEGORY_MANAGER, Role.ADMIN)]


@router.get("/document-types", summary="List the types of documents")
async def list_document_types(tx: Tx, by: Reader) -> DocumentTypes:
    """List every type of document that suppliers may submit, by its code."""
    return DocumentTypes(types=[DocumentType.model_validate(one) for one in await store.types(tx)])


@router.get("/document-types/{code}", summary="Read a type of document", responses={200: carries(ETAG)})
async def get_document_type(code: Code, tx: Tx, by: Reader, response: Response) -> DocumentType:
    """Read what a type of document is called, and which categories require one."""
    type_ = await queries.type_called(tx, code)
    set_etag(response, type_)
    return DocumentType.model_validate(type_)


@router.put(
    "/document-types/{code}",
    summary="Create or change a type of document",
    responses={201: {"model": DocumentType, "description": "Created"}},
)
async def put_document_type(
    code: Code,
    body: DocumentTypeIn,
    response: Response,
    tx: Tx,
    by: Author,
    seen: IfMatchWhenPresent = None,
) -> DocumentType:
    """Create a type of document, or change one (with its ETag): its name, and which categories require it.

    What that means for suppliers is looked at on the next day. Whether a category is then blocked is the
    policy `missing-documents`.
    """
    type_, created = await commands.put_type(tx, code, body.content(), seen)
    response.status_code = 201 if created else 200
    set_etag(response, type_)
    return DocumentType.model_validate(type_)


@router.post(
    "/supplier-documents",
    status_code=201,
    summary="Submit a document",
    responses={201: carries(ETAG, LOCATION)},
)
async def submit_supplier_document(
    body: DocumentIn, response: Response, tx: Tx, by: Submitter
) -> SupplierDocumentOut | SupplierDocumentForSupplier:
    """Submit a document of a supplier, whose file was uploaded before; somebody else accepts it.

    A supplier submits its own.
    """
    stated = StatedDocument(body.type, body.file_id, body.content())
    document = await commands.submit(tx, body.supplier_id, stated, by)
    response.headers["Location"] = f"/v1/supplier-documents/{document.id}"
    return _shown(response, document, by)


@router.get("/supplier-documents", summary="Find documents")
async def list_supplier_documents(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(DOCUMENTS, SupplierDocumentOut, SupplierDocumentForSupplier)],
) -> Page[SupplierDocumentOut] | Page[SupplierDocumentForSupplier]:
    """Find documents of suppliers; a supplier, its own."""
    found = await queries.find_documents(tx, asked, by)
    if by.is_supplier:
        return asked.page(found, SupplierDocumentForSupplier.of)
    return asked.page(found, SupplierDocumentOut.of)


@router.get("/supplier-documents/{document_id}", summary="Read a document", responses={200: carries(ETAG)})
async def get_supplier_document(
    document_id: UUID, tx: Tx, by: Reader, response: Response
) -> SupplierDocumentOut | SupplierDocumentForSupplier:
    """Read what a document says, where it stands, and which file it is: GET /v1/files/{file_id}/content."""
    return _shown(response, await queries.document_for(tx, document_id, by), by)


@router.post("/supplier-documents/{document_id}:accept", summary="Accept a document")
async def accept_supplier_document(
    document_id: UUID, tx: Tx, by: Decider, seen: IfMatch, response: Response
) -> SupplierDocumentOut:
    """Accept a document that somebody else submitted and uploaded: from its first day on it counts.

    What was blocked for want of it is ordered again, unless something else blocks it.
    """
    return _shown_to_us(response, await commands.accept(tx, document_id, seen))


@router.post("/supplier-documents/{document_id}:refuse", summary="Refuse a document")
async def refuse_supplier_document(
    document_id: UUID, body: WithReason, tx: Tx, by: Decider, seen: IfMatch, response: Response
) -> SupplierDocumentOut:
    """Refuse a document that somebody else submitted, with a reason; the supplier may submit another."""
    told = body.reason_for_supplier
    return _shown_to_us(response, await commands.refuse(tx, document_id, seen, body.reason, told))


@router.post("/supplier-documents/{document_id}:withdraw", summary="Withdraw a document")
async def withdraw_supplier_document(
    document_id: UUID, body: WithReason, tx: Tx, by: Submitter, seen: IfMatch, response: Response
) -> SupplierDocumentOut | SupplierDocumentForSupplier:
    """Take a document back that does not count any more, whatever its dates; a supplier, its own."""
    told = body.reason_for_supplier
    document = await commands.withdraw(tx, document_id, seen, body.reason, told, by)
    return _shown(response, document, by)


@router.get("/suppliers/{supplier_id}/required-documents", summary="See which documents are required")
async def list_required_documents(supplier_id: UUID, tx: Tx, by: Reader) -> RequiredDocuments:
    """See which documents a supplier needs for what it is approved for, and how each stands today."""
    found = await queries.required_of(tx, supplier_id, by)
    return RequiredDocuments(required=[RequiredDocument.model_validate(one) for one in found])


def _shown(
    response: Response, document: SupplierDocument, by: Principal
) -> SupplierDocumentOut | SupplierDocumentForSupplier:
    set_etag(response, document)
    return (SupplierDocumentForSupplier if by.is_supplier else SupplierDocumentOut).of(document)


def _shown_to_us(response: Response, document: SupplierDocument) -> SupplierDocumentOut:
    set_etag(response, document)
    return SupplierDocumentOut.of(document)
