"""The route that calls off of a blanket order."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Quantity
from procurement.orders.api.drafts import Author
from procurement.orders.commands.call_offs import CallOff, CallOffLine, call_off
from procurement.orders.views import Order
from purveyor.days import Day
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.preconditions import set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code

router = APIRouter(prefix="/v1/blanket-orders", tags=["blanket orders"], route_class=TransactionRoute)


class CallOffLineIn(BaseModel):
    """How much of a line of the blanket order is wanted, and by when."""

    model_config = ConfigDict(extra="forbid")

    line_number: int = Field(ge=1, le=99_999, description="That of the blanket order, and of the order")
    quantity: Quantity
    promised_on: Day = Field(description="The last day, at the site, that counts as on time")


class CallOffIn(BaseModel):
    """What is called off."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "site": "HAM-1",
                    "cost_centre": "4711",
                    "lines": [{"line_number": 1, "quantity": "2500", "promised_on": "2026-03-20"}],
                }
            ]
        },
    )

    site: Code
    cost_centre: Code
    project: Code | None = Field(default=None, description="What it is for")
    lines: list[CallOffLineIn] = Field(min_length=1, max_length=1000)


@router.post(
    "/{blanket_order_id}/call-offs",
    status_code=201,
    summary="Call off of a blanket order",
    responses={201: carries(ETAG, LOCATION)},
)
async def call_off_blanket_order(
    blanket_order_id: UUID, body: CallOffIn, response: Response, tx: Tx, by: Author
) -> Order:
    """Draft an order at the agreed prices; it is submitted, approved and issued as any other.

    What it wants is taken from the blanket order at once, and given back by cancelling it or its lines.
    """
    lines = tuple(CallOffLine(**vars(line)) for line in body.lines)
    order, draft, amounts = await call_off(
        tx, blanket_order_id, CallOff(body.site, body.cost_centre, body.project, lines)
    )
    set_etag(response, order)
    response.headers["Location"] = f"/v1/purchase-orders/{order.id}"
    return Order.just_created(replace(order, blanket_order_id=blanket_order_id), draft, amounts)
