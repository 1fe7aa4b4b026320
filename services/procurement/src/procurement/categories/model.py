"""Procurement's own copy of a category: where it lies."""

from __future__ import annotations

from procurement.database import Base
from purveyor_contract.known_categories.model import KnownCategory


class Category(KnownCategory, Base):
    """A category as sourcing's events describe it; only they change it."""

    __tablename__ = "category"
