"""Routes of the copy of categories."""

from __future__ import annotations

from purveyor_contract.known_categories.api import categories_router
from supplier_performance.categories.model import Category
from supplier_performance.categories.queries import category_called

router = categories_router(Category, "performance:scores:read", category_called)
