"""The aliases and owners of suppliers in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from sourcing.screening.model.names import ScreenedNames
from sourcing.screening.rules.parties import Named, NameRole


async def of(tx: Transaction, supplier_ids: Sequence[UUID]) -> dict[UUID, tuple[Named, ...]]:
    """Return what else suppliers are called and who owns them, of those for whom it was stated."""
    found = await tx.session.scalars(select(ScreenedNames).where(ScreenedNames.supplier_id.in_(supplier_ids)))
    return {
        row.supplier_id: tuple(Named(one["name"], NameRole(one["role"])) for one in row.names)
        for row in found
    }


async def stated(tx: Transaction, supplier_id: UUID) -> ScreenedNames | None:
    """Return what was stated of a supplier; lock the supplier first to change it."""
    found: ScreenedNames | None = await tx.session.get(ScreenedNames, supplier_id)
    return found


def keep(tx: Transaction, names: ScreenedNames) -> None:
    """Keep what was stated of a supplier for the first time."""
    tx.session.add(names)
