"""The past arrives: orders and receipts of another system, by their keys there."""

import json

from purveyor_contract.roles import Role

from .conftest import arrived, line


def row(number, supplier="V-1", **changes):
    return {
        "external_reference": number,
        "supplier_external_reference": supplier,
        "ordered_on": "2025-11-03",
        "currency": "USD",
        "site": "HAM-1",
        "business_unit": "drives",
        "cost_centre": "4711",
        "lines": [line(line_number=10, promised_on="2025-11-01", external_reference=f"{number}/10")],
    } | changes


def receipt_row(number, order, *lines, **changes):
    return {
        "external_reference": number,
        "order_external_reference": order,
        "received_on": "2025-12-01",
        "lines": list(lines) or [arrived(10)],
    } | changes


async def send(by, path, *rows):
    body = "\n".join(json.dumps(row) for row in rows)
    response = await by.post(path, content=body, headers={"Content-Type": "application/x-ndjson"})
    assert response.status_code == 200, response.text
    return [json.loads(result) for result in response.text.splitlines()]


async def orders(world, *rows):
    return await send(world.ada, "/v1/purchase-orders:import", *rows)


async def receipts(world, *rows):
    return await send(world.ada, "/v1/goods-receipts:import", *rows)


async def test_an_imported_order_is_issued_with_its_business_dates_and_nothing_invented(world):
    await world.supplier((), external_reference="V-1")
    (result,) = await orders(world, row("A-1"))
    assert result["status"] == "created", result
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert (order["status"], order["imported"], order["ordered_on"]) == ("issued", True, "2025-11-03")
    assert order["approved_by"] is None
    assert order["lines"][0]["external_reference"] == "A-1/10"
    ((sequence, name, event),) = await world.events_of(order)
    assert (sequence, name, event["external_reference"]) == (1, "POIssued", "A-1")
    assert event["lines"][0]["promised_on"] == "2025-11-01"


async def test_what_nobody_knows_any_more_stays_unknown(world):
    await world.supplier((), external_reference="V-1")
    (result,) = await orders(world, row("A-2", ordered_on=None))
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert order["ordered_on"] is None
    (found,) = await receipts(
        world, receipt_row("R-2", "A-2", arrived(10, "10", rejected_quantity="2"), received_on="2001-01-01")
    )
    assert found["status"] == "created", found


async def test_a_history_may_say_that_goods_came_before_they_were_ordered(world):
    await world.supplier((), external_reference="V-1")
    await orders(world, row("A-9", ordered_on="2025-10-01"))
    (found,) = await receipts(world, receipt_row("R-9", "A-9", arrived(10, "10"), received_on="2025-09-01"))
    assert found["status"] == "created", found


async def test_importing_twice_changes_nothing_and_other_content_is_refused(world):
    await world.supplier((), external_reference="V-1")
    (first,) = await orders(world, row("A-3"))
    (again, other) = await orders(world, row("A-3"), row("A-3", cost_centre="9999"))
    assert (again["status"], again["id"]) == ("unchanged", first["id"])
    assert (other["status"], other["code"]) == ("refused", "differs_from_import")
    (receipt,) = await receipts(world, receipt_row("R-3", "A-3"))
    (same, different) = await receipts(
        world, receipt_row("R-3", "A-3"), receipt_row("R-3", "A-3", received_on="2025-12-02")
    )
    assert (same["status"], same["id"]) == ("unchanged", receipt["id"])
    assert (different["status"], different["code"]) == ("refused", "differs_from_import")
    assert len(await world.events_of({"id": first["id"]})) == 3


async def test_a_supplier_that_has_not_arrived_yet_refuses_its_rows_and_later_takes_them(world):
    (result,) = await orders(world, row("A-4", supplier="V-late"))
    assert (result["status"], result["code"]) == ("refused", "supplier_unknown")
    await world.supplier((), external_reference="V-late")
    (result,) = await orders(world, row("A-4", supplier="V-late"))
    assert result["status"] == "created"


async def test_a_bad_row_says_why_and_the_good_ones_are_kept(world):
    await world.supplier((), external_reference="V-1")
    results = await orders(
        world,
        row("A-5"),
        row("A-6", lines=[line(line_number=1), line(line_number=1, unit="pieces")]),
        row("A-7", site="nowhere"),
        row("A-8", ordered_on="2031-01-01"),
        row("A-9", lines=[]),
        row("A-10"),
    )
    assert [result["status"] for result in results] == ["created", *["refused"] * 4, "created"]
    assert [result["code"] for result in results[1:5]] == [
        "lines_invalid",
        "site_unknown",
        "dates_invalid",
        "row_not_valid",
    ]
    assert {error["column"] for error in results[1]["errors"]} == {
        "lines.0.line_number",
        "lines.1.line_number",
        "lines.1.unit",
    }


async def test_imported_receipts_close_their_order_on_the_business_day_of_the_last(world):
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("A-11"))
    results = await receipts(
        world,
        receipt_row("R-11a", "A-11", arrived(10, "6"), received_on="2025-12-24"),
        receipt_row("R-11b", "A-11", arrived(10, "5"), received_on="2025-12-03"),
        receipt_row("R-11c", "A-11", arrived(10, "4"), received_on="2025-12-03"),
        receipt_row("R-11d", "A-none"),
    )
    assert [(result["status"], result["code"]) for result in results] == [
        ("created", None),
        ("refused", "receipt_invalid"),
        ("created", None),
        ("refused", "order_unknown"),
    ]
    events = await world.events_of(order)
    assert [(number, name) for number, name, _ in events] == [
        (1, "POIssued"),
        (2, "GoodsReceived"),
        (3, "GoodsReceived"),
        (4, "POClosed"),
    ]
    assert events[3][2]["closed_on"] == "2025-12-24"


async def test_an_order_of_a_suspended_supplier_arrives_flagged(world):
    supplier_id = await world.supplier((), external_reference="V-suspended")
    await world.suspend(supplier_id)
    (result,) = await orders(world, row("A-12", supplier="V-suspended"))
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert order["flag"]["reason"] == "supplier suspended: quality"


async def test_only_an_admin_with_the_scope_imports(world):
    for person in (world.bea, world.person("ada", Role.ADMIN, scopes=["procurement:orders:write"])):
        for path in ("/v1/purchase-orders:import", "/v1/goods-receipts:import"):
            response = await person.post(path, content="{}", headers={"Content-Type": "application/x-ndjson"})
            assert response.status_code == 403
