"""One key is one, however it is spelt: composed, decomposed, in full width, in paths, queries and headers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import World, order_body
from .test_imports import orders, row

COMPOSED, DECOMPOSED, WIDE = "Caf\u00e9-1", "Cafe\u0301-1", "\uff23\uff41\uff46\u00e9\uff0d\uff11"
SITE = {"name": "Caf\u00e9", "country": "FR", "time_zone": "Europe/Paris"}
NDJSON = {"Content-Type": "application/x-ndjson"}


async def imported(world: World, order: dict[str, Any]) -> tuple[str, str | None]:
    [result] = await orders(world, order)
    return result["status"], result["code"]


async def test_a_site_is_one_in_the_path_however_its_code_is_spelt(world: World) -> None:
    created = await world.ada.put(f"/v1/sites/{DECOMPOSED}", json=SITE)
    assert (created.status_code, created.json()["code"]) == (201, COMPOSED)
    for spelling in (COMPOSED, DECOMPOSED, WIDE):
        again = await world.ada.put(f"/v1/sites/{spelling}", json=SITE)
        assert (again.status_code, again.json()["code"]) == (200, COMPOSED)
        assert (await world.bea.get(f"/v1/sites/{spelling}")).status_code == 200


async def test_an_imported_order_is_one_and_found_however_its_reference_is_spelt(world: World) -> None:
    await world.supplier(external_reference=COMPOSED)
    first = row(COMPOSED, DECOMPOSED)
    assert await imported(world, first) == ("created", None)
    for spelling in (DECOMPOSED, WIDE):
        again = first | {"external_reference": spelling, "supplier_external_reference": spelling}
        assert await imported(world, again) == ("unchanged", None)
        found = await world.bea.get("/v1/purchase-orders", params={"external_reference": spelling})
        assert [order["external_reference"] for order in found.json()["items"]] == [COMPOSED]


async def test_an_idempotency_key_is_one_however_it_is_spelt(world: World) -> None:
    body = order_body(await world.supplier())
    answers = [
        await world.robin.post(
            "/v1/purchase-orders", json=body, headers={b"Idempotency-Key": spelling.encode()}
        )
        for spelling in (COMPOSED, DECOMPOSED, WIDE)
    ]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    hidden = {b"Idempotency-Key": "k\u200b1".encode()}
    refused = await world.robin.post("/v1/purchase-orders", json=body, headers=hidden)
    assert "ZERO WIDTH SPACE" in refused.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("45\u200b00", "holds U+200B ZERO WIDTH SPACE as character 3"),
        ("\u202e0054", "holds U+202E RIGHT-TO-LEFT OVERRIDE as character 1"),
        ("45\ue00000", "holds U+E000 as character 3"),
    ],
)
async def test_a_refused_reference_is_told_by_its_field_and_character(
    world: World, reference: str, told: str
) -> None:
    answer = await world.ada.post(
        "/v1/purchase-orders:import", content=json.dumps(row(reference)), headers=NDJSON
    )
    error = answer.json()["errors"][0]
    assert error["pointer"] == "/external_reference"
    assert told in error["detail"]
    query = await world.bea.get("/v1/purchase-orders", params={"external_reference": reference})
    assert query.json()["errors"][0]["pointer"] == "/query/external_reference"
