"""Lists of orders, receipts, suppliers and sites: what they can be asked, in which order, how fast."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from procurement.documents.queries.inbound import DOCUMENTS
from procurement.documents.store import visible_to as documents_visible_to
from procurement.orders.queries import ORDERS
from procurement.orders.store.rows import visible_to
from procurement.receipts.queries import RECEIPTS
from procurement.receipts.queries import visible_to as receipts_visible_to
from procurement.settings import NAME
from procurement.shipments.queries import SHIPMENTS
from procurement.shipments.store import visible_to as shipments_visible_to
from procurement.sites.model import Site
from procurement.sites.queries import SITES
from procurement.suppliers.queries import SUPPLIERS
from procurement.suppliers.queries import visible_to as suppliers_visible_to
from purveyor.auth import Principal
from purveyor.db import Database
from purveyor.http.lists import SPARSE
from purveyor.testing.lists import read_whole, walked_wrongly
from purveyor_contract.roles import Role

from .conftest import World, arrived, line

ANYBODY = Principal("bea", "test", frozenset(), frozenset())
SEED = (
    """
    INSERT INTO supplier (id, number, legal_name, country, status, onboarded_by, imported, changed_at)
    SELECT gen_random_uuid(), 'S-' || n, 'Supplier ' || n, (ARRAY['DE', 'FR', 'IT'])[1 + n % 3],
           (ARRAY['registered', 'approved'])[1 + n % 2], 'sam', n % 2 = 0, now()
    FROM generate_series(1, 4000) AS n
    """,
    """
    INSERT INTO site (code, version, name, country, time_zone)
    SELECT 'S' || n, 1, 'Site ' || n, 'DE', 'Europe/Berlin' FROM generate_series(1, 200) AS n
    """,
    """
    INSERT INTO purchase_order (
      id, version, sequence, status, supplier_id, currency, total, site, business_unit, cost_centre,
      project, ordered_on, created_by, created_at, flag_reason, flagged_at, imported, external_reference,
      import_digest)
    SELECT gen_random_uuid(), 1, 0, (ARRAY['draft', 'submitted', 'closed', 'closed', 'closed'])[1 + n % 5],
           seller.ids[1 + n % 4000], 'EUR', 1, 'S' || 1 + n % 200, 'unit ' || n % 20, 'centre ' || n % 300,
           CASE WHEN n % 7 = 0 THEN 'project ' || n % 400 END,
           CASE WHEN n % 33 > 0 THEN DATE '2020-01-01' + n % 2000 END, 'bea', now(),
           CASE WHEN n % 50 = 0 THEN 'late' END,
           CASE WHEN n % 50 = 0 THEN now() END, n % 3 = 0, 'R-' || n, 'digest'
    FROM generate_series(1, $1::integer) AS n, (SELECT array_agg(id) AS ids FROM supplier) AS seller
    """,
    """
    INSERT INTO purchase_order_line (
      order_id, line_number, item, description, category, quantity, unit, price, price_base_quantity, amount,
      promised_on)
    SELECT id, 1, 'item ' || serial_number % 5000, 'Bolt', 'category ' || serial_number % 100, 1, 'C62', 1, 1,
           1, DATE '2026-03-02'
    FROM purchase_order
    """,
    """
    INSERT INTO goods_receipt (
      id, order_id, supplier_id, received_on, despatch_reference, ordered_by, issued_by, received_by,
      received_at, imported, external_reference, import_digest)
    SELECT gen_random_uuid(), id, supplier_id, coalesce(ordered_on, '2020-01-01') + 10, 'D-' || serial_number,
           'bea', 'bea', 'rita', now(), serial_number % 3 = 0, 'R-' || serial_number, 'digest'
    FROM purchase_order
    """,
    """
    INSERT INTO shipment (
      id, version, status, supplier_id, site, despatch_reference, shipped_on, expected_on, first_expected_on,
      notified_by, notified_by_supplier, notified_at, arrived_on)
    SELECT id, 1, CASE WHEN serial_number % 50 = 0 THEN 'notified' ELSE 'arrived' END, supplier_id, site,
           'D-' || serial_number, '2020-01-01', coalesce(ordered_on, '2020-01-01') + 10,
           '2020-01-01', 'sue', true, now(), CASE WHEN serial_number % 50 > 0 THEN DATE '2026-01-01' END
    FROM purchase_order
    """,
    """
    INSERT INTO shipment_line (
      shipment_id, position, order_id, line_number, quantity, stated_quantity, stated_unit, lots, serials,
      ended_as, ended_on)
    SELECT id, 1, id, 1, 1, 1, 'C62', '[]', '{}', CASE WHEN arrived_on IS NOT NULL THEN 'arrived' END,
           arrived_on
    FROM shipment
    """,
    """
    INSERT INTO shipment_package (shipment_id, sscc, contents)
    SELECT id, lpad(serial_number::text, 18, '0'), '[]' FROM shipment
    """,
    """
    INSERT INTO goods_receipt_line (receipt_id, line_number, quantity, rejected_quantity)
    SELECT id, 1, 1, 0 FROM goods_receipt
    """,
    """
    INSERT INTO goods_receipt_lot (receipt_id, line_number, lot, quantity, rejected_quantity)
    SELECT id, 1, 'L-' || serial_number, 1, 0 FROM goods_receipt
    """,
    """
    INSERT INTO goods_receipt_serial (receipt_id, line_number, serial, item, rejected)
    SELECT id, 1, 'SN-' || serial_number, 'item', false FROM goods_receipt
    """,
    """
    INSERT INTO inbound_document (
      id, version, sha256, content, size, status, kind, number, supplier_id, order_id, reason_code, reason,
      result, result_id, received_on, received_at, received_by)
    SELECT gen_random_uuid(), 1, sha256(id::text::bytea), '', 0,
           CASE WHEN serial_number % 50 = 0 THEN 'parked' ELSE 'applied' END,
           CASE WHEN serial_number % 2 = 0 THEN 'OrderResponse' ELSE 'DespatchAdvice' END,
           'D-' || serial_number, supplier_id, id,
           CASE WHEN serial_number % 50 = 0 THEN 'doctype' END,
           CASE WHEN serial_number % 50 = 0 THEN 'It has one' END,
           CASE WHEN serial_number % 50 > 0 THEN 'order_response' END,
           CASE WHEN serial_number % 50 > 0 THEN id END,
           coalesce(ordered_on, '2020-01-01') + 10, now(), 'bea'
    FROM purchase_order
    """,
)
NOBODY = UUID("0199c0de-0000-7000-8000-000000000001")
RARE: dict[str, Any] = {
    "id": NOBODY,
    "number": "PO-000042",
    "status": "draft",
    "supplier_id": NOBODY,
    "order_id": NOBODY,
    "site": "S7",
    "business_unit": "unit 7",
    "cost_centre": "centre 7",
    "category": "category 7",
    "item": "item 7",
    "project": "project 7",
    "ordered_from": date(2025, 6, 20),
    "ordered_to": date(2020, 1, 5),
    "received_from": date(2025, 6, 28),
    "received_to": date(2020, 1, 15),
    "flagged": True,
    "imported": True,
    "despatch_reference": "D-7",
    "lot": "L-7",
    "serial": "SN-7",
    "external_reference": "R-7",
    "source_system": "main",
    "shipment_id": NOBODY,
    "parent_id": NOBODY,
    "expected_from": date(2025, 6, 28),
    "expected_to": date(2020, 1, 15),
    "sscc": "000000000000000017",
    "country": "IT",
}


@pytest.fixture
async def owned(lend_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    """Yield a database as its owner has it, who alone may have its statistics made."""
    url, patience = await lend_database(NAME), timedelta(minutes=5)
    database = Database(
        url, application_name="test", statement_timeout=patience, transaction_timeout=patience
    )
    yield database
    await database.close()


async def seed(database: Database, orders: int) -> None:
    """Make so many orders, each with a line and a receipt; imported ones may have no day."""
    async with database.transaction() as tx:
        for statement in SEED:
            await tx.connection.execute(statement, *([orders] if "$1" in statement else []))
        await tx.connection.execute("ANALYZE")


async def test_each_filter_in_each_order_is_read_by_an_index(owned: Database) -> None:
    await seed(owned, 15_000)
    async with owned.transaction() as tx:
        wrong = await read_whole(tx, visible_to(None), ORDERS, RARE)
        wrong += await read_whole(tx, receipts_visible_to(ANYBODY), RECEIPTS, RARE | {"number": "GR-000042"})
        of_shipments = RARE | {"number": "SH-000042", "status": "notified"}
        wrong += await read_whole(tx, shipments_visible_to(None), SHIPMENTS, of_shipments)
        wrong += await read_whole(tx, suppliers_visible_to(ANYBODY), SUPPLIERS, RARE | {"number": "S-7"})
        of_documents = RARE | {"number": "D-7", "status": "parked", "kind": "OrderResponse"}
        wrong += await read_whole(tx, documents_visible_to(None), DOCUMENTS, of_documents)
    assert wrong == []


async def test_every_walk_meets_each_row_once_in_each_order(owned: Database) -> None:
    await seed(owned, 150)
    async with owned.transaction() as tx:
        wrong = await walked_wrongly(tx, visible_to(None), ORDERS, 7)
        wrong += await walked_wrongly(tx, receipts_visible_to(ANYBODY), RECEIPTS, 11)
        wrong += await walked_wrongly(tx, shipments_visible_to(None), SHIPMENTS, 13)
        wrong += await walked_wrongly(tx, suppliers_visible_to(ANYBODY), SUPPLIERS, 190)
        wrong += await walked_wrongly(tx, select(Site), SITES, 13)
    assert wrong == []


async def found(client: httpx.AsyncClient, path: str, query: str) -> list[Any]:
    """Return what a list answers to a query."""
    answer = await client.get(f"{path}?{query}")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


@pytest.fixture
async def three(empty_world: World) -> dict[str, dict[str, Any]]:
    """Return three orders by what they are: a draft, an order of another unit, one whose goods came."""
    world = empty_world
    supplier = await world.supplier(("fasteners", "seals"))
    seal = line(item="O-RING-8", category="seals", promised_on="2026-04-20")
    other = await world.order(
        supplier, seal, business_unit="pumps", cost_centre="4712", ordered_on="2026-02-20"
    )
    received = await world.issued(supplier_id=supplier)
    assert (await world.receive(received, arrived(), despatch_reference="LS-1")).status_code == 201
    return {"draft": await world.order(supplier), "other": other, "received": received}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=draft&status=closed", {"draft", "other", "received"}),
        ("status=closed", {"received"}),
        ("business_unit=pumps", {"other"}),
        ("business_unit=pumps&business_unit=drives", {"draft", "other", "received"}),
        ("cost_centre=4711", {"draft", "received"}),
        ("category=seals", {"other"}),
        ("item=O-RING-8&item=M8-HEX-40&status=draft", {"draft", "other"}),
        ("ordered_to=2026-02-20", {"other"}),
        ("ordered_from=2026-02-20&ordered_to=2026-02-20", {"other"}),
        ("ordered_from=2026-02-21", {"draft", "received"}),
        ("imported=true", set()),
        ("flagged=false&site=HAM-1", {"draft", "other", "received"}),
        ("site=BER-2", set()),
    ],
)
async def test_orders_are_found_by_what_they_say(
    empty_world: World, three: dict[str, dict[str, Any]], query: str, expected: set[str]
) -> None:
    items = await found(empty_world.bea, "/v1/purchase-orders", query)
    assert {item["id"] for item in items} == {three[name]["id"] for name in expected}


async def test_orders_come_in_the_order_that_is_asked_for(
    empty_world: World, three: dict[str, dict[str, Any]]
) -> None:
    numbers = sorted(order["number"] for order in three.values())
    by_number = await found(empty_world.bea, "/v1/purchase-orders", "sort=number")
    assert [item["number"] for item in by_number] == numbers
    by_day = await found(empty_world.bea, "/v1/purchase-orders", "sort=ordered_on")
    assert by_day[0]["id"] == three["other"]["id"]
    both = "&".join(f"id={order['id']}" for order in list(three.values())[:2])
    assert len(await found(empty_world.bea, "/v1/purchase-orders", both)) == 2


async def test_who_asks_for_changes_is_told_what_changed_since(
    empty_world: World, three: dict[str, dict[str, Any]]
) -> None:
    bea = empty_world.bea
    mark = (await bea.get("/v1/purchase-orders?limit=1")).json()["next_updated_after"]
    assert await found(bea, "/v1/purchase-orders", f"updated_after={mark}") == []
    receipts = (await bea.get("/v1/goods-receipts")).json()["next_updated_after"]
    issued = await empty_world.brought_to(three["draft"], "issued")
    assert (await empty_world.receive(issued, arrived(quantity="4"))).status_code == 201
    changed = await bea.get(f"/v1/purchase-orders?updated_after={mark}")
    assert [item["id"] for item in changed.json()["items"]] == [issued["id"]]
    mark = changed.json()["next_updated_after"]
    assert (await empty_world.receive(issued, arrived(quantity="3"))).status_code == 201
    again = await found(bea, "/v1/purchase-orders", f"updated_after={mark}")
    assert [item["id"] for item in again] == [issued["id"]], "a second receipt changes an order too"
    assert len(await found(bea, "/v1/goods-receipts", f"updated_after={receipts}")) == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("despatch_reference=LS-1", 1),
        ("despatch_reference=LS-2", 0),
        ("site=HAM-1", 1),
        ("business_unit=pumps", 0),
        ("business_unit=drives&cost_centre=4711", 1),
        ("received_from=2026-03-02&received_to=2026-03-02", 1),
        ("received_from=2026-03-03", 0),
        ("number=GR-999999", 0),
    ],
)
@pytest.mark.usefixtures("three")
async def test_receipts_are_found_by_what_they_say(empty_world: World, query: str, count: int) -> None:
    assert len(await found(empty_world.bea, "/v1/goods-receipts", query)) == count


async def test_a_supplier_picks_of_the_fields_that_it_is_shown(
    empty_world: World, three: dict[str, dict[str, Any]]
) -> None:
    supplier_id = UUID(three["received"]["supplier_id"])
    sue = empty_world.person("sue", Role.SUPPLIER, supplier_id=supplier_id)
    answer = await sue.get("/v1/purchase-orders?fields=number&fields=status")
    assert answer.headers["content-type"] == SPARSE
    assert answer.json()["items"] == [{"number": three["received"]["number"], "status": "closed"}]
    for query in ("fields=created_by", "fields=flag&fields=number"):
        refused = await sue.get(f"/v1/purchase-orders?{query}")
        assert (refused.status_code, refused.json()["code"]) == (422, "field_unknown")
        assert "created_by, " not in refused.json()["detail"]
    for query in ("cost_centre=4711", "flagged=true", "imported=false", "source_system=main"):
        refused = await sue.get(f"/v1/purchase-orders?{query}")
        assert (refused.status_code, refused.json()["code"]) == (422, "not_for_suppliers")


async def test_sites_are_found_by_country_and_many_at_once(empty_world: World) -> None:
    for code, country in (("LYS-1", "FR"), ("BER-2", "DE")):
        site = {"name": f"Site {code}", "country": country, "time_zone": "Europe/Paris"}
        assert (await empty_world.ada.put(f"/v1/sites/{code}", json=site)).status_code == 201
    assert [s["code"] for s in await found(empty_world.bea, "/v1/sites", "country=DE&sort=-code")] == [
        "HAM-1",
        "BER-2",
    ]
    assert len(await found(empty_world.bea, "/v1/sites", "code=LYS-1&code=BER-2")) == 2
