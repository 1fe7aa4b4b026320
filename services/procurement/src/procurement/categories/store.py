"""The copy of categories in SQL, and what orders may know of it, declared here for them to compose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from procurement.categories.rules import NOTHING_ABOVE, Ancestors
from purveyor.db import Transaction
from purveyor.pending import as_json
from purveyor.sql import Statement, only

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
LOCK: Statement[None] = Statement(
    only, "SELECT pg_advisory_xact_lock(hashtextextended('category tree', 0)) AS locked"
)
"""Lanes apply the streams of two categories side by side, and each would work out the other's place."""
DEFINE: Statement[None] = Statement(
    only,
    """
    INSERT INTO category (code, category_id, names, parent, unspsc, cpv, retired_on, changed_at)
    VALUES (:code, :category_id, :names, :parent, :unspsc, :cpv, :retired_on, :now)
    ON CONFLICT (code) DO UPDATE
    SET category_id = excluded.category_id, names = excluded.names, parent = excluded.parent,
        unspsc = excluded.unspsc, cpv = excluded.cpv, retired_on = excluded.retired_on,
        changed_at = excluded.changed_at
    """,
)
MOVE: Statement[None] = Statement(
    only, "UPDATE category SET parent = :parent, changed_at = :now WHERE category_id = :category_id"
)
RETIRE: Statement[None] = Statement(
    only, "UPDATE category SET retired_on = :retired_on, changed_at = :now WHERE category_id = :category_id"
)
FORGET: Statement[str] = Statement(
    only, "DELETE FROM category WHERE category_id = :category_id RETURNING code"
)
PLACE_ANEW: Statement[None] = Statement(
    only,
    """
    WITH RECURSIVE below AS (
      SELECT :code::text AS code
      UNION
      SELECT child.code FROM category AS child JOIN below ON child.parent = below.code
    ), above AS (
      SELECT one.code, one.parent AS ancestor, 1 AS level, ARRAY[one.code] AS met
      FROM below JOIN category AS one ON one.code = below.code
      WHERE one.parent IS NOT NULL
      UNION ALL
      SELECT above.code, one.parent, above.level + 1, above.met || one.code
      FROM above JOIN category AS one ON one.code = above.ancestor
      WHERE one.parent IS NOT NULL AND one.code <> ALL (above.met)
    ), anew AS (
      SELECT below.code,
             coalesce(array_agg(above.ancestor ORDER BY above.level)
                      FILTER (WHERE above.ancestor IS NOT NULL), '{{}}') AS ancestors
      FROM below LEFT JOIN above ON above.code = below.code
      GROUP BY below.code
    )
    UPDATE category SET ancestors = anew.ancestors
    FROM anew
    WHERE category.code = anew.code AND category.ancestors <> anew.ancestors
    """,
)
"""A category may be told of before what it lies in; a circle, which lasts for a moment, is walked once."""


async def above(tx: Transaction, codes: Collection[str]) -> Ancestors:
    """Return what some categories lie in, as far as sourcing has told."""
    return await FIND_ABOVE.one(tx.connection, codes=list(codes))


async def define(tx: Transaction, told: Mapping[str, Any]) -> None:
    """Keep what was told of a category, and where it and all below it lie now."""
    await LOCK.all(tx.connection)
    await DEFINE.all(tx.connection, told, names=as_json(told["names"]), now=tx.now)
    await PLACE_ANEW.all(tx.connection, code=told["code"])


async def move(tx: Transaction, category_id: UUID, code: str, parent: str | None) -> None:
    """Let a category lie elsewhere, with all below it."""
    await LOCK.all(tx.connection)
    await MOVE.all(tx.connection, category_id=category_id, parent=parent, now=tx.now)
    await PLACE_ANEW.all(tx.connection, code=code)


async def retire(tx: Transaction, category_id: UUID, retired_on: Any) -> None:
    """Note since when nothing new is begun in a category."""
    await RETIRE.all(tx.connection, category_id=category_id, retired_on=retired_on, now=tx.now)


async def forget(tx: Transaction, category_id: UUID) -> None:
    """Take back what was told of a category; what lay in it lies in its code still, and in nothing above."""
    await LOCK.all(tx.connection)
    for code in await FORGET.all(tx.connection, category_id=category_id):
        await PLACE_ANEW.all(tx.connection, code=code)
