"""Scorecard templates: drafted by one, activated by another, told, and one alone for each supplier."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.events.supplier_performance.templates import ScorecardTemplateActivated
from purveyor_contract.roles import Role

from .world import TODAY, World

ON_TIME: dict[str, Any] = {
    "kpi": "on-time",
    "weight": "100",
    "worth": {"how": "linear", "floor": "0", "target": "100"},
}
STATED: dict[str, Any] = {"title": "Fasteners", "category": "fasteners", "kpis": [ON_TIME]}


class Owners:
    """Category managers, and what they do to templates."""

    def __init__(self, api: httpx.AsyncClient, issuer: LocalIssuer) -> None:
        self.api = api
        self.issuer = issuer

    def headers(self, name: str, etag: str | None = None) -> dict[str, str]:
        token = self.issuer.token(name, Role.CATEGORY_MANAGER)
        return {"Authorization": f"Bearer {token}"} | ({"If-Match": etag} if etag else {})

    async def draft(self, code: str, stated: dict[str, Any], by: str = "cora") -> httpx.Response:
        path = f"/v1/scorecard-templates/{code}/versions"
        return await self.api.post(path, json=stated, headers=self.headers(by))

    async def change(self, code: str, stated: dict[str, Any], by: str, etag: str) -> httpx.Response:
        path = f"/v1/scorecard-templates/{code}/versions/1"
        return await self.api.put(path, json=stated, headers=self.headers(by, etag))

    async def activate(
        self, code: str, number: int = 1, by: str = "carl", etag: str = '"1"'
    ) -> httpx.Response:
        path = f"/v1/scorecard-templates/{code}/versions/{number}:activate"
        return await self.api.post(path, headers=self.headers(by, etag))

    async def let_judge(self, code: str, stated: dict[str, Any], number: int = 1) -> None:
        """Draft a template and let another activate it."""
        drafted = await self.draft(code, stated)
        assert drafted.status_code == 201, drafted.text
        activated = await self.activate(code, number)
        assert activated.status_code == 200, activated.text


@pytest.fixture
async def owners(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> Owners:
    for code, parent in (("metals", None), ("fasteners", "metals"), ("paper", None)):
        await world.category(code, parent)
    return Owners(api, issuer)


async def test_a_draft_judges_once_another_has_activated_it(world: World, owners: Owners) -> None:
    drafted = await owners.draft("fasteners", STATED)
    assert (drafted.status_code, drafted.json()["status"]) == (201, "draft"), drafted.text
    assert drafted.headers["Location"] == "/v1/scorecard-templates/fasteners/versions/1"
    again = await owners.draft("fasteners", STATED, by="carl")
    assert (again.status_code, again.json()["code"], again.json()["number"]) == (409, "template_drafted", 1)
    changed = await owners.change("fasteners", STATED | {"hysteresis": "2"}, "cem", drafted.headers["ETag"])
    assert (changed.status_code, changed.json()["drafted_by"]) == (200, ["cora", "cem"]), changed.text
    for author in ("cora", "cem"):
        alone = await owners.activate("fasteners", by=author, etag=changed.headers["ETag"])
        assert (alone.status_code, alone.json()["code"]) == (403, "segregation_of_duties")
    assert (await owners.activate("fasteners")).status_code == 412
    assert (await owners.api.get("/v1/scorecard-templates")).json()["items"] == []

    activated = await owners.activate("fasteners", etag=changed.headers["ETag"])

    assert (activated.status_code, activated.json()["status"]) == (200, "active"), activated.text
    [holds] = (await owners.api.get("/v1/scorecard-templates")).json()["items"]
    assert (holds["code"], holds["number"], holds["template"]["hysteresis"]) == ("fasteners", 1, "2")
    rows = await world.fetch("SELECT data FROM outbox WHERE topic = 'performance.scorecard-templates'")
    [event] = [ScorecardTemplateActivated.model_validate(row["data"]) for row in rows]
    assert (event.code, event.number, event.previous_number) == ("fasteners", 1, None)
    assert (event.drafted_by, event.activated_by) == (["cora", "cem"], "carl")
    assert event.template == activated.json()["template"]
    shown = await owners.api.get("/v1/scorecard-templates/fasteners/versions/1")
    refused = await owners.change("fasteners", STATED, "cora", shown.headers["ETag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


async def test_the_next_version_takes_the_place_of_the_one_before_it(owners: Owners) -> None:
    await owners.let_judge("fasteners", STATED)
    await owners.let_judge("fasteners", STATED | {"title": "All fasteners"}, number=2)
    versions = (await owners.api.get("/v1/scorecard-templates/fasteners/versions")).json()["items"]
    assert [(one["number"], one["status"]) for one in versions] == [(2, "active"), (1, "superseded")]
    missing = await owners.api.get("/v1/scorecard-templates/fasteners/versions/3")
    assert (missing.status_code, missing.json()["code"]) == (404, "template_version_not_found")
    missing = await owners.api.get("/v1/scorecard-templates/paper/versions")
    assert (missing.status_code, missing.json()["code"]) == (404, "scorecard_template_not_found")


async def test_two_templates_of_one_category_are_refused(owners: Owners) -> None:
    await owners.let_judge("fasteners", STATED)
    await owners.draft("metals", STATED | {"category": "metals"})
    refused = await owners.activate("metals")
    assert (refused.status_code, refused.json()["code"]) == (409, "templates_overlap"), refused.text
    assert refused.json()["template"] == "fasteners"


async def test_two_templates_that_fit_one_supplier_are_refused(world: World, owners: Owners) -> None:
    both = await world.supplier()
    for category in ("fasteners", "paper"):
        await world.order(both, TODAY - timedelta(days=3), category=category)
    await owners.let_judge("fasteners", STATED)
    await owners.draft("paper", STATED | {"category": "paper"})
    refused = await owners.activate("paper")
    assert (refused.status_code, refused.json()["code"]) == (409, "suppliers_fit_two"), refused.text
    assert refused.json()["suppliers"] == [str(both)]


@pytest.mark.parametrize(
    ("stated", "code", "pointer"),
    [
        (STATED | {"kpis": [ON_TIME | {"weight": "99"}]}, "weights_off", "/kpis"),
        (STATED | {"kpis": [ON_TIME | {"weight": "0"}]}, "validation_failed", "/kpis/0/weight"),
        (STATED | {"category": "wishes"}, "category_unknown", "/category"),
        (STATED | {"kpis": [ON_TIME | {"kpi": "mood"}]}, "kpi_unknown", "/kpis/0/kpi"),
        (STATED | {"mood": "good"}, "validation_failed", "/mood"),
    ],
)
async def test_a_template_that_makes_no_sense_is_refused_where_it_is_wrong(
    owners: Owners, stated: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await owners.draft("fasteners", stated)
    assert refused.status_code == 422, refused.text
    assert (refused.json()["code"], [one["pointer"] for one in refused.json()["errors"]]) == (code, [pointer])
