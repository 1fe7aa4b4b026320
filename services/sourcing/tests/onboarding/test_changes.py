"""A supplier keeps its own file: what it writes is its record only as far as a buyer takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import pytest

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

Json = dict[str, Any]
PATH = "/v1/supplier-changes"
NEW_NAME = "Muster Verbindungstechnik GmbH"
PEOPLE = [{"name": "Ute Muster", "email": "ute@example.com", "role": "quality"}]
STATED: Json = {
    "legal_name": NEW_NAME,
    "contacts": PEOPLE,
    "identifiers": [{"scheme": "VAT", "value": "DE 136 695 976"}],
    "categories": ["bearings", "fasteners"],
}


def ok(response: Any, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    found: Json = response.json()
    return found


async def act(person: Any, change: Json, action: str, reader: Any = None, **body: Any) -> Any:
    path = f"{PATH}/{change['id']}"
    seen = {"If-Match": (await (reader or person).get(path)).headers["etag"]}
    return await person.post(f"{path}:{action}", json=body or None, headers=seen)


async def proposed(person: Any, **stated: Any) -> Json:
    change = ok(await person.post(PATH, json={"stated": stated}), 201)
    return ok(await act(person, change, "submit"))


def taking(*fields: str) -> Json:
    return {"decisions": [{"field": field, "decision": "taken"} for field in fields]}


async def test_what_a_supplier_proposes_is_its_record_field_by_field_as_a_buyer_takes_it(
    desk: Desk, as_person: AsPerson
) -> None:
    supplier = await desk.approved()
    path = f"/v1/suppliers/{supplier['id']}"
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    draft = ok(await sue.post(PATH, json={"stated": {"legal_name": "Mus"}, "note": "wip"}), 201)
    again = await sue.post(PATH, json={"stated": {}})
    assert (again.status_code, again.json()["code"]) == (409, "change_under_way")
    assert (await desk.buyer.get(f"{PATH}/{draft['id']}")).status_code == 404
    assert ok(await desk.buyer.get(PATH))["items"] == []
    saved = ok(
        await sue.put(
            f"{PATH}/{draft['id']}", json={"stated": STATED, "note": "We merged"}, headers={"If-Match": '"1"'}
        )
    )
    assert saved["status"] == "draft"
    change = ok(await act(sue, draft, "submit"))
    assert [one["field"] for one in change["fields"]] == ["legal_name", "identifiers", "contacts"]
    assert change["stated"]["identifiers"] == [{"scheme": "VAT", "value": "DE136695976"}]
    assert ok(await desk.buyer.get(path))["legal_name"] == "Muster Schrauben GmbH"

    silent = await act(
        desk.buyer, change, "decide", decisions=[{"field": "identifiers", "decision": "returned"}]
    )
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (
        422,
        "/decisions/0/reason_for_supplier",
    )
    returned = {
        "field": "identifiers",
        "decision": "returned",
        "reason": "Looks wrong",
        "reason_for_supplier": "Send the certificate",
    }
    half = ok(await act(desk.buyer, change, "decide", decisions=[*taking("contacts")["decisions"], returned]))
    assert half["status"] == "proposed"
    record = ok(await desk.buyer.get(path))
    assert record["contacts"][0]["name"] == "Ute Muster"
    assert (record["status"], record["identifiers"], record["legal_name"]) == (
        "approved",
        [],
        "Muster Schrauben GmbH",
    )
    twice = await act(desk.buyer, change, "decide", **taking("contacts"))
    assert twice.json()["code"] == "decision_invalid"

    taker = as_person("cem", Role.BUYER, Role.CATEGORY_MANAGER)
    assert ok(await act(taker, change, "decide", **taking("legal_name")))["status"] == "decided"
    record = ok(await desk.buyer.get(path))
    assert (record["status"], record["legal_name"]) == ("unconfirmed", NEW_NAME)
    assert record["unconfirmed"]["changed_by"] == ["sue", "cem"]
    seen = {"If-Match": await desk.etag(supplier)}
    assert (await taker.post(f"{path}:confirm", headers=seen)).json()["code"] == "segregation_of_duties"
    assert ok(await desk.manager.post(f"{path}:confirm", headers=seen))["status"] == "approved"
    assert (await desk.event_names(supplier))[2:] == [
        "SupplierChangeProposed",
        "SupplierDetailsChanged",
        "SupplierChangeTaken",
        "SupplierChangeReturned",
        "SupplierDetailsChanged",
        "SupplierIdentityChanged",
        "SupplierSuspended",
        "SupplierChangeTaken",
        "SupplierIdentityConfirmed",
        "SupplierReinstated",
    ]
    mine = ok(await sue.get(f"{PATH}/{change['id']}"))
    assert mine["fields"][1] == {
        "field": "identifiers",
        "decision": "returned",
        "reason_for_supplier": "Send the certificate",
    }
    assert "Looks wrong" not in str(mine)
    trail = "".join(str(one) for one in await desk.audit(change["id"]))
    assert "Ute Muster" not in trail
    assert len(ok(await sue.get(PATH, params={"status": "decided"}))["items"]) == 1


async def test_nobody_but_the_supplier_writes_its_file_and_no_other_supplier_sees_it(
    desk: Desk, as_person: AsPerson
) -> None:
    own, rival = await desk.registered(), await desk.registered(legal_name="Rival")
    sue = as_person("sue", Role.SUPPLIER, supplier_id=own["id"])
    rita = as_person("rita", Role.SUPPLIER, supplier_id=rival["id"])
    change = await proposed(sue, country="AT")
    assert (await rita.get(f"{PATH}/{change['id']}")).status_code == 404
    seen = {"If-Match": '"2"'}
    for action in ("submit", "withdraw"):
        refused = await rita.post(f"{PATH}/{change['id']}:{action}", headers=seen)
        assert refused.status_code == 404
    assert (await desk.buyer.post(PATH, json={"stated": {}})).status_code == 403
    assert (await act(sue, change, "decide", **taking("country"))).status_code == 403
    as_both = as_person("sue", Role.BUYER)
    refused = await act(as_both, change, "decide", **taking("country"))
    assert refused.json()["code"] == "segregation_of_duties"
    async with desk.context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError) as broken:
            await connection.execute(
                "UPDATE supplier_change_field SET decision = 'taken', decided_by = 'sue', decided_at = now()"
            )
    assert broken.value.constraint_name == "ck_supplier_change_field_author_does_not_decide"
    nobody = as_person("nemo", Role.SUPPLIER, supplier_id=uuid4())
    assert (await nobody.post(PATH, json={"stated": {}})).status_code == 404


async def test_a_proposal_is_refused_that_says_nothing_new_wrong_numbers_or_of_a_record_that_changed(
    desk: Desk, as_person: AsPerson
) -> None:
    supplier = await desk.registered()
    other = await desk.registered(legal_name="Other", identifiers=[{"scheme": "DUNS", "value": "150483782"}])
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    draft = ok(await sue.post(PATH, json={"stated": {"country": "DE"}}), 201)
    assert (await act(sue, draft, "submit")).json()["code"] == "nothing_changed"
    wrong = {"stated": {"identifiers": [{"scheme": "DUNS", "value": "000000000"}]}}
    ok(await sue.put(f"{PATH}/{draft['id']}", json=wrong, headers={"If-Match": '"1"'}))
    refused = await act(sue, draft, "submit")
    assert refused.json()["errors"][0]["pointer"] == "/identifiers/0/value"
    unheard = {"stated": {"categories": ["fasteners", "unheard-of"]}}
    refused = await sue.put(f"{PATH}/{draft['id']}", json=unheard, headers={"If-Match": '"2"'})
    told = {"pointer": "/stated/categories/1", "detail": "no category has the code unheard-of"}
    assert refused.json()["errors"] == [told]
    like = {"stated": {"categories": ["fastener"]}}
    near = await sue.put(f"{PATH}/{draft['id']}", json=like, headers={"If-Match": '"2"'})
    assert near.json()["errors"][0]["detail"] == "no category has the code fastener"
    hostile = {"stated": {"legal_name": "\u202eevil"}}
    assert (
        await sue.put(f"{PATH}/{draft['id']}", json=hostile, headers={"If-Match": '"2"'})
    ).status_code == 422
    assert ok(await act(sue, draft, "withdraw"))["status"] == "withdrawn"

    taken = await proposed(sue, identifiers=[{"scheme": "DUNS", "value": "15-048-3782"}], contacts=PEOPLE)
    refused = await act(desk.buyer, taken, "decide", **taking("identifiers"))
    assert (refused.json()["code"], refused.json()["number"]) == ("identifier_taken", other["number"])
    ok(await desk.change(supplier, contacts=[{"name": "Somebody Else"}]))
    refused = await act(desk.buyer, taken, "decide", **taking("contacts"))
    assert (refused.status_code, refused.json()["code"]) == (409, "record_changed")
    assert ok(await act(sue, taken, "withdraw"))["status"] == "withdrawn"
    assert (await act(desk.buyer, taken, "decide", **taking("contacts"))).json()["code"] == "wrong_state"
    assert (await desk.read(supplier))["contacts"][0]["name"] == "Somebody Else"
