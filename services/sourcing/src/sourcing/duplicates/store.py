"""Pairs in SQL: those of a supplier, one to settle, many; and how far suppliers were compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find
from sourcing.duplicates.model import ComparedUntil, PossibleDuplicate
from sourcing.duplicates.rules import Resemblance

FIRST = UUID(int=0)
Status = Literal["open", "same", "different"]


def _standing(statuses: Sequence[str]) -> ColumnElement[bool]:
    verdict = PossibleDuplicate.verdict
    return or_(*(verdict.is_(None) if one == "open" else verdict == one for one in statuses))


def of_suppliers(supplier_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the condition of pairs that some suppliers are of."""
    return or_(PossibleDuplicate.one_id.in_(supplier_ids), PossibleDuplicate.other_id.in_(supplier_ids))


PAIRS = Listing(
    name="possible duplicates",
    id=PossibleDuplicate.id,
    filters=(
        Filter(
            name="status",
            kind=Status,
            test=_standing,
            description="Whether somebody has still to find out, and what was found",
            example="open",
            several=True,
        ),
        Filter(
            name="supplier_id",
            kind=UUID,
            test=of_suppliers,
            description="Which supplier is one of the two",
            several=True,
        ),
        equal("resemblance", Resemblance, PossibleDuplicate.resemblance, "Why they may be one"),
    ),
    sorts=(
        *both_ways("score", PossibleDuplicate.score, PossibleDuplicate.id)[::-1],
        *both_ways("found_at", PossibleDuplicate.found_at, PossibleDuplicate.id),
    ),
    changed=PossibleDuplicate.changed_in,
)


async def pairs_of(tx: Transaction, supplier_id: UUID) -> Sequence[PossibleDuplicate]:
    """Return the pairs that a supplier is of, the likeliest first."""
    ordered = select(PossibleDuplicate).where(of_suppliers([supplier_id]))
    found = await tx.session.scalars(ordered.order_by(PossibleDuplicate.score.desc(), PossibleDuplicate.id))
    return found.all()


async def lock_pair(tx: Transaction, pair_id: UUID) -> PossibleDuplicate:
    """Return a pair that nobody else settles meanwhile; raises NotFoundError. Lock its suppliers first."""
    found: PossibleDuplicate | None = await tx.session.get(
        PossibleDuplicate, pair_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFoundError("possible duplicate", pair_id)
    return found


async def get_pair(tx: Transaction, pair_id: UUID) -> PossibleDuplicate:
    """Return a pair; raises NotFoundError."""
    found: PossibleDuplicate | None = await tx.session.get(PossibleDuplicate, pair_id)
    if found is None:
        raise NotFoundError("possible duplicate", pair_id)
    return found


async def find_pairs(tx: Transaction, asked: Asked) -> Found[PossibleDuplicate]:
    """Return a page of pairs."""
    return await find(tx, select(PossibleDuplicate), asked)


async def lock_progress(tx: Transaction) -> ComparedUntil:
    """Return how far suppliers were compared; nobody else compares meanwhile."""
    found: ComparedUntil | None = await tx.session.get(ComparedUntil, 1, with_for_update=True)
    if found is None:
        found = ComparedUntil(id=1, changed_in=-1, supplier_id=FIRST)
        tx.session.add(found)
        await tx.session.flush()
    return found
