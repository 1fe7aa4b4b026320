"""What the dock has to know of an item whose goods arrive."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from procurement.items.rules.conversions import Units


class TrackedBy(StrEnum):
    """By what goods of an item are told apart once they are here."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class ReceivedItem:
    """An item as its goods are received."""

    units: Units
    over_receipt_tolerance: Decimal | None = None
    """In percent; None: as the policy says."""
    under_receipt_tolerance: Decimal | None = None
    tracked_by: str = TrackedBy.NONE
    least_remaining_life_days: int | None = None
    """How long it has to be usable when it arrives; None: it does not expire, or nobody cares."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a GTIN stands on: a unit of an item."""

    code: str
    unit: str
    item: ReceivedItem
