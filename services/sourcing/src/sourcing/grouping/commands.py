"""Grouping suppliers: quick edits without a reason, beside a supplier's version, in the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from purveyor.db import Transaction
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.tags import MOST_TAGS, tagged
from sourcing.suppliers.store import grouping as store
from sourcing.suppliers.store.rows import lock_supplier

ASSIGN, TAG = "assign", "tag"


async def assign(tx: Transaction, supplier_id: UUID, owner: str | None) -> Sequence[str]:
    """Let somebody answer for a supplier, or nobody; returns its tags. Raises NotFoundError."""
    supplier = await lock_supplier(tx, supplier_id)
    if supplier.owner != owner:
        await store.set_owner(tx, [supplier_id], owner)
        _audit(tx, supplier_id, supplier.owner, owner)
    return supplier.tags


async def tag(
    tx: Transaction, supplier_id: UUID, add: Collection[str], remove: Collection[str]
) -> tuple[str | None, Sequence[str]]:
    """Give a supplier tags and take others from it; returns its owner and its tags.

    Raises NotFoundError, and InvalidError for too many.
    """
    supplier = await lock_supplier(tx, supplier_id)
    tags = tagged(supplier.tags, add, remove)
    if tags != supplier.tags:
        await store.set_tags(tx, supplier_id, tags)
        tx.audit(TAG, "supplier", supplier_id, before={"tags": supplier.tags}, after={"tags": tags})
    return supplier.owner, tags


async def reassign(
    tx: Transaction, from_owner: str, to_owner: str | None, among: Collection[UUID] | None, at_most: int
) -> tuple[int, bool]:
    """Let another answer for what somebody answers for; returns of how many, and whether there are more."""
    owned = await store.lock_owned(tx, from_owner, among, at_most + 1)
    moved = owned[:at_most]
    await store.set_owner(tx, moved, to_owner)
    for supplier_id in moved:
        _audit(tx, supplier_id, from_owner, to_owner)
    return len(moved), len(owned) > at_most


async def group_likewise(tx: Transaction, gone: Supplier, stays: Supplier) -> None:
    """Group a locked supplier also as the one that goes on as it: its tags, and its owner where it has none.

    Of more tags than a supplier has, those that it had itself stay.
    """
    tags = sorted([*stays.tags, *sorted(set(gone.tags) - set(stays.tags))][:MOST_TAGS])
    if tags != stays.tags:
        await store.set_tags(tx, stays.id, tags)
        tx.audit(TAG, "supplier", stays.id, before={"tags": stays.tags}, after={"tags": tags})
    if stays.owner is None and gone.owner is not None:
        await store.set_owner(tx, [stays.id], gone.owner)
        _audit(tx, stays.id, None, gone.owner)


def _audit(tx: Transaction, supplier_id: UUID, before: str | None, after: str | None) -> None:
    tx.audit(ASSIGN, "supplier", supplier_id, before={"owner": before}, after={"owner": after})
