"""Who is approved on what: by the questionnaires that are required, and not against a rejection."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from services.sourcing.tests.qualification.conftest import refused, same
from services.sourcing.tests.qualification.test_lasting import approve

if TYPE_CHECKING:
    from services.sourcing.tests.qualification.conftest import Bench

Json = dict[str, Any]
UNTIL = "2027-12-31"


async def qualified(bench: Bench, until: str = UNTIL, **changes: Any) -> Json:
    return same(await bench.decide(await bench.marked("80", "80", **changes), "qualified", valid_until=until))


async def test_a_case_by_another_questionnaire_approves_nothing_that_one_is_required_for(
    bench: Bench,
) -> None:
    free = await bench.published("free", required=False)
    decided = await qualified(bench, questionnaire_id=free["id"])
    assert (decided["status"], decided["awaited"]) == ("qualified", ["quality"])
    assert (await bench.desk.read(bench.supplier))["approvals"] == []
    problem = refused(await approve(bench, "2027-06-30"), 422, "qualification_required")
    assert "not qualified for fasteners by quality" in problem["detail"]
    assert (await qualified(bench, "2027-06-30"))["awaited"] == []
    [approval] = (await bench.desk.read(bench.supplier))["approvals"]
    assert approval["expires_on"] == "2027-06-30"


async def test_a_case_lifts_blocks_of_its_own_matter_only(bench: Bench) -> None:
    await qualified(bench)
    rejected = same(await bench.decide(await bench.marked("10", "10", site="Plant Augsburg"), "rejected"))
    free = await bench.published("free", required=False)
    for changes in ({}, {"questionnaire_id": free["id"], "site": "Plant Augsburg"}):
        assert (await qualified(bench, **changes))["awaited"] == [rejected["number"]]
        [block] = (await bench.desk.read(bench.supplier))["blocks"]
        assert block["reference"] == rejected["id"]
    assert (await qualified(bench, site="Plant Augsburg"))["awaited"] == []
    assert (await bench.desk.read(bench.supplier))["blocks"] == []


async def test_a_rejection_and_the_end_of_a_case_are_overruled_by_exception_only(bench: Bench) -> None:
    free = await bench.published("free", required=False, category="bearings")
    bearings: Json = {"questionnaire_id": free["id"], "category": "bearings"}

    async def approved(until: str, **body: Any) -> Any:
        return await bench.desk.act(
            "approve", bench.supplier, categories=["bearings"], expires_on=until, **body
        )

    rejected = same(await bench.decide(await bench.marked("10", "10", **bearings), "rejected"))
    problem = refused(await approved("2027-01-31"), 422, "qualification_required")
    assert f"rejected for bearings: {rejected['number']}" in problem["detail"]
    same(await approved("2027-01-31", exception_reason="In haste"))
    noted = [one for one in await bench.desk.audit(bench.supplier["id"]) if one["action"] == "approve"][-1]
    after = noted["after"] if isinstance(noted["after"], dict) else json.loads(noted["after"])
    assert after["rejected_cases"] == {"bearings": [rejected["number"]]}

    await qualified(bench, "2027-02-28", **bearings)
    problem = refused(await approved("2027-03-31"), 422, "qualification_required")
    assert "until 2027-02-28" in problem["detail"]
    same(await approved("2027-02-28"))
    same(await approved("2027-03-31", exception_reason="The next case is late"))


async def test_a_rejection_for_what_a_category_lies_in_stops_orders_of_it(bench: Bench) -> None:
    stated = {"names": [{"language": "en", "name": "Bolts"}], "parent": "fasteners", "owner": "carla"}
    same(await bench.desk.manager.put("/v1/categories/bolts", json=stated), 201)
    same(
        await bench.desk.act(
            "approve",
            bench.supplier,
            categories=["bolts"],
            expires_on="2027-01-31",
            exception_reason="In haste",
        )
    )
    same(await bench.decide(await bench.marked("10", "10"), "rejected"))
    [block] = (await bench.desk.read(bench.supplier))["blocks"]
    assert (block["cause"], block["categories"]) == ("qualification", ["fasteners"])
