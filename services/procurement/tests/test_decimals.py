"""A quantity and a price are texts of digits: what only Python takes for a number is refused."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import World, line, order_body


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
