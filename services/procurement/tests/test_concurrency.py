"""Several people at once: one wins, the others are told, and nothing is counted twice."""

import asyncio
import json
from decimal import Decimal
from uuid import UUID

from .conftest import World, arrived, line
from .test_imports import TO_ORDERS, let_in


async def test_of_two_who_issue_at_once_one_does(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "approved")
    answers = await asyncio.gather(*(world.act(world.bea, order, "issue", version=3) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert len(await world.events_of(order)) == 1


async def test_receipts_at_once_never_exceed_what_was_ordered(world: World) -> None:
    order = await world.issued()
    answers = await asyncio.gather(
        *(world.receive(order, arrived(1, "3"), despatch_reference=f"LS-{n}") for n in range(10))
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] * 3 + [422] * 7
    received = await world.value(
        "SELECT received_quantity FROM purchase_order_line WHERE order_id = $1", UUID(order["id"])
    )
    assert received == Decimal(9)
    assert [number for number, _, _ in await world.events_of(order)] == [1, 2, 3, 4]


async def test_of_several_who_book_one_delivery_note_at_once_one_does(world: World) -> None:
    order = await world.issued()
    answers = await asyncio.gather(
        *(world.receive(order, arrived(1, "1"), despatch_reference="LS-9") for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    (first,) = (answer.json()["number"] for answer in answers if answer.status_code == 201)
    assert {a.json()["goods_receipt"] for a in answers if a.status_code == 409} == {first}
    received = "SELECT received_quantity FROM purchase_order_line WHERE order_id = $1"
    assert await world.value(received, UUID(order["id"])) == 1


async def test_receipts_of_different_lines_at_once_close_the_order_once(world: World) -> None:
    order = await world.issued(*(line() for _ in range(6)))
    answers = await asyncio.gather(*(world.receive(order, arrived(number)) for number in range(1, 7)))
    assert [answer.status_code for answer in answers] == [201] * 6
    statuses = [answer.json()["order_status"] for answer in answers]
    assert sorted(statuses) == ["closed"] + ["partially_received"] * 5
    names = [name for _, name, _ in await world.events_of(order)]
    assert names == ["POIssued", *["GoodsReceived"] * 6, "POClosed"]


async def test_an_issue_and_a_suspension_at_once_end_in_a_refusal_or_in_a_flag(world: World) -> None:
    for _ in range(10):
        supplier_id = await world.supplier()
        order = await world.brought_to(await world.order(supplier_id), "approved")
        issued, _suspended = await asyncio.gather(
            world.act(world.bea, order, "issue", version=3), world.suspend(supplier_id)
        )
        assert issued.status_code in {200, 412, 422}
        now = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
        assert now["flag"]["reason"] == "supplier suspended: quality"
        assert (now["status"] == "issued") == (issued.status_code == 200)


async def test_a_draft_that_is_made_during_a_suspension_has_its_flag(world: World) -> None:
    for _ in range(10):
        supplier_id = await world.supplier()
        draft, _suspended = await asyncio.gather(world.order(supplier_id), world.suspend(supplier_id))
        now = (await world.bea.get(f"/v1/purchase-orders/{draft['id']}")).json()
        assert now["flag"]["reason"] == "supplier suspended: quality"


async def test_an_order_that_is_imported_twice_at_once_is_there_once(world: World) -> None:
    await world.supplier((), external_reference="V-once")
    row = {
        "external_reference": "TWICE-AT-ONCE",
        "supplier_external_reference": "V-once",
        **dict.fromkeys(("site", "business_unit", "cost_centre"), "HAM-1"),
        "currency": "EUR",
        "ordered_on": "2025-11-03",
        "lines": [line(line_number=1)],
    }
    await let_in(world, TO_ORDERS, row)
    headers = {"Content-Type": "application/x-ndjson"}
    answers = await asyncio.gather(
        *(
            world.ada.post("/v1/purchase-orders:import", content=json.dumps(row), headers=headers)
            for _ in range(4)
        )
    )
    results = [answer.json() for answer in answers]
    assert sorted(result["status"] for result in results) == ["created"] + ["unchanged"] * 3
    assert len({result["id"] for result in results}) == 1
