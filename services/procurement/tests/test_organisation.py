"""Business units, cost centres, projects and sites: for as long as they are there, orders name them."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from .conftest import SITE, TODAY, World, order_body

PARTS = ("business-units", "cost-centres", "projects")


@pytest.mark.parametrize("part", PARTS)
async def test_a_part_is_created_read_listed_and_changed_by_who_saw_it(world: World, part: str) -> None:
    path, stated = f"/v1/{part}/NEW", {"name": "Gears", "valid_from": "2026-01-01"}
    created = await world.ada.put(path, json=stated)
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    again = await world.ada.put(path, json=stated)
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    closing = stated | {"valid_to": "2026-06-30"}
    assert (await world.ada.put(path, json=closing)).status_code == 428
    assert (await world.ada.put(path, json=closing, headers={"If-Match": '"7"'})).status_code == 412
    closed = await world.ada.put(path, json=closing, headers={"If-Match": '"1"'})
    assert (closed.status_code, closed.headers["ETag"], closed.json()["valid_to"]) == (
        200,
        '"2"',
        "2026-06-30",
    )
    read = await world.bea.get(path)
    assert (read.json(), read.headers["ETag"][:2]) == (closed.json(), '"2')
    for day, is_there in (
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2026-06-30", True),
        ("2026-07-01", False),
    ):
        listed = (await world.bea.get(f"/v1/{part}", params={"valid_on": day, "limit": 200})).json()["items"]
        assert (read.json() in listed) == is_there, day
    assert read.json() in (await world.bea.get(f"/v1/{part}", params={"limit": 200})).json()["items"]
    assert (await world.bea.get(f"/v1/{part}/none")).status_code == 404
    unseen = await world.ada.put(f"/v1/{part}/GONE", json=stated, headers={"If-Match": '"1"'})
    assert unseen.status_code == 412


@pytest.mark.parametrize("part", PARTS)
async def test_parts_are_put_by_admins_who_say_when_they_begin_before_they_end(
    world: World, part: str
) -> None:
    path = f"/v1/{part}/NO"
    assert (await world.bea.put(path, json={"name": "Gears"})).status_code == 403
    backwards = {"name": "Gears", "valid_from": "2026-02-01", "valid_to": "2026-01-31"}
    answer = await world.ada.put(path, json=backwards)
    assert (answer.status_code, answer.json()["code"]) == (422, "period_reversed")
    assert (await world.ada.put(path, json={"name": "..."})).status_code == 422
    assert (await world.bea.get(path)).status_code == 404


async def test_of_two_who_create_a_part_at_once_one_does(world: World) -> None:
    answers = await asyncio.gather(
        *(world.ada.put("/v1/projects/ONCE", json={"name": "Hall"}) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]


async def test_a_business_unit_has_a_letterhead_for_documents(world: World) -> None:
    head = {
        "legal_name": "Nordwind GmbH",
        "address": ["Hafenstraße 12", "20457 Hamburg"],
        "country": "DE",
        "tax_number": None,
    }
    created = await world.ada.put("/v1/business-units/LETTERS", json={"name": "L", "letterhead": head})
    assert created.json()["letterhead"] == head
    again = await world.ada.put("/v1/business-units/LETTERS", json={"name": "L", "letterhead": head})
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    wrong = await world.ada.put(
        "/v1/business-units/W", json={"name": "L", "letterhead": head | {"country": "XX"}}
    )
    assert wrong.json()["errors"][0]["pointer"] == "/letterhead/country"


@pytest.mark.parametrize("part", ["cost-centres", "projects"])
async def test_what_is_charged_belongs_to_a_unit_that_exists_or_to_all(world: World, part: str) -> None:
    unknown = await world.ada.put(f"/v1/{part}/X", json={"name": "Gears", "business_unit": "nobody"})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/business_unit")
    for code, unit in (("OF-DRIVES", "drives"), ("OF-PUMPS", "pumps"), ("OF-ALL", None)):
        body = {"name": "Gears", "business_unit": unit}
        assert (await world.ada.put(f"/v1/{part}/{code}", json=body)).status_code == 201
    listed = await world.bea.get(f"/v1/{part}", params={"business_unit": "drives", "limit": 200})
    codes = {one["code"] for one in listed.json()["items"]}
    assert {"OF-DRIVES", "OF-ALL"} <= codes
    assert "OF-PUMPS" not in codes


async def said(world: World, order: dict[str, Any]) -> tuple[int, str, list[str]]:
    answer = await world.robin.post("/v1/purchase-orders", json=order)
    problem = answer.json()
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    return answer.status_code, problem.get("code", ""), pointers


async def test_an_order_names_what_is_there_on_its_day_whenever_it_is_written(world: World) -> None:
    supplier = await world.supplier()
    spring = {"name": "Spring", "valid_from": "2026-02-01", "valid_to": "2026-02-28"}
    for path in ("/v1/business-units/spring", "/v1/cost-centres/spring"):
        await world.ada.put(path, json=spring)
    await world.ada.put("/v1/sites/SPRING", json=SITE | spring)
    for name, code in (
        ("business_unit", "organisation_not_valid"),
        ("cost_centre", "organisation_not_valid"),
        ("site", "site_not_valid"),
    ):
        value = "SPRING" if name == "site" else "spring"
        for day, status in (("2026-01-31", 422), ("2026-02-01", 201), ("2026-02-28", 201), (str(TODAY), 422)):
            order = order_body(supplier, ordered_on=day, **{name: value})
            wanted = (201, "", []) if status == 201 else (422, code, [f"/{name}"])
            assert await said(world, order) == wanted, (name, day)


async def test_an_unknown_unit_or_cost_centre_is_refused_and_said_how_to_make_it(world: World) -> None:
    supplier = await world.supplier()
    order = order_body(supplier, business_unit="nobody", cost_centre="nothing")
    assert await said(world, order) == (422, "organisation_not_valid", ["/business_unit", "/cost_centre"])
    assert await world.value("SELECT count(*) FROM purchase_order WHERE supplier_id = $1", supplier) == 0


async def test_a_cost_centre_of_another_unit_is_refused(world: World) -> None:
    await world.ada.put("/v1/cost-centres/PUMPS-1", json={"name": "Pumps", "business_unit": "pumps"})
    supplier = await world.supplier()
    order = order_body(supplier, cost_centre="PUMPS-1")
    assert await said(world, order) == (422, "organisation_not_valid", ["/cost_centre"])
    assert (await said(world, order | {"business_unit": "pumps"}))[0] == 201


async def test_a_draft_that_is_changed_names_what_is_there_on_its_day(world: World) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier)
    past = {"name": "Past", "valid_to": "2026-03-01"}
    for path, body in (
        ("/v1/business-units/past", past),
        ("/v1/cost-centres/past", past),
        ("/v1/sites/PAST", SITE | past),
    ):
        await world.ada.put(path, json=body)
    for changes, pointer in (
        ({"business_unit": "past"}, "/business_unit"),
        ({"cost_centre": "past"}, "/cost_centre"),
        ({"site": "PAST"}, "/site"),
    ):
        answer = await world.robin.put(
            f"/v1/purchase-orders/{order['id']}",
            json=order_body(supplier, **changes),
            headers={"If-Match": '"1"'},
        )
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_what_orders_named_before_it_was_data_is_taken_over(
    lend_database: Callable[[str], Awaitable[str]],
) -> None:
    revision = importlib.import_module("procurement.migrations.versions.2026_11_29_organisation")
    connection = await asyncpg.connect(await lend_database("procurement"))
    try:
        await connection.execute(
            "INSERT INTO supplier (id, number, legal_name, status, onboarded_by, changed_at)"
            " VALUES ($1, 'S-1', 'S', 'approved', 'sam', now())",
            UUID(int=1),
        )
        await connection.execute("INSERT INTO site VALUES ('H', 1, 'H', 'DE', 'Europe/Berlin')")
        for number, (unit, centre) in enumerate((("a", "1"), ("a", "2"), ("b", "2"))):
            await connection.execute(
                "INSERT INTO purchase_order (id, version, sequence, status, supplier_id, currency, total,"
                " site, business_unit, cost_centre, ordered_on, created_by, created_at)"
                " VALUES ($1, 1, 0, 'draft', $2, 'EUR', 1, 'H', $3, $4, '2026-03-02', 'robin', now())",
                UUID(int=number),
                UUID(int=1),
                unit,
                centre,
            )
        for table in ("business_unit", "cost_centre"):
            await connection.execute(revision.TAKE_OVER.format(table=table))
        units = await connection.fetch(
            "SELECT code, version, name, valid_from FROM business_unit ORDER BY code"
        )
        assert [tuple(unit) for unit in units] == [("a", 1, "a", None), ("b", 1, "b", None)]
        centres = await connection.fetch("SELECT code, business_unit FROM cost_centre ORDER BY code")
        assert [tuple(centre) for centre in centres] == [("1", None), ("2", None)]
    finally:
        await connection.close()


async def test_a_business_unit_says_where_it_is_sent_documents(world: World) -> None:
    electronic: dict[str, Any] = {
        "endpoint": {"scheme": "0088", "value": "4006381000017"},
        "registration": None,
        "address": {"street": "Hafenstraße 12", "city": "Hamburg"},
        "contact": {"name": "Purchasing"},
    }
    body = {"name": "E", "electronic": electronic}
    created = await world.ada.put("/v1/business-units/ELECTRONIC", json=body)
    assert created.status_code == 201, created.text
    shown = created.json()["electronic"]
    assert shown["endpoint"] == electronic["endpoint"]
    assert (shown["address"]["city"], shown["address"]["postal_code"]) == ("Hamburg", None)
    again = await world.ada.put("/v1/business-units/ELECTRONIC", json=body)
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')


@pytest.mark.parametrize(
    ("scheme", "value"),
    [("0088", "4006381000018"), ("0088", "12"), ("88", "4006381000017"), ("GLN", "4006381000017")],
)
async def test_an_endpoint_is_a_scheme_and_a_value_that_its_scheme_has(
    world: World, scheme: str, value: str
) -> None:
    body = {"name": "E", "electronic": {"endpoint": {"scheme": scheme, "value": value}}}
    answer = await world.ada.put("/v1/business-units/WRONG", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/electronic/endpoint")


async def test_a_sites_location_number_has_its_check_digit(world: World) -> None:
    body = {"name": "Hall", "country": "DE", "time_zone": "Europe/Berlin", "gln": "4006381000018"}
    answer = await world.ada.put("/v1/sites/WRONG", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/gln"
