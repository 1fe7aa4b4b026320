"""Sites: where goods go, and whose business days count."""

import asyncio
from typing import Any

import pytest

from .conftest import World

SITE = {"name": "Chicago", "country": "US", "time_zone": "America/Chicago"}


async def test_a_site_that_somebody_saw_and_that_is_not_there_is_not_created(world: World) -> None:
    answer = await world.ada.put("/v1/sites/GONE", json=SITE, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
    assert (await world.bea.get("/v1/sites/GONE")).status_code == 404


async def test_a_site_is_created_read_listed_and_changed_by_who_saw_it(world: World) -> None:
    created = await world.ada.put("/v1/sites/CHI", json=SITE)
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    again = await world.ada.put("/v1/sites/CHI", json=SITE)
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    changed = SITE | {"name": "Chicago South"}
    assert (await world.ada.put("/v1/sites/CHI", json=changed)).status_code == 428
    assert (
        await world.ada.put("/v1/sites/CHI", json=changed, headers={"If-Match": '"7"'})
    ).status_code == 412
    answer = await world.ada.put("/v1/sites/CHI", json=changed, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    read = await world.bea.get("/v1/sites/CHI")
    assert (
        read.json()
        == {"code": "CHI", "address": None, "gln": None, "valid_from": None, "valid_to": None} | changed
    )
    assert read.json() in (await world.bea.get("/v1/sites")).json()["items"]
    assert (await world.bea.get("/v1/sites/none")).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "UTC+3"},
        {"time_zone": "../etc"},
        {"time_zone": ""},
        {"country": "Germany"},
        {"country": "XX"},
        {"name": " "},
    ],
)
async def test_a_site_needs_a_name_a_country_and_a_time_zone_that_exists(
    world: World, changes: dict[str, Any]
) -> None:
    response = await world.ada.put("/v1/sites/BAD", json=SITE | changes)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{next(iter(changes))}"


async def test_of_two_who_create_a_site_at_once_one_does(world: World) -> None:
    answers = await asyncio.gather(*(world.ada.put("/v1/sites/ONCE", json=SITE) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]


async def test_sites_are_put_by_buyers_and_admins(world: World) -> None:
    assert (await world.rita.put("/v1/sites/NO", json=SITE)).status_code == 403
