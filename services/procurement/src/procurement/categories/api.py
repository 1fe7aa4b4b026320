"""Routes of the copy of categories."""

from __future__ import annotations

from procurement.categories.model import Category
from procurement.categories.queries import category_called
from purveyor_contract.known_categories.api import categories_router

router = categories_router(Category, "procurement:items:read", category_called)
