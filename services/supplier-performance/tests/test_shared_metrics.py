"""What sourcing promised stands beside what procurement got, with the facts behind both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import httpx

from .standing import accepted, qualified
from .world import World


async def a_promise_and_its_outcome(world: World) -> UUID:
    """A supplier that qualified for one category and delivers two, half of the lines of one late."""
    supplier = await world.supplier()
    await qualified(world, supplier, date(2026, 4, 2), date(2027, 1, 1))
    await accepted(world, supplier, date(2026, 4, 2), date(2026, 5, 20))
    for category, late in (("fasteners", 0), ("fasteners", 5), ("castings", 0)):
        order = await world.order(supplier, date(2026, 5, 10), category=category)
        await world.receive(order, date(2026, 5, 10 + late))
    await world.keep_facts()
    return supplier


async def test_a_promise_stands_beside_its_outcome_with_the_difference(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await a_promise_and_its_outcome(world)
    answer = (await api.get("/v1/metrics/shared?from=2026-05-01&to=2026-05-31")).json()
    shown = {
        one["category"]: {
            metric["metric"]: (metric["promised"], metric["outcome"], metric["difference"])
            for metric in one["metrics"]
        }
        for one in answer["items"]
    }
    assert shown == {
        "castings": {
            "qualification": (None, "100.00", None),
            "qualification-result": (None, "100.00", None),
            "documents": ("0.00", "66.67", "66.67"),
        },
        "fasteners": {
            "qualification": ("100.00", "50.00", "-50.00"),
            "qualification-result": ("81.50", "50.00", "-31.50"),
            "documents": ("0.00", "66.67", "66.67"),
        },
    }
    assert {one["supplier"]["id"] for one in answer["items"]} == {str(supplier)}


async def test_both_figures_lead_to_facts_that_make_them(world: World, api: httpx.AsyncClient) -> None:
    await a_promise_and_its_outcome(world)
    items = (await api.get("/v1/metrics/shared?category=fasteners")).json()["items"]
    assert [one["period"] for one in items] == ["2026-06", "2026-05", "2026-04"]
    for one in items:
        for metric in one["metrics"]:
            for side in ("promised", "outcome"):
                behind = (await api.get(metric[f"{side}_evidence"])).json()
                values = [figure["value"] for figure in behind["figures"]] or [None]
                assert values == [metric[side]], (one["period"], metric["metric"], side)


async def test_pages_of_them_go_on_where_they_ended(world: World, api: httpx.AsyncClient) -> None:
    await a_promise_and_its_outcome(world)
    asked = "/v1/metrics/shared?by=quarter"
    every = (await api.get(asked)).json()["items"]
    first = (await api.get(f"{asked}&limit=1")).json()
    second = (await api.get(f"{asked}&limit=100&cursor={first['next_cursor']}")).json()
    assert [*first["items"], *second["items"]] == every
    assert len(every) == 2


async def test_what_cannot_be_asked_is_refused_and_suppliers_are_shown_none(
    world: World, api: httpx.AsyncClient, as_supplier: Callable[[UUID], dict[str, str]]
) -> None:
    supplier = await world.supplier()
    for asked, code in (
        ("as_of=2027-01-01", "as_of_in_future"),
        ("from=2026-02-01&to=2026-01-01", "window_reversed"),
        ("supplier_id=01977000-0000-7000-8000-000000000000", "supplier_not_found"),
    ):
        assert (await api.get(f"/v1/metrics/shared?{asked}")).json()["code"] == code
    assert (await api.get("/v1/metrics/shared", headers=as_supplier(supplier))).status_code == 403
    result = await api.get("/v1/kpis/qualification-result", headers=as_supplier(supplier))
    assert (result.status_code, result.json()["code"]) == (404, "kpi_not_found")
