"""Saved searches: checked when they are saved, private or shared, asked by reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from services.sourcing.tests.conftest import answered

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    import httpx
    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/supplier-searches"
GERMAN = {"name": "In Germany", "filters": {"country": ["DE"]}, "sort": "-number"}


async def save(by: httpx.AsyncClient, **changes: Any) -> Any:
    return answered(await by.post(AT, json=GERMAN | changes), 201)


async def found(by: httpx.AsyncClient, **asked: Any) -> list[str]:
    return [item["legal_name"] for item in answered(await by.get("/v1/suppliers", params=asked))["items"]]


async def test_a_search_is_asked_by_reference_and_what_is_stated_beside_it_goes_before_it(desk: Desk) -> None:
    for name, country in (("One", "DE"), ("Two", "FR"), ("Three", "DE")):
        await desk.registered(legal_name=name, country=country)
    search = (await save(desk.buyer))["id"]
    assert await found(desk.buyer, search=search) == ["Three", "One"]
    assert await found(desk.buyer, search=search, sort="number") == ["One", "Three"]
    assert await found(desk.buyer, search=search, q="one") == ["One"]
    assert await found(desk.buyer, search=search, country="FR") == ["Two"]
    first = answered(await desk.buyer.get("/v1/suppliers", params={"search": search, "limit": 1}))
    asked = {"search": search, "limit": 1, "cursor": first["next_cursor"]}
    assert await found(desk.buyer, **asked) == ["One"]


async def test_every_kind_of_filter_is_kept_as_the_list_takes_it(desk: Desk) -> None:
    await desk.registered(legal_name="One")
    filters = {
        "q": "one",
        "status": ["registered", "approved"],
        "registered_from": "2026-11-20",
        "registered_to": "2026-11-20",
        "imported": False,
        "number": ["S-000001"],
        "category": ["fasteners"],
    }
    search = await save(desk.buyer, filters=filters, sort=None)
    assert search["filters"] == filters
    assert await found(desk.buyer, search=search["id"]) == ["One"]
    tagged = await save(desk.buyer, name="Tagged", filters={"tag": ["KEY"]})
    assert tagged["filters"] == {"tag": ["key"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"filters": {"colour": ["red"]}},
        {"filters": {"status": ["happy"]}},
        {"filters": {"status": "approved"}},
        {"filters": {"status": []}},
        {"filters": {"registered_from": "soon"}},
        {"filters": {"registered_from": "2026-11-20", "registered_to": "2026-11-19"}},
        {"filters": {"q": "%%%"}},
        {"sort": "colour"},
        {"limit": 7},
    ],
    ids=str,
)
async def test_what_the_list_would_refuse_is_not_saved(desk: Desk, wrong: Any) -> None:
    refused = await desk.buyer.post(AT, json=GERMAN | wrong)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}")


async def test_a_private_search_is_nobody_elses_and_a_shared_one_is_its_owners_to_change(desk: Desk) -> None:
    private = await save(desk.buyer)
    at = f"{AT}/{private['id']}"
    assert (await desk.manager.get(at)).json()["code"] == "supplier_search_not_found"
    assert answered(await desk.manager.get(AT))["items"] == []
    assert (await desk.manager.get("/v1/suppliers", params={"search": private["id"]})).status_code == 404
    seen = {"If-Match": (await desk.buyer.get(at)).headers["etag"]}
    shared = GERMAN | {"shared": True, "name": "DACH"}
    assert answered(await desk.buyer.put(at, json=shared, headers=seen))["name"] == "DACH"
    assert (await desk.buyer.put(at, json=shared, headers=seen)).status_code == 412
    assert await found(desk.manager, search=private["id"]) == []
    assert [item["name"] for item in answered(await desk.manager.get(AT))["items"]] == ["DACH"]
    seen = {"If-Match": (await desk.manager.get(at)).headers["etag"]}
    refused = await desk.manager.put(at, json=shared, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_search")


async def test_an_owner_deletes_a_search_and_a_category_manager_a_shared_one(
    desk: Desk, as_person: AsPerson
) -> None:
    shared, own = await save(desk.buyer, shared=True), await save(desk.buyer, name="Own")
    other = as_person("ben", Role.BUYER)
    seen = {"If-Match": '"1"'}
    for by, search, status in (
        (other, shared, 403),
        (desk.manager, own, 404),
        (desk.manager, shared, 200),
        (desk.buyer, own, 200),
        (desk.buyer, own, 404),
    ):
        assert (await by.post(f"{AT}/{search['id']}:delete", headers=seen)).status_code == status
    assert [row["action"] for row in await desk.audit(own["id"])] == ["save", "delete"]


async def test_two_searches_of_a_person_are_not_called_alike(desk: Desk) -> None:
    first = await save(desk.buyer)
    refused = await desk.buyer.post(AT, json=GERMAN | {"name": "in GERMANY"})
    assert refused.status_code == 409
    assert refused.json()["supplier_search_id"] == first["id"]
    await save(desk.manager)


async def test_what_a_list_takes_no_more_is_said(desk: Desk) -> None:
    search = await save(desk.buyer)
    async with desk.context.database.transaction() as tx:
        await tx.connection.execute('UPDATE supplier_search SET filters = \'{"colour": ["red"]}\'')
    refused = await desk.buyer.get("/v1/suppliers", params={"search": search["id"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "search_outdated")


async def test_suppliers_have_no_searches(desk: Desk, as_person: AsPerson) -> None:
    sue = as_person("sue", Role.SUPPLIER, supplier_id=(await desk.registered())["id"])
    assert (await sue.post(AT, json=GERMAN)).status_code == 403
    assert (await sue.get("/v1/suppliers", params={"search": str(uuid4())})).status_code == 422


async def test_a_person_has_so_many_searches_and_no_more(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("sourcing.searches.commands.MOST_SEARCHES", 1)
    await save(desk.buyer)
    refused = await desk.buyer.post(AT, json=GERMAN | {"name": "Another"})
    assert refused.json()["code"] == "too_many_searches"
