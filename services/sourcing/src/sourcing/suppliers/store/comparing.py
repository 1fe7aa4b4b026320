"""What comparing names looks up of suppliers: who changed since, and whose names may resemble one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from purveyor.changes import look
from purveyor.db import Transaction
from purveyor.sql import Statement
from sourcing.suppliers.rules.qualification import Status

LIKE_ENOUGH = "0.6"
"""So many of a name's trigrams have to be in another's: one letter of a short word costs three."""
MOST_CANDIDATES = 40
OTHERS = (Status.MERGED.value, Status.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Compared:
    """A supplier, as its name is compared with others."""

    id: UUID
    legal_name: str
    country: str | None
    goes_on: bool
    changed_in: int
    ended: bool = True
    """Whether all transactions up to the one that changed it have ended: nobody comes before it any more."""


CHANGED = Statement(
    Compared,
    """
    SELECT id, legal_name, country, status <> ALL (:others::text[]) AS goes_on, changed_in,
           changed_in < :before::bigint AS ended
    FROM supplier
    WHERE (changed_in, id) > (:changed_in::bigint, :supplier_id::uuid)
    ORDER BY changed_in, id
    LIMIT :limit
    """,
)
RESEMBLING = Statement(
    Compared,
    """
    SELECT id, legal_name, country, true AS goes_on, changed_in
    FROM supplier
    WHERE :probe::text <% search_text AND id <> :supplier_id
      AND (country = :country::text OR country IS NULL OR :country IS NULL)
      AND status <> ALL (:others::text[])
    ORDER BY word_similarity(:probe, search_text) DESC, id
    LIMIT :limit
    """,
)
ENOUGH = "SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)"


async def changed_since(
    tx: Transaction, changed_in: int, supplier_id: UUID, limit: int
) -> Sequence[Compared]:
    """Return suppliers in the order in which they changed, behind one."""
    horizon = await look(tx.connection)
    return await CHANGED.all(
        tx.connection,
        changed_in=changed_in,
        supplier_id=supplier_id,
        before=horizon.ended_before,
        others=OTHERS,
        limit=limit,
    )


async def resembling(tx: Transaction, supplier: Compared, probe: str) -> Sequence[Compared]:
    """Return suppliers of the same country whose names may resemble a supplier's, the likeliest first."""
    await tx.connection.execute(ENOUGH, LIKE_ENOUGH)
    return await RESEMBLING.all(
        tx.connection,
        probe=probe,
        supplier_id=supplier.id,
        country=supplier.country,
        others=OTHERS,
        limit=MOST_CANDIDATES,
    )
