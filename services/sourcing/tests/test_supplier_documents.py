"""Documents of suppliers: accepted by another, told of before they end, and what is blocked then."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from purveyor.jobs import JobRunner, run_job
from purveyor_contract.roles import Role
from sourcing.worker import JOBS

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk

Json = dict[str, Any]
[DAYS] = [job for job in JOBS if job.name == "document-days"]
PDF = b"%PDF-1.7\n%%EOF\n"


async def uploaded(by: httpx.AsyncClient) -> str:
    sent = await by.post(
        "/v1/files", params={"name": "a.pdf"}, content=PDF, headers={"Content-Type": "application/pdf"}
    )
    file_id: str = sent.json()["id"]
    return file_id


async def submitted(by: httpx.AsyncClient, supplier: Json, **changes: Any) -> httpx.Response:
    document = {
        "supplier_id": supplier["id"],
        "type": "iso-9001",
        "file_id": await uploaded(by),
        "number": "12 100",
        "issuer": "TÜV Süd",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
    }
    return await by.post("/v1/supplier-documents", json=document | changes)


async def act(by: httpx.AsyncClient, document: Json, action: str, **body: Any) -> httpx.Response:
    path = f"/v1/supplier-documents/{document['id']}"
    seen = {"If-Match": (await by.get(path)).headers["etag"]}
    return await by.post(f"{path}:{action}", json=body or None, headers=seen)


async def accepted(desk: Desk, supplier: Json, **changes: Any) -> Json:
    response = await submitted(desk.buyer, supplier, **changes)
    assert response.status_code == 201, response.text
    done = await act(desk.manager, response.json(), "accept")
    assert done.status_code == 200, done.text
    document: Json = done.json()
    return document


async def require(desk: Desk, *categories: str, type_: str = "iso-9001") -> None:
    path = f"/v1/document-types/{type_}"
    known = await desk.manager.get(path)
    done = await desk.manager.put(
        path,
        json={"name": "ISO 9001", "required_in": list(categories)},
        headers={"If-Match": known.headers["etag"]},
    )
    assert done.status_code == 200, done.text


async def pass_days(desk: Desk, clock: Clock, until: date) -> None:
    """Let days pass, each with its job, as a worker does."""
    runner = JobRunner(desk.context.database, (DAYS,))
    while await runner.catch_up(DAYS):
        pass
    while clock.now.date() < until:
        clock.wait(days=1)
        while await runner.catch_up(DAYS):
            pass


async def told(desk: Desk, supplier: Json) -> list[tuple[Any, ...]]:
    """Return what was told of documents and blocks: names, and what tells them apart."""
    parts = ("stage", "days_left", "categories", "valid_to")
    return [
        (name, *(data[part] for part in parts if data.get(part) is not None))
        for name, data in await desk.events(supplier)
        if name.startswith("Document") or "locked" in name
    ]


async def test_a_certificate_ends_its_category_is_blocked_and_a_new_one_lifts_it(
    desk: Desk, clock: Clock, as_person: AsPerson
) -> None:
    supplier = await desk.approved()
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    await require(desk, "fasteners")
    document = (await submitted(sue, supplier)).json()
    assert document["status"] == "submitted"
    required = await sue.get(f"/v1/suppliers/{supplier['id']}/required-documents")
    assert [one["lack"] for one in required.json()["required"]] == ["never_given"]
    assert (await act(desk.manager, document, "accept")).json()["status"] == "accepted"
    await pass_days(desk, clock, date(2026, 12, 31))
    assert [event for event in await told(desk, supplier) if "locked" in event[0]] == []
    await pass_days(desk, clock, date(2027, 1, 3))
    assert await told(desk, supplier) == [
        ("DocumentSubmitted", "2026-12-31"),
        ("DocumentAccepted", "2026-12-31"),
        ("DocumentExpiring", 60, 41, ["fasteners"], "2026-12-31"),
        ("DocumentExpiring", 30, 30, ["fasteners"], "2026-12-31"),
        ("DocumentExpiring", 7, 7, ["fasteners"], "2026-12-31"),
        ("DocumentExpired", ["fasteners"], "2026-12-31"),
        ("SupplierBlocked", ["fasteners"]),
    ]
    blocked = (await desk.events(supplier))[-1][1]
    assert (blocked["cause"], blocked["reason"]) == ("document", "ISO 9001 ended on 2026-12-31")
    for day in (date(2026, 12, 24), date(2027, 1, 2)):
        await run_job(desk.context.database, DAYS, day, again=True)
    assert (await told(desk, supplier))[-1] == ("SupplierBlocked", ["fasteners"])

    new = (await submitted(sue, supplier, valid_from="2027-01-01", valid_to="2029-12-31")).json()
    assert (await told(desk, supplier))[-1] == ("DocumentSubmitted", "2029-12-31")
    await act(desk.manager, new, "accept")
    assert (await told(desk, supplier))[-2:] == [
        ("DocumentAccepted", "2029-12-31"),
        ("SupplierUnblocked", ["fasteners"]),
    ]
    assert (await desk.events(supplier))[-2][1]["replaces"] == [document["id"]]
    assert (await sue.get(f"/v1/supplier-documents/{document['id']}")).json()["status"] == "replaced"

    withdrawn = await act(
        desk.manager, new, "withdraw", reason="Forged", reason_for_supplier="TÜV does not know it"
    )
    assert withdrawn.json()["status"] == "withdrawn"
    assert [event[0] for event in await told(desk, supplier)][-2:] == ["DocumentWithdrawn", "SupplierBlocked"]
    assert [record["action"] for record in await desk.audit(new["id"])] == ["submit", "accept", "withdraw"]


async def test_a_successor_spares_reminders_and_blocks_and_a_day_missed_is_made_up_for(
    desk: Desk, clock: Clock
) -> None:
    supplier = await desk.approved()
    await require(desk, "fasteners")
    old = await accepted(desk, supplier, valid_to="2026-11-22")
    new = await accepted(desk, supplier, valid_from="2026-11-23", valid_to="2026-12-01")
    await pass_days(desk, clock, date(2026, 11, 23))
    clock.wait(days=7)
    await pass_days(desk, clock, date(2026, 12, 2))
    expiring = [event for event in await told(desk, supplier) if event[0] == "DocumentExpiring"]
    assert [event[1] for event in expiring] == [30, 7]
    assert (await desk.buyer.get(f"/v1/supplier-documents/{old['id']}")).json()["status"] == "replaced"
    ended = [data["document_id"] for name, data in await desk.events(supplier) if name == "DocumentExpired"]
    assert ended == [new["id"]]


async def test_who_submitted_or_uploaded_a_document_does_not_decide_on_it(
    desk: Desk, as_person: AsPerson
) -> None:
    supplier = await desk.approved()
    refused = await submitted(desk.manager, supplier, file_id=await uploaded(desk.other_manager))
    assert refused.json()["code"] == "file_of_another", "it may be internal"
    file_id = await uploaded(as_person("cem", Role.SUPPLIER, supplier_id=supplier["id"]))
    document = (await submitted(desk.manager, supplier, file_id=file_id)).json()
    for by in (desk.manager, desk.other_manager):
        for action, body in (("accept", {}), ("refuse", {"reason": "Mine"})):
            refused = await act(by, document, action, **body)
            assert refused.json()["code"] == "segregation_of_duties"
    async with desk.context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError, match="decided_by_another"):
            await connection.execute(
                "UPDATE supplier_document SET status = 'accepted', decided_by = 'carla', decided_at = now()"
            )
        acts_for_it = "UPDATE supplier SET represented_by = '{rita}' WHERE id = $1"
        await connection.execute(acts_for_it, UUID(supplier["id"]))
    rita = await act(as_person("rita", Role.QUALITY), document, "accept")
    assert rita.json()["code"] == "segregation_of_duties"
    quinn = as_person("quinn", Role.QUALITY)
    refused = await act(quinn, document, "refuse", reason="Blurred", reason_for_supplier="We cannot read it")
    assert refused.json()["status"] == "refused"
    again = await act(quinn, document, "accept")
    assert (again.json()["code"], again.json()["allowed"]) == ("wrong_state", [])
    assert (await desk.events(supplier))[-1][1]["reason_for_supplier"] == "We cannot read it"


async def test_what_is_no_document_is_refused_at_its_field(desk: Desk, as_person: AsPerson) -> None:
    supplier, other = await desk.registered(), await desk.registered(legal_name="Another AG")
    uma = as_person("uma", Role.SUPPLIER, supplier_id=other["id"])
    of_uma = await uploaded(uma)
    for changes, pointer, code in (
        ({"type": "iso-900"}, "/type", "document_type_unknown"),
        ({"valid_to": None}, "/valid_to", "document_period"),
        ({"valid_to": "2025-12-31"}, "/valid_to", "document_period"),
        ({"file_id": str(uuid4())}, "/file_id", "file_unknown"),
        ({"file_id": of_uma}, "/file_id", "file_of_another"),
    ):
        refused = (await submitted(desk.buyer, supplier, **changes)).json()
        assert (refused["code"], refused["errors"][0]["pointer"]) == (code, pointer)
    assert (await submitted(uma, supplier)).json()["code"] == "supplier_not_found"
    document = (await submitted(desk.buyer, supplier)).json()
    assert (await uma.get(f"/v1/supplier-documents/{document['id']}")).json()[
        "code"
    ] == "supplier_document_not_found"
    assert (await uma.get("/v1/supplier-documents")).json()["items"] == []
    found = await desk.buyer.get(
        "/v1/supplier-documents", params={"status": "submitted", "valid_to_to": "2026-12-31"}
    )
    assert [one["id"] for one in found.json()["items"]] == [document["id"]]
    unknown = await desk.manager.put(
        "/v1/document-types/own", json={"name": "Own", "required_in": ["no-such"]}
    )
    assert unknown.json()["code"] == "category_unknown"
    own = await desk.manager.put("/v1/document-types/own", json={"name": "Own", "ends": False})
    assert own.status_code == 201
    assert (await submitted(desk.buyer, supplier, type="own", valid_to=None)).status_code == 201


async def test_a_policy_says_whether_what_was_never_given_or_has_ended_blocks(
    desk: Desk, clock: Clock
) -> None:
    supplier = await desk.approved()
    await require(desk, "fasteners")
    await run_job(desk.context.database, DAYS, clock.now.date())
    assert await told(desk, supplier) == []
    policy = "/v1/policies/missing-documents"
    seen = {"If-Match": (await desk.manager.get(policy)).headers["etag"]}
    stated = {
        "valid_from": "2026-11-21",
        "reason": "Nothing without",
        "value": {"ended": "warn", "never_given": "block"},
    }
    proposed = await desk.manager.post(f"{policy}/versions", json=stated, headers=seen)
    assert proposed.status_code == 201, proposed.text
    seen = {"If-Match": (await desk.manager.get(policy)).headers["etag"]}
    let = await desk.other_manager.post(f"{policy}/versions/1:approve", headers=seen)
    assert let.status_code == 200, let.text
    clock.wait(days=1)
    await run_job(desk.context.database, DAYS, clock.now.date())
    assert await told(desk, supplier) == [("SupplierBlocked", ["fasteners"])]
    await accepted(desk, supplier, valid_to="2026-11-01")
    assert [event[0] for event in await told(desk, supplier)][-1] == "SupplierUnblocked"


async def test_the_file_of_a_document_stays_while_it_is_decided_on_and_counts(desk: Desk) -> None:
    supplier = await desk.approved()
    document = (await submitted(desk.buyer, supplier)).json()
    path = f"/v1/files/{document['file_id']}"

    async def deleted() -> httpx.Response:
        seen = {"If-Match": (await desk.manager.get(path)).headers["etag"]}
        return await desk.manager.post(f"{path}:delete", json={"reason": "A passport"}, headers=seen)

    for status in ("submitted", "accepted"):
        refused = await deleted()
        assert (refused.status_code, refused.json()["code"]) == (409, "file_kept")
        assert f"{document['id']} (iso-9001, {status})" in refused.json()["detail"]
        if status == "submitted":
            assert (await act(desk.manager, document, "accept")).status_code == 200
    await act(desk.manager, document, "withdraw", reason="It shows a passport")
    assert (await deleted()).json()["status"] == "deleted"
