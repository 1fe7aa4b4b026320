"""What a supplier's standing means for procurement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from purveyor.errors import FieldError, InvalidError


class SupplierStatus(StrEnum):
    """Where a supplier stands, as sourcing said last; orders are issued to approved ones only."""

    REGISTERED = "registered"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


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


def goes_on_as(number: str, legal_name: str) -> str:
    """Return what is said of a supplier that was merged into another."""
    return f"it is {number} ({legal_name}) now: order from that"


GONE = frozenset({SupplierStatus.MERGED, SupplierStatus.WITHDRAWN})
"""Where a supplier is another, or nobody: nothing is even drafted for it."""
FLAGS = GONE | {SupplierStatus.SUSPENDED, SupplierStatus.TERMINATED}


def order_flag(
    status: str, reason: str | None, blocks: Blocks, *, of_present: str | None = None
) -> str | None:
    """Return what open orders to a supplier are flagged with; None while nothing speaks against them.

    A block of some categories flags no order: what is ordered already may come. What speaks against the
    supplier that a merged one is at present speaks against its orders, too.
    """
    if status in FLAGS:
        return f"supplier {status}: {reason}" + (f"; {of_present}" if of_present else "")
    reasons = [block["reason"] for block in blocks if block["categories"] is None]
    return f"supplier blocked: {'; '.join(reasons)}" if reasons else None


def check_goes_on(status: str, reason: str | None) -> None:
    """Raise InvalidError for a supplier that is another since it was merged, or was a mistake.

    Of one that is not approved yet, or not any more, an order may be written: it is not issued.
    """
    if status in GONE:
        why = f"the supplier is {status}" + (f": {reason}" if reason else "")
        raise InvalidError(
            "supplier_gone", f"Nothing is ordered of it: {why}.", errors=[FieldError("/supplier_id", why)]
        )
