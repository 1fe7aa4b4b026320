"""Who a supplier is, for those who may know."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from supplier_performance.suppliers.names import SupplierName

KNOWN = """
SELECT supplier.number, supplier.name, supplier.status
FROM (SELECT) AS one LEFT JOIN supplier ON supplier.id = $1
WHERE supplier.id IS NOT NULL OR EXISTS (SELECT FROM order_line WHERE supplier_id = $1)
"""


async def visible_supplier(tx: Transaction, by: Principal, supplier_id: UUID) -> SupplierName:
    """Return a supplier; raises NotFoundError when it is unknown or the caller is another supplier."""
    row = await tx.connection.fetchrow(KNOWN, supplier_id) if by.may_see_supplier(supplier_id) else None
    if row is None:
        raise NotFoundError("supplier", supplier_id)
    return SupplierName(supplier_id, row["number"], row["name"], row["status"])


async def names(tx: Transaction, suppliers: Sequence[UUID]) -> dict[UUID, SupplierName]:
    """Return the suppliers of these ids, nameless where sourcing has not said yet who they are."""
    rows = await tx.connection.fetch(
        "SELECT id, number, name, status FROM supplier WHERE id = ANY($1::uuid[])", suppliers
    )
    known = {row["id"]: SupplierName(row["id"], row["number"], row["name"], row["status"]) for row in rows}
    return {supplier_id: known.get(supplier_id, SupplierName(supplier_id)) for supplier_id in suppliers}
