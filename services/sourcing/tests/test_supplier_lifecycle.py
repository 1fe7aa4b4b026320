"""A supplier from its registration to its end, over HTTP, against a real database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from purveyor.service import ServiceContext
from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk


Json = dict[str, Any]


def refused(response: httpx.Response, status: int, code: str) -> Json:
    body: Json = response.json()
    assert (response.status_code, body.get("code")) == (status, code), response.text
    return body


async def test_a_supplier_goes_from_registration_to_its_end(desk: Desk) -> None:
    supplier = await desk.approved(identifiers=[{"scheme": "VAT", "value": "136695976"}])
    assert supplier["status"] == "approved"
    assert supplier["number"] == "S-000001"
    assert supplier["identifiers"] == [{"scheme": "VAT", "value": "DE136695976"}]
    assert supplier["allowed_actions"] == ["approve", "suspend", "terminate", "merge"]
    for action, status in (("suspend", "suspended"), ("reinstate", "approved"), ("terminate", "terminated")):
        response = await desk.act(action, supplier, reason="Because")
        assert response.status_code == 200, response.text
        assert (response.json()["status"], response.json()["status_reason"]) == (status, "Because")
    published = await desk.events(supplier)
    assert [name for name, _ in published] == [
        "SupplierRegistered",
        "SupplierApproved",
        "SupplierSuspended",
        "SupplierReinstated",
        "SupplierTerminated",
    ]
    assert published[0][1]["registered_by"] == "bob"
    assert published[1][1]["approvals"] == [{"category": "fasteners", "expires_on": "2027-12-31"}]
    assert published[3][1]["approvals"] == [{"category": "fasteners", "expires_on": "2027-12-31"}]
    assert [(record["actor"], record["action"]) for record in await desk.audit(supplier["id"])] == [
        ("bob", "register"),
        ("bob", "submit"),
        ("carla", "approve"),
        ("carla", "suspend"),
        ("carla", "reinstate"),
        ("carla", "terminate"),
    ]


async def test_a_rejected_supplier_may_be_submitted_again(desk: Desk) -> None:
    supplier = await desk.rejected()
    assert supplier["status_reason"] == "Too small"
    response = await desk.act("submit", supplier)
    assert response.json()["status"] == "submitted"
    assert response.json()["status_reason"] is None
    assert await desk.event_names(supplier) == ["SupplierRegistered", "SupplierRejected"]


POSSIBLE = {
    "registered": {"submit", "terminate", "merge", "withdraw"},
    "submitted": {"approve", "reject", "terminate", "merge", "withdraw"},
    "approved": {"approve", "suspend", "terminate", "merge"},
    "rejected": {"submit", "terminate", "merge", "withdraw"},
    "suspended": {"reinstate", "terminate", "merge"},
    "terminated": set(),
}


@pytest.mark.parametrize("status", POSSIBLE)
async def test_a_move_that_a_status_does_not_allow_is_refused_naming_those_it_does(
    desk: Desk, status: str
) -> None:
    supplier = await getattr(desk, status)()
    assert supplier["status"] == status
    for action in ("submit", "approve", "reject", "suspend", "reinstate", "terminate"):
        if action in POSSIBLE[status]:
            continue
        body = {"categories": ["fasteners"], "expires_on": "2027-12-31"}
        response = await desk.act(
            action,
            supplier,
            **({} if action == "submit" else body if action == "approve" else {"reason": "x"}),
        )
        problem = refused(response, 409, "wrong_state")
        assert set(problem["allowed"]) == POSSIBLE[status]
    assert (await desk.read(supplier))["status"] == status


async def test_approving_again_adds_categories_and_moves_the_last_day(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.act("approve", supplier, categories=["bearings"], expires_on="2028-06-30")
    response = await desk.act("approve", supplier, categories=["fasteners"], expires_on="2026-11-20")
    assert [(a["category"], a["expires_on"]) for a in response.json()["approvals"]] == [
        ("bearings", "2028-06-30"),
        ("fasteners", "2026-11-20"),
    ]
    assert (await desk.events(supplier))[-1][1]["approvals"] == [
        {"category": "bearings", "expires_on": "2028-06-30"},
        {"category": "fasteners", "expires_on": "2026-11-20"},
    ]


async def test_an_expired_approval_is_shown_and_no_longer_published(desk: Desk, clock: Clock) -> None:
    supplier = await desk.approved()
    clock.wait(days=500)
    assert not (await desk.read(supplier))["approvals"][0]["in_force"]
    await desk.act("approve", supplier, categories=["bearings"], expires_on="2030-01-01")
    assert (await desk.events(supplier))[-1][1]["approvals"] == [
        {"category": "bearings", "expires_on": "2030-01-01"}
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"categories": ["fasteners"], "expires_on": "2026-11-19"}, "/expires_on"),
        ({"categories": ["fasteners", "fastners"], "expires_on": "2027-01-01"}, "/categories/1"),
        ({"categories": [], "expires_on": "2027-01-01"}, "/categories"),
        ({"categories": ["fasteners"]}, "/expires_on"),
        ({"categories": ["fasteners"], "expires_on": "tomorrow"}, "/expires_on"),
        ({"categories": "fasteners", "expires_on": "2027-01-01"}, "/categories"),
    ],
)
async def test_an_approval_that_makes_no_sense_is_refused_naming_the_field(
    desk: Desk, body: Json, pointer: str
) -> None:
    response = await desk.act("approve", await desk.submitted(), **body)
    assert response.status_code == 422
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


async def test_who_registered_a_supplier_does_not_approve_it(desk: Desk) -> None:
    supplier = answered(await desk.manager.post("/v1/suppliers", json=desk.details()))
    await desk.act("submit", supplier)
    response = await desk.act("approve", supplier, categories=["fasteners"], expires_on="2027-01-01")
    refused(response, 403, "segregation_of_duties")
    assert (await desk.read(supplier))["status"] == "submitted"


def answered(response: httpx.Response) -> Json:
    assert response.is_success, response.text
    body: Json = response.json()
    return body


async def test_the_database_itself_keeps_registrar_and_approver_apart(
    desk: Desk, context: ServiceContext
) -> None:
    supplier = await desk.approved()
    async with context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="approver_is_not_registrar"):
            await connection.execute("UPDATE category_approval SET approved_by = 'bob'")
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute("UPDATE category_approval SET registered_by = 'x'")
    assert (await desk.read(supplier))["approvals"][0]["approved_by"] == "carla"


async def test_of_two_approvals_at_once_one_is_told_that_the_supplier_changed(desk: Desk) -> None:
    supplier = await desk.submitted()
    etag = await desk.etag(supplier)
    answers = await asyncio.gather(
        *(
            desk.manager.post(
                f"/v1/suppliers/{supplier['id']}:approve",
                json={"categories": [category], "expires_on": "2027-01-01"},
                headers={"If-Match": etag},
            )
            for category in ("fasteners", "bearings")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert await desk.event_names(supplier) == ["SupplierRegistered", "SupplierApproved"]


async def test_a_change_needs_the_etag_that_was_seen(desk: Desk) -> None:
    supplier = await desk.registered()
    url = f"/v1/suppliers/{supplier['id']}"
    refused(await desk.buyer.post(f"{url}:submit"), 428, "if_match_required")
    refused(await desk.buyer.post(f"{url}:submit", headers={"If-Match": '"7"'}), 412, "changed_meanwhile")
    refused(await desk.buyer.put(url, json=desk.details()), 428, "if_match_required")


@pytest.mark.parametrize("action", ["approve", "reject", "suspend", "reinstate", "terminate"])
async def test_only_a_category_manager_decides(desk: Desk, action: str) -> None:
    supplier = await desk.submitted()
    response = await desk.buyer.post(
        f"/v1/suppliers/{supplier['id']}:{action}",
        json={"categories": ["fasteners"], "expires_on": "2027-01-01"}
        if action == "approve"
        else {"reason": "x"},
        headers={"If-Match": '"2"'},
    )
    refused(response, 403, "role_required")


@pytest.mark.parametrize("reason", [None, "", "   ", "x" * 2001, "\0", 7])
async def test_a_decision_against_a_supplier_needs_a_reason(desk: Desk, reason: Any) -> None:
    response = await desk.act("suspend", await desk.approved(), reason=reason)
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"] == "/reason"


async def test_a_supplier_sees_itself_and_nobody_else(desk: Desk, as_person: AsPerson) -> None:
    own, other = await desk.approved(), await desk.registered(legal_name="Other")
    portal = as_person("portal", Role.SUPPLIER, supplier_id=own["id"])
    assert (await portal.get(f"/v1/suppliers/{own['id']}")).status_code == 200
    refused(await portal.get(f"/v1/suppliers/{other['id']}"), 404, "supplier_not_found")
    refused(await portal.get(f"/v1/suppliers/{other['id']}/scores"), 404, "supplier_not_found")
    assert [item["id"] for item in answered(await portal.get("/v1/suppliers"))["items"]] == [own["id"]]
    assert (await portal.post("/v1/suppliers", json=desk.details())).status_code == 403


async def test_an_unknown_supplier_is_not_found(desk: Desk) -> None:
    refused(await desk.buyer.get(f"/v1/suppliers/{uuid4()}"), 404, "supplier_not_found")
    response = await desk.manager.post(
        f"/v1/suppliers/{uuid4()}:suspend", json={"reason": "x"}, headers={"If-Match": '"1"'}
    )
    refused(response, 404, "supplier_not_found")
    assert (await desk.buyer.get("/v1/suppliers/S-000001")).status_code == 422


async def test_the_same_request_with_its_idempotency_key_registers_one_supplier(desk: Desk) -> None:
    headers = {"Idempotency-Key": "k1"}
    first, second = [
        await desk.buyer.post("/v1/suppliers", json=desk.details(), headers=headers) for _ in range(2)
    ]
    assert first.json() == second.json()
    assert second.headers["location"] == f"/v1/suppliers/{first.json()['id']}"
    assert len(answered(await desk.buyer.get("/v1/suppliers"))["items"]) == 1
