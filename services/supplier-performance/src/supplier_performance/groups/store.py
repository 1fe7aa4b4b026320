"""Who owns whom in SQL, and the heads of groups, for a neighbour to join."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from purveyor.db import Transaction
from purveyor.sql import Statement, only
from supplier_performance.groups.model import SupplierParent
from supplier_performance.suppliers import store as suppliers

KEEP: Statement[UUID] = Statement(
    only,
    """
    INSERT INTO supplier_parent (supplier_id, parent_id) VALUES (:supplier_id, :parent_id)
    ON CONFLICT (supplier_id) DO UPDATE SET parent_id = excluded.parent_id
    RETURNING supplier_id
    """,
)
HEADS = """(
  WITH RECURSIVE owned AS (
    SELECT parent.supplier_id, coalesce(present_id, parent_id) AS parent_id
    FROM supplier_parent AS parent LEFT JOIN {merged} AS merged ON merged.supplier_id = parent_id
    WHERE NOT EXISTS (SELECT FROM {merged} AS gone WHERE gone.supplier_id = parent.supplier_id)
  ), above AS (
    SELECT supplier_id, parent_id AS head_id, 1 AS level FROM owned
    UNION ALL
    SELECT above.supplier_id, owned.parent_id, level + 1
    FROM above JOIN owned ON owned.supplier_id = head_id
    WHERE level < 20
  ), head AS (
    SELECT DISTINCT ON (supplier_id) supplier_id, head_id FROM above ORDER BY supplier_id, level DESC
  )
  SELECT supplier_id, NULL::uuid AS present_id, head_id FROM head
  UNION ALL
  SELECT merged.supplier_id, present_id, coalesce(head_id, present_id)
  FROM {merged} AS merged LEFT JOIN head ON head.supplier_id = present_id
)"""
"""Suppliers that are another since they were merged, or belong to one, each with the head of its group.

A company that was merged belongs to what the one belongs to that it is at present. There are twenty levels
at most, as sourcing allows.
"""
HEAD_OF: Statement[UUID] = Statement(
    only,
    "SELECT head_id FROM {heads} AS found WHERE supplier_id = :supplier_id",
    heads=HEADS.replace("{merged}", suppliers.MERGED),
)


async def keep(tx: Transaction, supplier_id: UUID, parent_id: UUID) -> None:
    """Note which company owns a supplier."""
    await KEEP.one(tx.connection, supplier_id=supplier_id, parent_id=parent_id)


async def forget(tx: Transaction, supplier_id: UUID) -> None:
    """Take back what was told of who owns a supplier."""
    await tx.session.execute(delete(SupplierParent).where(SupplierParent.supplier_id == supplier_id))


async def head_of(tx: Transaction, supplier_id: UUID) -> UUID:
    """Return the head of the group that a supplier is of: itself, where it belongs to nobody."""
    return await HEAD_OF.one_or_none(tx.connection, supplier_id=supplier_id) or supplier_id
