"""Goods that were received and are taken back: where that leaves a line, and its order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.orders.rules.states import Status


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What of an order line is as if it had never come: in all, of it rejected, of that not owed again."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    refused_for_good_quantity: Decimal


def status_after_reversal(
    status: str, *, acknowledged: bool, still_open: bool, anything_came: bool
) -> Status:
    """Return where an order stands when goods of it were taken back: as if they had never come.

    One of which nothing is open is done as it was: its lines had been called off, or more than ordered of
    them had come.
    """
    if status == Status.CANCELLED or not still_open:
        return Status(status)
    if anything_came:
        return Status.PARTIALLY_RECEIVED
    return Status.ACKNOWLEDGED if acknowledged else Status.ISSUED
