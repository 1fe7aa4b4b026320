"""Hits in SQL: one by its id, those of a supplier, many."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.texts import Code
from sourcing.screening.model.hits import ScreeningHit
from sourcing.screening.rules.deciding import HitStatus

HELD_BY_GONE = """
SELECT DISTINCT hit.reference FROM screening_hit AS hit
JOIN screening_entry AS entry ON entry.list = hit.list AND entry.reference = hit.reference
  AND entry.since_version <= $3 AND (entry.until_version IS NULL OR entry.until_version > $3)
WHERE hit.list = $1 AND hit.status <> 'cleared' AND NOT EXISTS (
  SELECT FROM screening_arrival AS arrival
  WHERE arrival.list = $1 AND arrival.number = $2 AND arrival.reference = hit.reference
)
ORDER BY hit.reference
"""
HITS = Listing(
    name="screening-hits",
    id=ScreeningHit.id,
    filters=(
        equal("status", HitStatus, ScreeningHit.status, "Where it stands", example="raised"),
        equal("supplier_id", UUID, ScreeningHit.supplier_id, "Whom it is about"),
        equal("list", Code, ScreeningHit.list, "Of this list", example="ofac"),
        *between("score", Decimal, ScreeningHit.score, "With this score", directions=("more", "less")),
    ),
    sorts=(*both_ways("id", ScreeningHit.id)[::-1], *both_ways("score", ScreeningHit.score, ScreeningHit.id)),
    changed=ScreeningHit.changed_in,
)


async def get_hit(tx: Transaction, hit_id: UUID) -> ScreeningHit:
    """Return a hit; raises NotFoundError."""
    return _found(hit_id, await tx.session.get(ScreeningHit, hit_id))


async def lock_hit(tx: Transaction, hit_id: UUID) -> ScreeningHit:
    """Return a hit that nobody else changes meanwhile; lock its supplier first, as everybody does."""
    return _found(
        hit_id, await tx.session.get(ScreeningHit, hit_id, with_for_update=True, populate_existing=True)
    )


async def hits_of(
    tx: Transaction, supplier_id: UUID, code: str, references: Collection[str]
) -> Sequence[ScreeningHit]:
    """Return the hits of a locked supplier at some entries of a list, the latest first."""
    found = await tx.session.scalars(
        select(ScreeningHit)
        .where(
            ScreeningHit.supplier_id == supplier_id,
            ScreeningHit.list == code,
            ScreeningHit.reference.in_(references),
        )
        .order_by(ScreeningHit.id.desc())
    )
    return found.all()


async def confirmed_among(tx: Transaction, supplier_ids: Collection[UUID]) -> set[UUID]:
    """Return which of some suppliers are a party of a list, as somebody has confirmed."""
    found = await tx.session.scalars(
        select(ScreeningHit.supplier_id).where(
            ScreeningHit.supplier_id.in_(supplier_ids), ScreeningHit.status == HitStatus.CONFIRMED
        )
    )
    return set(found)


async def held_by_gone(tx: Transaction, code: str, number: int, current: int) -> list[str]:
    """Return the entries in force that suppliers are held by and that an arriving version lacks."""
    rows = await tx.connection.fetch(HELD_BY_GONE, code, number, current)
    return [row["reference"] for row in rows]


async def find_hits(tx: Transaction, asked: Asked) -> Found[ScreeningHit]:
    """Return a page of hits."""
    return await find(tx, select(ScreeningHit), asked)


def add(tx: Transaction, hit: ScreeningHit) -> None:
    """Keep a hit that was raised."""
    tx.session.add(hit)


def _found(hit_id: UUID, hit: ScreeningHit | None) -> ScreeningHit:
    if hit is None:
        raise NotFoundError("screening hit", hit_id)
    return hit
