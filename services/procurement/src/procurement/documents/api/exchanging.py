"""Routes of documents as UBL that no paper says: cancellations and receipt advices."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from procurement.documents.api.xml import AS_XML, XmlResponse
from procurement.documents.queries import exchanging
from purveyor.auth import Principal, requires
from purveyor.http.headers import CONTENT_DISPOSITION, carries
from purveyor.http.transaction import TransactionRoute, Tx

DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The document"} | AS_XML | carries(CONTENT_DISPOSITION)
}

router = APIRouter(prefix="/v1", tags=["documents"], route_class=TransactionRoute)


@router.get(
    "/purchase-orders/{order_id}/cancellation/document",
    summary="Write an order's cancellation as UBL",
    response_class=XmlResponse,
    responses=DOCUMENT,
)
async def get_cancellation_document(
    order_id: UUID,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:orders:read", suppliers_too=True)],
) -> XmlResponse:
    """Write that all of an order is called off, as `OrderCancellation` of UBL 2.1 and Peppol BIS 3.

    Of an order that goods came of there is none: it is closed with what came.
    """
    number, document = await exchanging.cancellation_as_ubl(tx, order_id, by)
    return XmlResponse.of(document, f"{number}-cancellation")


@router.get(
    "/goods-receipts/{receipt_id}/document",
    summary="Write a goods receipt as UBL",
    response_class=XmlResponse,
    responses=DOCUMENT,
)
async def get_goods_receipt_document(
    receipt_id: UUID,
    tx: Tx,
    by: Annotated[Principal, requires("procurement:receipts:read", suppliers_too=True)],
) -> XmlResponse:
    """Write what came and what of it was refused, as `ReceiptAdvice` of UBL 2.1.

    It keeps to Peppol's specification where it answers a despatch advice that came in as a document. What
    was taken back is left out, and the document's state says so.
    """
    number, document = await exchanging.receipt_as_ubl(tx, receipt_id, by)
    return XmlResponse.of(document, number)
