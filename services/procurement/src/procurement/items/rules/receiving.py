"""What the dock has to know of an item whose goods arrive."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.items.rules.conversions import Units


@dataclass(frozen=True, slots=True)
class ReceivedItem:
    """An item as its goods are received: its units, and how much more or less than ordered is tolerated."""

    units: Units
    over_receipt_tolerance: Decimal | None = None
    """In percent; None: as the policy says."""
    under_receipt_tolerance: Decimal | None = None
