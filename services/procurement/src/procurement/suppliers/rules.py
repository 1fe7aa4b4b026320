"""What a supplier's standing means for procurement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class SupplierStatus(StrEnum):
    """Where a supplier stands, as sourcing said last; orders are issued to approved ones only."""

    REGISTERED = "registered"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


Approvals = Sequence[Mapping[str, str | None]]
"""Categories, each with the last day of its approval (ISO 8601; None without an end)."""

Blocks = Sequence[Mapping[str, Any]]
"""What keeps from ordering, each with its `reason` and the `categories` that it covers (None: all)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a supplier stands, what it is approved for, and what keeps from ordering from it meanwhile."""

    status: str
    status_reason: str | None
    approvals: Approvals
    blocks: Blocks


def blocks_of(covering: Collection[str], blocks: Blocks) -> list[str]:
    """Return why a category is not ordered: the reasons of the blocks of it, or of what it lies in."""
    return [
        block["reason"]
        for block in blocks
        if block["categories"] is None or not set(covering).isdisjoint(block["categories"])
    ]


def order_flag(status: str, reason: str | None, blocks: Blocks) -> str | None:
    """Return what open orders to a supplier are flagged with; None while nothing speaks against them.

    A block of some categories flags no order: what is ordered already may come.
    """
    if status in {SupplierStatus.SUSPENDED, SupplierStatus.TERMINATED}:
        return f"supplier {status}: {reason}"
    reasons = [block["reason"] for block in blocks if block["categories"] is None]
    return f"supplier blocked: {'; '.join(reasons)}" if reasons else None
