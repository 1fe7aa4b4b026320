"""Suppliers that ended as others in SQL: which one a supplier is at present, and who became it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.sql import Statement, only
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store.rows import SupplierInBrief, get_supplier, lock_supplier, suppliers_in_brief


def _became(former: UUID, present: UUID) -> tuple[UUID, UUID]:
    return former, present


PRESENT: Statement[UUID] = Statement(
    only,
    """
    WITH RECURSIVE step AS (
      SELECT id, merged_into FROM supplier WHERE id = :supplier_id
      UNION ALL
      SELECT next.id, next.merged_into FROM step JOIN supplier AS next ON next.id = step.merged_into
    )
    SELECT id FROM step WHERE merged_into IS NULL
    """,
)
"""The end of a chain of merges; there is one, as no supplier becomes one that has ended."""

PRESENTS = Statement(
    _became,
    """
    WITH RECURSIVE step AS (
      SELECT id AS former, id, merged_into FROM supplier
      WHERE id = ANY (:supplier_ids) AND merged_into IS NOT NULL
      UNION ALL
      SELECT step.former, next.id, next.merged_into
      FROM step JOIN supplier AS next ON next.id = step.merged_into
    )
    SELECT former, id AS present FROM step WHERE merged_into IS NULL
    """,
)


FORMERS = Statement(
    _became,
    """
    WITH RECURSIVE step AS (
      SELECT id AS former, merged_into AS present FROM supplier WHERE merged_into = ANY (:supplier_ids)
      UNION ALL
      SELECT before.id, step.present FROM step JOIN supplier AS before ON before.merged_into = step.former
    )
    SELECT former, present FROM step
    """,
)


async def formers_of(tx: Transaction, supplier_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return all suppliers that became one of some, also by becoming another first, and which one."""
    return dict(await FORMERS.all(tx.connection, supplier_ids=list(supplier_ids)))


async def presents_of(tx: Transaction, supplier_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return of those of some suppliers that were merged which ones they are at present."""
    return dict(await PRESENTS.all(tx.connection, supplier_ids=list(supplier_ids)))


async def present_of(tx: Transaction, supplier_id: UUID) -> UUID:
    """Return which supplier one is at present: itself, unless it was merged; an unknown one is itself."""
    await tx.flush()
    return await PRESENT.one_or_none(tx.connection, supplier_id=supplier_id) or supplier_id


async def lock_present(tx: Transaction, supplier_id: UUID) -> Supplier:
    """Lock the supplier that one is at present; raises NotFoundError for one that never was.

    Who waits for one that is being merged meanwhile gets the one that it was merged into.
    """
    while True:
        supplier = await lock_supplier(tx, await present_of(tx, supplier_id))
        if supplier.merged_into is None:
            return supplier


async def present_in_brief(tx: Transaction, supplier: Supplier) -> SupplierInBrief | None:
    """Return the supplier that a merged one is at present; None of one that is itself."""
    if supplier.merged_into is None:
        return None
    present = await get_supplier(tx, await present_of(tx, supplier.id))
    return (await suppliers_in_brief(tx, {present.id}))[present.id]


async def merged_into(tx: Transaction, supplier_id: UUID) -> Sequence[SupplierInBrief]:
    """Return the suppliers that became this one, without those that had become them."""
    found = await tx.session.scalars(select(Supplier.id).where(Supplier.merged_into == supplier_id))
    in_brief = await suppliers_in_brief(tx, set(found))
    return [in_brief[one] for one in sorted(in_brief)]
