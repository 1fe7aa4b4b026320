"""Suppliers in SQL, and what a neighbour may join them by."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.suppliers.rules import SupplierName

NAMED = '(SELECT id, number, name, status, lower(name) COLLATE "C" AS spelling FROM supplier)'
"""Suppliers to join; `spelling` sorts by PostgreSQL alone, since Python folds ß otherwise, by code points."""

NAMES = Statement(
    SupplierName,
    "SELECT id, number, name, status, spelling FROM {named} AS supplier WHERE id = ANY(:suppliers::uuid[])",
    named=NAMED,
)
REGISTER = """
INSERT INTO supplier (id, number, name, status) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name
"""


async def names(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, SupplierName]:
    """Return the suppliers of these ids, nameless where sourcing has not said yet who they are."""
    known = {supplier.id: supplier for supplier in await NAMES.all(tx.connection, suppliers=suppliers)}
    return {supplier_id: known.get(supplier_id, SupplierName(supplier_id)) for supplier_id in suppliers}


async def register(tx: Transaction, supplier_id: UUID, number: str, name: str, status: str) -> None:
    """Add a supplier; of one that is there already only the number and the name change."""
    await tx.connection.execute(REGISTER, supplier_id, number, name, status)


async def rename(tx: Transaction, supplier_id: UUID, name: str) -> None:
    """Change a supplier's name."""
    await tx.connection.execute("UPDATE supplier SET name = $2 WHERE id = $1", supplier_id, name)


async def set_status(tx: Transaction, supplier_id: UUID, status: str) -> None:
    """Change a supplier's state."""
    await tx.connection.execute("UPDATE supplier SET status = $2 WHERE id = $1", supplier_id, status)


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Take a supplier's row away."""
    await tx.connection.execute("DELETE FROM supplier WHERE id = $1", supplier_id)
