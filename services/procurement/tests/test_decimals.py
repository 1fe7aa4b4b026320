"""A quantity and a price are texts of digits: what only Python takes for a number is refused."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from .amending import amended, kept, read
from .conftest import World, arrived, line, order_body
from .test_blankets import agreed, approved, call_off, now
from .test_shipments import advised, notified


@pytest.mark.parametrize("stated", ["1E3", "1_000", "1e30", "+5", " 5", 5, 5.0, True, "-1", "0", "0.0000001"])
@pytest.mark.parametrize("field", ["quantity", "price"])
async def test_what_the_contract_does_not_call_a_decimal_is_refused_and_named(
    world: World, field: str, stated: Any
) -> None:
    if (field, stated) == ("price", "0"):  # something may be free of charge
        return
    body = order_body(await world.supplier(), line(**{field: stated}))
    refused = await world.robin.post("/v1/purchase-orders", json=body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/lines/0/{field}"]


async def test_it_is_said_how_a_decimal_is_written(world: World) -> None:
    body = order_body(await world.supplier(), line(quantity="1E3"))
    [error] = (await world.robin.post("/v1/purchase-orders", json=body)).json()["errors"]
    assert 'is a text of digits, with a point where there is a fraction: "1000" or "12.50"' in error["detail"]


ZEROS = ".0000000"
"""More zeros than a table keeps decimals."""


async def test_zeros_behind_a_number_make_no_other_of_it_wherever_it_is_stated(world: World) -> None:
    allowance = {"reason": "sample", "amount": "1" + ZEROS}
    line_with_zeros = line(
        quantity="10" + ZEROS,
        price="2.50000000",
        price_base_quantity="1" + ZEROS,
        weight="5" + ZEROS,
        allowances=[allowance],
        schedules=[{"quantity": "10" + ZEROS, "need_by": "2026-03-20"}],
        promised_on=None,
    )
    created = await world.order(await world.supplier(), line_with_zeros, charges=[allowance])
    order = await read(world, await world.brought_to(created, "issued"))
    shown = order["lines"][0]
    assert (shown["quantity"], shown["price"], shown["weight"]) == ("10", "2.5", "5")
    amended_to = kept(order, 1, quantity="12" + ZEROS, schedules=[])
    order = await amended(world, order, amended_to)
    assert order["lines"][0]["quantity"] == "12"

    sent = await notified(world, advised(order, quantity="4" + ZEROS))
    assert (await read(world, order))["lines"][0]["under_way_quantity"] == "4"
    assert sent["lines"][0]["quantity"] == "4"
    came = await world.receive(order, arrived(1, "4" + ZEROS, rejected_quantity="0" + ZEROS))
    assert came.status_code == 201, came.text
    taken_back = await world.rita.post(
        f"/v1/goods-receipts/{came.json()['id']}:reverse",
        json={"reason": "miscounted", "lines": [{"line_number": 1, "quantity": "1" + ZEROS}]},
    )
    assert taken_back.status_code in {200, 201}, taken_back.text
    assert (await read(world, order))["lines"][0]["received_quantity"] == "3"


async def test_zeros_behind_what_is_agreed_and_called_off_make_no_other_number_of_it(world: World) -> None:
    of_line = agreed(uuid4())["lines"][0] | {"quantity": "100" + ZEROS, "price": "2.50000000"}
    blanket = await approved(world, value="500" + ZEROS, tolerance="0.00000", lines=[of_line])
    assert (blanket["lines"][0]["quantity"], blanket["value"], blanket["tolerance"]) == ("100", "500", "0")
    called_off = await call_off(world, blanket, "5" + ZEROS)
    assert called_off.status_code == 201, called_off.text
    assert called_off.json()["lines"][0]["quantity"] == "5"
    remaining = (await now(world, blanket))["lines"][0]
    assert "0000" not in str(remaining)


async def test_a_blanket_order_over_nothing_is_refused_and_its_value_named(world: World) -> None:
    body = agreed(await world.supplier(), value="0")
    refused = await world.bea.post("/v1/blanket-orders", json=body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/value"]
