"""Routes of purchase orders."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from procurement.fields import Code, Reference
from procurement.orders import commands, queries
from procurement.orders.imports import import_order
from procurement.orders.queries import NEWEST_FIRST, OrderFilter
from procurement.orders.rules import Status
from procurement.orders.schemas import (
    FORMERLY_WRITTEN,
    Acknowledgement,
    ImportedOrder,
    Order,
    OrderHeader,
    OrderIn,
    Reason,
)
from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http import bulk
from purveyor.http.imports import ImportKey
from purveyor.http.pages import Page, Paging
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role

READ = "procurement:orders:read"
WRITE = "procurement:orders:write"

router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)
OrderNumber = Annotated[str, Query(pattern=r"^PO-[0-9]{6,18}$", examples=["PO-000042"])]
Author = Annotated[Principal, requires(WRITE, Role.REQUESTER, Role.BUYER)]


@router.post("", status_code=201, summary="Create a draft")
async def create_order(body: OrderIn, response: Response, tx: Tx, by: Author) -> Order:
    """Create a draft with its lines. It is bound to nothing until it is submitted, approved and issued."""
    draft = body.draft()
    created, amounts = await commands.create_order(tx, draft)
    response.headers["ETag"] = f'"{created["version"]}"'
    response.headers["Location"] = f"/v1/purchase-orders/{created['id']}"
    return Order.just_created(created, draft, amounts)


@router.post(":import", summary="Import orders of the past", **bulk.route(ImportedOrder))
async def import_orders(
    by: Annotated[Principal, requires("procurement:import", Role.ADMIN)], rows: bulk.Bulk
) -> Response:
    """Import orders that were issued elsewhere: NDJSON, an order a line. The same again changes nothing.

    A refused row with the code `supplier_unknown` may be sent again: its supplier may be on its way here.
    """

    async def import_row(tx: Transaction, row: ImportedOrder) -> bulk.BulkOutcome:
        key = ImportKey(row.external_reference, row, FORMERLY_WRITTEN)
        return await import_order(tx, key, row.supplier_external_reference, row.site, row.draft)

    return await rows.answer(ImportedOrder, import_row)


@router.get("", summary="Find orders")
async def find_orders(
    tx: Tx,
    by: Annotated[Principal, requires(READ)],
    page: Paging,
    number: OrderNumber | None = None,
    status: Status | None = None,
    supplier_id: UUID | None = None,
    site: Code | None = None,
    business_unit: Code | None = None,
    ordered_from: Annotated[date | None, Query(description="Ordered on this day or later")] = None,
    ordered_to: Annotated[date | None, Query(description="Ordered on this day or earlier")] = None,
    flagged: Annotated[
        bool | None, Query(description="Whether something speaks against the supplier")
    ] = None,
    external_reference: Reference | None = None,
) -> Page[OrderHeader]:
    """Find orders, newest first. A supplier finds its own, once they were issued."""
    wanted = OrderFilter(
        serial_number=int(number.removeprefix("PO-")) if number else None,
        status=status,
        supplier_id=supplier_id,
        site=site,
        business_unit=business_unit,
        ordered_from=ordered_from,
        ordered_to=ordered_to,
        flagged=flagged,
        external_reference=external_reference,
    )
    found = await queries.find_orders(tx, wanted, page, by)
    return page.of(found, NEWEST_FIRST.name, lambda order: (order.id,), OrderHeader.of)


@router.get("/{order_id}", summary="Read an order")
async def read_order(
    order_id: UUID, response: Response, tx: Tx, by: Annotated[Principal, requires(READ)]
) -> Order:
    """Read an order with its lines."""
    order = await queries.order_for(tx, order_id, by)
    set_etag(response, order)
    return Order.with_lines(order, order.lines)


@router.put("/{order_id}", summary="Change a draft")
async def change_order(
    order_id: UUID, body: OrderIn, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> Order:
    """Replace a draft's header and lines."""
    order = await commands.change_order(tx, order_id, seen, body.draft())
    set_etag(response, order)
    return Order.with_lines(order, sorted(order.lines, key=lambda line: line.line_number))


@router.post("/{order_id}:submit", summary="Hand a draft in for approval")
async def submit_order(order_id: UUID, response: Response, tx: Tx, by: Author, seen: IfMatch) -> OrderHeader:
    """Hand a draft in for approval."""
    submitted = await commands.submit_order(tx, order_id, seen)
    response.headers["ETag"] = f'"{submitted["version"]}"'
    return OrderHeader.of_row(submitted)


@router.post("/{order_id}:approve", summary="Approve an order")
async def approve_order(
    order_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.APPROVER)],
    seen: IfMatch,
) -> OrderHeader:
    """Approve a submitted order. Neither who created it may, nor who onboarded its supplier."""
    approved = await commands.approve_order(tx, order_id, seen)
    response.headers["ETag"] = f'"{approved["version"]}"'
    return OrderHeader.of_row(approved)


@router.post("/{order_id}:return", summary="Return an order to its author")
async def return_order(
    order_id: UUID,
    body: Reason,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.APPROVER, Role.BUYER)],
    seen: IfMatch,
) -> OrderHeader:
    """Make a submitted or approved order a draft again, for its author to change."""
    order = await commands.return_order(tx, order_id, seen, body.reason)
    set_etag(response, order)
    return OrderHeader.of(order)


@router.post("/{order_id}:issue", summary="Issue an order to its supplier")
async def issue_order(
    order_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.BUYER)],
    seen: IfMatch,
) -> OrderHeader:
    """Make an approved order binding; 422 names each line that its supplier is not approved for today."""
    issued = await commands.issue_order(tx, order_id, seen)
    response.headers["ETag"] = f'"{issued["version"]}"'
    return OrderHeader.of_row(issued)


@router.post("/{order_id}:acknowledge", summary="Acknowledge an order")
async def acknowledge_order(
    order_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.BUYER, Role.SUPPLIER)],
    seen: IfMatch,
    body: Acknowledgement | None = None,
) -> OrderHeader:
    """Confirm an issued order: its supplier does, or a buyer who has the supplier's word."""
    reference = body.supplier_reference if body else None
    order = await commands.acknowledge_order(tx, order_id, seen, by, reference)
    set_etag(response, order)
    return OrderHeader.of(order)


@router.post("/{order_id}:cancel", summary="Cancel an order")
async def cancel_order(
    order_id: UUID, body: Reason, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> OrderHeader:
    """Call an order off. Once issued only a buyer may; what is partly received closes with what came."""
    order = await commands.cancel_order(tx, order_id, seen, by, body.reason)
    set_etag(response, order)
    return OrderHeader.of(order)
