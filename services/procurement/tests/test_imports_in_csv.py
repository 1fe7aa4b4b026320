"""Orders and receipts as CSV: a line a row, and the same documents as in NDJSON."""

from __future__ import annotations

import json
from typing import Any

import httpx

from procurement.worker import CHORES
from purveyor_contract.roles import Role

from .conftest import World, line
from .test_imports import TO_ORDERS, TO_RECEIPTS, receipt_row, row, send

CSV = {"Content-Type": "text/csv"}
BOLT = "M8-HEX-40;Hexagon bolt M8 × 40;fasteners;10;C62;2.50"
ORDERS = f"""\
external_reference;supplier_external_reference;ordered_on;currency;site;business_unit;cost_centre;\
line_number;item;description;category;quantity;unit;price;promised_on;line_external_reference
CSV-1;V-1;2025-11-03;USD;HAM-1;drives;4711;10;{BOLT};2025-11-01;CSV-1/10
CSV-1;;;;;;;20;{BOLT};2026-03-20;
CSV-2;V-1;2025-11-03;USD;HAM-1;drives;4711;10;{BOLT};2025-11-01;CSV-2/10
"""
RECEIPTS = """\
external_reference,order_external_reference,received_on,line_number,quantity
GR-1,CSV-1,2025-12-01,10,10
GR-1,CSV-1,,20,4
"""


async def upload(by: httpx.AsyncClient, path: str, text: str, **params: str) -> list[dict[str, Any]]:
    answer = await by.post(path, content=text.encode(), headers=CSV, params=params)
    assert answer.status_code == 200, answer.text
    return [json.loads(one) for one in answer.text.splitlines()]


async def bring(world: World, path: str, text: str) -> list[dict[str, Any]]:
    mika = world.person("mika", Role.ADMIN)
    proposal = (await mika.post("/v1/imports", json={"name": "CSV"})).json()["id"]
    await upload(mika, path, text, proposal=proposal)
    digest = (await world.ada.get(f"/v1/imports/{proposal}")).json()["figures"]["digest"]
    assert (await world.ada.post(f"/v1/imports/{proposal}:approve", json={"digest": digest})).is_success
    return await upload(world.ada, path, text)


async def test_orders_and_receipts_are_imported_from_rows_that_are_lines(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    results = await bring(world, TO_ORDERS, ORDERS)
    assert [(r["line"], r["status"]) for r in results] == [(2, "created"), (4, "created")]
    (received,) = await bring(world, TO_RECEIPTS, RECEIPTS)
    assert (received["line"], received["status"]) == (2, "created")
    order = (await world.bea.get(f"/v1/purchase-orders/{results[0]['id']}")).json()
    assert [line["received_quantity"] for line in order["lines"]] == ["10", "4"]


async def test_lines_of_the_past_are_in_parts_in_a_cell_as_in_ndjson(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    rows = (
        ORDERS.splitlines()[0].replace("promised_on", "schedules").replace(";", ",")
        + f"\nPARTS-1,V-1,2025-11-03,USD,HAM-1,drives,4711,10,{BOLT.replace(';', ',')}"
        + ",4=2025-12-01;6=2025-12-08,P-1/10\n"
    )
    [imported] = await bring(world, TO_ORDERS, rows)
    assert imported["status"] == "created", imported
    parts = [{"quantity": "4", "need_by": "2025-12-01"}, {"quantity": "6", "need_by": "2025-12-08"}]
    order = (await world.bea.get(f"/v1/purchase-orders/{imported['id']}")).json()
    assert order["lines"][0]["schedules"] == [
        {"schedule_number": 1} | parts[0],
        {"schedule_number": 2} | parts[1],
    ]
    stated = line(line_number=10, external_reference="P-1/10", schedules=parts)
    del stated["promised_on"]
    [again] = await send(world.ada, TO_ORDERS, row("PARTS-1", lines=[stated]))
    assert again["status"] == "unchanged"
    [(_, _, told)] = await world.events_of({"id": imported["id"]})
    assert [one["need_by"] for one in told["lines"][0]["schedules"]] == ["2025-12-01", "2025-12-08"]


async def test_allowances_and_charges_of_the_past_are_in_cells_as_in_ndjson(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    rows = (
        ORDERS.splitlines()[0].replace(";", ",")
        + ",charges,line_allowances,line_charges,tax_code"
        + f"\nFREIGHT-1,V-1,2025-11-03,USD,HAM-1,drives,4711,10,{BOLT.replace(';', ',')}"
        + ",2025-12-01,F-1/10,freight=12.50,rebate=2%;sample=1,packaging=0.75,any\n"
    )
    [imported] = await bring(world, TO_ORDERS, rows)
    assert imported["status"] == "created", imported
    order = (await world.bea.get(f"/v1/purchase-orders/{imported['id']}")).json()
    [first] = order["lines"]
    assert [one["comes_to"] for one in first["allowances"]] == ["0.50", "1.00"]
    assert (first["amount"], first["landed_cost"], first["tax_code"]) == ("24.25", "36.75", "any")
    assert (order["total"]["amount"], order["amounts"]["tax"]) == ("36.75", None)
    stated = line(
        line_number=10,
        external_reference="F-1/10",
        promised_on="2025-12-01",
        tax_code="any",
        allowances=[{"reason": "rebate", "percent": "2"}, {"reason": "sample", "amount": "1"}],
        charges=[{"reason": "packaging", "amount": "0.75"}],
    )
    freight = [{"reason": "freight", "amount": "12.50"}]
    [again] = await send(world.ada, TO_ORDERS, row("FREIGHT-1", lines=[stated], charges=freight))
    assert again["status"] == "unchanged"


async def test_a_document_is_the_same_in_csv_and_ndjson(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    imported = await bring(world, TO_ORDERS, ORDERS.replace("CSV-", "SAME-"))
    lines = [
        line(line_number=10, promised_on="2025-11-01", external_reference="SAME-1/10"),
        line(line_number=20),
    ]
    again = await send(world.ada, TO_ORDERS, row("SAME-1", lines=lines), row("SAME-2"))
    assert [r["status"] for r in again] == ["unchanged", "unchanged"]
    assert [r["id"] for r in again] == [r["id"] for r in imported]


async def test_what_a_service_has_against_a_line_is_told_with_its_row(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    await bring(world, TO_ORDERS, ORDERS.replace("CSV-", "ROW-"))
    bad = RECEIPTS.replace("CSV-", "ROW-").replace("GR-1", "GR-BAD").replace(",20,4", ",99,4")
    (refused,) = await upload(world.ada, TO_RECEIPTS, bad)
    (error,) = refused["errors"]
    assert (refused["line"], error["pointer"], error["line"]) == (2, "/lines/1/line_number", 3)
    atomic = await world.ada.post(TO_RECEIPTS, content=bad, headers=CSV, params={"atomic": "true"})
    assert [(error["line"], error["pointer"]) for error in atomic.json()["errors"]] == [
        (3, "/lines/1/line_number")
    ]


async def test_json_knows_the_receipt_that_csv_brought(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    await bring(world, TO_ORDERS, ORDERS.replace("CSV-", "JSON-"))
    receipts = RECEIPTS.replace("CSV-", "JSON-").replace("GR-1", "GR-JSON")
    (first,) = await bring(world, TO_RECEIPTS, receipts)
    lines = [{"line_number": 10, "quantity": "10"}, {"line_number": 20, "quantity": "4"}]
    (again,) = await send(world.ada, TO_RECEIPTS, receipt_row("GR-JSON", "JSON-1", *lines))
    assert (again["status"], again["id"]) == ("unchanged", first["id"])


async def test_orders_that_were_let_in_are_imported_by_a_job(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    mika = world.person("mika", Role.ADMIN)
    proposal = (await mika.post("/v1/imports", json={"name": "later"})).json()["id"]
    orders = ORDERS.replace("CSV-", "JOB-")
    proposed = await later(world, mika, orders, proposal=proposal)
    assert [r["status"] for r in proposed] == ["proposed", "proposed"]
    digest = (await world.ada.get(f"/v1/imports/{proposal}")).json()["figures"]["digest"]
    assert (await world.ada.post(f"/v1/imports/{proposal}:approve", json={"digest": digest})).is_success
    imported = await later(world, world.ada, orders)
    assert [(r["line"], r["status"]) for r in imported] == [(2, "created"), (4, "created")]
    order = (await world.bea.get(f"/v1/purchase-orders/{imported[0]['id']}")).json()
    assert (order["issued_by"], order["imported"]) == ("ada", True)


async def later(world: World, by: httpx.AsyncClient, text: str, **params: str) -> list[dict[str, Any]]:
    """Send orders as a job, do what the worker does, and return what became of them."""
    headers = CSV | {"Prefer": "respond-async"}
    answer = await by.post(TO_ORDERS, content=text.encode(), headers=headers, params=params)
    assert answer.status_code == 202, answer.text
    (work,) = (chore for chore in CHORES if chore.name == "work-on-bulk-jobs")
    more = True
    while more:
        async with world.database.transaction() as tx:
            more = await work.run(tx)
    results = await by.get(f"{answer.headers['Location']}/results")
    return [json.loads(one) for one in results.text.splitlines()]
