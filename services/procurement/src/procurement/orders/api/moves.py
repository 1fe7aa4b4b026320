"""Routes of what can be done to an order: a move of its state machine each."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.orders import commands
from procurement.orders.api.drafts import WRITE, Author
from procurement.orders.views import OrderHeader
from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Line
from purveyor_contract.roles import Role

Buyer = Annotated[Principal, requires(WRITE, Role.BUYER)]
router = APIRouter(prefix="/v1/purchase-orders", tags=["purchase orders"], route_class=TransactionRoute)


class StatedReason(BaseModel):
    """Why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "wrong cost centre"}]}
    )

    reason: Line


class ToldReason(StatedReason):
    """Why, and what of it the supplier is told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "the project lost its budget", "reason_for_supplier": "no longer needed"}]
        }
    )

    reason_for_supplier: Line | None = Field(
        default=None,
        description="What the supplier is told, in its answers and events; nothing when left out",
    )


class Cancellation(ToldReason):
    """Why an order is called off, and what of it the supplier is told."""


class Hold(ToldReason):
    """Why an order is held, what of it the supplier is told, and what waits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "reason": "the drawing is being revised",
                    "reason_for_supplier": "please wait for a new drawing",
                    "stops_receipts": False,
                }
            ]
        }
    )

    stops_receipts: bool = Field(default=False, description="Whether goods of it are not taken in")


@router.post("/{order_id}:submit", summary="Hand a draft in for approval", responses={200: carries(ETAG)})
async def submit_purchase_order(
    order_id: UUID, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> OrderHeader:
    """Hand a draft in for approval."""
    submitted = await commands.submit_order(tx, order_id, seen)
    set_etag(response, submitted)
    return OrderHeader.of(submitted)


@router.post("/{order_id}:approve", summary="Approve an order", responses={200: carries(ETAG)})
async def approve_purchase_order(
    order_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.APPROVER)],
    seen: IfMatch,
) -> OrderHeader:
    """Approve a submitted order.

    Nobody may who created, changed or submitted it, nor who onboarded its supplier or changed who that is.
    """
    approved = await commands.approve_order(tx, order_id, seen)
    set_etag(response, approved)
    return OrderHeader.of(approved)


@router.post("/{order_id}:return", summary="Return an order to its author", responses={200: carries(ETAG)})
async def return_purchase_order(
    order_id: UUID,
    body: StatedReason,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.APPROVER, Role.BUYER)],
    seen: IfMatch,
) -> OrderHeader:
    """Make a submitted or approved order a draft again, for its author to change."""
    order = await commands.return_order(tx, order_id, seen, body.reason)
    set_etag(response, order)
    return OrderHeader.of(order)


@router.post("/{order_id}:issue", summary="Issue an order to its supplier", responses={200: carries(ETAG)})
async def issue_purchase_order(
    order_id: UUID,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.BUYER)],
    seen: IfMatch,
) -> OrderHeader:
    """Make an approved order binding; 422 names each line that its supplier is not approved for today."""
    issued = await commands.issue_order(tx, order_id, seen)
    set_etag(response, issued)
    return OrderHeader.of(issued)


@router.post("/{order_id}:hold", summary="Hold an order", responses={200: carries(ETAG)})
async def hold_purchase_order(
    order_id: UUID, body: Hold, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> OrderHeader:
    """Keep an order, or amendments of an issued one, from being issued until it is released.

    Goods that arrive are taken in nevertheless, unless the hold says that it stops receipts.
    """
    order = await commands.hold_order(
        tx, order_id, seen, body.reason, body.reason_for_supplier, stops_receipts=body.stops_receipts
    )
    set_etag(response, order)
    return OrderHeader.of(order)


@router.post("/{order_id}:release", summary="Release an order", responses={200: carries(ETAG)})
async def release_purchase_order(
    order_id: UUID, body: ToldReason, response: Response, tx: Tx, by: Buyer, seen: IfMatch
) -> OrderHeader:
    """Let an order that is held go on."""
    order = await commands.release_order(tx, order_id, seen, body.reason, body.reason_for_supplier)
    set_etag(response, order)
    return OrderHeader.of(order)


@router.post("/{order_id}:cancel", summary="Cancel an order", responses={200: carries(ETAG)})
async def cancel_purchase_order(
    order_id: UUID, body: Cancellation, response: Response, tx: Tx, by: Author, seen: IfMatch
) -> OrderHeader:
    """Call an order off: a buyer any, a requester their own drafts; what is partly received closes so."""
    order = await commands.cancel_order(tx, order_id, seen, by, body.reason, body.reason_for_supplier)
    set_etag(response, order)
    return OrderHeader.of(order)
