"""Routes of promises."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.api.drafts import WRITE
from procurement.orders.api.lines import LineNumber
from procurement.orders.api.reads import READ
from procurement.orders.rules.schedules import ONLY
from procurement.promises import commands, queries
from procurement.promises.rules import Move, MovedBy
from procurement.promises.views import OrderPromises, OrderPromisesForSupplier
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Line
from purveyor_contract.roles import Role

router = APIRouter(
    prefix="/v1/purchase-orders/{order_id}", tags=["purchase orders"], route_class=TransactionRoute
)


class PromiseIn(BaseModel):
    """When a schedule of a line comes instead, who moves it, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "schedule_number": 1,
                    "promised_on": "2026-03-27",
                    "moved_from": "2026-03-20",
                    "moved_by": "supplier",
                    "reason": "the furnace is being repaired",
                }
            ]
        },
    )

    schedule_number: int = Field(
        default=ONLY, ge=1, le=9_999, description="Of the line; 1 where the line is its only schedule"
    )
    promised_on: Day = Field(description="Not in the past, at the site")
    moved_from: Day | None = Field(
        default=None,
        description="What you saw promised last, or else needed; if it is another day by now, that is told",
    )
    moved_by: MovedBy | None = Field(
        default=None,
        description="Whose move it is; left out, that of who says it",
    )
    reason: Line
    reason_for_supplier: Line | None = Field(
        default=None,
        description="What the supplier is told of why; nothing when left out. A supplier has said why",
    )

    def move(self) -> Move:
        """Return what is said."""
        return Move(**vars(self))


@router.get("/promises", summary="Read what is promised of an order")
async def list_purchase_order_promises(
    order_id: UUID, tx: Tx, by: Annotated[Principal, requires(READ, suppliers_too=True)]
) -> OrderPromises | OrderPromisesForSupplier:
    """Read the days of each schedule: needed, first promised, last promised, with all moves in between."""
    order, found = await queries.promises_for(tx, order_id, by)
    view = OrderPromisesForSupplier if by.is_supplier else OrderPromises
    return view.of(order.id, order.number, order.current_version, found)


@router.post(
    "/lines/{line_number}/promises",
    status_code=201,
    summary="Move the promise of a schedule",
    responses={201: carries(ETAG)},
)
async def promise_purchase_order_line(
    order_id: UUID,
    line_number: LineNumber,
    body: PromiseIn,
    response: Response,
    tx: Tx,
    by: Annotated[Principal, requires(WRITE, Role.BUYER, Role.SUPPLIER)],
) -> OrderPromises | OrderPromisesForSupplier:
    """Say that a schedule comes on another day; what was promised before stays.

    A day that the buyer moves is from then on the one that counts as on time; one that the supplier moves is
    not. What is needed is moved by an amendment.
    """
    order = await commands.move_promise(tx, order_id, line_number, by, body.move())
    set_etag(response, order)
    found = await queries.promised_of(tx, order)
    view = OrderPromisesForSupplier if by.is_supplier else OrderPromises
    return view.of(order.id, order.number, order.current_version, found)
