"""KPIs over HTTP: what holds, figures with peers, evidence; what suppliers see of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import httpx
import pytest

from supplier_performance.kpis.rules.shipped import SHIPPED

from .world import TODAY, World

Headers = Callable[[UUID], dict[str, str]]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def two_suppliers(world: World) -> tuple[UUID, UUID]:
    """One that is on time half of the time, and one that never is."""
    good, bad = await world.supplier("Good GmbH"), await world.supplier("Bad GmbH")
    order = await world.order(good, ago(40), ago(9))
    await world.receive(order, ago(40), line=1)
    await world.receive(order, ago(8), line=2)
    await world.order(bad, ago(9))
    return good, bad


async def test_every_kpi_is_listed_with_its_formula_and_its_definition(
    world: World, api: httpx.AsyncClient
) -> None:
    kpis = (await api.get("/v1/kpis")).json()["items"]
    assert [kpi["code"] for kpi in kpis] == sorted(SHIPPED)
    shown = (await api.get("/v1/kpis/on-time")).json()
    assert (shown["number"], shown["standard"]) == (0, "ISO 9001:2015, 9.1.3 f")
    assert shown["definition"] == SHIPPED["on-time"].definition.model_dump(mode="json")
    missing = await api.get("/v1/kpis/happiness")
    assert (missing.status_code, missing.json()["code"]) == (404, "kpi_not_found")


async def test_figures_by_supplier_name_it_and_what_the_others_have(
    world: World, api: httpx.AsyncClient
) -> None:
    good, bad = await two_suppliers(world)
    answer = (await api.get("/v1/kpis/on-time/figures?by=supplier")).json()
    shown = {
        one["supplier"]["name"]: (one["key"], one["value"], one["denominator"]) for one in answer["items"]
    }
    assert shown == {"Good GmbH": (str(good), "50.00", "2"), "Bad GmbH": (str(bad), "0.00", "1")}
    peers = answer["items"][0]["peers"]
    assert peers == {"suppliers": 2, "lower_quartile": "0.00", "median": "0.00", "upper_quartile": "50.00"}
    months = (await api.get(f"/v1/kpis/on-time/figures?by=month&supplier_id={good}")).json()["items"]
    assert [(one["key"], one["value"]) for one in months] == [("2026-05", "100.00"), ("2026-06", "0.00")]


async def test_pages_of_figures_go_on_where_they_ended(world: World, api: httpx.AsyncClient) -> None:
    await two_suppliers(world)
    asked = "/v1/kpis/spend/figures?by=supplier"
    every = (await api.get(asked)).json()["items"]
    first = (await api.get(f"{asked}&limit=1")).json()
    second = (await api.get(f"{asked}&limit=1&cursor={first['next_cursor']}")).json()
    assert [*first["items"], *second["items"]] == every
    assert second["next_cursor"] is None


async def test_evidence_lists_facts_with_their_events_and_adds_up(
    world: World, api: httpx.AsyncClient
) -> None:
    good, _ = await two_suppliers(world)
    answer = (await api.get(f"/v1/kpis/on-time/evidence?supplier_id={good}")).json()
    [figure] = answer["figures"]
    sums = [
        sum(Decimal(fact[side] or 0) for fact in answer["items"]) for side in ("numerator", "denominator")
    ]
    assert sums == [Decimal(figure["numerator"]), Decimal(figure["denominator"])] == [1, 2]
    told = [event["type"].split(".")[2] for event in answer["items"][0]["events"]]
    assert told == ["POIssued", "GoodsReceived"]
    assert answer["items"][0]["columns"]["on_time"] == "true"
    answers = (await api.get(f"/v1/kpis/answer-rate/evidence?supplier_id={good}")).json()
    assert [event["sequence"] for event in answers["items"][0]["events"]] == [1]
    assert answers["items"][0]["excluded"].startswith("Told of afterwards")


async def test_as_of_a_day_figures_are_of_what_was_so_until_then(
    world: World, api: httpx.AsyncClient
) -> None:
    good, _ = await two_suppliers(world)
    asked = f"/v1/kpis/on-time/figures?supplier_id={good}"
    [early] = (await api.get(f"{asked}&as_of={ago(20)}&to={TODAY}")).json()["items"]
    assert (early["value"], early["denominator"]) == ("100.00", "1")


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("on-time/figures?as_of=2027-01-01", 422, "as_of_in_future"),
        ("answer-rate/figures?by=category", 422, "kpi_not_told_apart"),
        ("answer-rate/evidence?item=M8", 422, "kpi_not_told_apart"),
        ("on-time/figures?from=2026-02-01&to=2026-01-01", 422, "window_reversed"),
        ("nothing/figures", 404, "kpi_not_found"),
        ("nothing/evidence", 404, "kpi_not_found"),
        ("on-time/figures?supplier_id=01977000-0000-7000-8000-000000000000", 404, "supplier_not_found"),
    ],
)
async def test_what_cannot_be_answered_is_refused(
    world: World, api: httpx.AsyncClient, asked: str, status: int, code: str
) -> None:
    refused = await api.get(f"/v1/kpis/{asked}")
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_supplier_sees_its_own_figures_and_no_others(
    world: World, api: httpx.AsyncClient, as_supplier: Headers
) -> None:
    good, bad = await two_suppliers(world)
    own = (await api.get("/v1/kpis/on-time/figures?by=supplier", headers=as_supplier(good))).json()
    assert [(one["key"], one["value"]) for one in own["items"]] == [(str(good), "50.00")]
    assert "peers" not in own["items"][0]
    evidence = (await api.get("/v1/kpis/on-time/evidence", headers=as_supplier(good))).json()
    assert {fact["columns"]["supplier_id"] for fact in evidence["items"]} == {str(good)}
    assert "grace_days" not in evidence["items"][0]["columns"]
    for what in ("figures", "evidence"):
        path = f"/v1/kpis/on-time/{what}?supplier_id={bad}"
        refused = await api.get(path, headers=as_supplier(good))
        assert (refused.status_code, refused.json()["code"]) == (404, "supplier_not_found")
