"""Takes over sourcing's tree of categories."""

from __future__ import annotations

from purveyor_contract.known_categories.keeping import keeping_categories

CATEGORIES = keeping_categories("procurement.categories")
