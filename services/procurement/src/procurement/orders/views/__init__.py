"""Purchase orders and their versions as HTTP shows them."""

from __future__ import annotations

from procurement.orders.views.orders import (
    LINE,
    ORDER,
    Flag,
    Order,
    OrderForSupplier,
    OrderHeader,
    OrderHeaderForSupplier,
    OrderLine,
    OrderLineForSupplier,
)

__all__ = (
    "LINE",
    "ORDER",
    "Flag",
    "Order",
    "OrderForSupplier",
    "OrderHeader",
    "OrderHeaderForSupplier",
    "OrderLine",
    "OrderLineForSupplier",
)
