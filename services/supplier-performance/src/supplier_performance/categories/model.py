"""Supplier performance's own copy of a category: where it lies."""

from __future__ import annotations

from purveyor_contract.known_categories.model import KnownCategory
from supplier_performance.database import Base


class Category(KnownCategory, Base):
    """A category as sourcing's events describe it; only they change it."""

    __tablename__ = "category"
