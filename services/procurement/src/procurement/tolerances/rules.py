"""How much may come of an order line: what is open, and a share of what was ordered above it."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.expected import Balance
from procurement.orders.rules.quantities import settled_quantity


class OverReceipt(BaseModel):
    """How much more than ordered may be received."""

    model_config = ConfigDict(frozen=True)

    tolerance_percent: Decimal = Field(
        default=Decimal(0), ge=0, le=100, description="Of what was ordered on a line", examples=["5"]
    )


def receivable(ordered: Decimal, tolerance_percent: Decimal) -> Decimal:
    """Return the most that may be received of a line: ordered × (1 + tolerance ÷ 100)."""
    return ordered * (1 + tolerance_percent / 100)


def still_receivable(balance: Balance, tolerance_percent: Decimal) -> Decimal:
    """Return how much more may arrive: what was rejected and is owed again may come once more."""
    wanted = balance.quantity - balance.cancelled_quantity
    return max(receivable(wanted, tolerance_percent) - settled_quantity(balance), Decimal(0))
