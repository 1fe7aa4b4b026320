"""Owners and tags: quick edits beside a supplier's version, found by filters, handed on at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.sourcing.tests.conftest import answered

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk


async def assign(desk: Desk, supplier: Any, owner: str | None) -> Any:
    path = f"/v1/suppliers/{supplier['id']}/owner"
    return answered(await desk.buyer.put(path, json={"owner": owner}))


async def tag(desk: Desk, supplier: Any, **changed: list[str]) -> Any:
    return answered(await desk.buyer.post(f"/v1/suppliers/{supplier['id']}/tags", json=changed))


async def found(desk: Desk, **asked: Any) -> list[str]:
    page = answered(await desk.buyer.get("/v1/suppliers", params=asked))
    return [item["legal_name"] for item in page["items"]]


async def test_owner_and_tags_leave_an_approved_supplier_and_its_version_alone(desk: Desk) -> None:
    supplier = await desk.approved()
    etag, told = await desk.etag(supplier), await desk.event_names(supplier)
    await assign(desk, supplier, "bea")
    grouped = await tag(desk, supplier, add=["Key  Account", "NEW"])
    assert grouped == {"supplier_id": supplier["id"], "owner": "bea", "tags": ["key account", "new"]}
    now = await desk.read(supplier)
    assert (now["owner"], now["tags"], now["status"]) == ("bea", ["key account", "new"], "approved")
    assert await desk.event_names(supplier) == told
    trail = [(row["action"], row["actor"]) for row in await desk.audit(supplier["id"])]
    assert trail[-2:] == [("assign", "bob"), ("tag", "bob")]
    suspended = await desk.manager.post(
        f"/v1/suppliers/{supplier['id']}:suspend", json={"reason": "Audit"}, headers={"If-Match": etag}
    )
    assert suspended.status_code == 200, "who had seen it before sees nothing that changed"


async def test_an_edit_that_changes_nothing_is_not_in_the_trail(desk: Desk) -> None:
    supplier = await desk.registered()
    before = len(await desk.audit(supplier["id"]))
    await assign(desk, supplier, None)
    await tag(desk, supplier, remove=["never there"])
    assert len(await desk.audit(supplier["id"])) == before


async def test_suppliers_are_found_by_owner_and_by_any_spelling_of_a_tag(desk: Desk) -> None:
    one, two = await desk.registered(legal_name="One"), await desk.registered(legal_name="Two")
    await desk.registered(legal_name="Three")
    await assign(desk, one, "bea")
    await assign(desk, two, "ben")
    await tag(desk, one, add=["Straße"])
    await tag(desk, two, add=["new"])
    assert await found(desk, owner="bea") == ["One"]
    assert await found(desk, owner=["bea", "ben"]) == ["One", "Two"]
    assert await found(desk, tag="STRASSE") == ["One"]
    assert await found(desk, tag=["strasse", "new"]) == ["One", "Two"]
    assert await found(desk, owner="bea", tag="new") == []
    listed = answered(await desk.buyer.get("/v1/suppliers", params={"owner": "bea"}))["items"]
    assert [(item["owner"], item["tags"]) for item in listed] == [("bea", ["strasse"])]


async def test_a_change_of_owner_or_tags_is_told_who_asks_for_changes(desk: Desk) -> None:
    supplier = await desk.registered(legal_name="One")
    mark = answered(await desk.buyer.get("/v1/suppliers"))["next_updated_after"]
    await tag(desk, supplier, add=["new"])
    assert await found(desk, updated_after=mark) == ["One"]


async def test_the_suppliers_of_who_leaves_are_handed_on_at_once(desk: Desk) -> None:
    names = ["One", "Two", "Three"]
    suppliers = [await desk.registered(legal_name=name) for name in names]
    for supplier in suppliers:
        await assign(desk, supplier, "bea")

    async def reassign(**body: Any) -> Any:
        return answered(await desk.manager.post("/v1/suppliers:reassign", json=body))

    some = {"from_owner": "bea", "to_owner": "ben", "supplier_ids": [suppliers[0]["id"]]}
    assert await reassign(**some) == {"reassigned": 1, "more": False}
    assert await reassign(**some) == {"reassigned": 0, "more": False}
    assert await reassign(from_owner="bea", to_owner="carla") == {"reassigned": 2, "more": False}
    assert await found(desk, owner="ben") == ["One"]
    assert await found(desk, owner="carla") == ["Two", "Three"]
    assert await reassign(from_owner="carla", to_owner=None) == {"reassigned": 2, "more": False}
    assert (await desk.audit(suppliers[1]["id"]))[-1]["before"] == {"owner": "carla"}


async def test_more_than_are_handed_on_at_once_are_said(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("sourcing.grouping.api.MOST_REASSIGNED", 1)
    for name in ("One", "Two"):
        await assign(desk, await desk.registered(legal_name=name), "bea")
    body = {"from_owner": "bea", "to_owner": "ben"}
    answers = [answered(await desk.manager.post("/v1/suppliers:reassign", json=body)) for _ in range(2)]
    assert answers == [{"reassigned": 1, "more": True}, {"reassigned": 1, "more": False}]


async def test_what_is_no_grouping_is_refused(desk: Desk, as_person: AsPerson) -> None:
    supplier = await desk.registered()
    at = f"/v1/suppliers/{supplier['id']}"
    for added in (["a;b"], ["\u200d"], ["ß" * 64], [f"{number}" for number in range(21)]):
        assert (await desk.buyer.post(f"{at}/tags", json={"add": added})).status_code == 422
    await tag(desk, supplier, add=[f"tag {number}" for number in range(20)])
    more = await desk.buyer.post(f"{at}/tags", json={"add": ["another"]})
    assert more.json()["code"] == "too_many_tags"
    same = {"from_owner": "bea", "to_owner": "bea"}
    assert (await desk.manager.post("/v1/suppliers:reassign", json=same)).status_code == 422
    assert (await desk.buyer.post("/v1/suppliers:reassign", json=same)).status_code == 403
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    assert (await sue.post(f"{at}/tags", json={"add": ["ours"]})).status_code == 403
    assert (await sue.get("/v1/suppliers", params={"tag": "tag 1"})).status_code == 422
    assert "tag 1" not in (await sue.get(at)).text
