"""A low score asks for a decision, and the decision is carried out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk


async def test_a_score_is_shown_on_its_supplier_and_kept(desk: Desk) -> None:
    supplier = await desk.approved()
    etag = await desk.etag(supplier)
    await desk.score(supplier, "91.0", "A", 1)
    await desk.score(supplier, "77.5", "B", 2)
    shown = await desk.read(supplier)
    assert shown["score"] == {"score": "77.5", "grade": "B", "as_of": "2026-11-20", "consequence": None}
    assert shown["open_review"] is None
    now = await desk.etag(supplier)
    assert (now.split("-")[0], now == etag) == (etag.split("-")[0], False), "shown anew, and not changed"
    address = f"/v1/suppliers/{supplier['id']}"
    assert (await desk.buyer.get(address, headers={"If-None-Match": etag})).status_code == 200
    assert (await desk.buyer.get(address, headers={"If-None-Match": now})).status_code == 304
    history = (await desk.buyer.get(f"/v1/suppliers/{supplier['id']}/scores")).json()["items"]
    assert [(item["sequence"], item["score"]) for item in history] == [(2, "77.5"), (1, "91.0")]
    assert history[0]["on_time_in_full_percent"] == "41.70"
    assert history[0]["rejected_ppm_by_unit"] == {"C62": "33333", "KGM": "0"}
    await desk.score(supplier, None, None, 3)
    last = (await desk.read(supplier))["score"]
    assert (last["score"], last["grade"], last["as_of"]) == (None, None, "2026-11-20")


async def test_a_score_under_the_threshold_opens_one_review(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "60.0", "C", 1)
    assert (await desk.read(supplier))["open_review"] is None
    await desk.score(supplier, "59.9", "D", 2)
    await desk.score(supplier, "31.0", "E", 3)
    review = await desk.review(supplier)
    assert (review["score"], review["grade"], review["threshold"]) == ("59.9", "D", "60.0")
    assert (review["supplier"]["score"], review["supplier"]["grade"]) == ("31.0", "E")
    assert (await desk.read(supplier))["open_review"]["id"] == review["id"]
    name, event = (await desk.events(supplier))[-1]
    assert name == "SupplierReviewOpened"
    assert (event["review_id"], event["score"], event["threshold"]) == (review["id"], "59.9", "60")


@pytest.mark.parametrize(
    ("decision", "status", "events"),
    [
        ("continue", "approved", ["SupplierReviewDecided"]),
        ("suspend", "suspended", ["SupplierReviewDecided", "SupplierSuspended"]),
        ("terminate", "terminated", ["SupplierReviewDecided", "SupplierTerminated"]),
    ],
)
async def test_a_decision_takes_effect_at_once(
    desk: Desk, decision: str, status: str, events: list[str]
) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    review = await desk.review(supplier)
    response = await desk.decide(review, decision)
    assert response.status_code == 200, response.text
    assert (response.json()["status"], response.json()["decided_by"]) == ("decided", "carla")
    assert response.json()["supplier"]["status"] == status
    shown = await desk.read(supplier)
    assert (shown["status"], shown["open_review"]) == (status, None)
    assert (await desk.event_names(supplier))[3:] == events
    assert (await desk.audit(review["id"]))[-1]["reason"] == "Half of it came late"


async def test_what_was_decided_holds_until_the_grade_worsens_or_the_score_recovers(desk: Desk) -> None:
    supplier = await desk.approved()

    async def opened(score: str | None, grade: str | None, sequence: int) -> bool:
        await desk.score(supplier, score, grade, sequence)
        return (await desk.read(supplier))["open_review"] is not None

    async def keep() -> None:
        response = await desk.decide(await desk.review(supplier), "continue")
        assert response.status_code == 200, response.text

    assert await opened("55.0", "D", 1)
    await keep()
    assert not await opened("45.0", "D", 2)
    assert not await opened(None, None, 3)
    assert not await opened("44.0", "D", 4)
    assert await opened("35.0", "E", 5)
    await keep()
    assert not await opened("41.0", "D", 6)
    assert not await opened("35.0", "E", 7)
    assert not await opened("61.0", "C", 8)
    assert await opened("58.0", "D", 9)


async def test_a_score_that_recovered_before_the_decision_counts_as_recovered(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "55.0", "D", 1)
    await desk.score(supplier, "65.0", "C", 2)
    assert (await desk.decide(await desk.review(supplier), "continue")).status_code == 200
    await desk.score(supplier, "55.0", "D", 3)
    assert (await desk.read(supplier))["open_review"] is not None


async def test_a_supplier_that_is_suspended_already_is_not_suspended_again_by_a_review(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    await desk.act("suspend", supplier, reason="Fire")
    review = await desk.review(supplier)
    response = await desk.decide(review, "suspend")
    assert (response.status_code, response.json()["code"]) == (409, "wrong_state")
    assert response.json()["allowed"] == ["continue", "terminate"]
    assert (await desk.decide(review, "terminate")).status_code == 200
    assert (await desk.read(supplier))["status"] == "terminated"


async def test_terminating_a_supplier_by_hand_answers_its_review(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    review = await desk.review(supplier)
    await desk.act("terminate", supplier, reason="Bankrupt")
    decided = (await desk.buyer.get(f"/v1/supplier-reviews/{review['id']}")).json()
    assert (decided["decision"], decided["reason"]) == ("terminate", "Bankrupt")
    assert (await desk.event_names(supplier))[3:] == ["SupplierReviewDecided", "SupplierTerminated"]


@pytest.mark.parametrize("status", ["suspended", "terminated"])
async def test_no_review_opens_where_buying_has_stopped(desk: Desk, status: str) -> None:
    supplier = await getattr(desk, status)()
    await desk.score(supplier, "10.0", "E", 1)
    shown = await desk.read(supplier)
    assert (shown["score"]["grade"], shown["open_review"]) == ("E", None)


async def test_after_a_reinstatement_a_new_fall_opens_a_review(desk: Desk) -> None:
    supplier = await desk.suspended()
    await desk.score(supplier, "50.0", "D", 1)
    await desk.act("reinstate", supplier, reason="Fixed")
    await desk.score(supplier, "49.0", "D", 2)
    assert (await desk.read(supplier))["open_review"]["score"] == "49.0"


async def test_a_review_is_decided_once(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    review = await desk.review(supplier)
    answers = await asyncio.gather(desk.decide(review, "continue"), desk.decide(review, "terminate"))
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    again = await desk.decide(review, "suspend", etag='"2"')
    assert again.json()["allowed"] == []
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


async def test_only_a_category_manager_who_saw_the_review_decides_it(desk: Desk, as_person: AsPerson) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "50.0", "D", 1)
    review = await desk.review(supplier)
    url = f"/v1/supplier-reviews/{review['id']}:decide"
    body = {"decision": "continue", "reason": "x"}
    assert (await desk.buyer.post(url, json=body, headers={"If-Match": '"1"'})).status_code == 403
    buyer = as_person("bea", Role.BUYER, scopes=["sourcing:reviews:write"])
    assert (await buyer.post(url, json=body, headers={"If-Match": '"1"'})).json()["code"] == "role_required"
    assert (await desk.manager.post(url, json=body)).status_code == 428
    assert (await desk.decide(review, "maybe")).status_code == 422
    assert (await desk.decide({"id": uuid4()}, "continue")).status_code == 404


async def test_reviews_are_listed_page_by_page(desk: Desk, as_person: AsPerson) -> None:
    suppliers = [await desk.approved(legal_name=f"Supplier {n}") for n in range(3)]
    for supplier in suppliers:
        await desk.score(supplier, "50.0", "D", 1)
    assert (await desk.decide(await desk.review(suppliers[1]), "continue")).status_code == 200

    async def listed(client: Any = desk.manager, **params: Any) -> list[str]:
        found, cursor = [], None
        while True:
            page = await client.get(
                "/v1/supplier-reviews", params=params | ({"cursor": cursor} if cursor else {})
            )
            found += [item["supplier"]["legal_name"][-1] for item in page.json()["items"]]
            if (cursor := page.json()["next_cursor"]) is None:
                return found

    assert await listed(limit=1) == ["2", "1", "0"]
    assert await listed(status="open", sort="opened_at", limit=1) == ["0", "2"]
    assert await listed(status="decided") == ["1"]
    portal = as_person("p", Role.SUPPLIER, supplier_id=suppliers[0]["id"], scopes=["sourcing:reviews:read"])
    own = await desk.review(suppliers[0])
    for path in ("", f"/{own['id']}"):
        refused = await portal.get(f"/v1/supplier-reviews{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_for_suppliers")


async def test_a_score_of_an_unknown_supplier_is_parked_for_a_person_to_look_at(desk: Desk) -> None:
    stranger, supplier = {"id": str(uuid4())}, await desk.approved()
    await desk.receive(
        desk.score_event(stranger, "50.0", "D", 1),
        desk.score_event(supplier, "50.0", "D", 1),
        desk.score_event(stranger, "60.0", "C", 2),
    )
    first, second = await desk.parked()
    assert (first["key"], first["reason"], second["reason"]) == (stranger["id"], "failed", "behind")
    assert f"No supplier {stranger['id']} exists" in first["error"]
    assert (await desk.read(supplier))["open_review"] is not None


async def test_scores_that_arrive_together_count_one_after_the_other(desk: Desk) -> None:
    supplier = await desk.approved()
    batch = [
        desk.score_event(supplier, score, grade, number)
        for number, (score, grade) in enumerate([("70.0", "C"), ("50.0", "D"), ("20.0", "E")], start=1)
    ]
    await desk.receive(*batch)
    await desk.receive(*batch)
    assert await desk.parked() == []
    assert (await desk.review(supplier))["score"] == "50.0"
    assert (await desk.read(supplier))["score"]["score"] == "20.0"
    assert (await desk.event_names(supplier)).count("SupplierReviewOpened") == 1


async def test_a_review_that_a_batch_opens_is_published_with_what_follows_in_it(desk: Desk) -> None:
    suppliers = [await desk.approved(legal_name=f"Supplier {n}") for n in range(2)]
    await desk.receive(
        *(desk.score_event(supplier, "50.0", "D", 1) for supplier in suppliers),
        *(desk.score_event(supplier, "65.0", "C", 2) for supplier in suppliers),
    )
    for supplier in suppliers:
        assert (await desk.event_names(supplier))[-1] == "SupplierReviewOpened"
        assert (await desk.act("suspend", supplier, reason="Audit")).status_code == 200


async def test_a_grade_stops_new_orders_while_it_lasts_and_no_longer(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "30.0", "E", 1, consequence="no_new_orders", template="fasteners")
    (block,) = (await desk.read(supplier))["blocks"]
    assert (block["cause"], block["reference"], block["categories"]) == ("performance", supplier["id"], None)
    assert "graded E by the scorecard fasteners" in block["reason"]
    assert (await desk.read(supplier))["score"]["consequence"] == "no_new_orders"
    _, told = next(one for one in reversed(await desk.events(supplier)) if one[0] == "SupplierBlocked")
    assert told["cause"] == "performance"
    await desk.score(supplier, "45.0", "D", 2, consequence="no_new_tenders")
    assert (await desk.read(supplier))["blocks"] == []
    assert "SupplierUnblocked" in await desk.event_names(supplier)


async def test_a_grade_that_warns_stops_nothing(desk: Desk) -> None:
    supplier = await desk.approved()
    for sequence, consequence in enumerate(("warn", "none", None), 1):
        await desk.score(supplier, "30.0", "E", sequence, consequence=consequence)
        assert (await desk.read(supplier))["blocks"] == []
