"""Reads of the copy of categories."""

from __future__ import annotations

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from supplier_performance.categories.model import Category


async def category_called(tx: Transaction, code: str) -> Category:
    """Return a category; raises NotFoundError for one that sourcing has not told of."""
    found = (await tx.session.scalars(select(Category).where(Category.code == code))).one_or_none()
    if found is None:
        raise NotFoundError("category", code)
    return found
