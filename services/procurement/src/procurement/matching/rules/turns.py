"""Who came first keeps its quantity: what an invoice is held against of all that others charged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

NOTHING = Decimal(0)
Key = tuple[UUID, int]
"""A line of an order."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A quantity, and what it comes to."""

    quantity: Decimal = NOTHING
    net_amount: Decimal = NOTHING

    def __add__(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(self.quantity + other.quantity, self.net_amount + other.net_amount)

    def __sub__(self, other: Sum) -> Sum:
        """Return this without the other."""
        return Sum(self.quantity - other.quantity, self.net_amount - other.net_amount)


@dataclass(frozen=True, slots=True)
class Counted:
    """What an invoice and its credit notes charge of a line of an order, together."""

    order_id: UUID
    line_number: int
    turn: UUID
    quantity: Decimal
    net_amount: Decimal


@dataclass(frozen=True, slots=True)
class Counting:
    """An invoice or a credit note of which something counts, and when its turn is."""

    invoice_id: UUID
    turn: UUID


@dataclass(slots=True)
class Before:
    """What was charged of a line of an order before an invoice."""

    charged: Sum = field(default_factory=Sum)
    """By who came before it."""
    invoiced: Decimal = NOTHING
    """What it has to leave room for."""


def held_against(counted: Iterable[Counted], turn: UUID) -> dict[Key, Before]:
    """Return what of each line an invoice is held against.

    What counts already is held against who came before it; what does not yet leaves room for who came after
    it, too, and nothing that came after it makes room. So no invoice depends on one that depends on it, and
    none changes for ever.
    """
    every = list(counted)
    keeps = any(one.turn == turn for one in every)
    found: dict[Key, Before] = {}
    for one in every:
        before = found.setdefault((one.order_id, one.line_number), Before())
        if one.turn < turn:
            before.charged += Sum(one.quantity, one.net_amount)
            before.invoiced += one.quantity
        elif one.turn > turn and not keeps:
            before.invoiced += max(one.quantity, NOTHING)
    return found
