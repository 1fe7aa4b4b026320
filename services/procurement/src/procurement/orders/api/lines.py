"""Routes of what can be done to one line of an issued order, while the others go on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from procurement.orders import commands
from procurement.orders.api.moves import Buyer, ToldReason
from procurement.orders.rules.lines import LineAction
from procurement.orders.views import Order
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx

router = APIRouter(
    prefix="/v1/purchase-orders/{order_id}/lines", tags=["purchase orders"], route_class=TransactionRoute
)
LineNumber = Annotated[int, Path(ge=1, le=99_999, examples=[1])]


@router.post("/{line_number}:close-short", summary="Close a line short", responses={200: carries(ETAG)})
async def close_purchase_order_line_short(
    order_id: UUID,
    line_number: LineNumber,
    body: ToldReason,
    response: Response,
    tx: Tx,
    by: Buyer,
    seen: IfMatch,
) -> Order:
    """Call off the rest of a line of which something has come; the last one closes the order."""
    action = LineAction.CLOSE_SHORT
    order = await commands.close_line(
        tx, order_id, line_number, seen, action, body.reason, body.reason_for_supplier
    )
    set_etag(response, order)
    return Order.with_lines(order, order.lines)


@router.post("/{line_number}:cancel", summary="Cancel a line", responses={200: carries(ETAG)})
async def cancel_purchase_order_line(
    order_id: UUID,
    line_number: LineNumber,
    body: ToldReason,
    response: Response,
    tx: Tx,
    by: Buyer,
    seen: IfMatch,
) -> Order:
    """Call off a line of which nothing has come; the last one closes the order, or cancels it."""
    action = LineAction.CANCEL
    order = await commands.close_line(
        tx, order_id, line_number, seen, action, body.reason, body.reason_for_supplier
    )
    set_etag(response, order)
    return Order.with_lines(order, order.lines)


@router.post("/{line_number}:reopen", summary="Reopen a line", responses={200: carries(ETAG)})
async def reopen_purchase_order_line(
    order_id: UUID,
    line_number: LineNumber,
    body: ToldReason,
    response: Response,
    tx: Tx,
    by: Buyer,
    seen: IfMatch,
) -> Order:
    """Let what was called off of a line be wanted again, also when that opens an order that was closed."""
    order = await commands.reopen_line(tx, order_id, line_number, seen, body.reason, body.reason_for_supplier)
    set_etag(response, order)
    return Order.with_lines(order, order.lines)
