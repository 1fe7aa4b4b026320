"""The notes in SQL: written beside the state that makes them, taken by whoever judges."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from purveyor.db import Transaction
from purveyor.pending import Journal
from purveyor.tracing import traceparent_of

NOTES = Journal(
    "score_due",
    {"supplier_id": "uuid", "due_at": "timestamptz", "settling": "boolean", "traceparent": "text"},
)

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
RETURNING id, supplier_id, traceparent
"""
AWAITED = "SELECT DISTINCT supplier_id FROM score_due WHERE due_at <= $1 OR settling"


Causes: TypeAlias = Mapping[UUID, Sequence[str]]
"""By supplier, the traces of the events for which it is judged, the latest last."""


def note(tx: Transaction, supplier_id: UUID, due_at: datetime, *, settling: bool = False) -> None:
    """Note that a supplier is to be judged at a moment, and not before it while `settling`.

    What is due at once is due for what happens now, and judged in its trace; what falls due later is not.
    """
    cause = traceparent_of() if settling or due_at <= tx.now else None
    tx.append(NOTES, (supplier_id, due_at, settling, cause))


async def take(tx: Transaction, limit: int) -> Causes:
    """Take away the notes of suppliers that are due now, the longest due first; return why, by supplier."""
    rows = await tx.connection.fetch(TAKE_DUE, tx.now, limit)
    causes: dict[UUID, list[str]] = {supplier_id: [] for supplier_id in sorted({row[1] for row in rows})}
    for _, supplier_id, traceparent in sorted(rows, key=lambda row: row[0]):
        if traceparent is not None:
            causes[supplier_id].append(traceparent)
    return causes


async def awaited(tx: Transaction) -> Collection[UUID]:
    """Return the suppliers that are to be judged anew for what is known by now."""
    return {row[0] for row in await tx.connection.fetch(AWAITED, tx.now)}
