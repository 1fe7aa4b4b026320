"""How suppliers are grouped, in SQL: no change of them, whose versions stay as people saw them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from purveyor.db import Transaction
from sourcing.suppliers.model import Supplier


async def set_owner(tx: Transaction, supplier_ids: Collection[UUID], owner: str | None) -> None:
    """Let somebody answer for suppliers, which are locked."""
    await _set(tx, supplier_ids, owner=owner)


async def set_tags(tx: Transaction, supplier_id: UUID, tags: Sequence[str]) -> None:
    """Tag a supplier, which is locked."""
    await _set(tx, [supplier_id], tags=tags)


async def lock_owned(
    tx: Transaction, owner: str, among: Collection[UUID] | None, at_most: int
) -> Sequence[UUID]:
    """Lock suppliers that somebody answers for, of all or of some, by their ids."""
    owned = select(Supplier.id).where(Supplier.owner == owner)
    if among is not None:
        owned = owned.where(Supplier.id.in_(among))
    found = await tx.session.scalars(owned.order_by(Supplier.id).limit(at_most).with_for_update())
    return found.all()


async def _set(tx: Transaction, supplier_ids: Collection[UUID], **values: Any) -> None:
    await tx.session.execute(
        update(Supplier)
        .where(Supplier.id.in_(supplier_ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
