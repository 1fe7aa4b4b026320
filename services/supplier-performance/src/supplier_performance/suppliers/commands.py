"""Keeps the copy of sourcing's suppliers. A supplier's events arrive in order: the last one is the truth."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from supplier_performance.due import store as due
from supplier_performance.suppliers import store


async def register(tx: Transaction, supplier_id: UUID, number: str, name: str) -> None:
    """Note a supplier that sourcing has registered."""
    await store.register(tx, supplier_id, number, name, status="registered")


async def rename(tx: Transaction, supplier_id: UUID, name: str) -> None:
    """Note a supplier's new name."""
    await store.rename(tx, supplier_id, name)


async def set_status(tx: Transaction, supplier_id: UUID, status: str) -> None:
    """Note what sourcing has decided about a supplier."""
    await store.set_status(tx, supplier_id, status)


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Take back what sourcing has told of a supplier."""
    await store.forget(tx, supplier_id)


async def merge(tx: Transaction, supplier_id: UUID, into: UUID) -> None:
    """Count what a supplier delivered, and delivers yet, with what another does; its score is judged anew."""
    await store.merge(tx, supplier_id, into)
    present = (await store.present(tx, [supplier_id])).get(supplier_id, into)
    due.note(tx, present, tx.now)
