"""A search meets each supplier once in each order, however its pages are found."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, and_, case, select

from purveyor import searching
from purveyor.db import Database, Transaction
from purveyor.lists import Asked
from sourcing.settings import NAME
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import ORDERED_FROM
from sourcing.suppliers.rules.search import search_patterns, searchable, whole_words
from sourcing.suppliers.store.finding import SUPPLIERS, find_suppliers

TODAY = date(2026, 11, 20)
NAMES = ("Nord", "Nord Stahl", "Stahlnord AG", "AG Nord Süd", "Nordwind AG", "Süd AG", "Łódź Nord")
SEED = """
INSERT INTO supplier (
  id, version, sequence, number, legal_name, country, categories, contacts, sites, status, registered_by,
  registered_at, registered_on, imported, score, grade, name_key, search_text)
SELECT gen_random_uuid(), 1, 0, nth, $1, (ARRAY['DE', 'FR'])[1 + nth % 2], ARRAY['bolts'], '[]', '[]',
       'approved', 'sam', now(), DATE '2026-01-01' + nth, false,
       CASE WHEN nth % 4 > 0 THEN nth * 7 % 5 END, CASE WHEN nth % 4 > 0 THEN 'A' END, $2, $3
FROM unnest($4::int[]) AS nth
"""
APPROVED = """
INSERT INTO category_approval (supplier_id, category, approved_by, approved_at, registered_by, imported)
SELECT id, 'bolts', 'carla', now(), 'sam', false FROM supplier WHERE number % 3 > 0
"""
QUESTIONS: tuple[Mapping[str, Any], ...] = (
    {"q": "nord"},
    {"q": "ag"},
    {"q": "nord ag"},
    {"q": "lodz"},
    {"q": "nobody"},
    {"q": "nord", "country": ["DE"]},
    {"country": ["DE"], "grade": ["A"]},
    {"approved_for": "bolts"},
    {"approved_for": "bolts", "category": ["bolts"], "q": "nord"},
    {"registered_from": date(2026, 1, 30)},
)
SORTS = (None, *SUPPLIERS.all_sorts())
EFFORTS = [
    {"STRETCH": stretch, "LONG_STRETCH": long_stretch, "FEW": few, "MANY": many}
    for stretch, long_stretch, few, many in product((1, 6, 1_000), (1, 1_000), (1, 3), (2, 1_000))
]
"""Stretches and bounds that have every way of finding a page taken."""


@pytest.fixture
async def owned(lend_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    """Yield a database with suppliers whose names share words."""
    database = Database(await lend_database(NAME), application_name="test")
    async with database.transaction() as tx:
        for nth, name in enumerate(NAMES):
            numbers = list(range(nth, 42, len(NAMES)))
            await tx.connection.execute(SEED, name, searchable(name).strip(), searchable(name), numbers)
        await tx.connection.execute(APPROVED)
    yield database
    await database.close()


def at_once(filters: Mapping[str, Any], sort: str | None) -> Select[Any]:
    """Return the one query of what a walk has to meet, said plainly."""
    asked = Asked(listing=SUPPLIERS, filters=filters, sort=sort, limit=200)
    rows = select(Supplier.number).where(*asked.conditions())
    if "approved_for" in filters:
        rows = rows.where(Supplier.number % 3 > 0)
    text = filters.get("q")
    if text is not None:
        rows = rows.where(*(Supplier.search_text.like(one) for one in search_patterns(text)))
    if text is not None and sort is None:
        name = searchable(text).strip()
        whole = and_(*(Supplier.search_text.like(one) for one in whole_words(text)))
        ranks = ((Supplier.name_key == name, 0), (Supplier.name_key.startswith(f"{name} "), 1), (whole, 2))
        rows = rows.order_by(case(*ranks, else_=3))
    return asked.order.sorted(rows)


async def walked(tx: Transaction, filters: Mapping[str, Any], sort: str | None, limit: int) -> list[int]:
    """Return the numbers of all suppliers that a walk by pages meets."""
    asked = Asked(listing=SUPPLIERS, filters=filters, sort=sort, limit=limit)
    met: list[int] = []
    while True:
        page = await find_suppliers(tx, asked, TODAY, ORDERED_FROM, None)
        met += [supplier.number for supplier in page.rows]
        if page.next_cursor is None:
            return met
        asked = replace(asked, cursor=page.next_cursor)


async def test_a_walk_meets_each_supplier_once_in_each_order(
    owned: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    async with owned.transaction() as tx:
        for nth, (filters, sort) in enumerate(product(QUESTIONS, SORTS)):
            effort = EFFORTS[nth % len(EFFORTS)]
            for name, value in effort.items():
                monkeypatch.setattr(searching, name, value)
            expected = list(await tx.session.scalars(at_once(filters, sort)))
            met = await walked(tx, filters, sort, 5)
            if met != expected:
                wrong.append((filters, sort, effort, met, expected))
    assert wrong == []
