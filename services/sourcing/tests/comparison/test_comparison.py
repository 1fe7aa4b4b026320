"""Up to ten suppliers side by side, in the order in which they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from services.sourcing.tests.conftest import answered
from services.sourcing.tests.spend.ordering import Order, receive

from purveyor.jobs import run_job
from purveyor_contract.roles import Role
from sourcing.worker import JOBS

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/suppliers:compare"
[SEGMENT] = [job for job in JOBS if job.name == "segment"]


async def compared(desk: Desk, *suppliers: Any) -> Any:
    return answered(await desk.buyer.get(AT, params={"id": [one["id"] for one in suppliers]}))


async def test_suppliers_stand_side_by_side_in_the_order_asked_for(desk: Desk) -> None:
    one = await desk.approved(legal_name="One")
    two = await desk.registered(legal_name="Two", country="FR")
    await desk.score(one, "87.5", "B", 1)
    plan = {"name": "Fire plan", "required_in": ["fasteners"]}
    assert (await desk.manager.put("/v1/document-types/fire-plan", json=plan)).status_code == 201
    euros, dollars = Order(one["id"]), Order(one["id"], currency="USD")
    told = [euros.issued(("fasteners", "100")), dollars.issued(("bearings", "7.50"))]
    await receive(desk.context.database, told)
    await run_job(desk.context.database, SEGMENT, desk.context.database.clock().date())
    answer = await compared(desk, two, one)
    assert (answer["spend_from"], answer["spend_to"]) == ("2025-11-21", "2026-11-20")
    first, second = answer["suppliers"]
    assert [first["legal_name"], second["legal_name"]] == ["Two", "One"]
    assert (first["status"], first["country"], first["spend"], first["score"]) == (
        "registered",
        "FR",
        [],
        None,
    )
    assert second["score"] == {
        "score": "87.5",
        "grade": "B",
        "as_of": "2026-11-20",
        "consequence": None,
    }
    assert second["spend"] == [
        {"amount": "100.00", "currency": "EUR"},
        {"amount": "7.50", "currency": "USD"},
    ]
    assert [(it["type"], it["lack"]) for it in second["documents_missing"]] == [("fire-plan", "never_given")]
    assert [(it["category"], it["currency"], it["lacks"]) for it in second["segments"]] == [
        ("fasteners", "EUR", ["risk"]),
        ("fasteners", "USD", ["risk"]),
    ]
    known = {factor["factor"] for factor in second["risk"]["factors"] if factor["standing"] == "known"}
    assert known == {"compliance", "delivery_quality"}
    assert [it["category"] for it in second["approvals"]] == ["fasteners"]
    assert (await compared(desk, one, two))["suppliers"] == [second, first]


async def test_what_was_ordered_of_a_supplier_that_was_merged_is_of_the_one_that_it_is(desk: Desk) -> None:
    one = await desk.approved(legal_name="One")
    two, other = await desk.registered(legal_name="Two"), await desk.registered(legal_name="Other")
    orders = [Order(it["id"]).issued(("fasteners", "10")) for it in (one, two)]
    await receive(desk.context.database, orders)
    body = {"into": one["id"], "identifiers": [], "categories": [], "reason": "The same company"}
    merged = await desk.other_manager.post(
        f"/v1/suppliers/{two['id']}:merge", json=body, headers={"If-Match": await desk.etag(two)}
    )
    answered(merged)
    spend = [it["spend"] for it in (await compared(desk, one, two, other))["suppliers"]]
    assert spend == [[{"amount": "20.00", "currency": "EUR"}], [], []]


async def test_who_is_unknown_or_asked_for_again_is_named_and_suppliers_compare_nobody(
    desk: Desk, as_person: AsPerson
) -> None:
    one = (await desk.registered())["id"]

    async def refused(*ids: Any) -> Any:
        response = await desk.buyer.get(AT, params={"id": ids})
        assert response.status_code == 422, response.text
        problem = response.json()
        return problem["code"], [error["pointer"] for error in problem["errors"]]

    nobody = str(uuid4())
    assert await refused(one, nobody) == ("suppliers_unknown", ["/query/id/1"])
    assert await refused(nobody, one, nobody) == ("supplier_repeated", ["/query/id/2"])
    assert (await refused(one))[0] == "validation_failed"
    assert (await refused(*(uuid4() for _ in range(11))))[0] == "validation_failed"
    sue = as_person("sue", Role.SUPPLIER, supplier_id=one)
    assert (await sue.get(AT, params={"id": [one, nobody]})).status_code == 403
