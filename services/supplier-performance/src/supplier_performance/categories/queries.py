"""Reads of the copy of categories."""

from __future__ import annotations

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, both_ways, equal, find
from purveyor.texts import Code
from supplier_performance.categories.model import Category

CATEGORIES = Listing(
    name="categories",
    id=Category.code,
    id_name="code",
    id_kind=Code,
    filters=(
        equal("parent", Code, Category.parent, "What it lies in directly", example="fasteners"),
        Filter(
            name="lies_in",
            kind=Code,
            test=lambda code: Category.ancestors.contains([code]),
            description="What it lies in, however deep",
            example="metals",
        ),
    ),
    sorts=both_ways("code", Category.code),
    changed=Category.changed_in,
)


async def category_called(tx: Transaction, code: str) -> Category:
    """Return a category; raises NotFoundError for one that sourcing has not told of."""
    found = (await tx.session.scalars(select(Category).where(Category.code == code))).one_or_none()
    if found is None:
        raise NotFoundError("category", code)
    return found


async def find_categories(tx: Transaction, asked: Asked) -> Found[Category]:
    """Return a page of categories."""
    return await find(tx, select(Category), asked)
