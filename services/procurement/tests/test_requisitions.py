"""Requisitions: written by one, decided line by line by another, and never forgotten whose they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from purveyor_contract.roles import Role

from .conftest import World

REQUISITIONS = "/v1/requisitions"
TEMPLATES = "/v1/requisition-templates"


def need(**changes: Any) -> dict[str, Any]:
    """Return a line that asks for 10 pieces at about 2.50."""
    return {
        "kind": "free_text",
        "description": "Hexagon bolt M8 × 40",
        "category": "fasteners",
        "quantity": "10",
        "unit": "C62",
        "need_by": "2026-03-20",
        "site": "HAM-1",
        "price": "2.50",
        "assignments": [{"cost_centre": "4711"}],
    } | changes


def requested(*lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return a requisition of two lines unless lines are given."""
    stated = list(lines) or [need(), need(description="Washer")]
    return {"title": "Spring series", "business_unit": "drives", "currency": "EUR", "lines": stated} | header


async def drafted(
    world: World, *lines: dict[str, Any], by: httpx.AsyncClient | None = None, **header: Any
) -> dict[str, Any]:
    """Draft a requisition as robin."""
    answer = await (by or world.robin).post(REQUISITIONS, json=requested(*lines, **header))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def now(world: World, requisition: dict[str, Any]) -> dict[str, Any]:
    """Return a requisition as it is now."""
    found: dict[str, Any] = (await world.bea.get(f"{REQUISITIONS}/{requisition['id']}")).json()
    return found


async def does(
    world: World,
    requisition: dict[str, Any],
    action: str,
    by: httpx.AsyncClient,
    reason: str | None = "because",
    **more: Any,
) -> httpx.Response:
    """Do something to a requisition, or to a line of it (`lines/1:cancel`), as it is now."""
    path = f"{REQUISITIONS}/{requisition['id']}"
    seen = (await world.bea.get(path)).headers["ETag"]
    place = f"{path}/{action}" if action.startswith("lines/") else f"{path}:{action}"
    body = None if action == "submit" else {"reason": reason} | more
    return await by.post(place, json=body, headers={"If-Match": seen})


async def approved(world: World, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Let robin ask for something, and alex agree."""
    requisition = await drafted(world, *lines, **header)
    for action, by in (("submit", world.robin), ("approve", world.alex)):
        answer = await does(world, requisition, action, by)
        assert answer.status_code == 200, answer.text
    return await now(world, requisition)


async def told(world: World, requisition: dict[str, Any]) -> list[str]:
    """Return what was told of a requisition."""
    return [name for _, name, _ in await world.events_of(requisition)]


def standing(requisition: dict[str, Any]) -> tuple[str, list[str]]:
    return requisition["status"], [line["status"] for line in requisition["lines"]]


async def test_a_need_is_written_submitted_and_approved_by_another(world: World) -> None:
    shares = [{"cost_centre": "4711", "share": "33"}, {"cost_centre": "4712", "share": "67"}]
    requisition = await drafted(world, need(price="0.01", quantity="1", assignments=shares), need())
    assert (requisition["number"][:3], requisition["status"], requisition["authors"]) == (
        "PR-",
        "draft",
        ["robin"],
    )
    assert requisition["total"] == {"amount": "25.01", "currency": "EUR"}
    first, second = requisition["lines"]
    assert [one["amount"]["amount"] for one in first["assignments"]] == ["0.00", "0.01"]
    assert [second[f"{name}_quantity"] for name in ("requested", "ordered", "open", "delivered")] == [
        "10",
        "0",
        "10",
        "0",
    ]
    assert (await does(world, requisition, "submit", world.robin)).json()["status"] == "submitted"
    answer = await does(world, requisition, "approve", world.alex)
    assert standing(answer.json()) == ("approved", ["approved", "approved"])
    assert answer.json()["deciders"] == ["alex"]
    assert await told(world, requisition) == ["RequisitionSubmitted", "RequisitionApproved"]
    (_, _, submitted), (_, _, event) = await world.events_of(requisition)
    assert (submitted["submitted_by"], len(submitted["lines"])) == ("robin", 2)
    assert (event["total"], event["approved_by"]) == ("25.01", ["alex"])
    assert [one["amount"] for one in event["lines"][0]["assignments"]] == ["0.00", "0.01"]


async def test_lines_are_decided_alone(world: World) -> None:
    requisition = await drafted(world, need(), need(), need())
    await does(world, requisition, "submit", world.robin)
    answer = await does(world, requisition, "lines/1:approve", world.alex)
    assert standing(answer.json()) == ("in_approval", ["approved", "pending", "pending"])
    answer = await does(world, requisition, "lines/2:reject", world.alex, "enough in stock")
    assert standing(answer.json()) == ("in_approval", ["approved", "rejected", "pending"])
    answer = await does(world, requisition, "lines/3:cancel", world.robin, "changed my mind")
    assert standing(answer.json()) == ("approved", ["approved", "rejected", "cancelled"])
    assert await told(world, requisition) == [
        "RequisitionSubmitted",
        "RequisitionLineClosed",
        "RequisitionLineClosed",
        "RequisitionApproved",
    ]
    events = [data for _, name, data in await world.events_of(requisition)]
    assert [(data["closed_as"], data["closed_by"], data["reason"]) for data in events[1:3]] == [
        ("rejected", "alex", "enough in stock"),
        ("cancelled", "robin", "changed my mind"),
    ]
    assert [line["line_number"] for line in events[3]["lines"]] == [1]
    refused = await does(world, requisition, "lines/2:approve", world.alex)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    refused = await does(world, requisition, "lines/9:cancel", world.robin)
    assert (refused.status_code, refused.json()["code"]) == (404, "requisition_line_not_found")


async def test_what_is_rejected_as_a_whole_is_told_with_its_reasons(world: World) -> None:
    requisition = await drafted(world)
    await does(world, requisition, "submit", world.robin)
    await does(world, requisition, "lines/2:cancel", world.bea, "there is a better one")
    answer = await does(world, requisition, "reject", world.alex, "too dear")
    assert standing(answer.json()) == ("rejected", ["rejected", "cancelled"])
    _, name, data = (await world.events_of(requisition))[-1]
    assert (name, data["lines"]) == ("RequisitionRejected", [{"line_number": 1, "reason": "too dear"}])
    refused = await does(world, requisition, "approve", world.alex)
    assert (refused.status_code, refused.json()["allowed"]) == (409, [])


@pytest.mark.parametrize("part", ["creates", "changes", "submits"])
async def test_whoever_wrote_any_of_it_decides_nothing_of_it(world: World, part: str) -> None:
    mallory = world.person("mallory", Role.REQUESTER, Role.APPROVER)
    by = {"creates": world.robin, "changes": world.robin, "submits": world.robin} | {part: mallory}
    requisition = await drafted(world, by=by["creates"])
    path = f"{REQUISITIONS}/{requisition['id']}"
    changed = await by["changes"].put(path, json=requested(need()), headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert (await does(world, requisition, "submit", by["submits"])).status_code == 200
    for action in ("approve", "reject", "lines/1:approve", "lines/1:reject"):
        refused = await does(world, requisition, action, mallory)
        assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    with pytest.raises(asyncpg.CheckViolationError, match="authors_do_not_decide"):
        await world.value(
            "UPDATE requisition SET deciders = ARRAY['mallory'] WHERE id = $1", UUID(requisition["id"])
        )
    assert (await does(world, requisition, "approve", world.alex)).status_code == 200


async def test_what_is_returned_is_decided_anew_and_keeps_its_authors(world: World) -> None:
    requisition = await drafted(world)
    await does(world, requisition, "submit", world.robin)
    await does(world, requisition, "lines/1:approve", world.alex)
    returned = (await does(world, requisition, "return", world.alex, "which site?")).json()
    assert standing(returned) == ("returned", ["pending", "pending"])
    assert (returned["return_reason"], returned["deciders"], returned["submitted_by"]) == (
        "which site?",
        [],
        None,
    )
    refused = await does(world, requisition, "approve", world.alex)
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["change", "submit", "withdraw"])
    bea = await does(world, requisition, "submit", world.bea)
    assert bea.json()["authors"] == ["robin", "bea"]
    assert await told(world, requisition) == [
        "RequisitionSubmitted",
        "RequisitionReturned",
        "RequisitionSubmitted",
    ]


async def test_nothing_is_approved_after_it_was_withdrawn(world: World) -> None:
    requisition = await drafted(world)
    await does(world, requisition, "submit", world.robin)
    refused = await does(world, requisition, "withdraw", world.person("rosa", Role.REQUESTER))
    assert (refused.status_code, refused.json()["code"]) == (403, "role_required")
    assert (await does(world, requisition, "withdraw", world.robin, None)).json()["status"] == "withdrawn"
    refused = await does(world, requisition, "approve", world.alex)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert await told(world, requisition) == ["RequisitionSubmitted", "RequisitionWithdrawn"]


async def test_a_copy_is_a_new_authors(world: World) -> None:
    requisition = await approved(world)
    rosa = world.person("rosa", Role.REQUESTER, Role.APPROVER)
    path = f"{REQUISITIONS}/{requisition['id']}:copy"
    answer = await rosa.post(path, json={"need_by": "2026-04-17"})
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert (copy["authors"], copy["status"], copy["copied_from"]) == (["rosa"], "draft", requisition["id"])
    assert standing(copy)[1] == ["pending", "pending"]
    assert {line["need_by"] for line in copy["lines"]} == {"2026-04-17"}
    await does(world, copy, "submit", rosa)
    assert (await does(world, copy, "approve", rosa)).json()["code"] == "segregation_of_duties"


async def test_a_template_is_used_again_and_again_each_time_by_an_author_of_its_own(world: World) -> None:
    line = {name: value for name, value in need().items() if name != "need_by"} | {"need_in_days": 10}
    body = requested(line, name="Bolts of every spring")
    code = f"bolts-{uuid4()}"
    made = await world.bea.put(f"{TEMPLATES}/{code}", json=body)
    assert made.status_code == 201, made.text
    assert (await world.bea.put(f"{TEMPLATES}/{code}", json=body)).status_code == 200
    read = await world.robin.get(f"{TEMPLATES}/{code}")
    assert (read.json()["lines"][0]["need_in_days"], read.json()["name"]) == (10, "Bolts of every spring")
    drafted_with = await world.robin.post(f"{TEMPLATES}/{code}:use", json={})
    assert drafted_with.status_code == 201, drafted_with.text
    used = drafted_with.json()
    assert (used["authors"], used["template"], used["lines"][0]["need_by"]) == (["robin"], code, "2026-03-12")
    assert code in [one["code"] for one in (await world.robin.get(TEMPLATES)).json()["items"]]
    assert (await world.robin.post(f"{TEMPLATES}/none:use", json={})).json()["code"] == (
        "requisition_template_not_found"
    )


async def test_what_is_not_there_is_named_and_nothing_is_drafted(world: World) -> None:
    await world.ada.put("/v1/cost-centres/ended", json={"name": "Ended", "valid_to": "2026-03-01"})
    shares = [{"cost_centre": "ended", "share": "60"}, {"cost_centre": "none", "share": "40"}]
    before = await world.value("SELECT count(*) FROM requisition")
    answer = await world.robin.post(
        REQUISITIONS,
        json=requested(
            need(assignments=shares),
            need(site="nowhere"),
            need(supplier_id=str(uuid4())),
            business_unit="none",
        ),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "requisition_invalid")
    found = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
    assert found["/lines/0/assignments/0/cost_centre"] == (
        "was valid until 2026-03-01, and the day is 2026-03-02"
    )
    assert found.keys() == {
        "/business_unit",
        "/lines/0/assignments/0/cost_centre",
        "/lines/0/assignments/1/cost_centre",
        "/lines/1/site",
        "/lines/2/supplier_id",
    }
    late = await world.robin.post(REQUISITIONS, json=requested(need(need_by="2026-03-01")))
    assert late.json()["errors"][0]["pointer"] == "/lines/0/need_by"
    item = await world.robin.post(REQUISITIONS, json=requested(need(kind="item", item="no-such-item")))
    assert (item.status_code, item.json()["code"]) == (422, "items_not_valid")
    assert await world.value("SELECT count(*) FROM requisition") == before


async def test_lines_without_agreement_or_above_a_value_are_marked_for_sourcing(empty_world: World) -> None:
    world = empty_world
    cleo, carl = (world.person(name, Role.CATEGORY_MANAGER) for name in ("cleo", "carl"))
    path = "/v1/policies/requisition-sourcing"
    seen = (await cleo.get(path)).headers["ETag"]
    rates = {"currency": "EUR", "rate_source": "ECB", "rate_base": "EUR"}
    value = {"without_agreement": False, "above": "1000", **rates}
    proposed = await cleo.post(
        f"{path}/versions",
        json={"valid_from": "2026-03-02", "value": value, "reason": "three quotes"},
        headers={"If-Match": seen},
    )
    assert proposed.status_code == 201, proposed.text
    assert (await carl.post(f"{path}/versions/1:approve")).status_code == 200
    requisition = await approved(world, need(), need(price="100.01"))
    cheap, dear = requisition["lines"]
    assert (requisition["status"], cheap["sourcing_reason"]) == ("approved", None)
    assert dear["sourcing_reason"] == "1000.1 EUR is above the 1000 EUR up to which nobody is asked"
    _, name, data = (await world.events_of(requisition))[-1]
    assert (name, [line["line_number"] for line in data["lines"]]) == ("RequisitionSourcingRequested", [2])
    await does(world, requisition, "lines/1:cancel", world.robin)
    assert (await now(world, requisition))["status"] == "sourcing"
    found = (await world.bea.get(REQUISITIONS, params={"sourcing": "true"})).json()["items"]
    assert [one["id"] for one in found] == [requisition["id"]]
    supplier = str(await world.supplier())
    ended = await does(
        world, requisition, "lines/2:end-sourcing", world.bea, "best of 3", supplier_id=supplier
    )
    assert ended.status_code == 200, ended.text
    assert (ended.json()["status"], ended.json()["lines"][1]["supplier_id"]) == ("approved", supplier)
    again = await does(world, requisition, "lines/2:end-sourcing", world.bea, "again", supplier_id=supplier)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    dollars = await drafted(world, need(), currency="USD")
    refused = await does(world, dollars, "submit", world.robin)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_rate")


async def test_requisitions_are_found_by_what_they_are_and_what_they_are_charged_to(world: World) -> None:
    await world.ada.put("/v1/cost-centres/sought", json={"name": "Sought"})
    shares = [{"cost_centre": "4711", "share": "50"}, {"cost_centre": "sought", "share": "50"}]
    requisition = await approved(world, need(assignments=shares, category="sought-things"))
    for asked in (
        {"cost_centre": "sought"},
        {"category": "sought-things", "status": "approved", "open": "true"},
        {"number": requisition["number"], "business_unit": "drives", "created_by": "robin"},
    ):
        found = (await world.alex.get(REQUISITIONS, params=asked)).json()["items"]
        assert [one["id"] for one in found] == [requisition["id"]], asked
    assert not (await world.alex.get(REQUISITIONS, params={"cost_centre": "sought", "open": "false"})).json()[
        "items"
    ]
