"""What can be done with purchase orders, one function a use case."""

from __future__ import annotations

from procurement.orders.commands.holding import hold_order, release_order
from procurement.orders.commands.lines import close_line, reopen_line
from procurement.orders.commands.orders import (
    approve_order,
    cancel_order,
    change_order,
    create_order,
    flag_open_orders,
    issue_order,
    return_order,
    submit_order,
)
from procurement.orders.commands.reversing import take_back_goods

__all__ = (
    "approve_order",
    "cancel_order",
    "change_order",
    "close_line",
    "create_order",
    "flag_open_orders",
    "hold_order",
    "issue_order",
    "release_order",
    "reopen_line",
    "return_order",
    "submit_order",
    "take_back_goods",
)
