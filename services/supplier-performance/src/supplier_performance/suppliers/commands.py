"""Keeps the copy of sourcing's suppliers. A supplier's events arrive in order: the last one is the truth."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction

REGISTER = """
INSERT INTO supplier (id, number, name, status) VALUES ($1, $2, $3, 'registered')
ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name
"""


async def register(tx: Transaction, supplier_id: UUID, number: str, name: str) -> None:
    """Note a supplier that sourcing has registered."""
    await tx.connection.execute(REGISTER, supplier_id, number, name)


async def rename(tx: Transaction, supplier_id: UUID, name: str) -> None:
    """Note a supplier's new name."""
    await tx.connection.execute("UPDATE supplier SET name = $2 WHERE id = $1", supplier_id, name)


async def set_status(tx: Transaction, supplier_id: UUID, status: str) -> None:
    """Note what sourcing has decided about a supplier."""
    await tx.connection.execute("UPDATE supplier SET status = $2 WHERE id = $1", supplier_id, status)
