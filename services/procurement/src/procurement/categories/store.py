"""What orders may know of the tree of categories, declared here for them to compose."""

from __future__ import annotations

from collections.abc import Collection

from procurement.categories.rules import NOTHING_ABOVE, Ancestors
from purveyor.db import Transaction
from purveyor.sql import Statement

ABOVE = """
SELECT jsonb_object_agg(code, ancestors) AS ancestors
FROM category
WHERE code = ANY({codes}) AND ancestors <> '{{}}'
"""
"""What some categories lie in, by their codes; null where they all lie in no other."""


def read_above(ancestors: Ancestors | None) -> Ancestors:
    """Return what `ABOVE` selects."""
    return ancestors or NOTHING_ABOVE


FIND_ABOVE: Statement[Ancestors] = Statement(read_above, ABOVE, codes=":codes")


async def above(tx: Transaction, codes: Collection[str]) -> Ancestors:
    """Return what some categories lie in, as far as sourcing has told."""
    return await FIND_ABOVE.one(tx.connection, codes=list(codes))
