"""Saving, renaming and deleting searches; what they ask was checked where they came in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError, ForbiddenError
from purveyor.texts import comparable
from purveyor.versions import Seen, expect_version
from sourcing.searches import store
from sourcing.searches.model import SupplierSearch
from sourcing.searches.rules import SearchStated, may_change, may_delete

SEARCH = "supplier_search"
MOST_SEARCHES = 200
"""Of one person: who saves by a program does not fill the table."""


async def save(tx: Transaction, stated: SearchStated) -> SupplierSearch:
    """Keep a search of the caller's; raises ConflictError where the caller has one of that name."""
    search = SupplierSearch(owner=tx.actor)
    await _expect_free(tx, search, stated.name)
    if await store.count_of(tx, tx.actor, MOST_SEARCHES) >= MOST_SEARCHES:
        raise ConflictError("too_many_searches", f"You have {MOST_SEARCHES} searches: delete some.")
    _state(tx, search, stated)
    tx.session.add(search)
    await tx.flush()
    tx.audit("save", SEARCH, search.id, after=asdict(stated))
    return search


async def restate(tx: Transaction, search_id: UUID, seen: Seen, stated: SearchStated) -> SupplierSearch:
    """State a search of the caller's anew, its name too."""
    search = await store.get_search(tx, search_id, tx.actor, to_change=True)
    if not may_change(search.ownership, tx.actor):
        raise _not_yours(search)
    expect_version(search, seen)
    await _expect_free(tx, search, stated.name)
    before = _audited(search)
    _state(tx, search, stated)
    tx.audit("change", SEARCH, search.id, before=before, after=asdict(stated))
    return search


async def delete(tx: Transaction, search_id: UUID, seen: Seen, *, tidies: bool) -> SupplierSearch:
    """Delete a search of the caller's, or a shared one for who tidies up; nothing but the trail keeps it."""
    search = await store.get_search(tx, search_id, tx.actor, to_change=True)
    if not may_delete(search.ownership, tx.actor, tidies=tidies):
        raise _not_yours(search)
    expect_version(search, seen)
    tx.audit("delete", SEARCH, search.id, before=_audited(search))
    await tx.session.delete(search)
    return search


async def _expect_free(tx: Transaction, search: SupplierSearch, name: str) -> None:
    await store.lock_names(tx, search.owner)
    other = await store.called(tx, search.owner, comparable(name))
    if other not in (None, search.id):
        raise ConflictError(
            "search_name_taken", f"You have another search called {name}.", supplier_search_id=str(other)
        )


def _state(tx: Transaction, search: SupplierSearch, stated: SearchStated) -> None:
    search.call(stated.name)
    search.shared, search.filters, search.sort = stated.shared, dict(stated.filters), stated.sort
    search.saved_at = tx.now


def _not_yours(search: SupplierSearch) -> ForbiddenError:
    return ForbiddenError("not_your_search", f"The search is {search.owner}'s: save one of your own.")


def _audited(search: SupplierSearch) -> dict[str, Any]:
    return asdict(SearchStated(search.name, search.shared, search.filters, search.sort))
