"""Suppliers in SQL, and what a neighbour may join them by."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.suppliers.rules import CountedAs, SupplierName

NAMED = """(
  SELECT id, number, name, status, present_id AS merged_into, lower(name) COLLATE "C" AS spelling
  FROM supplier
)"""
"""Suppliers to join; `spelling` sorts by PostgreSQL alone, since Python folds ß otherwise, by code points."""

NAMES = Statement(
    SupplierName,
    "SELECT id, number, name, status, spelling FROM {named} AS supplier WHERE id = ANY(:suppliers::uuid[])",
    named=NAMED,
)
MERGED = "(SELECT id AS supplier_id, present_id FROM supplier WHERE present_id IS NOT NULL)"
"""Suppliers that are others since they were merged, to join: what they delivered counts with those."""

COUNTED_AS = Statement(
    CountedAs,
    """
    SELECT id AS supplier_id, id AS counted_as FROM unnest(:suppliers::uuid[]) AS asked (id)
    UNION ALL
    SELECT supplier_id, present_id FROM {merged} AS merged WHERE present_id = ANY(:suppliers)
    """,
    merged=MERGED,
)
PRESENT = Statement(
    CountedAs,
    """
    SELECT supplier_id, present_id AS counted_as FROM {merged} AS merged
    WHERE supplier_id = ANY(:suppliers::uuid[])
    """,
    merged=MERGED,
)
ONE_AFTER_THE_OTHER = "SELECT pg_advisory_xact_lock(hashtextextended('suppliers that are others', 0))"
MERGE = "UPDATE supplier SET status = 'merged', merged_into = $2 WHERE id = $1"
FOLLOW = """
WITH RECURSIVE step AS (
  SELECT id, merged_into AS present, 1 AS length FROM supplier WHERE merged_into IS NOT NULL
  UNION ALL
  SELECT step.id, next.merged_into, length + 1
  FROM step JOIN supplier AS next ON next.id = step.present
  WHERE next.merged_into IS NOT NULL AND length < 100
), found AS (
  SELECT DISTINCT ON (id) id, present FROM step ORDER BY id, length DESC
)
UPDATE supplier SET present_id = found.present
FROM found
WHERE supplier.id = found.id AND supplier.present_id IS DISTINCT FROM found.present
"""
"""Every supplier that was merged is what the end of its chain is; merges of a chain come in any order."""

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


async def merge(tx: Transaction, supplier_id: UUID, into: UUID) -> None:
    """Note which supplier one is from now on, and with it all that were merged into that one before."""
    await tx.connection.execute(ONE_AFTER_THE_OTHER)
    await tx.connection.execute(MERGE, supplier_id, into)
    await tx.connection.execute(FOLLOW)


async def counted_as(tx: Transaction, suppliers: Sequence[UUID]) -> list[CountedAs]:
    """Return whose deliveries count for suppliers: their own, and those of who was merged into them."""
    return await COUNTED_AS.all(tx.connection, suppliers=suppliers)


async def present(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return of these suppliers that were merged which one each is at present."""
    found = await PRESENT.all(tx.connection, suppliers=suppliers)
    return {one.supplier_id: one.counted_as for one in found}


async def set_status(tx: Transaction, supplier_id: UUID, status: str) -> None:
    """Change a supplier's state."""
    await tx.connection.execute("UPDATE supplier SET status = $2 WHERE id = $1", supplier_id, status)


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Take a supplier's row away."""
    await tx.connection.execute("DELETE FROM supplier WHERE id = $1", supplier_id)
    await tx.connection.execute(FOLLOW)
