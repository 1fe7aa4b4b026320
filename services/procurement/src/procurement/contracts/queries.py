"""Finds the contract price of what is bought, and says how."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from procurement.categories.rules import covering
from procurement.categories.store import above
from procurement.contracts import store
from procurement.contracts.rules import Answer, Wanted, nearest, price_of, quantity_problem, why_none
from procurement.suppliers.store import company_of
from purveyor.db import Transaction


async def contract_price(tx: Transaction, supplier_id: UUID, category: str, wanted: Wanted) -> Answer:
    """Return what something costs by a contract of a supplier, in its category and what lies above."""
    categories = covering(category, await above(tx, {category}))
    asked = replace(wanted, categories=categories)
    found = await store.prices_of(tx, await company_of(tx, supplier_id), [asked])
    line = nearest(found, asked)
    if line is None:
        return Answer(None, why_none(found, asked))
    problem = quantity_problem(line, asked.quantity)
    if problem is not None:
        return Answer(None, f"{problem[0].upper()}{problem[1:]}.")
    return Answer(price_of(line, asked.quantity), None)
