"""Categories in SQL: locked with their tree, what lies above and below some, which codes are like another."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.sql import Statement, only
from sourcing.categories.model import Category, Version

MOST_ALIKE = 3


def _lies(code: str, parent: str | None) -> tuple[str, str | None]:
    return code, parent


def _above(code: str, ancestors: list[str]) -> tuple[str, tuple[str, ...]]:
    return code, tuple(ancestors)


LOCK_TREE: Statement[None] = Statement(
    only, "SELECT pg_advisory_xact_lock(hashtextextended('category tree', 0)) AS locked"
)
"""One at a time: two moves that are right alone can make a circle together."""
KNOWN: Statement[str] = Statement(only, "SELECT code FROM category WHERE code = ANY(:codes)")
AROUND = Statement(
    _lies,
    """
    WITH RECURSIVE below AS (
      SELECT code, parent FROM category WHERE code = ANY(:codes)
      UNION
      SELECT child.code, child.parent FROM category AS child JOIN below ON child.parent = below.code
    ), above AS (
      SELECT code, parent FROM category WHERE code = ANY(:codes || :parents::text[])
      UNION
      SELECT one.code, one.parent FROM category AS one JOIN above ON one.code = above.parent
    )
    SELECT code, parent FROM below UNION SELECT code, parent FROM above
    """,
)
ABOVE = Statement(
    _above,
    """
    WITH RECURSIVE above AS (
      SELECT code, parent AS ancestor, 1 AS level FROM category
      WHERE code = ANY(:codes) AND parent IS NOT NULL
      UNION ALL
      SELECT above.code, one.parent, above.level + 1
      FROM above JOIN category AS one ON one.code = above.ancestor
      WHERE one.parent IS NOT NULL
    )
    SELECT code, array_agg(ancestor ORDER BY level) AS ancestors FROM above GROUP BY code
    """,
)
BELOW: Statement[str] = Statement(
    only,
    """
    WITH RECURSIVE below AS (
      SELECT code FROM category WHERE parent = :code
      UNION
      SELECT child.code FROM category AS child JOIN below ON child.parent = below.code
    )
    SELECT code FROM below ORDER BY code
    """,
)
ALIKE: Statement[str] = Statement(
    only,
    """
    SELECT code FROM category
    WHERE retired_on IS NULL AND similarity(code, :code) > 0.3
    ORDER BY similarity(code, :code) DESC, code LIMIT :most
    """,
)


async def lock_tree(tx: Transaction) -> None:
    """Let nobody else state, move or take over categories before the end of this transaction."""
    await LOCK_TREE.all(tx.connection)


async def known(tx: Transaction, codes: Collection[str]) -> set[str]:
    """Return which of some codes categories have."""
    return set(await KNOWN.all(tx.connection, codes=list(codes)))


async def around(tx: Transaction, codes: Collection[str], parents: Collection[str]) -> dict[str, str | None]:
    """Return where categories lie, with all that lies in them and all that they or `parents` lie in."""
    return dict(await AROUND.all(tx.connection, codes=list(codes), parents=list(parents)))


async def above(tx: Transaction, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what each of some categories lies in, the nearest first; nothing of those at the top."""
    return dict(await ABOVE.all(tx.connection, codes=list(codes)))


async def below(tx: Transaction, code: str) -> list[str]:
    """Return all that lies in a category, however deep."""
    return await BELOW.all(tx.connection, code=code)


async def alike(tx: Transaction, code: str) -> list[str]:
    """Return the codes that are most like one that no category has."""
    return await ALIKE.all(tx.connection, code=code, most=MOST_ALIKE)


async def called(tx: Transaction, codes: Collection[str]) -> dict[str, Category]:
    """Return the categories among some codes."""
    found = await tx.session.scalars(select(Category).where(Category.code.in_(codes)))
    return {category.code: category for category in found}


async def children(tx: Transaction, code: str) -> list[str]:
    """Return what lies directly in a category and is not retired."""
    statement = select(Category.code).where(Category.parent == code, Category.retired_on.is_(None))
    return list(await tx.session.scalars(statement.order_by(Category.code)))


async def versions(tx: Transaction, category_id: UUID, after: int, at_most: int) -> list[Version]:
    """Return what was stated of a category behind a version, the first first."""
    statement = select(Version).where(Version.category_id == category_id, Version.number > after)
    return list(await tx.session.scalars(statement.order_by(Version.number).limit(at_most)))


async def lock(tx: Transaction, category_id: UUID) -> Category | None:
    """Lock a category's row, which holds its stream's counter."""
    return await tx.session.get(Category, category_id, with_for_update=True)
