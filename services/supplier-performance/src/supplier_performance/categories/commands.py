"""What an event of sourcing changes in the copy of the tree."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from purveyor_contract.events.sourcing.categories import CategoryDefined, CategoryMoved, CategoryRetired
from supplier_performance.categories import store


async def define(tx: Transaction, event: CategoryDefined) -> None:
    """Keep a category as it was defined."""
    names = [one.model_dump() for one in event.names]
    told = {name: getattr(event, name) for name in ("code", "category_id", "parent", "unspsc", "cpv")}
    await store.define(tx, told | {"names": names, "retired_on": event.retired_on})


async def move(tx: Transaction, event: CategoryMoved) -> None:
    """Let a category lie elsewhere."""
    await store.move(tx, event.category_id, event.code, event.parent)


async def retire(tx: Transaction, event: CategoryRetired) -> None:
    """Note that nothing new is begun in a category."""
    await store.retire(tx, event.category_id, event.retired_on)


async def forget(tx: Transaction, category_id: UUID) -> None:
    """Take back what was told of a category."""
    await store.forget(tx, category_id)
