"""Questionnaires over HTTP: drafted, published, and never changed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import pytest

from purveyor_contract.roles import Role
from sourcing.questionnaires.api import STATED

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/questionnaires"
Json = dict[str, Any]


def same(response: httpx.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    found: Json = response.json()
    return found


async def test_an_edition_is_drafted_published_and_followed_by_the_next(
    desk: Desk, as_person: AsPerson
) -> None:
    async def act(
        questionnaire: Json, action: str, by: httpx.AsyncClient = desk.other_manager, **body: Any
    ) -> httpx.Response:
        path = f"{AT}/{questionnaire['id']}"
        seen = {"If-Match": (await desk.manager.get(path)).headers["ETag"]}
        if action == "change":
            return await desk.manager.put(path, json=STATED | body, headers=seen)
        return await by.post(f"{path}:{action}", json=body or None, headers=seen)

    problem = await desk.manager.post(AT, json={"code": "quality"} | STATED)
    assert (problem.json()["code"], problem.json()["errors"][0]["pointer"]) == (
        "category_unknown",
        "/category",
    )
    await desk.registered()
    first = same(await desk.manager.post(AT, json={"code": "quality"} | STATED), 201)
    assert (first["edition"], first["status"], first["required"]) == (1, "draft", True)
    again = await desk.manager.post(AT, json={"code": "quality"} | STATED)
    assert (again.status_code, again.json()["code"]) == (409, "edition_drafted")
    assert again.json()["questionnaire_id"] == first["id"]
    assert same(await act(first, "change", title="What we ask"))["title"] == "What we ask"
    alone = await act(first, "publish", desk.manager)
    assert (alone.status_code, alone.json()["code"]) == (403, "segregation_of_duties")
    assert same(await act(first, "publish"))["published_by"] == "cem"
    changed = await act(first, "change", title="Other")
    assert (changed.status_code, changed.json()["allowed"]) == (409, ["retire"])

    second = same(await desk.manager.post(AT, json={"code": "quality"} | STATED), 201)
    assert (second["edition"], second["title"]) == (2, STATED["title"])
    same(await act(second, "publish"))
    editions = same(await desk.buyer.get(AT, params={"code": "quality", "sort": "id"}))["items"]
    assert [(one["edition"], one["status"]) for one in editions] == [(1, "retired"), (2, "published")]
    read = same(await desk.buyer.get(f"{AT}/{first['id']}"))
    assert (read["title"], read["sections"]) == ("What we ask", first["sections"])
    why = "Nobody answers"
    asked = same(await act(second, "retire", reason=why))
    assert (asked["status"], asked["retirement_asked_by"]) == ("published", "cem")
    for by in (desk.other_manager, desk.manager):
        alone = await act(second, "retire", by, reason=why)
        assert (alone.status_code, alone.json()["code"]) == (403, "segregation_of_duties")
    cleo = as_person("cleo", Role.CATEGORY_MANAGER)
    assert same(await act(second, "retire", cleo, reason=why))["status"] == "retired"
    actions = [record["action"] for record in await desk.audit(second["id"])]
    assert actions == ["draft", "publish", "ask_to_retire", "retire"]
    async with desk.context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="published_by_another"):
            await connection.execute("UPDATE questionnaire SET published_by = 'carla'")
        with pytest.raises(asyncpg.CheckViolationError, match="retired_by_another"):
            await connection.execute("UPDATE questionnaire SET retired_by = 'carla'")


async def test_a_questionnaire_that_makes_no_sense_is_refused_with_its_places(desk: Desk) -> None:
    asked = {"code": "a", "text": "A?", "kind": "yes_no"}
    waiting = {"code": "b", "text": "B?", "kind": "text", "shown_when": {"question": "b", "answers": ["yes"]}}

    async def refused(*questions: Json, **changes: Any) -> tuple[int, str, list[str]]:
        section = {"code": "one", "title": "One", "questions": list(questions)}
        body = {"code": "odd", "title": "Odd", "sections": [section]} | changes
        problem = await desk.manager.post(AT, json=body)
        pointers = [error["pointer"] for error in problem.json()["errors"]]
        return problem.status_code, problem.json()["code"], pointers

    circular = (422, "questions_circular", ["/sections/0/questions/1/shown_when/question"])
    assert await refused(asked, waiting) == circular
    light = asked | {"weight": "99"}
    assert await refused(light) == (
        422,
        "weights_do_not_add_up",
        ["/sections/0/questions", "/sections/0/weight"],
    )
    assert await refused(asked, pass_mark="70") == (422, "pass_mark_wrong", ["/pass_mark"])
    assert (await desk.buyer.post(AT, json={"code": "q"} | STATED)).status_code == 403
