"""What can be done with shipments, one function a use case."""

from __future__ import annotations

from procurement.shipments.commands.arriving import arrived, lock_announced, lock_expected, taken_back
from procurement.shipments.commands.moving import cancel_shipment, delay_shipment
from procurement.shipments.commands.notifying import notify_shipment
from procurement.shipments.commands.overdue import LOOK_EVERY, begin_day, find_overdue_deliveries

__all__ = (
    "LOOK_EVERY",
    "arrived",
    "begin_day",
    "cancel_shipment",
    "delay_shipment",
    "find_overdue_deliveries",
    "lock_announced",
    "lock_expected",
    "notify_shipment",
    "taken_back",
)
