"""A company is invited, somebody there accepts, and nobody else does with what was meant for them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from purveyor.quotas import Quotas
from purveyor_contract.roles import Role
from sourcing.main import create_app

if TYPE_CHECKING:
    from fastapi import FastAPI
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk

Json = dict[str, Any]
COMPANY: Json = {
    "email": "erika@example.com",
    "contact_name": "Erika Muster",
    "legal_name": "Nordwind GmbH",
    "country": "DE",
    "identifiers": [{"scheme": "vat", "value": "DE 136 695 976"}],
    "categories": ["fasteners"],
    "message": "We would like to buy bolts from you.",
}


def ok(response: Any, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    found: Json = response.json()
    return found


async def invited(desk: Desk, **changes: Any) -> Json:
    return ok(await desk.buyer.post("/v1/supplier-invitations", json=COMPANY | changes), 201)


async def accept(person: Any, secret: str, headers: dict[str, str] | None = None) -> Any:
    return await person.post("/v1/supplier-invitations:accept", json={"secret": secret}, headers=headers)


async def act(desk: Desk, invitation: Json, action: str, **body: Any) -> Any:
    path = f"/v1/supplier-invitations/{invitation['id']}"
    seen = {"If-Match": (await desk.buyer.get(path)).headers["etag"]}
    return await desk.buyer.post(f"{path}:{action}", json=body, headers=seen)


async def test_a_company_that_is_invited_becomes_a_supplier_that_keeps_its_file_and_others_learn_no_secret(
    desk: Desk, as_person: AsPerson
) -> None:
    invitation = await invited(desk)
    secret = invitation["secret"]
    erika = as_person("erika", Role.SUPPLIER)
    before = await erika.get("/v1/suppliers")
    assert (before.status_code, before.json()["code"]) == (401, "invalid_token")
    accepted = ok(await accept(erika, secret))
    [own] = ok(await erika.get("/v1/suppliers"))["items"]
    assert (own["id"], own["legal_name"], own["status"]) == (
        accepted["supplier_id"],
        "Nordwind GmbH",
        "registered",
    )
    mine = ok(await erika.get(f"/v1/suppliers/{own['id']}"))
    assert mine["identifiers"] == [{"scheme": "VAT", "value": "DE136695976"}]
    assert mine["contacts"][0]["email"] == "erika@example.com"
    ours = ok(await desk.buyer.get(f"/v1/suppliers/{own['id']}"))
    assert ours["registered_by"] == "erika"
    refused = await desk.act("submit", ours)
    assert refused.status_code == 200
    as_inviter = as_person("bob", Role.CATEGORY_MANAGER)
    approval = {"categories": ["fasteners"], "expires_on": "2027-12-31"}
    seen = {"If-Match": await desk.etag(ours)}
    refused = await as_inviter.post(f"/v1/suppliers/{own['id']}:approve", json=approval, headers=seen)
    assert refused.json()["code"] == "segregation_of_duties"
    assert await desk.event_names(own) == ["SupplierRegistered", "SupplierAccessGranted"]
    assert await desk.event_names(invitation) == ["SupplierInvitationSent", "SupplierInvitationAccepted"]
    async with desk.context.database.connection() as connection:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in tables:
            rows = await connection.fetch(f'SELECT t::text AS row FROM "{table["tablename"]}" AS t')  # noqa: S608
            assert not any(secret in row["row"] for row in rows), table["tablename"]


async def test_a_request_repeated_by_its_key_makes_no_second_invitation_and_tells_no_secret(
    desk: Desk,
) -> None:
    key = {"Idempotency-Key": "once"}
    first = ok(await desk.buyer.post("/v1/supplier-invitations", json=COMPANY, headers=key), 201)
    again = ok(await desk.buyer.post("/v1/supplier-invitations", json=COMPANY, headers=key), 201)
    assert first["secret"]
    assert again == first | {"secret": None}


async def test_a_secret_lets_in_one_person_once_and_says_why_to_who_holds_it_and_nothing_to_a_stranger(
    desk: Desk, as_person: AsPerson, clock: Clock, app: FastAPI
) -> None:
    erika, otto = as_person("erika", Role.SUPPLIER), as_person("otto", Role.SUPPLIER)
    used, revoked, replaced = [await invited(desk, identifiers=[], legal_name=n) for n in ("A", "B", "C")]
    expired = await invited(desk, identifiers=[], legal_name="D", expires_in_days=1)
    ok(await accept(erika, used["secret"]))
    ok(await act(desk, revoked, "revoke", reason="Sent to the wrong address"))
    resent = ok(await act(desk, replaced, "resend", expires_in_days=30))
    clock.wait(days=2)
    told = {
        "invitation_unknown": "x" * 43,
        "invitation_used": used["secret"],
        "invitation_revoked": revoked["secret"],
        "invitation_replaced": replaced["secret"],
        "invitation_expired": expired["secret"],
    }
    for code, secret in told.items():
        refused = await accept(otto, secret)
        assert (refused.status_code, refused.json()["code"]) == (403, code)
        assert secret not in refused.text
    again = await accept(erika, used["secret"])
    assert again.json()["code"] == "invitation_used"
    second = await accept(erika, resent["secret"])
    assert (second.status_code, second.json()["code"]) == (409, "acts_for_supplier")
    for person, code in (
        (as_person("sam", Role.SUPPLIER, supplier_id=uuid4()), "acts_for_supplier"),
        (as_person("bob", Role.SUPPLIER), "segregation_of_duties"),
        (as_person("bob", Role.BUYER, scopes=["sourcing:changes:write"]), "role_required"),
    ):
        assert (await accept(person, resent["secret"])).json()["code"] == code
    await app.state.security.written()
    async with desk.context.database.connection() as connection:
        noted = await connection.fetch("SELECT code FROM security_record WHERE subject = 'otto'")
    assert {row["code"] for row in noted} == set(told)
    assert resent["sendings"] == 2
    ok(await accept(otto, resent["secret"]))
    listed = ok(await desk.buyer.get("/v1/supplier-invitations", params={"status": "sent"}))["items"]
    assert [(one["legal_name"], one["expired"]) for one in listed] == [("D", True)]
    assert (await act(desk, used, "resend")).json()["code"] == "wrong_state"


async def test_of_two_who_accept_at_once_one_wins(desk: Desk, as_person: AsPerson) -> None:
    secret = (await invited(desk))["secret"]
    people = [as_person(name, Role.SUPPLIER) for name in ("erika", "otto", "ute")]
    answers = await asyncio.gather(*(accept(person, secret) for person in people))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403]
    assert len(ok(await desk.buyer.get("/v1/suppliers"))["items"]) == 1
    one = await invited(desk, identifiers=[], legal_name="One")
    other = await invited(desk, identifiers=[], legal_name="Other")
    uwe = as_person("uwe", Role.SUPPLIER)
    both = await asyncio.gather(*(accept(uwe, each["secret"]) for each in (one, other)))
    assert sorted(answer.status_code for answer in both) == [200, 409]


async def test_a_company_that_is_known_is_invited_as_the_supplier_that_it_is(
    desk: Desk, as_person: AsPerson
) -> None:
    early = await invited(desk)
    known = await desk.approved(identifiers=COMPANY["identifiers"])
    refused = await desk.buyer.post("/v1/supplier-invitations", json=COMPANY)
    assert (refused.status_code, refused.json()["code"]) == (409, "identifier_taken")
    assert refused.json()["number"] == known["number"]
    erika = as_person("erika", Role.SUPPLIER)
    late = await accept(erika, early["secret"])
    assert (late.status_code, late.json()["code"]) == (409, "company_known")
    assert known["number"] not in late.text
    both = {"email": "erika@example.com", "supplier_id": known["id"], "country": "DE"}
    refused = await desk.buyer.post("/v1/supplier-invitations", json=both)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/country")
    del both["country"]
    invitation = ok(await desk.buyer.post("/v1/supplier-invitations", json=both), 201)
    key = {"Idempotency-Key": "once"}
    answer = await accept(erika, invitation["secret"], key)
    again = await accept(erika, invitation["secret"], key)
    assert ok(again) == ok(answer)
    assert (answer.json()["number"], again.headers["idempotent-replayed"]) == (known["number"], "true")
    assert ok(await erika.get(f"/v1/suppliers/{known['id']}"))["status"] == "approved"
    [access] = ok(await desk.buyer.get("/v1/supplier-access", params={"supplier_id": known["id"]}))["items"]
    path = f"/v1/supplier-access/{access['id']}"
    seen = {"If-Match": (await desk.buyer.get(path)).headers["etag"]}
    ok(await desk.buyer.post(f"{path}:withdraw", json={"reason": "She left"}, headers=seen))
    assert (await erika.get(f"/v1/suppliers/{known['id']}")).status_code == 401
    late = await accept(erika, invitation["secret"], key)
    assert (late.status_code, late.json()["code"]) == (403, "invitation_used"), "and no answer of before"
    gone = await desk.terminated(legal_name="Gone")
    refused = await desk.buyer.post(
        "/v1/supplier-invitations", json={"email": "a@example.com", "supplier_id": gone["id"]}
    )
    assert refused.json()["code"] == "wrong_state"


async def test_who_acts_for_a_supplier_decides_nothing_about_it_with_another_token(
    desk: Desk, as_person: AsPerson
) -> None:
    known = await desk.approved()
    invitation = ok(
        await desk.buyer.post(
            "/v1/supplier-invitations", json={"email": "erika@example.com", "supplier_id": known["id"]}
        ),
        201,
    )
    ok(await accept(as_person("erika", Role.SUPPLIER), invitation["secret"]))
    [granted] = [one for one in await desk.audit(known["id"]) if one["action"] == "grant_access"]
    assert granted["after"]["subject"] == "erika"
    assert "erika" in granted["after"]["authors"]
    [access] = ok(await desk.buyer.get("/v1/supplier-access", params={"supplier_id": known["id"]}))["items"]
    path = f"/v1/supplier-access/{access['id']}"
    seen = {"If-Match": (await desk.buyer.get(path)).headers["etag"]}
    ok(await desk.buyer.post(f"{path}:withdraw", json={"reason": "She left"}, headers=seen))

    of_ours = as_person("erika", Role.CATEGORY_MANAGER, Role.BUYER)
    approval = {"categories": ["bearings"], "expires_on": "2027-12-31"}
    renamed = {"legal_name": "Briefkasten Ltd", "country": "CY", "categories": known["categories"]}
    seen = {"If-Match": await desk.etag(known)}
    ok(await desk.buyer.put(f"/v1/suppliers/{known['id']}", json=renamed, headers=seen))
    actions: tuple[tuple[str, Json], ...] = (
        ("confirm", {}),
        ("merge", {"into": (await desk.registered(legal_name="Other"))["id"], "reason": "One company"}),
    )
    for action, body in actions:
        seen = {"If-Match": await desk.etag(known)}
        refused = await of_ours.post(f"/v1/suppliers/{known['id']}:{action}", json=body, headers=seen)
        assert refused.json()["code"] == "segregation_of_duties", refused.text
    seen = {"If-Match": await desk.etag(known)}
    ok(await desk.manager.post(f"/v1/suppliers/{known['id']}:confirm", headers=seen))
    seen = {"If-Match": await desk.etag(known)}
    refused = await of_ours.post(f"/v1/suppliers/{known['id']}:approve", json=approval, headers=seen)
    assert refused.json()["code"] == "segregation_of_duties"


async def test_hostile_secrets_are_refused_and_those_who_try_many_wait(
    desk: Desk, as_person: AsPerson
) -> None:
    otto = as_person("otto", Role.SUPPLIER)
    for hostile in ("", "' OR 1=1 --", "\u202e" + "x" * 42, "x" * 10_000, "\0"):
        assert (await accept(otto, hostile)).status_code in {403, 422}
    # An app of its own counts for itself who sends secrets that nobody was given.
    app = create_app(desk.context)
    app.state.quotas = Quotas(desk.context.settings.model_copy(update={"rate_limit_failed_tokens": 3}))
    headers = otto.headers
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
    ) as otto:
        codes = [(await accept(otto, f"{n:043d}")).status_code for n in range(4)]
    assert codes == [403, 403, 403, 429]


@pytest.mark.parametrize("missing", ["legal_name", "country"])
async def test_a_company_that_is_not_known_is_named(desk: Desk, missing: str) -> None:
    refused = await desk.buyer.post("/v1/supplier-invitations", json=COMPANY | {missing: None})
    assert (refused.status_code, refused.json()["code"]) == (422, "company_not_named")
    assert json.dumps(f"/{missing}") in refused.text
