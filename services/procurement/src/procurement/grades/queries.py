"""What a supplier is graded, for whoever decides by it."""

from __future__ import annotations

from uuid import UUID

from procurement.grades import store
from procurement.suppliers.store import known_as
from purveyor.db import Transaction


async def grade_of(tx: Transaction, supplier_id: UUID) -> str | None:
    """Return a supplier's grade: of one that was merged that of the supplier that it is at present."""
    return await store.kept_of(tx, (await known_as(tx, supplier_id))[0])
