"""From when on names are shown to people, and which pairs there are of a supplier."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from purveyor.policies import Policy
from sourcing.duplicates import store
from sourcing.duplicates.rules import DuplicateNames
from sourcing.suppliers.views.shown import Resembling

DUPLICATE_NAMES = Policy(
    "duplicate-names",
    DuplicateNames,
    "From which resemblance on the names of two suppliers of one country are shown to people",
)


async def resembling(tx: Transaction, supplier_id: UUID) -> Resembling:
    """Return which others a supplier may be, and which ones somebody has found that it is not."""
    pairs = await store.pairs_of(tx, supplier_id)
    others = {pair.id: pair.other_id if pair.one_id == supplier_id else pair.one_id for pair in pairs}
    return Resembling(
        open={others[pair.id]: pair.resemblance for pair in pairs if pair.verdict is None},
        different=frozenset(others[pair.id] for pair in pairs if pair.verdict is not None),
    )
