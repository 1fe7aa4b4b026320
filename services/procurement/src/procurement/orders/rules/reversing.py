"""Goods that were received and are taken back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What of an order line is as if it had never come: in all, of it rejected, of that not owed again."""

    line_number: int
    quantity: Decimal
    rejected_quantity: Decimal
    refused_for_good_quantity: Decimal
