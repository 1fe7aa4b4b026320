"""Purchase orders, their lines and their versions; what the world is told of them."""

from __future__ import annotations

from procurement.orders.model.events import (
    amended_event,
    cancelled_event,
    closed_event,
    issued_event,
)
from procurement.orders.model.lines import (
    ADJUSTMENTS,
    NOTHING_CAME,
    STATED,
    PurchaseOrderLine,
    PurchaseOrderSchedule,
)
from procurement.orders.model.orders import ORDERED_ON, TAX_RATES, PurchaseOrder, order_number
from procurement.orders.model.versions import PurchaseOrderVersion

__all__ = (
    "ADJUSTMENTS",
    "NOTHING_CAME",
    "ORDERED_ON",
    "STATED",
    "TAX_RATES",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseOrderSchedule",
    "PurchaseOrderVersion",
    "amended_event",
    "cancelled_event",
    "closed_event",
    "issued_event",
    "order_number",
)
