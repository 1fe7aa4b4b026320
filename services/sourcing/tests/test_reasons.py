"""Reasons come in two kinds: what we tell ourselves, and what the supplier is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

Json = dict[str, Any]
INTERNAL, TOLD = "suspected bribery of our plant manager", "your certificate ended"
BOTH = {"reason": INTERNAL, "reason_for_supplier": TOLD}


@pytest.mark.parametrize(
    ("status", "action", "event"),
    [
        ("submitted", "reject", "SupplierRejected"),
        ("approved", "suspend", "SupplierSuspended"),
        ("suspended", "reinstate", "SupplierReinstated"),
        ("approved", "terminate", "SupplierTerminated"),
    ],
)
async def test_a_supplier_is_told_the_reason_that_was_written_for_it_and_not_ours(
    desk: Desk, as_person: AsPerson, status: str, action: str, event: str
) -> None:
    supplier: Json = await getattr(desk, status)()
    done = await desk.act(action, supplier, **BOTH)
    assert done.status_code == 200, done.text
    assert (done.json()["status_reason"], done.json()["status_reason_for_supplier"]) == (INTERNAL, TOLD)
    name, data = (await desk.events(supplier))[-1]
    assert (name, data["reason"], data["reason_for_supplier"]) == (event, INTERNAL, TOLD)
    record = (await desk.audit(supplier["id"]))[-1]
    assert (record["reason"], record["after"]["reason_for_supplier"]) == (INTERNAL, TOLD)
    portal = as_person("portal", Role.SUPPLIER, supplier_id=supplier["id"])
    seen = await portal.get(f"/v1/suppliers/{supplier['id']}")
    assert seen.json()["status_reason_for_supplier"] == TOLD
    assert INTERNAL not in seen.text


async def test_a_supplier_for_which_nothing_was_written_is_told_nothing(
    desk: Desk, as_person: AsPerson
) -> None:
    supplier = await desk.suspended(legal_name="Silent")
    portal = as_person("portal", Role.SUPPLIER, supplier_id=supplier["id"])
    seen = (await portal.get(f"/v1/suppliers/{supplier['id']}")).json()
    assert (seen["status"], seen["status_reason_for_supplier"]) == ("suspended", None)


async def test_what_was_told_of_an_earlier_move_does_not_outlive_the_next(desk: Desk) -> None:
    supplier = await desk.approved()
    assert (await desk.act("suspend", supplier, **BOTH)).status_code == 200
    reinstated = await desk.act("reinstate", supplier, reason="It was a rumour")
    assert reinstated.json()["status_reason_for_supplier"] is None


@pytest.mark.parametrize("decision", ["suspend", "terminate"])
async def test_a_supplier_is_told_of_a_decided_review_what_was_written_for_it(
    desk: Desk, as_person: AsPerson, decision: str
) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    review = await desk.review(supplier)
    decided = await desk.manager.post(
        f"/v1/supplier-reviews/{review['id']}:decide",
        json={"decision": decision} | BOTH,
        headers={"If-Match": '"1"'},
    )
    assert (decided.json()["reason"], decided.json()["reason_for_supplier"]) == (INTERNAL, TOLD)
    said = [data for name, data in await desk.events(supplier) if name == "SupplierReviewDecided"]
    assert [(data["reason"], data["reason_for_supplier"]) for data in said] == [(INTERNAL, TOLD)]
    portal = as_person("portal", Role.SUPPLIER, supplier_id=supplier["id"])
    seen = await portal.get(f"/v1/suppliers/{supplier['id']}")
    assert seen.json()["status_reason_for_supplier"] == TOLD
    assert INTERNAL not in seen.text
    record = (await desk.audit(review["id"]))[-1]
    assert (record["action"], record["reason"]) == ("decide", INTERNAL)
    assert record["after"]["reason_for_supplier"] == TOLD


async def test_nothing_is_written_for_a_supplier_that_it_is_not_told(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    review = await desk.review(supplier)
    refused = await desk.manager.post(
        f"/v1/supplier-reviews/{review['id']}:decide",
        json={"decision": "continue"} | BOTH,
        headers={"If-Match": '"1"'},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "nobody_told")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/reason_for_supplier"]
    assert (await desk.decide(review, "continue")).json()["reason_for_supplier"] is None


async def test_what_a_supplier_is_told_is_checked_like_any_text(desk: Desk) -> None:
    supplier = await desk.approved()
    for text in ("", " ", "x\0y", "x" * 2001):
        refused = await desk.act("suspend", supplier, reason="Audit", reason_for_supplier=text)
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == ["/reason_for_supplier"]
