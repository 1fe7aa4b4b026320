"""Disputing a line, and deciding: an upheld line counts for nothing from then on, of any day."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen, expect_version
from supplier_performance.contested import store
from supplier_performance.contested.model import Dispute, Status
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.due import store as due

DISPUTE = "dispute"
DECIDED_BY_ANOTHER = "Who disputes a line does not decide about it."
"""COSO: segregation of duties."""


async def dispute(
    tx: Transaction, supplier_id: UUID, order_id: UUID, line_number: int, reason: str
) -> Dispute:
    """Dispute a line; raises NotFoundError for a line of another, ConflictError for one that is disputed."""
    if not await deliveries.has_line(tx, supplier_id, order_id, line_number):
        raise NotFoundError("order line", f"{line_number} of {order_id}")
    before = await store.of_line(tx, order_id, line_number)
    if before is not None:
        why = f"The line is disputed: the dispute is {before.status}."
        raise ConflictError("line_disputed", why, dispute=str(before.id))
    found = Dispute(
        id=new_id(),
        supplier_id=supplier_id,
        order_id=order_id,
        line_number=line_number,
        reason=reason,
        status=Status.OPEN.value,
        disputed_by=tx.actor,
        disputed_at=tx.now,
    )
    tx.session.add(found)
    after = {"supplier": str(supplier_id), "order": str(order_id), "line": line_number}
    tx.audit("open", DISPUTE, found.id, after=after, reason=reason)
    await tx.flush()
    return found


async def decide(tx: Transaction, dispute_id: UUID, seen: Seen, status: Status, answer: str) -> Dispute:
    """Uphold a dispute, or reject it; who is judged by the line is judged anew."""
    found = await store.dispute(tx, dispute_id, lock=True)
    expect_version(found, seen)
    expect_another(tx.actor, [found.disputed_by], DECIDED_BY_ANOTHER)
    before = {"status": found.status}
    found.decide(status, answer, tx.actor, tx.now)
    tx.audit("decide", DISPUTE, found.id, before=before, after={"status": found.status}, reason=answer)
    await tx.flush()
    due.note(tx, found.supplier_id, tx.now)
    return found
