"""What of requisitions an order orders, for our own people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.views.orders import HEADER, LINE, OF_ORDER, Order

REQUESTED: dict[str, Any] = {
    "order_line_number": 1,
    "requisition_id": "0199c0de-0000-7000-8000-0000000000e1",
    "requisition_number": "PR-000042",
    "line_number": 1,
    "quantity": "1000",
    "delivered_quantity": "0",
}


class OrderedRequisitionLine(BaseModel):
    """What of a requested line an order line orders."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [REQUESTED]})

    order_line_number: int
    requisition_id: UUID
    requisition_number: str
    line_number: int = Field(description="Of the requisition")
    quantity: Decimal = Field(description="What is ordered of it now; 0 once all of that was called off")
    delivered_quantity: Decimal = Field(description="Of that, what came and was accepted")


class OrderedRequisitionLines(BaseModel):
    """What of requisitions an order orders, by its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [REQUESTED]}]})

    items: list[OrderedRequisitionLine]


class DraftedOrders(BaseModel):
    """The orders that were drafted of requested lines: one for each supplier, site, unit and currency."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"orders": [HEADER | OF_ORDER | {"lines": [LINE]}]}]}
    )

    orders: list[Order]
