"""Lists of items, the organisation, terms, tax codes and rates: what they can be asked, and how fast."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select

from procurement.items.model import Item
from procurement.items.queries import ITEMS
from procurement.organisation.model import BusinessUnit, CostCentre, Project
from procurement.organisation.queries import CENTRES, PROJECTS, UNITS
from procurement.rates.model import ExchangeRate
from procurement.rates.queries import RATES
from procurement.settings import NAME
from procurement.taxes.model import TaxCode
from procurement.taxes.queries import TAX_CODES
from procurement.terms.model import PaymentTerms
from procurement.terms.queries import PAYMENT_TERMS
from purveyor.db import Database
from purveyor.lists import Listing
from purveyor.testing.lists import read_whole, walked_wrongly

from .conftest import World

SEED = (
    """
    INSERT INTO item (id, version, sequence, code, description, category, base_unit, conversions, makers,
                      inspection_needed, retired_from, words)
    SELECT gen_random_uuid(), 1, 1, 'I-' || n, 'Item', 'category ' || n % 200, 'C62', '[]', '[]', false,
           CASE WHEN n % 9 = 0 THEN DATE '2026-01-01' END, ARRAY['i', 'item', 'w' || n % 500]
    FROM generate_series(1, $1::integer) AS n
    """,
    "INSERT INTO item_gtin SELECT lpad(substr(code, 3), 14, '0'), id, 'C62' FROM item",
    """
    INSERT INTO business_unit (code, version, name, valid_to)
    SELECT 'U-' || n, 1, 'Unit', CASE WHEN n % 3 = 0 THEN DATE '2026-01-01' END
    FROM generate_series(1, $1::integer / 20) AS n
    """,
    """
    INSERT INTO cost_centre (code, version, name, business_unit)
    SELECT 'C-' || n, 1, 'Centre', 'U-' || 1 + n % ($1::integer / 20)
    FROM generate_series(1, $1::integer) AS n
    """,
    """
    INSERT INTO project (code, version, name, business_unit)
    SELECT code, 1, name, business_unit FROM cost_centre
    """,
    """
    INSERT INTO payment_terms (code, version, name, instalments, discounts)
    SELECT 'T-' || n, 1, 'Terms', '[]', '[]' FROM generate_series(1, $1::integer) AS n
    """,
    """
    INSERT INTO tax_code (code, version, name, country, category, reverse_charge, periods)
    SELECT 'X-' || n, 1, 'Tax', (ARRAY['DE', 'FR', 'IT'])[1 + n % 3], (ARRAY['S', 'E', 'Z'])[1 + n % 3],
           false, '[]'
    FROM generate_series(1, $1::integer) AS n
    """,
    """
    INSERT INTO exchange_rate (source, base, currency, day, rate, recorded_by, recorded_at)
    SELECT 'ECB', 'EUR', (ARRAY['USD', 'JPY', 'CHF', 'NOK'])[1 + n % 4], DATE '1999-01-04' + n / 4, 1,
           'paula', now()
    FROM generate_series(1, $1::integer) AS n
    """,
)
LISTS: tuple[tuple[Select[Any], Listing], ...] = (
    (select(Item), ITEMS),
    (select(BusinessUnit), UNITS),
    (select(CostCentre), CENTRES),
    (select(Project), PROJECTS),
    (select(PaymentTerms), PAYMENT_TERMS),
    (select(TaxCode), TAX_CODES),
    (select(ExchangeRate), RATES),
)
RARE: dict[str, Any] = {
    "code": "C-7",
    "q": "w7",
    "gtin": "00000000000007",
    "bought_on": date(2026, 3, 2),
    "valid_on": date(2026, 3, 2),
    "business_unit": "U-7",
    "country": "DE",
    "source": "ECB",
    "base": "EUR",
    "currency": "CHF",
    "day_from": date(2000, 1, 1),
    "day_to": date(2000, 1, 1),
}


@pytest.fixture
async def owned(lend_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    """Yield a database as its owner has it, who alone may have its statistics made."""
    database = Database(
        await lend_database(NAME), application_name="test", statement_timeout=timedelta(minutes=2)
    )
    yield database
    await database.close()


async def seed(database: Database, rows: int) -> None:
    """Make so many rows of each."""
    async with database.transaction() as tx:
        for statement in SEED:
            await tx.connection.execute(statement, *([rows] if "$1" in statement else []))
        await tx.connection.execute("ANALYZE")


async def test_each_filter_in_each_order_is_read_by_an_index(owned: Database) -> None:
    await seed(owned, 20_000)
    wrong = {}
    async with owned.transaction() as tx:
        for rows, listing in LISTS:
            category = "S" if listing is TAX_CODES else "category 7"
            wrong[listing.name] = await read_whole(tx, rows, listing, RARE | {"category": category})
    assert wrong == {listing.name: [] for _, listing in LISTS}


async def test_every_walk_meets_each_row_once_in_each_order(owned: Database) -> None:
    await seed(owned, 100)
    async with owned.transaction() as tx:
        wrong = [await walked_wrongly(tx, rows, listing, 7) for rows, listing in LISTS]
    assert wrong == [[]] * len(LISTS)


async def test_who_keeps_a_copy_of_items_asks_for_what_changed(empty_world: World) -> None:
    bea = empty_world.bea
    body = {"description": "Bolt", "category": "fasteners", "base_unit": "C62"}
    for code in ("A", "B"):
        assert (await bea.put(f"/v1/items/{code}", json=body)).status_code == 201
    mark = (await bea.get("/v1/items")).json()["next_updated_after"]
    changed = await bea.put("/v1/items/B", json=body | {"description": "Nut"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    news = (await bea.get("/v1/items", params={"updated_after": mark})).json()["items"]
    assert [item["code"] for item in news] == ["B"]
    both = (await bea.get("/v1/items?code=B&code=A&sort=-code&total=true")).json()
    assert ([item["code"] for item in both["items"]], both["total"]["count"]) == (["B", "A"], 2)
