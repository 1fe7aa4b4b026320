"""Suppliers in SQL: their rows, and what orders may know of them, declared here for orders to compose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from procurement.suppliers.model import Supplier
from procurement.suppliers.rules import Approvals, Blocks, Standing
from purveyor.db import Transaction
from purveyor.sql import Statement, only

AUTHORS = "array_append(array_remove(authors, onboarded_by), onboarded_by)"
"""Who made a supplier what it is. Who onboarded it is among them whatever its row says: the release before,
which may still be writing beside this one, writes no authors.
"""

SELLER = """
SELECT id, status, status_reason, approvals, blocks, order_flag AS flag_reason,
       {authors} AS authors,
       CASE WHEN order_flag IS NOT NULL THEN :now::timestamptz END AS flagged_at
FROM supplier
WHERE id = {supplier_id}
FOR KEY SHARE
""".replace("{authors}", AUTHORS)
"""A supplier to order from, with its authors, and the flag that its orders carry now.

It is locked before any order, as a change of its standing does it: an order that is written meanwhile either
is seen by the change, and flagged, or sees it.
"""

PARTS = """
SELECT id, onboarded_by, {authors} AS authors, approvers
FROM supplier
WHERE id = {supplier_id}
""".replace("{authors}", AUTHORS)
"""Who onboarded a supplier, which never changes, who made it what it is, who approved or reinstated it."""

KNOWN_AS = """
SELECT id FROM supplier
WHERE external_reference = {reference} AND source_system = {system} AND imported ORDER BY id LIMIT 1
"""
"""The supplier that another system knows by a reference; of several, the one known first.

Two people let it in by that reference. Of one that was registered here, one person said so.
"""


@dataclass(frozen=True, slots=True)
class Seller:
    """A supplier to order from, its row locked against a change of its standing."""

    id: UUID
    status: str
    status_reason: str | None
    approvals: Approvals
    blocks: Blocks
    authors: list[str]
    flag_reason: str | None
    flagged_at: datetime | None

    @property
    def standing(self) -> Standing:
        """What may be ordered from it."""
        return Standing(self.status, self.status_reason, self.approvals, self.blocks)


ONE_AFTER_THE_OTHER = "SELECT pg_advisory_xact_lock(hashtextextended('suppliers that are others', 0))"
FOLLOW = Statement(
    only,
    """
    WITH RECURSIVE step AS (
      SELECT id, merged_into AS present, 1 AS length FROM supplier WHERE merged_into IS NOT NULL
      UNION ALL
      SELECT step.id, next.merged_into, length + 1
      FROM step JOIN supplier AS next ON next.id = step.present
      WHERE next.merged_into IS NOT NULL AND length < {longest}
    ), found AS (
      SELECT DISTINCT ON (id) id, present FROM step ORDER BY id, length DESC
    )
    UPDATE supplier SET present_id = found.present
    FROM found
    WHERE supplier.id = found.id AND supplier.present_id IS DISTINCT FROM found.present
    RETURNING supplier.id
    """,
    longest="100",
)
"""Every supplier that was merged is what the end of its chain is; merges of a chain come in any order."""


GROUP: Statement[UUID] = Statement(
    only,
    """
    WITH RECURSIVE above AS (
      SELECT id, parent_id FROM supplier WHERE id = ANY(:suppliers::uuid[])
      UNION
      SELECT up.id, up.parent_id FROM above JOIN supplier AS up ON up.id = above.parent_id
    ), below AS (
      SELECT unnest(ARRAY[id, parent_id]) AS id FROM above
      UNION
      SELECT down.id FROM below JOIN supplier AS down ON down.parent_id = below.id
    )
    SELECT id FROM below WHERE id IS NOT NULL
    """,
)
"""All that belong to one company, upwards and down again; one that is not known here joins its own."""
LOCK_SELLER = Statement(Seller, SELLER.format(supplier_id=":supplier_id"))


async def lock_seller(tx: Transaction, supplier_id: UUID) -> Seller | None:
    """Keep a supplier's standing as it is until the end of the transaction, and return it."""
    return await LOCK_SELLER.one_or_none(tx.connection, supplier_id=supplier_id, now=tx.now)


async def lock(tx: Transaction, supplier_id: UUID) -> Supplier | None:
    """Lock a supplier's row to change it."""
    return await tx.session.get(Supplier, supplier_id, with_for_update=True, populate_existing=True)


async def merge_one_after_the_other(tx: Transaction) -> None:
    """Let no other transaction say who is who before this one ends."""
    await tx.connection.execute(ONE_AFTER_THE_OTHER)


async def follow(tx: Transaction) -> Collection[UUID]:
    """Note of every merged supplier which one it is at present; return those of which that is another."""
    return await FOLLOW.all(tx.connection)


async def lock_same(tx: Transaction, supplier_id: UUID) -> Sequence[Supplier]:
    """Lock the suppliers that are this one at present, which is locked before them."""
    found = await tx.session.scalars(
        select(Supplier)
        .where(Supplier.present_id == supplier_id)
        .order_by(Supplier.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def same_as(tx: Transaction, supplier_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return suppliers and those that are one of them at present."""
    found = await tx.session.scalars(select(Supplier.id).where(Supplier.present_id.in_(supplier_ids)))
    return [*supplier_ids, *found]


async def company_of(tx: Transaction, supplier_id: UUID) -> Sequence[UUID]:
    """Return a supplier, the one that it is at present, and all that are that one, in order."""
    present = await tx.session.scalar(select(Supplier.present_id).where(Supplier.id == supplier_id))
    return sorted(set(await same_as(tx, [present or supplier_id])) | {supplier_id})


async def risk_of(tx: Transaction, supplier_id: UUID) -> str | None:
    """Return a supplier's level of risk, as sourcing told it last."""
    return await tx.session.scalar(select(Supplier.risk).where(Supplier.id == supplier_id))


async def group_of(tx: Transaction, supplier_id: UUID) -> Sequence[UUID]:
    """Return a supplier, all that are the same, and all that belong to the same company, in order."""
    same = await company_of(tx, supplier_id)
    return sorted({*same, *await GROUP.all(tx.connection, suppliers=list(same))})


async def known_as(tx: Transaction, supplier_id: UUID) -> Sequence[UUID]:
    """Return a supplier, and before it the one that it is at present, where that is another known one."""
    present = select(Supplier.present_id).where(Supplier.id == supplier_id).scalar_subquery()
    known = await tx.session.scalar(select(Supplier.id).where(Supplier.id == present))
    return [supplier_id] if known is None else [known, supplier_id]
