"""Saved searches in SQL."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, whether
from purveyor.texts import Reference
from sourcing.searches.model import SupplierSearch
from sourcing.searches.rules import may_see

SEARCHES = Listing(
    name="supplier searches",
    id=SupplierSearch.id,
    filters=(
        equal("owner", Reference, SupplierSearch.owner, "Whose it is", example="bea"),
        whether("shared", SupplierSearch.shared, "Whether the department has it"),
    ),
    sorts=(
        *both_ways("name", SupplierSearch.name_key, SupplierSearch.id),
        *both_ways("id", SupplierSearch.id),
    ),
    changed=SupplierSearch.changed_in,
)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('supplier searches of ' || $1, 0))"


async def find_searches(tx: Transaction, asked: Asked, person: str) -> Found[SupplierSearch]:
    """Return a page of the searches that somebody sees."""
    seen = or_(SupplierSearch.owner == person, SupplierSearch.shared)
    return await find(tx, select(SupplierSearch).where(seen), asked)


async def get_search(
    tx: Transaction, search_id: UUID, person: str, *, to_change: bool = False
) -> SupplierSearch:
    """Return a search; raises NotFoundError for one that there is not, or that somebody does not see."""
    found = await tx.session.get(
        SupplierSearch, search_id, with_for_update=to_change or None, populate_existing=to_change
    )
    if found is None or not may_see(found.ownership, person):
        raise NotFoundError("supplier_search", search_id)
    return found


async def lock_names(tx: Transaction, owner: str) -> None:
    """Let nobody else give a search of an owner a name meanwhile."""
    await tx.connection.execute(LOCK, owner)


async def called(tx: Transaction, owner: str, name_key: str) -> UUID | None:
    """Return which search of an owner has a name."""
    found: UUID | None = await tx.session.scalar(
        select(SupplierSearch.id).where(SupplierSearch.owner == owner, SupplierSearch.name_key == name_key)
    )
    return found


async def count_of(tx: Transaction, owner: str, at_most: int) -> int:
    """Return how many searches an owner has; beyond a number nobody counts."""
    found = await tx.session.scalars(
        select(SupplierSearch.id).where(SupplierSearch.owner == owner).limit(at_most)
    )
    return len(found.all())
