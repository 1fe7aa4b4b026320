"""Suppliers in SQL: their rows, and what orders may know of them, declared here for orders to compose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from procurement.suppliers.model import Supplier
from procurement.suppliers.rules import Approvals, Blocks, Standing
from purveyor.db import Transaction
from purveyor.sql import Statement

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


LOCK_SELLER = Statement(Seller, SELLER.format(supplier_id=":supplier_id"))


async def lock_seller(tx: Transaction, supplier_id: UUID) -> Seller | None:
    """Keep a supplier's standing as it is until the end of the transaction, and return it."""
    return await LOCK_SELLER.one_or_none(tx.connection, supplier_id=supplier_id, now=tx.now)


async def lock(tx: Transaction, supplier_id: UUID) -> Supplier | None:
    """Lock a supplier's row to change it."""
    return await tx.session.get(Supplier, supplier_id, with_for_update=True)
