"""Keeps a copy of the tree by what sourcing tells, in whatever order its streams come."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.pending import as_json
from purveyor.sql import Statement, only
from purveyor_contract.events.sourcing.categories import (
    CategoryDefined,
    CategoryMoved,
    CategoryRestated,
    CategoryRetired,
)
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import retold

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


async def define(tx: Transaction, event: CategoryDefined, _envelope: Envelope) -> None:
    """Keep a category as it was defined, and where it and all below it lie now."""
    told: dict[str, Any] = {"names": [one.model_dump() for one in event.names]}
    for name in ("code", "category_id", "parent", "unspsc", "cpv", "retired_on"):
        told[name] = getattr(event, name)
    await LOCK.all(tx.connection)
    await DEFINE.all(tx.connection, told, names=as_json(told["names"]), now=tx.now)
    await PLACE_ANEW.all(tx.connection, code=event.code)


async def move(tx: Transaction, event: CategoryMoved, _envelope: Envelope) -> None:
    """Let a category lie elsewhere, with all below it: from now on other approvals cover what lies in it."""
    await LOCK.all(tx.connection)
    await MOVE.all(tx.connection, category_id=event.category_id, parent=event.parent, now=tx.now)
    await PLACE_ANEW.all(tx.connection, code=event.code)


async def retire(tx: Transaction, event: CategoryRetired, _envelope: Envelope) -> None:
    """Note since when nothing new is begun in a category."""
    told = {"category_id": event.category_id, "retired_on": event.retired_on}
    await RETIRE.all(tx.connection, told, now=tx.now)


async def forget(tx: Transaction, category_id: UUID) -> None:
    """Take back what was told of a category; what lay in it lies in its code still, and in nothing above."""
    await LOCK.all(tx.connection)
    for code in await FORGET.all(tx.connection, category_id=category_id):
        await PLACE_ANEW.all(tx.connection, code=code)


STORY = (on(CategoryDefined, define), on(CategoryMoved, move), on(CategoryRetired, retire))


def keeping_categories(consumer: str) -> Consumer:
    """Return the consumer of this name that keeps the table `category` of its service."""
    return Consumer(consumer, "sourcing.categories", (*STORY, retold(CategoryRestated, forget, *STORY)))
