"""The dock, the office and the supplier at once: one of them wins, and the other is told why."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from .amending import act, draft, kept, read, stated
from .conftest import World, arrived, line


async def reverse(world: World, receipt: httpx.Response, **said: Any) -> httpx.Response:
    body = {"reason": "another delivery was counted"} | said
    return await world.rita.post(f"/v1/goods-receipts/{receipt.json()['id']}:reverse", json=body)


async def test_of_two_receivers_of_the_last_ten_pieces_one_receives_them_and_the_other_is_told(
    world: World,
) -> None:
    for _ in range(5):
        order = await world.issued(line(quantity="90"), line())
        await world.receive(order, arrived(1, "80"))
        answers = await asyncio.gather(
            *(
                world.receive(order, arrived(1, "10"), despatch_reference=reference)
                for reference in ("LS-1", "LS-2")
            )
        )
        taken, refused = sorted(answers, key=lambda answer: answer.status_code)
        assert (taken.status_code, refused.status_code) == (201, 422)
        assert refused.json()["errors"][0]["detail"].startswith(
            "at most 0 more: 90 ordered, 90 received, tolerance"
        )
        received = "SELECT received_quantity FROM purchase_order_line WHERE order_id = $1 AND line_number = 1"
        assert await world.value(received, UUID(order["id"])) == Decimal(90)


async def test_an_amendment_while_a_receipt_is_booked_holds_it_to_what_is_ordered_by_then(
    world: World,
) -> None:
    for _ in range(4):
        order = await world.issued(line(quantity="10"), line())
        now = await read(world, order)
        body = stated(now, kept(now, 1, quantity="6"), kept(now, 2))
        amendment = (await draft(world, order, body)).json()
        for action, by in (("submit", world.bea), ("approve", world.alex)):
            assert (await act(world, amendment, action, by)).status_code == 200
        receipt, issued = await asyncio.gather(
            world.receive(order, arrived(1, "10")), act(world, amendment, "issue", world.bea)
        )
        [first, _] = (await read(world, order))["lines"]
        if receipt.status_code == 201:
            assert (issued.status_code, first["quantity"], first["received_quantity"]) == (422, "10", "10")
            assert "at least 10" in issued.json()["errors"][0]["detail"]
        else:
            assert (issued.status_code, first["quantity"]) == (200, "6")
            assert receipt.json()["errors"][0]["detail"].startswith("at most 6 more: 6 ordered")
        numbers = [number for number, _, _ in await world.events_of(order)]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_reversal_after_the_order_closed_and_a_receipt_at_once_leave_what_adds_up(
    world: World,
) -> None:
    for _ in range(4):
        order = await world.issued(line())
        last = await world.receive(order, arrived(1, "10"))
        assert last.json()["order_status"] == "closed"
        back, again = await asyncio.gather(
            reverse(world, last), world.receive(order, arrived(1, "4"), despatch_reference="LS-2")
        )
        assert back.status_code == 200, back.text
        assert again.status_code in {201, 409}, again.text
        [only] = (await read(world, order))["lines"]
        came = Decimal(4) if again.status_code == 201 else Decimal(0)
        assert Decimal(only["received_quantity"]) == came
        assert Decimal(only["open_quantity"]) == 10 - came


async def test_a_receipt_that_was_typed_wrongly_is_taken_back_on_its_business_day_and_typed_again(
    world: World,
) -> None:
    """As users of odoo#13299 and metasfresh#1165 could not: the count and the closing follow."""
    order = await world.brought_to(
        await world.order(await world.supplier(), ordered_on="2026-02-20"), "issued"
    )
    wrong = await world.receive(order, arrived(1, "10"), received_on="2026-02-27")
    assert wrong.json()["order_status"] == "closed"
    back = await reverse(world, wrong, reversed_on="2026-02-28")
    assert (back.json()["order_status"], back.json()["reversals"][0]["reversed_on"]) == (
        "issued",
        "2026-02-28",
    )
    right = await world.receive(order, arrived(1, "9"), received_on="2026-02-27")
    assert right.json()["order_status"] == "partially_received"
    [now] = (await read(world, order))["lines"]
    assert (now["received_quantity"], now["open_quantity"]) == ("9", "1")
    told = [(name, event.get("reversed_on")) for _, name, event in await world.events_of(order)]
    assert told == [
        ("POIssued", None),
        ("GoodsReceived", None),
        ("POClosed", None),
        ("GoodsReceiptReversed", "2026-02-28"),
        ("POReopened", None),
        ("GoodsReceived", None),
    ]
