"""The notes in SQL: written beside the state that makes them, taken by whoever judges."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from purveyor.db import Transaction
from purveyor.pending import Journal

NOTES = Journal("score_due", {"supplier_id": "uuid", "due_at": "timestamptz", "settling": "boolean"})

TAKE_DUE = """
DELETE FROM score_due
WHERE due_at <= $1 AND supplier_id IN (
  SELECT supplier_id FROM score_due AS due
  WHERE due_at <= $1 AND NOT EXISTS (
    SELECT FROM score_due AS later
    WHERE later.supplier_id = due.supplier_id AND later.settling AND later.due_at > $1
  )
  GROUP BY supplier_id ORDER BY min(due_at) LIMIT $2
)
RETURNING supplier_id
"""


def note(tx: Transaction, supplier_id: UUID, due_at: datetime, *, settling: bool = False) -> None:
    """Note that a supplier is to be judged at a moment, and not before it while `settling`."""
    tx.append(NOTES, (supplier_id, due_at, settling))


async def take(tx: Transaction, limit: int) -> list[UUID]:
    """Take away the notes of suppliers that are due now, the longest due first; return each supplier once."""
    rows = await tx.connection.fetch(TAKE_DUE, tx.now, limit)
    return sorted({row["supplier_id"] for row in rows})
