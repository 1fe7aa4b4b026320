"""Merges in SQL: one to clear, those of a supplier, many."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find
from sourcing.merging.model import SupplierMerge


def _waiting(values: list[str]) -> ColumnElement[bool]:
    waits = and_(SupplierMerge.speaks_against.is_not(None), SupplierMerge.cleared_by.is_(None))
    return or_(*(waits if value == "waiting" else ~waits for value in values))


MERGES = Listing(
    name="merges",
    id=SupplierMerge.supplier_id,
    id_name="supplier_id",
    filters=(
        equal("into_id", UUID, SupplierMerge.into_id, "Into which supplier"),
        Filter(
            name="status",
            kind=Literal["waiting", "settled"],
            test=_waiting,
            description="Whether something that came over waits to be cleared",
            example="waiting",
            several=True,
        ),
    ),
    sorts=both_ways("merged_at", SupplierMerge.merged_at, SupplierMerge.supplier_id)[::-1],
    changed=SupplierMerge.changed_in,
)


def add_merge(tx: Transaction, merge: SupplierMerge) -> None:
    """Keep a merge."""
    tx.session.add(merge)


async def get_merge(tx: Transaction, supplier_id: UUID) -> SupplierMerge:
    """Return how a supplier was merged; raises NotFoundError when it was not."""
    return _found(supplier_id, await tx.session.get(SupplierMerge, supplier_id))


async def lock_merge(tx: Transaction, supplier_id: UUID) -> SupplierMerge:
    """Return a merge that nobody else clears meanwhile; lock the suppliers first."""
    return _found(
        supplier_id,
        await tx.session.get(SupplierMerge, supplier_id, with_for_update=True, populate_existing=True),
    )


def _found(supplier_id: UUID, merge: SupplierMerge | None) -> SupplierMerge:
    if merge is None:
        raise NotFoundError("supplier merge", supplier_id)
    return merge


async def find_merges(tx: Transaction, asked: Asked) -> Found[SupplierMerge]:
    """Return a page of merges."""
    return await find(tx, select(SupplierMerge), asked)
