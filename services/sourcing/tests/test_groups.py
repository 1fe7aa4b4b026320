"""Suppliers belong to companies: never in a circle, and not by one person alone once they are approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk, Does

Json = dict[str, Any]


async def belongs(desk: Desk, supplier: Json, parent: Json | None, **more: Any) -> httpx.Response:
    return await desk.buyer.put(
        f"/v1/suppliers/{supplier['id']}/parent",
        json={"parent_id": None if parent is None else parent["id"]} | more,
        headers={"If-Match": await desk.etag(supplier)},
    )


async def group(desk: Desk, supplier: Json) -> Json:
    found: Json = (await desk.buyer.get(f"/v1/suppliers/{supplier['id']}/group")).json()
    return found


async def companies(desk: Desk, *names: str) -> list[Json]:
    return [await desk.registered(legal_name=name) for name in names]


async def test_a_group_is_read_from_its_head_down_from_whichever_company_is_asked(desk: Desk) -> None:
    head, middle, leaf, alone = await companies(desk, "Holding AG", "Mitte GmbH", "Blatt GmbH", "Allein KG")
    assert (await belongs(desk, leaf, middle, share="51.00", source="register")).status_code == 200
    stated = await belongs(desk, middle, head, share="75")
    assert stated.headers["etag"].strip('"') == (await desk.etag(middle)).strip('"').partition("-")[0]
    for company in (head, middle, leaf):
        shown = await group(desk, company)
        assert (shown["supplier_id"], shown["head_id"], shown["more"]) == (company["id"], head["id"], False)
        assert [(m["legal_name"], m["level"], m["parent_id"], m["share"]) for m in shown["members"]] == [
            ("Holding AG", 0, None, None),
            ("Mitte GmbH", 1, head["id"], "75"),
            ("Blatt GmbH", 2, middle["id"], "51"),
        ]
    assert [m["id"] for m in (await group(desk, alone))["members"]] == [alone["id"]]
    owned = (await desk.buyer.get(f"/v1/suppliers?parent_id={middle['id']}")).json()["items"]
    assert [one["id"] for one in owned] == [leaf["id"]]
    assert (await desk.event_names(leaf))[-1] == "SupplierGroupChanged"
    _, told = (await desk.events(leaf))[-1]
    assert (told["parent_id"], told["share"], told["changed_by"]) == (
        middle["id"],
        "51",
        leaf["registered_by"],
    )


async def test_no_company_belongs_to_itself_however_far_up(desk: Desk) -> None:
    head, middle, leaf = await companies(desk, "Holding AG", "Mitte GmbH", "Blatt GmbH")
    assert (await belongs(desk, leaf, middle)).status_code == 200
    assert (await belongs(desk, middle, head)).status_code == 200
    for company, parent in ((head, head), (head, leaf), (middle, leaf)):
        refused = await belongs(desk, company, parent)
        assert (refused.status_code, refused.json()["code"]) == (422, "group_circle")
        assert refused.json()["errors"][0]["pointer"] == "/parent_id"


@pytest.mark.parametrize(
    ("stated", "pointer"),
    [
        ({"parent_id": None, "share": "50"}, ""),
        ({"share": "0"}, "/share"),
        ({"share": "100.01"}, "/share"),
        ({"share": "12.345"}, "/share"),
    ],
)
async def test_a_share_is_of_a_parent_and_more_than_nothing(desk: Desk, stated: Json, pointer: str) -> None:
    head, leaf = await companies(desk, "Holding AG", "Blatt GmbH")
    refused = await belongs(desk, leaf, head, **stated)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_a_parent_is_a_company_that_there_is(desk: Desk, as_person: AsPerson) -> None:
    (leaf,) = await companies(desk, "Blatt GmbH")
    refused = await belongs(desk, leaf, {"id": "0199c0de-0000-7000-8000-000000000009"})
    assert (refused.status_code, refused.json()["code"]) == (422, "parent_unknown")
    mistake = await desk.registered(legal_name="Irrtum GmbH")
    mia = as_person("mia", Role.CATEGORY_MANAGER)
    gone = await mia.post(
        f"/v1/suppliers/{mistake['id']}:withdraw",
        json={"reason": "A customer"},
        headers={"If-Match": await desk.etag(mistake)},
    )
    assert gone.status_code == 200, gone.text
    refused = await belongs(desk, leaf, mistake)
    assert (refused.status_code, refused.json()["code"]) == (422, "parent_ended")


async def test_whose_an_approved_supplier_is_another_confirms_or_reverts(desk: Desk, does: Does) -> None:
    supplier = await desk.approved()
    first, second = await companies(desk, "Holding AG", "Briefkasten Ltd")
    assert (await belongs(desk, supplier, first)).status_code == 200
    waiting = await desk.read(supplier)
    assert (waiting["status"], waiting["unconfirmed"]["parent_id"]) == ("unconfirmed", None)
    assert waiting["status_reason"].startswith("parent changed by")
    assert (await does(supplier["registered_by"], "confirm", supplier)).status_code == 403
    assert (await does("carl", "confirm", supplier)).json()["status"] == "approved"

    assert (await belongs(desk, supplier, second)).status_code == 200
    assert (await desk.read(supplier))["unconfirmed"]["parent_id"] == first["id"]
    reverted = await does("carl", "revert", supplier, reason="No such register entry")
    assert reverted.json()["status"] == "approved"
    assert (await group(desk, supplier))["head_id"] == first["id"]


async def test_no_revert_makes_a_circle(desk: Desk, does: Does) -> None:
    supplier = await desk.approved()
    (owner,) = await companies(desk, "Holding AG")
    await belongs(desk, supplier, owner)
    await does("carl", "confirm", supplier)
    await belongs(desk, supplier, None)
    assert (await belongs(desk, owner, supplier)).status_code == 200
    refused = await does("carl", "revert", supplier, reason="No")
    assert (refused.status_code, refused.json()["code"]) == (409, "groups_entangled")


async def test_what_belongs_to_a_merged_company_belongs_to_the_one_that_goes_on(
    desk: Desk, as_person: AsPerson
) -> None:
    twin, stays, leaf = await companies(desk, "Holding AG", "Holding A.G.", "Blatt GmbH")
    await belongs(desk, leaf, twin)
    await belongs(desk, stays, leaf)
    mia = as_person("mia", Role.CATEGORY_MANAGER)

    async def merge() -> httpx.Response:
        return await mia.post(
            f"/v1/suppliers/{twin['id']}:merge",
            json={"into": stays["id"], "reason": "Entered twice"},
            headers={"If-Match": await desk.etag(twin)},
        )

    refused = await merge()
    assert (refused.status_code, refused.json()["code"]) == (409, "groups_entangled")
    assert (await belongs(desk, stays, twin)).status_code == 200
    tagged = {"add": ["Key account"]}
    assert (await desk.buyer.post(f"/v1/suppliers/{twin['id']}/tags", json=tagged)).status_code == 200
    owner = {"owner": "bea"}
    assert (await desk.buyer.put(f"/v1/suppliers/{twin['id']}/owner", json=owner)).status_code == 200
    assert (await merge()).status_code == 200
    shown = await group(desk, leaf)
    assert shown["head_id"] == stays["id"]
    assert [(m["id"], m["parent_id"]) for m in shown["members"]] == [
        (stays["id"], None),
        (leaf["id"], stays["id"]),
    ]
    now = await desk.read(stays)
    assert (now["owner"], now["tags"]) == ("bea", ["key account"])


async def test_what_owns_others_is_not_withdrawn(desk: Desk, as_person: AsPerson) -> None:
    head, leaf = await companies(desk, "Holding AG", "Blatt GmbH")
    await belongs(desk, leaf, head)
    refused = await as_person("mia", Role.CATEGORY_MANAGER).post(
        f"/v1/suppliers/{head['id']}:withdraw",
        json={"reason": "A customer"},
        headers={"If-Match": await desk.etag(head)},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "not_withdrawable")
    assert leaf["number"] in refused.json()["detail"]
