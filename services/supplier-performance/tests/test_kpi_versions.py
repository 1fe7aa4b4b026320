"""Versions of KPIs: drafted by one, activated by another, told, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.events.supplier_performance.kpis import KpiDefined
from purveyor_contract.roles import Role
from supplier_performance.kpis.rules.shipped import SHIPPED

from .world import TODAY, World

LINES: dict[str, Any] = {
    "of": "lines",
    "numerator": {"aggregate": "count"},
    "unit": "count",
    "direction": "higher",
}
STATED = {"title": "Lines", "formula": "Lines promised", "definition": LINES}
DUE = LINES | {"numerator": {"aggregate": "count", "where": {"condition": "is_true", "column": "due"}}}


class Owners:
    """Two category managers, and what they do to KPIs."""

    def __init__(self, api: httpx.AsyncClient, issuer: LocalIssuer) -> None:
        self.api = api
        self.issuer = issuer

    def headers(self, name: str, etag: str | None = None) -> dict[str, str]:
        token = self.issuer.token(name, Role.CATEGORY_MANAGER)
        return {"Authorization": f"Bearer {token}"} | ({"If-Match": etag} if etag else {})

    async def draft(self, code: str, stated: dict[str, Any], by: str = "cora") -> httpx.Response:
        return await self.api.post(f"/v1/kpis/{code}/versions", json=stated, headers=self.headers(by))

    async def change(
        self, code: str, number: int, stated: dict[str, Any], by: str, etag: str | None
    ) -> httpx.Response:
        path = f"/v1/kpis/{code}/versions/{number}"
        return await self.api.put(path, json=stated, headers=self.headers(by, etag))

    async def activate(self, code: str, number: int, by: str, etag: str | None = '"1"') -> httpx.Response:
        path = f"/v1/kpis/{code}/versions/{number}:activate"
        return await self.api.post(path, headers=self.headers(by, etag))


@pytest.fixture
def owners(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> Owners:
    return Owners(api, issuer)


async def told(world: World) -> list[KpiDefined]:
    rows = await world.fetch("SELECT data FROM outbox WHERE topic = 'performance.kpis' ORDER BY sequence")
    return [KpiDefined.model_validate(row["data"]) for row in rows]


async def test_a_draft_counts_once_another_has_activated_it(world: World, owners: Owners) -> None:
    await world.order(await world.supplier(), TODAY)
    drafted = await owners.draft("lines", STATED)
    assert (drafted.status_code, drafted.json()["status"]) == (201, "draft"), drafted.text
    assert drafted.headers["Location"] == "/v1/kpis/lines/versions/1"
    assert (await owners.api.get("/v1/kpis/lines/figures")).status_code == 404
    alone = await owners.activate("lines", 1, "cora")
    assert (alone.status_code, alone.json()["code"]) == (403, "segregation_of_duties")

    activated = await owners.activate("lines", 1, "carl")

    assert (activated.status_code, activated.json()["status"]) == (200, "active"), activated.text
    [figure] = (await owners.api.get("/v1/kpis/lines/figures")).json()["items"]
    assert figure["value"] == "1"
    [event] = await told(world)
    assert (event.code, event.number, event.previous_number) == ("lines", 1, None)
    assert (event.drafted_by, event.activated_by) == (["cora"], "carl")
    assert event.definition == activated.json()["definition"]


async def test_a_version_takes_the_place_of_the_one_before_it_and_of_the_one_that_comes_with_us(
    world: World, owners: Owners
) -> None:
    for number, by in ((1, "carl"), (2, "carl")):
        assert (await owners.draft("on-time", STATED)).status_code == 201
        assert (await owners.activate("on-time", number, by)).status_code == 200
    assert [event.previous_number for event in await told(world)] == [0, 1]
    assert (await owners.api.get("/v1/kpis/on-time")).json()["number"] == 2
    versions = (await owners.api.get("/v1/kpis/on-time/versions")).json()["items"]
    assert [(one["number"], one["status"]) for one in versions] == [
        (2, "active"),
        (1, "superseded"),
        (0, "superseded"),
    ]
    assert versions[-1]["definition"] == SHIPPED["on-time"].definition.model_dump(mode="json")
    [shipped] = (await owners.api.get("/v1/kpis/spend/versions")).json()["items"]
    assert (shipped["number"], shipped["status"]) == (0, "active")


async def test_who_changed_a_draft_is_one_of_its_authors(world: World, owners: Owners) -> None:
    drafted = await owners.draft("lines", STATED)
    changed = await owners.change("lines", 1, STATED | {"definition": DUE}, "carl", drafted.headers["ETag"])
    assert (changed.status_code, changed.json()["drafted_by"]) == (200, ["cora", "carl"]), changed.text
    for author in ("cora", "carl"):
        refused = await owners.activate("lines", 1, author, changed.headers["ETag"])
        assert refused.json()["code"] == "segregation_of_duties"
    stale = await owners.activate("lines", 1, "cem", '"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    assert (await owners.activate("lines", 1, "cem", changed.headers["ETag"])).status_code == 200
    shown = await owners.api.get("/v1/kpis/lines/versions/1")
    again = await owners.change("lines", 1, STATED, "cora", shown.headers["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    twice = await owners.activate("lines", 1, "cyd", shown.headers["ETag"])
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong_state")


async def test_one_version_is_drafted_at_a_time(owners: Owners) -> None:
    await owners.draft("lines", STATED)
    second = await owners.draft("lines", STATED, by="carl")
    assert (second.status_code, second.json()["code"], second.json()["number"]) == (409, "kpi_drafted", 1)


def nested(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"condition": "is_true", "column": "due"}
    for _ in range(depth):
        condition = {"condition": "not", "of": condition}
    return LINES | {"numerator": {"aggregate": "count", "where": condition}}


@pytest.mark.parametrize(
    ("definition", "code", "pointer"),
    [
        (LINES | {"of": "wishes"}, "fact_unknown", "/definition/of"),
        (
            LINES | {"numerator": {"aggregate": "sum", "column": "mood"}},
            "column_unknown",
            "/definition/numerator/column",
        ),
        (
            LINES
            | {
                "numerator": {"aggregate": "sum", "column": "spend"},
                "denominator": {"aggregate": "sum", "column": "received"},
                "unit": "ratio",
            },
            "units_mixed",
            "/definition/denominator",
        ),
        (LINES | {"scale": "0"}, "validation_failed", "/definition/scale"),
        (
            LINES | {"numerator": {"aggregate": "eval", "code": "1/0"}},
            "validation_failed",
            "/definition/numerator",
        ),
        (LINES | {"numerator": {"aggregate": "sum"}}, "validation_failed", "/definition/numerator/column"),
        (nested(100), "validation_failed", "/definition"),
    ],
)
async def test_a_definition_that_makes_no_sense_is_refused_where_it_is_wrong(
    owners: Owners, definition: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await owners.draft("mine", STATED | {"definition": definition})
    assert refused.status_code == 422, refused.text
    assert (refused.json()["code"], [one["pointer"] for one in refused.json()["errors"]]) == (code, [pointer])


async def test_a_definition_nested_a_thousand_deep_is_refused(owners: Owners) -> None:
    refused = await owners.draft("mine", STATED | {"definition": nested(900)})
    assert 400 <= refused.status_code < 500, refused.text


async def test_what_nobody_has_written_is_not_there(
    world: World, owners: Owners, as_supplier: Callable[[UUID], dict[str, str]]
) -> None:
    for path, code in (
        ("lines/versions", "kpi_not_found"),
        ("lines/versions/1", "kpi_not_found"),
        ("on-time/versions/1", "kpi_version_not_found"),
    ):
        missing = await owners.api.get(f"/v1/kpis/{path}")
        assert (missing.status_code, missing.json()["code"]) == (404, code)
    assert (await owners.activate("lines", 1, "carl")).json()["code"] == "kpi_version_not_found"
    await owners.draft("lines", STATED)
    drafts = await owners.api.get("/v1/kpis/lines/versions", headers=as_supplier(await world.supplier()))
    assert drafts.status_code == 403
