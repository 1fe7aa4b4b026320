"""Disputes in SQL, and which lines count for nothing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from supplier_performance.contested.model import Dispute, Status

UPHELD = "(SELECT order_id, line_number FROM dispute WHERE status = 'upheld')"
"""Lines that count for nothing, to join."""

DISPUTES = Listing(
    name="disputes",
    id=Dispute.id,
    filters=(
        equal("supplier_id", UUID, Dispute.supplier_id, "Of this supplier"),
        equal("status", Status, Dispute.status, "Where it stands"),
    ),
    sorts=both_ways("id", Dispute.id)[::-1],
    changed=Dispute.changed_in,
)


async def disputes(tx: Transaction, asked: Asked, supplier_id: UUID | None) -> Found[Dispute]:
    """Return a page of disputes, of one supplier or of all."""
    statement = select(Dispute)
    if supplier_id is not None:
        statement = statement.where(Dispute.supplier_id == supplier_id)
    return await find(tx, statement, asked)


async def dispute(tx: Transaction, dispute_id: UUID, *, lock: bool = False) -> Dispute:
    """Return a dispute; raises NotFoundError."""
    found = await tx.session.get(Dispute, dispute_id, with_for_update=lock or None)
    if found is None:
        raise NotFoundError("dispute", dispute_id)
    return found


async def of_line(tx: Transaction, order_id: UUID, line_number: int) -> Dispute | None:
    """Return the dispute of a line that is open or was upheld."""
    statement = select(Dispute).where(Dispute.order_id == order_id, Dispute.line_number == line_number)
    found: Dispute | None = await tx.session.scalar(statement.where(Dispute.status != Status.REJECTED.value))
    return found
