"""Suppliers that are one company are merged by somebody who wrote neither, and nothing is laundered by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx
import pytest

from purveyor_contract.roles import Role
from sourcing.suppliers.commands import block_locked, unblock_company
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.store.ending import present_of
from sourcing.suppliers.store.rows import lock_supplier

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

Json = dict[str, Any]
WHY = "Entered twice: same register number"
DUNS = {"scheme": "DUNS", "value": "150483782"}


async def merge(desk: Desk, by: httpx.AsyncClient, gone: Json, into: Json, **more: Any) -> httpx.Response:
    return await by.post(
        f"/v1/suppliers/{gone['id']}:merge",
        json={"into": into["id"], "reason": WHY} | more,
        headers={"If-Match": await desk.etag(gone)},
    )


@pytest.fixture
def mia(as_person: AsPerson) -> httpx.AsyncClient:
    return as_person("mia", Role.CATEGORY_MANAGER)


async def test_a_supplier_goes_on_as_another_and_both_histories_stay(
    desk: Desk, mia: httpx.AsyncClient, as_person: AsPerson
) -> None:
    twin = await desk.approved(legal_name="Muster Schraub GmbH", identifiers=[DUNS])
    stays = await desk.approved(categories=["fasteners"])
    refused = await merge(desk, desk.buyer, twin, stays)
    assert refused.json()["code"] == "role_required"
    registrar = as_person("bob", Role.BUYER, Role.CATEGORY_MANAGER)
    assert (await merge(desk, registrar, twin, stays)).json()["code"] == "segregation_of_duties"

    merged = await merge(desk, mia, twin, stays, identifiers=[DUNS], categories=["bearings"])
    assert merged.status_code == 200, merged.text
    shown = merged.json()
    assert (shown["status"], shown["status_reason"], shown["allowed_actions"]) == ("merged", WHY, [])
    assert shown["merged_into"]["id"] == stays["id"]
    assert (shown["identifiers"], len(shown["approvals"])) == ([], 1)
    now = await desk.read(stays)
    assert [one["id"] for one in now["merged_from"]] == [twin["id"]]
    assert (now["identifiers"], now["categories"]) == ([DUNS], ["fasteners", "bearings"])
    assert [a["category"] for a in now["approvals"]] == ["fasteners"]
    assert (now["status"], now["unconfirmed"]["changed_by"]) == ("unconfirmed", ["mia"])
    assert [one["legal_name"] for one in now["possible_duplicates"]] == []

    name, told = (await desk.events(twin))[-1]
    assert (name, told["into_supplier_id"], told["status_before"]) == (
        "SuppliersMerged",
        stays["id"],
        "approved",
    )
    assert (await desk.event_names(stays))[-3:] == [
        "SupplierDetailsChanged",
        "SupplierIdentityChanged",
        "SupplierSuspended",
    ]
    assert [record["action"] for record in await desk.audit(twin["id"])][-1] == "merge"
    assert (await desk.change(twin, legal_name="Other")).json()["code"] == "wrong_state"
    [listed] = (await mia.get("/v1/supplier-merges", params={"into_id": stays["id"]})).json()["items"]
    assert (listed["supplier_id"], listed["merged_by"], listed["status"]) == (twin["id"], "mia", "settled")


async def test_what_keeps_from_ordering_goes_over_and_another_clears_it(
    desk: Desk, mia: httpx.AsyncClient
) -> None:
    bad, good = await desk.suspended(legal_name="Bad GmbH"), await desk.approved(legal_name="Good GmbH")
    hit, document = uuid4(), uuid4()
    async with desk.context.database.transaction() as tx:
        one = await lock_supplier(tx, UUID(bad["id"]))
        block_locked(tx, one, BlockCause.SCREENING, hit, "a name on a list", None)
        block_locked(tx, one, BlockCause.DOCUMENT, document, "ISO 9001 ended", "it ended", ["fasteners"])
    assert (await merge(desk, mia, bad, good)).status_code == 200
    now = await desk.read(good)
    assert now["status"] == "approved"
    assert {(b["cause"], b["reference"]) for b in now["blocks"]} == {
        ("screening", str(hit)),
        ("document", str(document)),
        ("duplicate", bad["id"]),
    }
    assert "was suspended: Audit" in next(b["reason"] for b in now["blocks"] if b["cause"] == "duplicate")
    assert [name for name, _ in (await desk.events(good))[-3:]] == ["SupplierBlocked"] * 3

    path, why = f"/v1/supplier-merges/{bad['id']}", {"reason": "The audit was of another plant"}
    seen = await mia.get(path)
    assert seen.json()["status"] == "waiting"
    headers = {"If-Match": seen.headers["etag"]}
    refused = await mia.post(f"{path}:clear", json=why, headers=headers)
    assert refused.json()["code"] == "segregation_of_duties"
    cleared = await desk.manager.post(f"{path}:clear", json=why, headers=headers)
    assert (cleared.status_code, cleared.json()["status"]) == (200, "settled")
    assert {b["cause"] for b in (await desk.read(good))["blocks"]} == {"screening", "document"}
    async with desk.context.database.transaction() as tx:
        one = await lock_supplier(tx, UUID(bad["id"]))
        await unblock_company(tx, one, BlockCause.SCREENING, hit, "another man")
    assert {b["cause"] for b in (await desk.read(good))["blocks"]} == {"document"}
    again = await desk.manager.post(f"{path}:clear", json=why, headers={"If-Match": cleared.headers["etag"]})
    assert again.json()["code"] == "wrong_state"


async def test_a_chain_leads_to_its_end_and_never_back(desk: Desk, mia: httpx.AsyncClient) -> None:
    first, second, third = [await desk.registered(legal_name=f"Kette {n} GmbH") for n in ("A", "B", "C")]
    assert (await merge(desk, mia, first, first)).json()["code"] == "merge_with_itself"
    assert (await merge(desk, mia, first, second)).status_code == 200
    assert (await merge(desk, mia, second, first)).json()["code"] == "successor_ended"
    assert (await merge(desk, mia, second, third)).status_code == 200
    assert (await merge(desk, mia, third, first)).json()["code"] == "successor_ended"
    assert (await desk.read(first))["merged_into"]["id"] == third["id"]
    async with desk.context.database.transaction() as tx:
        assert await present_of(tx, UUID(first["id"])) == UUID(third["id"])
    ended = await desk.terminated(legal_name="Ende GmbH")
    assert (await merge(desk, mia, ended, third)).json()["code"] == "wrong_state"
    assert (await merge(desk, mia, third, ended)).json()["code"] == "successor_ended"


async def test_two_legal_persons_are_not_merged(desk: Desk, mia: httpx.AsyncClient) -> None:
    german = [{"scheme": "VAT", "value": "DE136695976"}]
    one = await desk.approved(legal_name="Eins GmbH", identifiers=german)
    other = await desk.registered(
        legal_name="Zwei SA", country="BE", identifiers=[{"scheme": "VAT", "value": "BE0428759497"}]
    )
    assert (await merge(desk, mia, one, other)).json()["code"] == "different_companies"
    # Nor after its number was taken off by one person: it stands by what was approved.
    await desk.change(one, legal_name="Eins GmbH")
    assert (await merge(desk, mia, one, other)).json()["code"] == "different_companies"
    refused = await merge(desk, mia, other, await desk.registered(), identifiers=[DUNS])
    assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == (
        "not_its_own",
        "/identifiers/0",
    )


async def test_an_open_review_is_decided_for_the_one_that_goes_on(desk: Desk, mia: httpx.AsyncClient) -> None:
    low, stays = await desk.approved(legal_name="Low GmbH"), await desk.approved(legal_name="Stays GmbH")
    await desk.score(low, "40.0", "D", 1)
    review = await desk.review(low)
    assert (await merge(desk, mia, low, stays)).status_code == 200
    moved = await desk.review(stays)
    assert moved["id"] == review["id"]
    await desk.score(low, "20.0", "E", 2)
    assert (await desk.read(low))["open_review"] is None
    decided = await desk.decide(moved, "suspend", '"2"')
    assert (decided.status_code, (await desk.read(stays))["status"]) == (200, "suspended")

    both = await desk.approved(legal_name="Both GmbH")
    last = await desk.approved(legal_name="Last GmbH")
    for supplier in (both, last):
        await desk.score(supplier, "40.0", "D", 1)
    assert (await merge(desk, mia, both, last)).status_code == 200
    assert (await desk.event_names(both))[-2:] == ["SupplierReviewDecided", "SuppliersMerged"]
    assert (await desk.review(last))["supplier"]["id"] == last["id"]


async def test_what_was_entered_by_mistake_is_withdrawn_and_gives_its_numbers_free(
    desk: Desk, mia: httpx.AsyncClient, as_person: AsPerson
) -> None:
    wrong = await desk.registered(identifiers=[DUNS], external_reference="V-1")

    async def withdraw(by: httpx.AsyncClient, supplier: Json) -> httpx.Response:
        return await by.post(
            f"/v1/suppliers/{supplier['id']}:withdraw",
            json={"reason": "A customer"},
            headers={"If-Match": await desk.etag(supplier)},
        )

    registrar = as_person("bob", Role.BUYER, Role.CATEGORY_MANAGER)
    assert (await withdraw(registrar, wrong)).json()["code"] == "segregation_of_duties"
    withdrawn = await withdraw(mia, wrong)
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn")
    name, told = (await desk.events(wrong))[-1]
    assert (name, told["identifiers"], told["external_reference"]) == ("SupplierWithdrawn", [DUNS], "V-1")
    await desk.registered(identifiers=[DUNS], external_reference="V-1")

    assert (await withdraw(mia, await desk.approved())).json()["code"] == "wrong_state"
    twin, stays = await desk.approved(legal_name="Twin"), await desk.registered(legal_name="Stays")
    assert (await merge(desk, mia, twin, stays)).status_code == 200
    assert (await withdraw(mia, stays)).json()["code"] == "not_withdrawable"
