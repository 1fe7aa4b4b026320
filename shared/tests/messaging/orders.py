"""A toy aggregate and its subscriber: orders that grow on one side, a ledger of what was seen on the other."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from purveyor.db import Transaction
from purveyor.messaging.envelope import Event

TABLES = """
CREATE TABLE toy_order (id uuid PRIMARY KEY, sequence bigint NOT NULL DEFAULT 0);
CREATE TABLE toy_ledger (
  position bigint GENERATED ALWAYS AS IDENTITY, consumer text, key text, sequence bigint, amount integer
);
"""


class ToyGrown(Event):
    """A toy order grew by an amount."""

    service: ClassVar[str] = "toys"
    topic: ClassVar[str] = "toys.orders"
    key_field: ClassVar[str] = "order_id"

    order_id: UUID
    amount: int


class ToyPainted(ToyGrown):
    """Nobody subscribes to this one."""


async def grow(tx: Transaction, order_id: UUID, amount: int, event: type[ToyGrown] = ToyGrown) -> int:
    """Lock the order (or make it), count it on, and record what happened; returns the event's number."""
    sequence: int = await tx.connection.fetchval(
        "INSERT INTO toy_order (id, sequence) VALUES ($1, 1) "
        "ON CONFLICT (id) DO UPDATE SET sequence = toy_order.sequence + 1 RETURNING sequence",
        order_id,
    )
    tx.record_numbered(event(order_id=order_id, amount=amount), sequence)
    return sequence
