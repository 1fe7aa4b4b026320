"""Who a supplier is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.db import Transaction
from supplier_performance.suppliers.names import SupplierName

SPELLING = 'lower(supplier.name) COLLATE "C"'
"""How names are sorted: by PostgreSQL alone, since Python folds ß otherwise, and by code points."""

NAMES = f"""
SELECT id, number, name, status, {SPELLING} AS spelling FROM supplier WHERE id = ANY($1::uuid[])
"""  # noqa: S608  # made of constants


async def names(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, SupplierName]:
    """Return the suppliers of these ids, nameless where sourcing has not said yet who they are."""
    rows = await tx.connection.fetch(NAMES, suppliers)
    known = {row["id"]: SupplierName(**row) for row in rows}
    return {supplier_id: known.get(supplier_id, SupplierName(supplier_id)) for supplier_id in suppliers}
