"""Reads of the copy of categories."""

from __future__ import annotations

from sqlalchemy import select

from procurement.categories.model import Category
from purveyor.db import Transaction
from purveyor.errors import NotFoundError


async def category_called(tx: Transaction, code: str) -> Category:
    """Return a category; raises NotFoundError for one that sourcing has not told of."""
    found = (await tx.session.scalars(select(Category).where(Category.code == code))).one_or_none()
    if found is None:
        raise NotFoundError("category", code)
    return found
