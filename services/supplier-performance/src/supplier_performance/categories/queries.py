"""Reads of the copy of categories."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from supplier_performance.categories.model import Category


async def category_called(tx: Transaction, code: str) -> Category:
    """Return a category; raises NotFoundError for one that sourcing has not told of."""
    found = (await tx.session.scalars(select(Category).where(Category.code == code))).one_or_none()
    if found is None:
        raise NotFoundError("category", code)
    return found


async def codes_within(tx: Transaction, code: str) -> Sequence[str]:
    """Return the codes of a category and of all that lies in it; none where sourcing has told of none."""
    is_within = or_(Category.code == code, Category.ancestors.contains([code]))
    return (await tx.session.scalars(select(Category.code).where(is_within))).all()
