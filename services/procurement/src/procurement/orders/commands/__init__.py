"""What can be done with purchase orders, one function a use case."""

from __future__ import annotations

from procurement.orders.commands.orders import (
    acknowledge_order,
    approve_order,
    cancel_order,
    change_order,
    create_order,
    flag_open_orders,
    issue_order,
    return_order,
    submit_order,
)

__all__ = (
    "acknowledge_order",
    "approve_order",
    "cancel_order",
    "change_order",
    "create_order",
    "flag_open_orders",
    "issue_order",
    "return_order",
    "submit_order",
)
