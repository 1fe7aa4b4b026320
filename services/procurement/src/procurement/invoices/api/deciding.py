"""Routes of what is decided of invoices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from procurement.invoices import commands
from procurement.invoices.views import Invoice
from procurement.orders.api.moves import ToldReason
from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role

WRITE = "procurement:invoices:write"
router = APIRouter(prefix="/v1/invoices", tags=["invoices"], route_class=TransactionRoute)
Clerk = Annotated[Principal, requires(WRITE, Role.ACCOUNTS_PAYABLE)]


@router.post("/{invoice_id}:reject", summary="Reject an invoice", responses={200: carries(ETAG)})
async def reject_invoice(
    invoice_id: UUID, body: ToldReason, response: Response, tx: Tx, by: Clerk, seen: IfMatch
) -> Invoice:
    """Send an invoice back to its supplier: nothing of it is paid, and its number may be used again."""
    invoice = await commands.reject_invoice(tx, invoice_id, seen, body.reason, body.reason_for_supplier)
    set_etag(response, invoice)
    return Invoice.of(invoice)
