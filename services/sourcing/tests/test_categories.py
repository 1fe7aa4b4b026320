"""Categories: stated one by one or by the thousand, moved, retired; what an approval covers; codes in use."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import pytest

from purveyor import policies
from purveyor.db import Transaction
from purveyor_contract.roles import Role
from sourcing.categories.queries import ancestors_of, descendants_of, expect_categories
from sourcing.suppliers.commands import take_over_categories

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Bring, Desk

Json = dict[str, Any]
NDJSON = {"Content-Type": "application/x-ndjson"}


def category(name: str = "Fasteners", **changes: Any) -> Json:
    return {"names": [{"language": "en", "name": name}]} | changes


async def put(by: httpx.AsyncClient, code: str, seen: int | None = None, **stated: Any) -> httpx.Response:
    headers = {"If-Match": f'"{seen}"'} if seen else {}
    return await by.put(f"/v1/categories/{code}", json=category(**stated), headers=headers)


async def tree(by: httpx.AsyncClient, **parents: str | None) -> None:
    for code, parent in parents.items():
        assert (await put(by, code, parent=parent)).status_code == 201


async def move(
    by: httpx.AsyncClient, code: str, seen: int, what: str = "confirm", **body: Any
) -> httpx.Response:
    headers = {"If-Match": f'"{seen}"'}
    return await by.post(f"/v1/categories/{code}:{what}-move", json=body or None, headers=headers)


async def told(desk: Desk, code: str) -> list[tuple[str, Json]]:
    async with desk.context.database.connection() as connection:
        key = await connection.fetchval("SELECT id::text FROM category WHERE code = $1", code)
    return [(name, said) for name, said in await desk.events({"id": key})]


async def test_a_category_is_stated_moved_and_retired_and_every_version_is_kept(desk: Desk) -> None:
    await tree(desk.manager, hardware=None, metals=None)
    stated: Json = {"parent": "hardware", "owner": "carla", "unspsc": "3116 0000", "cpv": "44530000"}
    created = await put(desk.manager, "fasteners", **stated)
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    kept = stated | {"unspsc": "31160000", "cpv": "44530000-4"}
    shown = {"code": "fasteners", "retired_on": None, "taken_over": False, "ancestors": ["hardware"]}
    shown |= {"proposed_parent": None, "proposed_by": None}
    assert created.json() == category() | kept | shown
    assert (await put(desk.manager, "fasteners", **stated)).headers["ETag"] == '"1"'
    assert (await put(desk.manager, "fasteners", parent="metals")).status_code == 428
    assert (await put(desk.manager, "fasteners", 7, parent="metals")).status_code == 412
    assert (await put(desk.buyer, "fasteners", 1, parent="metals")).status_code == 403
    moved = await put(desk.other_manager, "fasteners", 1, **(kept | {"parent": "metals"}))
    assert (moved.json()["ancestors"], moved.headers["ETag"]) == (["hardware"], '"2"')
    assert (moved.json()["proposed_parent"], moved.json()["proposed_by"]) == ("metals", "cem")
    done = await move(desk.manager, "fasteners", 2)
    assert (done.json()["ancestors"], done.json()["proposed_by"]) == (["metals"], None)

    path, seen = "/v1/categories/fasteners", {"If-Match": '"3"'}
    why = {"reason": "Bought as hardware"}
    retired = await desk.manager.post(f"{path}:retire", json=why, headers=seen)
    assert (retired.json()["retired_on"], retired.headers["ETag"]) == ("2026-11-20", '"4"')
    again = await desk.manager.post(f"{path}:retire", json=why, headers={"If-Match": '"4"'})
    assert (again.status_code, again.json()["allowed"]) == (409, ["reinstate"])
    assert (await put(desk.manager, "fasteners", 4)).json()["code"] == "wrong_state"
    await desk.manager.post(f"{path}:reinstate", json=why, headers={"If-Match": '"4"'})

    versions = (await desk.buyer.get(f"{path}/versions", params={"limit": 3})).json()
    assert [
        (one["number"], one["change"], one["changed_by"], one["parent"]) for one in versions["items"]
    ] == [
        (1, "defined", "carla", "hardware"),
        (2, "move_proposed", "cem", "hardware"),
        (3, "moved", "carla", "metals"),
    ]
    rest = await desk.buyer.get(f"{path}/versions", params={"limit": 3, "cursor": versions["next_cursor"]})
    assert [(one["number"], one["change"], one["reason"]) for one in rest.json()["items"]] == [
        (4, "retired", "Bought as hardware"),
        (5, "reinstated", "Bought as hardware"),
    ]
    names = [name for name, _ in await told(desk, "fasteners")]
    assert names == [
        *("CategoryDefined", "CategoryMoved"),
        *("CategoryRetired", "CategoryDefined"),
    ]
    _, first_move = (await told(desk, "fasteners"))[1]
    assert (first_move["former_parent"], first_move["parent"]) == ("hardware", "metals")
    assert (first_move["asked_by"], first_move["moved_by"]) == ("cem", "carla")


async def test_one_person_alone_moves_no_category(desk: Desk, as_person: AsPerson) -> None:
    mallory = as_person("mallory", Role.CATEGORY_MANAGER, Role.ADMIN)
    await tree(desk.manager, metals=None, plastics=None, toys="plastics")
    supplier = await desk.submitted(categories=["metals"])
    await desk.act("approve", supplier, categories=["metals"], expires_on="2027-12-31")

    async def ordered_from_for(code: str) -> bool:
        listed = await desk.buyer.get("/v1/suppliers", params={"approved_for": code})
        return [one["id"] for one in listed.json()["items"]] == [supplier["id"]]

    assert (await move(mallory, "toys", 1)).json()["code"] == "wrong_state"
    asked = await put(mallory, "toys", 1, name="Toys", parent="metals")
    assert (asked.json()["names"][0]["name"], asked.json()["parent"]) == ("Toys", "plastics")
    again = await put(mallory, "toys", name="Toys", parent="metals")
    assert (again.status_code, again.headers["ETag"]) == (200, '"2"')
    row = {"code": "toys"} | category("Toys", parent="metals")
    sent = await mallory.post("/v1/categories:bulk", content=json.dumps(row), headers=NDJSON)
    assert json.loads(sent.text)["status"] == "unchanged"
    row = {"code": "toys"} | category("Toys", parent=None)
    sent = await mallory.post("/v1/categories:bulk", content=json.dumps(row), headers=NDJSON)
    assert json.loads(sent.text)["status"] == "proposed"
    await put(mallory, "toys", 3, name="Toys", parent="metals")
    alone = await move(mallory, "toys", 4)
    assert (alone.status_code, alone.json()["code"]) == (403, "segregation_of_duties")
    assert not await ordered_from_for("toys")
    refused = await move(desk.manager, "toys", 4, "refuse", reason="Toys are no metals")
    assert (refused.json()["proposed_by"], refused.json()["parent"]) == (None, "plastics")

    await put(mallory, "toys", 5, name="Toys", parent="metals")
    assert (await move(desk.manager, "toys", 5)).status_code == 412
    assert (await move(desk.manager, "toys", 6)).json()["ancestors"] == ["metals"]
    assert await ordered_from_for("toys")
    versions = (await desk.buyer.get("/v1/categories/toys/versions")).json()["items"]
    assert [(one["change"], one["proposed_parent"], one["asked_by"]) for one in versions[1:]] == [
        ("move_proposed", "metals", None),
        ("move_proposed", None, None),
        ("move_proposed", "metals", None),
        ("move_refused", None, None),
        ("move_proposed", "metals", None),
        ("moved", None, "mallory"),
    ]
    async with desk.context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="moved_by_another"):
            await connection.execute("UPDATE category SET moved_by = move_asked_by WHERE code = 'toys'")


async def test_circles_are_refused_also_when_two_moves_meet(desk: Desk) -> None:
    await tree(desk.manager, a=None, b=None, c="b")
    for code, parent in (("a", "c"), ("b", "a")):
        assert (await put(desk.manager, code, 1, parent=parent)).status_code == 200
    both = await asyncio.gather(move(desk.other_manager, "a", 2), move(desk.other_manager, "b", 2))
    assert sorted(one.status_code for one in both) == [200, 422]
    [refused] = [one.json() for one in both if one.status_code == 422]
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("category_circular", "/parent")
    itself = (await put(desk.manager, "c", 1, parent="c")).json()
    assert (itself["code"], itself["detail"]) == ("category_circular", "c cannot lie in itself.")
    unknown = (await put(desk.manager, "c", 1, parent="d")).json()
    assert unknown["code"] == "category_unknown"


async def test_nothing_is_put_into_what_is_retired_and_what_holds_something_is_not_retired(
    desk: Desk,
) -> None:
    await tree(desk.manager, metals=None, bolts="metals")
    why, seen = {"reason": "Not bought any more"}, {"If-Match": '"1"'}
    full = (await desk.manager.post("/v1/categories/metals:retire", json=why, headers=seen)).json()
    assert (full["code"], full["categories"]) == ("category_in_use", ["bolts"])
    for code in ("bolts", "metals"):
        done = await desk.manager.post(f"/v1/categories/{code}:retire", json=why, headers=seen)
        assert done.status_code == 200
    assert (await put(desk.manager, "nuts", parent="metals")).json()["code"] == "category_retired"
    below = await desk.manager.post("/v1/categories/bolts:reinstate", json=why, headers={"If-Match": '"2"'})
    assert below.json()["code"] == "category_retired"
    offered = await desk.buyer.post("/v1/suppliers", json=desk.details(categories=["x", "bolts"]))
    assert (offered.json()["code"], offered.json()["errors"][0]["pointer"]) == (
        "category_retired",
        "/categories/1",
    )


async def test_they_come_in_bulk_parents_first_and_are_found(desk: Desk) -> None:
    rows = [
        {"code": "metals"} | category("Metals", owner="carla"),
        {"code": "bolts"} | category("Schrauben", parent="metals", cpv="44531400-5"),
        {"code": "hex-bolts"} | category("Hex bolts", parent="bolts"),
        {"code": "metals"} | category("Metals", parent="hex-bolts"),
        {"code": "nuts"} | category("Nuts", parent="nowhere"),
        {"code": "metals"} | category("Metal", owner="carla"),
        {"code": "bolts"} | category("Schrauben", parent="metals", cpv="44531400"),
        {"code": "Screws"} | category("Screws"),
    ]
    sent = await desk.manager.post(
        "/v1/categories:bulk",
        content="\n".join(map(json.dumps, rows)),
        headers=NDJSON,
    )
    results = [json.loads(line) for line in sent.text.splitlines()]
    assert [(one["status"], one.get("code")) for one in results] == [
        *[("created", None)] * 3,
        ("refused", "category_circular"),
        ("refused", "category_unknown"),
        ("updated", None),
        ("unchanged", None),
        ("refused", "category_invalid"),
    ]
    csv = 'code,names,parent\nnuts,"de: Muttern;en: Nuts",metals\n'
    csv += 'seals,"en: Seals, de: Dichtungen",metals\n'
    sent = await desk.manager.post("/v1/categories:bulk", content=csv, headers={"Content-Type": "text/csv"})
    assert [json.loads(row)["status"] for row in sent.text.splitlines()] == ["created", "refused"]

    async def found(**asked: Any) -> list[str]:
        listed = (await desk.buyer.get("/v1/categories", params=asked)).json()
        return [one["code"] for one in listed["items"]]

    assert await found() == ["bolts", "hex-bolts", "metals", "nuts"]
    assert await found(q="mutt") == ["nuts"]
    assert await found(lies_in="metals", sort="-code") == ["nuts", "hex-bolts", "bolts"]
    assert await found(parent="metals") == ["bolts", "nuts"]
    assert await found(top=True) == await found(owner="carla") == ["metals"]
    assert await found(cpv="44531400") == ["bolts"]


async def test_an_approval_covers_what_lies_in_its_category(desk: Desk) -> None:
    await tree(desk.manager, metals=None, fasteners="metals", bolts="fasteners", plastics=None)
    supplier = await desk.submitted(categories=["fasteners"])
    too_wide = await desk.act("approve", supplier, categories=["metals"], expires_on="2027-12-31")
    assert too_wide.json()["code"] == "category_not_offered"
    approved = await desk.act("approve", supplier, categories=["bolts"], expires_on="2027-12-31")
    assert approved.status_code == 200

    async def found(**asked: Any) -> list[str]:
        listed = (await desk.buyer.get("/v1/suppliers", params=asked)).json()
        return [one["id"] for one in listed["items"]]

    assert await found(approved_for="bolts") == await found(category="bolts") == [supplier["id"]]
    assert await found(approved_for="fasteners") == await found(category="metals") == []
    await desk.act("approve", supplier, categories=["fasteners"], expires_on="2027-12-31")
    assert await found(approved_for="bolts") == await found(approved_for="fasteners") == [supplier["id"]]

    why = {"reason": "Not bought any more"}
    await desk.manager.post("/v1/categories/bolts:retire", json=why, headers={"If-Match": '"1"'})
    longer = await desk.act("approve", supplier, categories=["bolts"], expires_on="2028-01-01")
    assert (longer.status_code, longer.json()["code"]) == (422, "category_retired")
    for day, status in (("2027-06-30", 200), ("2027-12-31", 422)):
        done = await desk.act("approve", supplier, categories=["bolts"], expires_on=day)
        assert done.status_code == status, "what goes on in a retired category ends no later than it would"
    await desk.manager.post("/v1/categories/bolts:reinstate", json=why, headers={"If-Match": '"2"'})

    narrower = await desk.change(supplier, categories=["bolts"])
    assert narrower.json()["code"] == "category_approved"
    assert (await desk.change(supplier, categories=["metals"])).status_code == 200

    await put(desk.manager, "fasteners", 1, parent="plastics")
    await move(desk.other_manager, "fasteners", 2)
    assert await found(category="bolts") == []
    assert await found(approved_for="bolts") == [supplier["id"]], "approved for what it lies in still"
    async with desk.context.database.transaction() as tx:
        assert await ancestors_of(tx, "bolts") == ("fasteners", "plastics")
        assert await descendants_of(tx, "plastics") == ["bolts", "fasteners"]
        assert await ancestors_of(tx, "never-heard-of") == ()


async def test_codes_in_use_become_categories(desk: Desk, bring: Bring) -> None:
    await desk.registered(categories=["fasteners", "bearings"])
    await bring(
        {"external_reference": "V-1", "legal_name": "Past AG", "country": "DE", "categories": ["Old"]}
    )
    [(name, said)] = await told(desk, "Old")
    assert (name, said["taken_over"], said["names"]) == (
        "CategoryDefined",
        True,
        [{"language": "en", "name": "Old"}],
    )
    listed = (await desk.buyer.get("/v1/categories", params={"taken_over": True})).json()["items"]
    assert [one["code"] for one in listed] == ["Old", "bearings", "fasteners"]
    stated = await put(desk.manager, "fasteners", 1)
    assert (stated.status_code, stated.json()["taken_over"]) == (200, False)

    async with desk.context.database.connection() as connection:  # as the release before writes them
        await connection.execute("UPDATE supplier SET categories = categories || '{springs}'::text[]")
    for _ in range(2):
        async with desk.context.database.transaction() as tx:
            assert await take_over_categories(tx) is False
    assert len(await told(desk, "springs")) == 1


async def test_by_policy_unknown_codes_are_refused_with_those_that_are_like_them(
    desk: Desk, as_person: AsPerson, bring: Bring
) -> None:
    supplier = await desk.registered(categories=["fasteners"])
    where = "/v1/policies/unknown-categories/versions"
    decision = {"valid_from": "2026-11-20", "reason": "The tree is whole", "value": {"refused": True}}
    await desk.manager.post(where, json=decision, headers={"If-Match": '"0"'})
    ada = as_person("ada", Role.ADMIN)
    assert (await ada.post(f"{where}/1:approve", headers={"If-Match": '"1"'})).status_code == 200
    policies.forget(desk.context.database)
    refused = await desk.buyer.post("/v1/suppliers", json=desk.details(categories=["fasteners", "fastener"]))
    [error] = refused.json()["errors"]
    assert (refused.status_code, refused.json()["code"]) == (422, "category_unknown")
    assert error == {
        "pointer": "/categories/1",
        "detail": "no category has the code fastener: is it fasteners?",
    }
    changed = await desk.change(supplier, categories=["fasteners", "zzz"])
    assert changed.json()["errors"][0]["detail"] == "no category has the code zzz, and none is like it"
    past = {"external_reference": "V-1", "legal_name": "Past AG", "country": "DE", "categories": ["old"]}
    assert (await bring(past))[0]["status"] == "created"


async def test_others_ask_for_categories_that_there_are(desk: Desk) -> None:
    await tree(desk.manager, metals=None)

    async def refusal(tx: Transaction, codes: list[str]) -> str:
        try:
            await expect_categories(tx, codes, "/required_for")
        except Exception as error:  # whatever it is, it is compared
            return f"{type(error).__name__} {[one.pointer for one in getattr(error, 'errors', [])]}"
        return "none"

    async with desk.context.database.transaction() as tx:
        assert await refusal(tx, ["metals"]) == "none"
        assert await refusal(tx, ["metals", "metal"]) == "InvalidError ['/required_for/1']"
