"""Routes that order what was requested, and that show what of it an order orders."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Price, StatedQuantity
from procurement.orders import queries
from procurement.orders.api.drafts import WRITE
from procurement.orders.commands.ordering import WantedLine, order_requested
from procurement.orders.views import Order
from procurement.orders.views.requested import (
    DraftedOrders,
    OrderedRequisitionLine,
    OrderedRequisitionLines,
)
from procurement.requisitions.queries import requested_of
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code, ItemCode
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1", tags=["requisitions"], route_class=TransactionRoute)
EXAMPLE: dict[str, Any] = {
    "requisition_id": "0199c0de-0000-7000-8000-0000000000e1",
    "line_number": 1,
    "quantity": "1000",
    "supplier_id": "0199c0de-0000-7000-8000-000000000001",
    "price": "8.10",
    "price_base_quantity": "100",
}


class RequestedLineIn(BaseModel):
    """How much of a requested line is ordered, of whom, and at what price."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    requisition_id: UUID
    line_number: int = Field(ge=1, le=99_999, description="Of the requisition")
    quantity: StatedQuantity | None = Field(default=None, description="All that is open when left out")
    supplier_id: UUID | None = Field(default=None, description="The suggested one when left out")
    item: ItemCode | None = Field(
        default=None, description="Of a line that names none: what to call it; its number when left out"
    )
    price: Price | None = Field(default=None, description="As it was estimated when left out")
    price_base_quantity: StatedQuantity | None = Field(
        default=None, description="Of the price that is stated; 1 when left out"
    )
    promised_on: Day | None = Field(default=None, description="The day by which it is needed when left out")
    tax_code: Code | None = Field(default=None, description="How it is taxed")


class RequestedLinesIn(BaseModel):
    """What is ordered of requisitions."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"lines": [EXAMPLE]}]})

    lines: list[RequestedLineIn] = Field(min_length=1, max_length=1000)


@router.post("/requisitions:order", summary="Order what was requested", status_code=201)
async def order_requisitions(
    body: RequestedLinesIn, tx: Tx, by: Annotated[Principal, requires(WRITE, Role.BUYER)]
) -> DraftedOrders:
    """Draft orders of approved lines, of several requisitions at once: one order for each supplier.

    An order is for one site, one business unit and in one currency; of lines that differ in that there are
    several. What they order is taken at once, never more than is open, and is open again as soon as it is
    called off. Orders are approved as others are, by none who wrote their requisitions.
    """
    drafted = await order_requested(tx, [WantedLine(**vars(line)) for line in body.lines])
    return DraftedOrders(orders=[Order.just_created(one.order, one.draft, one.amounts) for one in drafted])


@router.get("/purchase-orders/{order_id}/requisition-lines", summary="Read what requisitions an order orders")
async def get_requisition_lines_of_order(
    order_id: UUID, tx: Tx, by: Annotated[Principal, requires("procurement:requisitions:read")]
) -> OrderedRequisitionLines:
    """Read which requested lines an order's lines order, how much of each, and what came of it."""
    await queries.order_for(tx, order_id, by)
    found = await requested_of(tx, order_id)
    return OrderedRequisitionLines(items=[OrderedRequisitionLine.model_validate(one) for one in found])
