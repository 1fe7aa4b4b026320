"""Routes of how invoices are matched, and of what somebody decides of that."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.invoices.api.deciding import WRITE
from procurement.invoices.api.reading import READ
from procurement.invoices.views import Invoice
from procurement.matching import commands, queries
from procurement.matching.rules.exceptions import Resolution
from procurement.matching.views import InvoiceMatch, MatchException
from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Line
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1", tags=["invoices"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires(READ)]
Decider = Annotated[Principal, requires(WRITE, Role.BUYER, Role.ACCOUNTS_PAYABLE, Role.CATEGORY_MANAGER)]
Approver = Annotated[Principal, requires(WRITE, Role.APPROVER, Role.ACCOUNTS_PAYABLE)]
Position = Annotated[int, Path(ge=1, le=1_000_000, description="The line's place in the invoice")]


class LineAssignment(BaseModel):
    """The line of an order that a line of an invoice is for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"order_id": "0199c0de-0000-7000-8000-0000000000a1", "line_number": 1}]
        },
    )

    order_id: UUID
    line_number: int = Field(ge=1, le=99_999)


class ExceptionResolution(BaseModel):
    """How an exception is solved, and why so."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"resolution": "wait", "reason": "the rest is on its way"}]},
    )

    resolution: Resolution = Field(
        description="`accept` needs the role that it is owned by; `wait` is for goods that are to come"
    )
    reason: Line


@router.get("/invoice-exceptions", summary="Find what keeps invoices from being matched")
async def list_invoice_exceptions(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(queries.EXCEPTIONS, MatchException)]
) -> Page[MatchException]:
    """Find what was found of all invoices, what is due first before all other; `is_open`: not solved yet."""
    return asked.page(await queries.find_exceptions(tx, asked), MatchException.model_validate)


@router.get(
    "/invoices/{invoice_id}/match", summary="Read how an invoice is matched", responses={200: carries(ETAG)}
)
async def get_invoice_match(invoice_id: UUID, response: Response, tx: Tx, by: Reader) -> InvoiceMatch:
    """Read which lines of orders an invoice's lines are for, how sure that is, and all that was found."""
    return await _shown(tx, response, invoice_id, by)


@router.post("/invoices/{invoice_id}:match", summary="Match an invoice now", responses={200: carries(ETAG)})
async def match_invoice(
    invoice_id: UUID, response: Response, tx: Tx, by: Decider, seen: IfMatch
) -> InvoiceMatch:
    """Match an invoice against its orders as they stand, at once: it happens by itself within seconds."""
    await commands.match_now(tx, invoice_id, seen)
    return await _shown(tx, response, invoice_id, by)


@router.post("/invoices/{invoice_id}:approve", summary="Approve an invoice", responses={200: carries(ETAG)})
async def approve_invoice(
    invoice_id: UUID, response: Response, tx: Tx, by: Approver, seen: IfMatch
) -> Invoice:
    """Let an invoice that is matched be paid, as somebody who neither entered it nor decided of it."""
    invoice = await commands.approve_invoice(tx, invoice_id, seen)
    set_etag(response, invoice)
    return Invoice.of(invoice)


@router.post(
    "/invoices/{invoice_id}/lines/{position}:assign",
    summary="Assign a line of an invoice",
    responses={200: carries(ETAG)},
)
async def assign_invoice_line(
    invoice_id: UUID,
    position: Position,
    body: LineAssignment,
    response: Response,
    tx: Tx,
    by: Decider,
    seen: IfMatch,
) -> InvoiceMatch:
    """Say which line of an order a line is for; what the supplier calls that item is learned."""
    await commands.assign_line(tx, invoice_id, position, seen, body.order_id, body.line_number)
    return await _shown(tx, response, invoice_id, by)


@router.post(
    "/invoices/{invoice_id}/exceptions/{exception_id}:resolve",
    summary="Solve an exception",
    responses={200: carries(ETAG)},
)
async def resolve_invoice_exception(
    invoice_id: UUID,
    exception_id: UUID,
    body: ExceptionResolution,
    response: Response,
    tx: Tx,
    by: Decider,
    seen: IfMatch,
) -> InvoiceMatch:
    """Accept what keeps an invoice from being matched, dispute it, ask for a credit note, or wait."""
    await commands.resolve_exception(tx, invoice_id, exception_id, seen, body.resolution, body.reason, by)
    return await _shown(tx, response, invoice_id, by)


async def _shown(tx: Transaction, response: Response, invoice_id: UUID, by: Principal) -> InvoiceMatch:
    invoice, lines, exceptions = await queries.match_of(tx, invoice_id, by)
    set_etag(response, invoice)
    return InvoiceMatch.of(invoice, lines, exceptions)
