"""A desk that qualifies: a questionnaire, a supplier with its portal, two evaluators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from purveyor_contract.roles import Role
from sourcing.qualification.rules.answers import ANSWERS
from sourcing.questionnaires.api import STATED

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/qualification-cases"
Json = dict[str, Any]


def same(response: httpx.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    found: Json = response.json()
    return found


def refused(response: httpx.Response, status: int, code: str) -> Json:
    problem = same(response, status)
    assert problem["code"] == code, problem
    return problem


@dataclass
class Bench:
    """Everybody who has a part in a case of one supplier."""

    desk: Desk
    as_person: AsPerson
    supplier: Json
    questionnaire: Json
    portal: httpx.AsyncClient
    eva: httpx.AsyncClient
    emil: httpx.AsyncClient

    async def published(self, code: str, **changes: Any) -> Json:
        manager = self.desk.manager
        drafted = same(await manager.post("/v1/questionnaires", json={"code": code} | STATED | changes), 201)
        publish = f"/v1/questionnaires/{drafted['id']}:publish"
        return same(await self.desk.other_manager.post(publish, headers={"If-Match": '"1"'}))

    async def invite(self, **changes: Any) -> httpx.Response:
        body = {
            "supplier_id": self.supplier["id"],
            "questionnaire_id": self.questionnaire["id"],
            "category": "fasteners",
            "due_on": "2026-12-20",
        }
        return await self.desk.buyer.post(AT, json=body | changes)

    async def read(self, case: Json, by: httpx.AsyncClient | None = None) -> Json:
        return same(await (by or self.desk.manager).get(f"{AT}/{case['id']}"))

    async def act(
        self, by: httpx.AsyncClient, action: str, case: Json, body: Json | None = None
    ) -> httpx.Response:
        """POST `:submit`, `/marks`, …; PUT `/answers`; as the case is seen now."""
        seen = {"If-Match": (await by.get(f"{AT}/{case['id']}")).headers["ETag"]}
        path = f"{AT}/{case['id']}{action}"
        method = "PUT" if action == "/answers" else "POST"
        return await by.request(method, path, json=body, headers=seen)

    async def submitted(self, answers: list[Json] | None = None, **changes: Any) -> Json:
        case = same(await self.invite(**changes), 201)
        given = {"answers": ANSWERS if answers is None else answers}
        same(await self.act(self.portal, "/answers", case, given))
        return same(await self.act(self.portal, ":submit", case))

    async def marked(self, standards: str, turnover: str, **changes: Any) -> Json:
        """Let two evaluators mark a case."""
        case = await self.submitted(**changes)
        for person in ("eva", "emil"):
            same(await self.act(self.desk.manager, "/evaluators", case, {"person": person}))
        marks = {
            "marks": [
                {"question": "standards", "mark": standards},
                {"question": "turnover", "mark": turnover},
            ]
        }
        for by in (self.eva, self.emil):
            same(await self.act(by, ":declare-conflict", case, {"conflict": None}))
            same(await self.act(by, "/marks", case, marks))
        return case

    async def decide(self, case: Json, decision: str, **body: Any) -> httpx.Response:
        stated = {"decision": decision, "reason": "We looked at it"} | body
        return await self.act(self.desk.manager, ":decide", case, stated)


@pytest.fixture
async def bench(desk: Desk, as_person: AsPerson) -> Bench:
    sites = [{"name": "Plant Augsburg", "address": "Industriestraße 1", "country": "DE"}]
    supplier = await desk.submitted(sites=sites)
    made = Bench(
        desk,
        as_person,
        supplier,
        {},
        as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"]),
        as_person("eva", Role.QUALITY),
        as_person("emil", Role.BUYER),
    )
    made.questionnaire = await made.published("quality")
    return made
