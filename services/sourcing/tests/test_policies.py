"""Under which score a supplier is reviewed is decided, and holds from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import ValidationError

from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_messaging.envelope import Envelope
from sourcing.settings import SourcingSettings

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Desk

THRESHOLD = "/v1/policies/review-threshold"
DAY, NEXT_DAY = "2026-11-20", "2026-11-21"


async def decide(desk: Desk, score: str, valid_from: str) -> httpx.Response:
    seen = (await desk.manager.get(THRESHOLD)).headers["ETag"]
    body = {"valid_from": valid_from, "value": {"score": score}, "reason": "we became stricter"}
    proposed = await desk.manager.post(f"{THRESHOLD}/versions", json=body, headers={"If-Match": seen})
    if proposed.status_code == 201:
        approve = f"{THRESHOLD}/versions/{proposed.json()['version']}:approve"
        approved = await desk.other_manager.post(approve)
        assert approved.status_code == 200, approved.text
    return proposed


def of_day(envelope: Envelope, day: str) -> Envelope:
    score = SupplierScoreUpdated.model_validate_json(envelope.data)
    later = SupplierScoreUpdated.model_validate(score.model_dump() | {"as_of": day})
    return envelope._replace(data=later.model_dump_json().encode())


async def test_a_score_is_held_against_the_threshold_of_its_day(desk: Desk) -> None:
    supplier = await desk.approved()
    assert (await decide(desk, "70.5", NEXT_DAY)).status_code == 201
    await desk.score(supplier, "65.0", "C", 1)
    assert (await desk.read(supplier))["open_review"] is None
    await desk.receive(of_day(desk.score_event(supplier, "65.0", "C", 2), NEXT_DAY))
    review = await desk.review(supplier)
    assert (review["threshold"], review["threshold_version"]) == ("70.5", 1)
    name, event = (await desk.events(supplier))[-1]
    assert (name, event["threshold"], event["threshold_version"]) == ("SupplierReviewOpened", "70.5", 1)


async def test_until_somebody_decides_a_review_names_the_default(desk: Desk) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "59.9", "D", 1)
    review = await desk.review(supplier)
    assert (review["threshold"], review["threshold_version"]) == ("60.0", 0)


async def test_scores_that_came_stay_judged_as_they_were(desk: Desk) -> None:
    assert (await decide(desk, "50", "2020-01-01")).status_code == 201
    await desk.score(await desk.approved(), "65.0", "C", 1)
    refused = await decide(desk, "70", DAY)
    assert (refused.status_code, refused.json()["code"]) == (422, "already_judged")


async def test_a_threshold_is_a_score(desk: Desk) -> None:
    for wrong in ("100.1", "-1", "59.95"):
        assert (await decide(desk, wrong, NEXT_DAY)).status_code == 422


def test_the_threshold_is_refused_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PURVEYOR_REVIEW_THRESHOLD", "70")
    with pytest.raises(ValidationError, match="REVIEW_THRESHOLD is the policy review-threshold now"):
        SourcingSettings(database_url="postgresql://localhost/x", oidc_issuer="urn:x")
