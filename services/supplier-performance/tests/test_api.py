"""Who may read what, and how lists and windows are asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from purveyor.db import new_id
from purveyor.testing.contract import CONTRACT, Check
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.events.sourcing.suppliers import SupplierDetailsChanged, SupplierSuspended
from purveyor_contract.roles import Role
from supplier_performance.league.rules import LeagueSort

from .world import World

TODAY = date(2026, 6, 15)
READS = ("score", "performance", "performance/months", "score/history", "score/evidence?measure=on_time")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def suppliers_in_league(world: World) -> list[UUID]:
    """Three suppliers with scores and one without: the first best, the third worst."""
    found = []
    for place, (name, lateness) in enumerate([("Bolt Ltd", 0), ("Acme GmbH", 5), ("Cog SA", 40)]):
        supplier = await world.supplier(name)
        order = await world.order(supplier, *[ago(60)] * (3 + place), price=str(place + 1))
        for line in range(1, 4 + place):
            await world.receive(order, ago(60 - lateness), line=line)
        found.append(supplier)
    newcomer = await world.supplier("Dowel AG")
    await world.order(newcomer, TODAY)
    await world.rescore()
    return [*found, newcomer]


async def names_in_league(api: httpx.AsyncClient, **query: str | int) -> list[str]:
    names: list[str] = []
    cursor = None
    while True:
        params = {"limit": 3, **query} | ({"cursor": cursor} if cursor else {})
        response = await api.get("/v1/scorecards", params=params)
        assert response.status_code == 200, response.text
        page = response.json()
        names += [entry["supplier"]["name"] for entry in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return names


@pytest.mark.parametrize("kept", CONTRACT)
async def test_the_contract_of_every_api_is_kept(app: FastAPI, issuer: LocalIssuer, kept: Check) -> None:
    await kept(app, issuer)


@pytest.mark.parametrize("read", READS)
async def test_reading_needs_the_scope(
    world: World, api: httpx.AsyncClient, issuer: LocalIssuer, read: str
) -> None:
    supplier = await world.supplier()
    token = issuer.token("eve", Role.BUYER, scopes=["procurement:orders:read"])
    response = await api.get(f"/v1/suppliers/{supplier}/{read}", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.json()["code"]) == (403, "scope_required")


@pytest.mark.parametrize("read", READS)
async def test_a_supplier_sees_itself_and_nobody_else(
    world: World, api: httpx.AsyncClient, as_supplier: Callable[[UUID], dict[str, str]], read: str
) -> None:
    one, other = await world.supplier(), await world.supplier()
    own = await api.get(f"/v1/suppliers/{one}/{read}", headers=as_supplier(one))
    foreign = await api.get(f"/v1/suppliers/{other}/{read}", headers=as_supplier(one))
    assert own.status_code == 200, own.text
    assert (foreign.status_code, foreign.json()["code"]) == (404, "supplier_not_found")


@pytest.mark.parametrize("query", [{}, {"from": "2026-01-01"}])
async def test_a_supplier_sees_only_its_own_line_of_the_league(
    world: World, api: httpx.AsyncClient, as_supplier: Callable[[UUID], dict[str, str]], query: dict[str, str]
) -> None:
    first, *_ = await suppliers_in_league(world)
    response = await api.get("/v1/scorecards", params=query, headers=as_supplier(first))
    assert [entry["supplier"]["name"] for entry in response.json()["items"]] == ["Bolt Ltd"]


@pytest.mark.parametrize("read", READS)
async def test_an_unknown_supplier_is_not_found(api: httpx.AsyncClient, read: str) -> None:
    response = await api.get(f"/v1/suppliers/{new_id()}/{read}")
    assert (response.status_code, response.json()["code"]) == (404, "supplier_not_found")


@pytest.mark.parametrize("query", [{}, {"from": "2026-01-01"}], ids=["as last judged", "over a window"])
@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ({}, ["Bolt Ltd", "Acme GmbH", "Cog SA", "Dowel AG"]),
        ({"sort": "name"}, ["Acme GmbH", "Bolt Ltd", "Cog SA", "Dowel AG"]),
        ({"sort": "on_time"}, ["Bolt Ltd", "Acme GmbH", "Cog SA", "Dowel AG"]),
        ({"sort": "days_late"}, ["Cog SA", "Acme GmbH", "Bolt Ltd", "Dowel AG"]),
        ({"sort": "lines"}, ["Cog SA", "Acme GmbH", "Bolt Ltd", "Dowel AG"]),
        ({"sort": "spend", "currency": "EUR"}, ["Cog SA", "Acme GmbH", "Bolt Ltd", "Dowel AG"]),
    ],
)
async def test_the_league_table_is_sorted_and_paged(
    world: World, api: httpx.AsyncClient, query: dict[str, str], sort: dict[str, str], names: list[str]
) -> None:
    await suppliers_in_league(world)
    assert await names_in_league(api, **query, **sort) == names
    assert await names_in_league(api, **query, **sort, limit=1) == names


async def test_the_league_table_over_a_window_shows_what_performance_shows(
    world: World, api: httpx.AsyncClient
) -> None:
    _, second, *_ = await suppliers_in_league(world)
    window = {"from": "2026-01-01", "to": "2026-06-01", "as_of": str(ago(57))}
    league = (await api.get("/v1/scorecards", params=window)).json()
    performance = (await api.get(f"/v1/suppliers/{second}/performance", params=window)).json()
    entry = next(item for item in league["items"] if item["supplier"]["id"] == str(second))
    assert {key: entry[key] for key in ("score", "grade", "measures")} == {
        key: performance[key] for key in ("score", "grade", "measures")
    }
    assert (league["window_from"], league["window_to"], league["as_of"]) == tuple(window.values())


async def test_spend_is_sorted_within_one_currency_only(api: httpx.AsyncClient) -> None:
    response = await api.get("/v1/scorecards", params={"sort": "spend"})
    assert (response.status_code, response.json()["code"]) == (422, "currency_required")
    assert response.json()["errors"][0]["pointer"] == "/query/currency"


async def test_a_reversed_window_is_refused(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    response = await api.get(
        f"/v1/suppliers/{supplier}/performance", params={"from": "2026-02-01", "to": "2026-01-01"}
    )
    assert (response.status_code, response.json()["code"]) == (422, "window_reversed")


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31", "as_of=yesterday"])
async def test_dates_that_nobody_means_are_refused(
    world: World, api: httpx.AsyncClient, query: dict[str, str]
) -> None:
    response = await api.get(f"/v1/suppliers/{await world.supplier()}/performance?{query}")
    assert (response.status_code, response.json()["code"]) == (422, "validation_failed")


async def test_months_are_those_of_the_promised_dates(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, date(2026, 3, 31), date(2026, 5, 1), date(2026, 5, 31))
    await world.receive(order, date(2026, 4, 2), line=1)
    response = await api.get(f"/v1/suppliers/{supplier}/performance/months")
    months = response.json()["months"]
    assert [(month["month"], month["measures"]["lines_due"]) for month in months] == [
        ("2026-03", 1),
        ("2026-05", 2),
    ]


async def test_a_window_ends_today_and_begins_a_year_before_unless_asked_otherwise(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()

    async def bounds(**query: str) -> tuple[str, str, str]:
        shown = (await api.get(f"/v1/suppliers/{supplier}/performance", params=query)).json()
        return shown["window_from"], shown["window_to"], shown["as_of"]

    assert await bounds() == ("2025-06-16", "2026-06-15", "2026-06-15")
    assert await bounds(to="2020-12-31") == ("2020-01-02", "2020-12-31", "2026-06-15")
    assert await bounds(as_of="2020-12-31") == ("2020-01-02", "2020-12-31", "2020-12-31")
    assert await bounds(**{"from": "2020-01-01"}) == ("2020-01-01", "2026-06-15", "2026-06-15")


async def test_a_supplier_is_shown_as_sourcing_last_said(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier("Acme")
    changed = SupplierDetailsChanged(
        supplier_id=supplier, legal_name="Acme SE", country="DE", changed_by="rita"
    )
    await world.say_of_supplier(changed)
    suspended = SupplierSuspended(supplier_id=supplier, reason="late", suspended_by="cora")
    await world.say_of_supplier(suspended)

    shown = (await api.get(f"/v1/suppliers/{supplier}/score")).json()["supplier"]

    assert shown == {
        "id": str(supplier), "number": "S-000001", "name": "Acme SE", "status": "suspended",
    }  # fmt: skip


async def test_the_table_as_last_judged_is_that_of_the_rolling_window(
    world: World, api: httpx.AsyncClient
) -> None:
    await suppliers_in_league(world)
    for sort in LeagueSort:
        query = {"sort": sort.value, "currency": "EUR"}
        judged = (await api.get("/v1/scorecards", params=query)).json()
        measured = (await api.get("/v1/scorecards", params=query | {"to": str(TODAY)})).json()
        assert judged == measured
        assert len(judged["items"]) == 4


async def test_names_have_the_same_order_as_last_judged_and_over_a_window(
    world: World, api: httpx.AsyncClient
) -> None:
    for name in ("Strauß", "Strauss", "Strauzz", "STRAUSS", "Łoś", "İzmir", "Öl", "Zebra"):
        await world.order(await world.supplier(name), TODAY)
    await world.rescore()
    judged = await names_in_league(api, sort="name")
    assert judged == await names_in_league(api, sort="name", to=str(TODAY))
    assert judged == await names_in_league(api, sort="name", limit=1)
    assert len(judged) == 8


async def test_a_cursor_of_another_sort_is_refused(world: World, api: httpx.AsyncClient) -> None:
    await suppliers_in_league(world)
    first = (await api.get("/v1/scorecards", params={"limit": 1})).json()
    response = await api.get("/v1/scorecards", params={"sort": "name", "cursor": first["next_cursor"]})
    assert (response.status_code, response.json()["code"]) == (422, "cursor_unknown")
