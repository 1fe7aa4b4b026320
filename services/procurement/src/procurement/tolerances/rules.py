"""How much may come of an order line, and how little is enough: shares of what was ordered, by some rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.expected import Balance
from procurement.orders.rules.quantities import settled_quantity


class OverReceipt(BaseModel):
    """How much more than ordered may be received."""

    model_config = ConfigDict(frozen=True)

    tolerance_percent: Decimal = Field(
        default=Decimal(0), ge=0, le=100, description="Of what was ordered on a line", examples=["5"]
    )


class UnderReceipt(BaseModel):
    """How much less than ordered is enough, so that a line is complete without its rest."""

    model_config = ConfigDict(frozen=True)

    tolerance_percent: Decimal = Field(
        default=Decimal(0), ge=0, le=100, description="Of what was ordered on a line", examples=["2"]
    )
    completes_by_itself: bool = Field(
        default=False,
        description="Whether a receipt that leaves no more open completes the line unless it says otherwise; "
        "else only where it says so",
    )


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A share of what was ordered, and the rule that says so: a version of a policy, or the item itself."""

    percent: Decimal
    policy: str
    version: int | None
    """None where the item's own rule holds."""
    place: Mapping[str, Any] = field(default_factory=dict)
    """What the rule is limited to: nothing where it holds everywhere."""

    def __str__(self) -> str:
        """Say how much it is, and by which rule."""
        where = [
            f"{name.removesuffix('_id').replace('_', ' ')} {value}" for name, value in self.place.items()
        ]
        if self.version is None:
            return f"{self.percent} % ({', '.join(where)})"
        by = ", ".join([f"policy {self.policy}", f"version {self.version}", *where])
        return f"{self.percent} % ({by})"

    def content(self) -> dict[str, Any]:
        """Return what it says by name, as it is kept with what it judged."""
        return {
            "percent": str(self.percent),
            "policy": self.policy,
            "version": self.version,
            **{name: str(value) for name, value in self.place.items()},
        }


def receivable(ordered: Decimal, tolerance_percent: Decimal) -> Decimal:
    """Return the most that may be received of a line: ordered × (1 + tolerance ÷ 100)."""
    return ordered * (1 + tolerance_percent / 100)


def still_receivable(balance: Balance, tolerance_percent: Decimal) -> Decimal:
    """Return how much more may arrive: what was rejected and is owed again may come once more."""
    wanted = balance.quantity - balance.cancelled_quantity
    return max(receivable(wanted, tolerance_percent) - settled_quantity(balance), Decimal(0))


def dispensable(balance: Balance, tolerance_percent: Decimal) -> Decimal:
    """Return how much of a line need not come: its share of what is ordered and not called off."""
    return (balance.quantity - balance.cancelled_quantity) * tolerance_percent / 100
