"""Due diligence over HTTP: a finding with its measures, a complaint with a reporter, what a year comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/due-diligence"
Json = dict[str, Any]


def same(response: httpx.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    found: Json = response.json()
    return found


async def test_a_finding_is_answered_by_measures_and_the_year_says_how_they_stand(desk: Desk) -> None:
    supplier = await desk.registered()
    stated = {
        "supplier_id": supplier["id"],
        "subject": "health_and_safety",
        "severity": "major",
        "summary": "Exits were locked",
        "found_on": "2026-10-14",
    }
    finding = same(await desk.manager.post(f"{AT}/findings", json=stated), 201)
    path = f"{AT}/findings/{finding['id']}"

    async def measured(due_on: str) -> Json:
        seen = {"If-Match": (await desk.manager.get(path)).headers["ETag"]}
        body = {"what": "Panic bars", "owner": "carla", "due_on": due_on}
        return same(await desk.manager.post(f"{path}/measures", json=body, headers=seen))

    async def done(number: int, on: str) -> httpx.Response:
        seen = {"If-Match": (await desk.manager.get(path)).headers["ETag"]}
        body = {"done_on": on, "result": "Seen by us"}
        return await desk.manager.post(f"{path}/measures/{number}:complete", json=body, headers=seen)

    for day in ("2026-10-20", "2026-10-25", "2026-11-10", "2026-12-15", "2027-01-10"):
        await measured(day)
    same(await done(1, "2026-10-19"))
    assert same(await done(2, "2026-11-02"))["measures"][1]["done_by"] == "carla"
    refused = [(await done(1, "2026-11-01")), (await done(9, "2026-11-01")), (await done(3, "2026-11-21"))]
    assert [one.json()["code"] for one in refused] == ["wrong_state", "measure_not_found", "day_in_future"]

    year = same(await desk.buyer.get(f"{AT}/years/2026"))
    figures = {(one["figure"], one["subject"], one["state"]): one["count"] for one in year["figures"]}
    assert figures == {
        ("findings", "health_and_safety", "major"): 1,
        ("measures", "", "due"): 4,
        ("measures", "", "done_in_time"): 1,
        ("measures", "", "done_late"): 1,
        ("measures", "", "overdue"): 1,
    }
    told = await desk.buyer.get(f"{AT}/years/2026/figures.csv")
    assert told.headers["content-type"].startswith("text/csv")
    assert told.text.splitlines()[:2] == [
        "year,as_of,figure,subject,state,count",
        "2026,2026-11-20,findings,health_and_safety,major,1",
    ]
    early = await desk.manager.post(f"{AT}/findings", json=stated | {"found_on": "2026-11-21"})
    assert early.json()["code"] == "day_in_future"


async def test_a_complaint_goes_its_way_and_forgets_who_complained(desk: Desk, as_person: AsPerson) -> None:
    supplier = await desk.registered(country="BD")
    stated = {
        "supplier_id": supplier["id"],
        "subject": "fair_wages",
        "summary": "Overtime was not paid",
        "received_on": "2026-11-02",
    }
    reporter = {"name": "Rana Begum", "contact": "rana@example.com", "said": None}
    complaint = same(await desk.manager.post(f"{AT}/complaints", json=stated | {"reporter": reporter}), 201)
    hidden = same(await desk.manager.post(f"{AT}/complaints", json=stated), 201)
    assert (complaint["reporter"], hidden["anonymous"], hidden["reporter"]) == (reporter, True, None)
    path = f"{AT}/complaints/{complaint['id']}"

    async def act(action: str, **body: Any) -> httpx.Response:
        seen = {"If-Match": (await desk.manager.get(path)).headers["ETag"]}
        return await desk.manager.post(f"{path}:{action}", json=body, headers=seen)

    assert (await act("remedy", outcome="All is paid")).json()["allowed"] == ["investigate"]
    same(await act("investigate", outcome="Asked for the sheets"))
    same(await act("substantiate", outcome="It is so"))
    assert same(await act("remedy", outcome="All is paid"))["status"] == "remedied"
    forgotten = same(await act("erase-reporter", reason="She asked for it"))
    assert (forgotten["reporter"], forgotten["anonymous"]) == (None, False)
    assert (await act("erase-reporter", reason="Again")).json()["code"] == "wrong_state"
    listed = await desk.buyer.get(f"{AT}/complaints", params={"status": ["received", "remedied"]})
    assert "rana" not in listed.text.casefold()
    trail = await desk.audit(complaint["id"])
    assert "rana" not in str(trail).casefold()
    assert [one["action"] for one in trail] == [
        "record",
        "investigate",
        "substantiate",
        "remedy",
        "erase_reporter",
    ]
    assert (await desk.buyer.get(path)).status_code == 403
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    assert (await sue.get(f"{AT}/complaints")).status_code == 403

    rows = "country,category,points,source,as_of\nBD,fasteners,70,Index,2026-01-31\n"
    loaded = await desk.manager.post(
        "/v1/country-risks:bulk", content=rows, headers={"Content-Type": "text/csv"}
    )
    assert loaded.status_code == 200
    analysis = same(await desk.buyer.get(f"{AT}/risk-analysis"))
    assert [(one["country"], one["category"], one["points"]) for one in analysis["places"]] == [
        ("BD", "fasteners", "70.0"),
        ("BD", "bearings", None),
    ]
