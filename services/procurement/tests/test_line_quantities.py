"""What becomes of each line of an order, over HTTP and in the database that holds the sum."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from .conftest import World, arrived, line

PARTS = ("cancelled", "accepted", "refused_for_good", "open")


async def lines_of(world: World, order: dict[str, Any]) -> list[dict[str, Any]]:
    read = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    shown: list[dict[str, Any]] = read["lines"]
    return shown


def parts(shown: dict[str, Any]) -> tuple[str, ...]:
    return tuple(shown[f"{name}_quantity"] for name in PARTS)


async def test_a_line_says_what_is_open_and_a_receipt_that_ends_it_closes_it_that_day(world: World) -> None:
    order = await world.issued(line(), line())
    refused = {"rejected_quantity": "1", "rejection_reason": "bent", "rejected_is": "ends"}
    await world.receive(order, arrived(1, "4", **refused), received_on="2026-03-02")
    first, second = await lines_of(world, order)
    assert (parts(first), first["closed_as"]) == (("0", "3", "1", "6"), None)
    assert parts(second) == ("0", "0", "0", "10")
    await world.receive(order, arrived(1, "6"))
    first, _ = await lines_of(world, order)
    assert parts(first) == ("0", "9", "1", "0")
    assert (first["closed_as"], first["closed_on"], first["closed_by"]) == ("complete", "2026-03-02", "rita")


async def test_a_line_is_complete_on_the_last_day_that_its_goods_came_whenever_they_were_booked(
    world: World,
) -> None:
    order = await world.order(await world.supplier(), line(), line(), ordered_on="2026-02-20")
    order = await world.brought_to(order, "issued")
    await world.receive(order, arrived(1, "6"), received_on="2026-02-27")
    await world.receive(order, arrived(2, "1"), received_on="2026-03-02")
    await world.receive(order, arrived(1, "4"), received_on="2026-02-25")
    first, second = await lines_of(world, order)
    assert (first["closed_as"], first["closed_on"], second["closed_as"]) == ("complete", "2026-02-27", None)


async def test_cancelling_an_order_calls_off_what_is_open_of_each_line_and_tells_it(world: World) -> None:
    order = await world.issued(line(), line(), line())
    await world.receive(order, arrived(1, "10"), arrived(2, "4"))
    cancelled = await world.act(world.bea, order, "cancel", {"reason": "the project was stopped"})
    assert cancelled.status_code == 200, cancelled.text
    shown = await lines_of(world, order)
    assert [parts(one) for one in shown] == [
        ("0", "10", "0", "0"),
        ("6", "4", "0", "0"),
        ("10", "0", "0", "0"),
    ]
    assert [one["closed_as"] for one in shown] == ["complete", "short", "cancelled"]
    assert [one["closed_by"] for one in shown] == ["rita", "bea", "bea"]
    _, name, told = (await world.events_of(order))[-1]
    assert (name, told["lines"]) == (
        "POCancelled",
        [
            {"line_number": 2, "cancelled_quantity": "6", "closed_as": "short"},
            {"line_number": 3, "cancelled_quantity": "10", "closed_as": "cancelled"},
        ],
    )


async def test_an_order_whose_rest_was_called_off_is_at_a_hundred_percent(world: World) -> None:
    order = await world.issued(line(), line())
    await world.receive(order, arrived(1, "4"))
    path = f"/v1/purchase-orders/{order['id']}"
    assert (await world.bea.get(path)).json()["received_percent"] == "20.00"
    await world.act(world.bea, order, "cancel", {"reason": "no longer needed"})
    assert (await world.bea.get(path)).json()["received_percent"] == "100.00"


@pytest.mark.parametrize(
    "change",
    [
        "cancelled_quantity = 7",
        "cancelled_quantity = -1",
        "refused_for_good_quantity = 1",
        "closed_on = now()::date",
        "closed_on = now()::date, closed_by = 'bea', closed_as = 'complete'",
        "closed_on = now()::date, closed_by = 'bea', closed_as = 'lost', cancelled_quantity = 6",
    ],
)
async def test_the_database_refuses_quantities_that_do_not_add_up(world: World, change: str) -> None:
    order = await world.issued()
    await world.receive(order, arrived(1, "4"))
    with pytest.raises(asyncpg.CheckViolationError):
        await world.value(
            f"UPDATE purchase_order_line SET {change} WHERE order_id = $1",  # noqa: S608
            UUID(order["id"]),
        )
