"""What a supplier's standing means for procurement."""

from __future__ import annotations

from enum import StrEnum


class SupplierStatus(StrEnum):
    """Where a supplier stands, as sourcing said last; orders are issued to approved ones only."""

    REGISTERED = "registered"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


def order_flag(status: SupplierStatus, reason: str | None) -> str | None:
    """Return what open orders to a supplier are flagged with; None while nothing speaks against them."""
    if status in {SupplierStatus.SUSPENDED, SupplierStatus.TERMINATED}:
        return f"supplier {status}: {reason}"
    return None
