"""Without a case there is no approval, but by exception; and days end what was decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
from services.sourcing.tests.qualification.conftest import AT, refused, same

from purveyor.jobs import Job, run_job
from sourcing.worker import JOBS

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Clock
    from services.sourcing.tests.qualification.conftest import Bench

Json = dict[str, Any]
CONDITION = {"text": "Send the new certificate", "owner": "quinn", "due_on": "2026-12-31"}


def job() -> Job:
    return next(job for job in JOBS if job.name == "last-qualifications")


async def pass_days(bench: Bench, clock: Clock, day: str) -> None:
    """Let it be a day, and its job be done."""
    until = date.fromisoformat(day)
    clock.wait(days=(until - clock.now.date()).days)
    await run_job(bench.desk.context.database, job(), until, again=True)


async def approve(bench: Bench, expires_on: str, **body: Any) -> httpx.Response:
    return await bench.desk.act(
        "approve", bench.supplier, categories=["fasteners"], expires_on=expires_on, **body
    )


async def test_who_is_not_qualified_is_approved_by_exception_only(bench: Bench) -> None:
    problem = refused(await approve(bench, "2027-01-31"), 422, "qualification_required")
    assert problem["errors"][0]["pointer"] == "/categories/0"
    needless = await bench.desk.act(
        "approve",
        bench.supplier,
        categories=["bearings"],
        expires_on="2027-01-31",
        exception_reason="In haste",
    )
    refused(needless, 422, "exception_not_needed")
    refused(await approve(bench, "2027-12-31", exception_reason="In haste"), 422, "exception_too_long")
    approved = same(await approve(bench, "2027-01-31", exception_reason="In haste"))
    assert approved["approvals"][0]["exception_reason"] == "In haste"

    same(await bench.decide(await bench.marked("80", "80"), "qualified", valid_until="2027-12-31"))
    [approval] = (await bench.desk.read(bench.supplier))["approvals"]
    assert (approval["expires_on"], approval["exception_reason"]) == ("2027-12-31", None)
    same(await approve(bench, "2027-06-30"))
    problem = refused(await approve(bench, "2028-01-01"), 422, "qualification_required")
    assert "until 2027-12-31" in problem["detail"]


async def test_what_is_rejected_later_stops_orders_until_it_qualifies(bench: Bench) -> None:
    same(await bench.decide(await bench.marked("80", "80"), "qualified", valid_until="2027-12-31"))
    same(await bench.decide(await bench.marked("10", "10"), "rejected", reason_for_supplier="Worse"))
    [block] = (await bench.desk.read(bench.supplier))["blocks"]
    assert (block["cause"], block["categories"]) == ("qualification", ["fasteners"])
    same(await bench.decide(await bench.marked("90", "90"), "qualified", valid_until="2027-12-31"))
    assert (await bench.desk.read(bench.supplier))["blocks"] == []
    names = await bench.desk.event_names(bench.supplier)
    assert [name for name in names if "Invited" not in name and "Submitted" not in name][1:] == [
        "SupplierQualified",
        "SupplierApproved",
        "QualificationRejected",
        "SupplierBlocked",
        "SupplierUnblocked",
        "SupplierQualified",
        "SupplierApproved",
    ]
    listed = same(await bench.desk.buyer.get(AT, params={"sort": "id"}))["items"]
    assert [case["status"] for case in listed] == ["superseded", "rejected", "qualified"]


async def test_an_overdue_condition_stops_orders_until_it_is_met(bench: Bench, clock: Clock) -> None:
    case = await bench.marked("60", "60")
    until = {"valid_until": "2027-12-31", "conditions": [CONDITION]}
    same(await bench.decide(case, "conditionally_qualified", **until))
    await pass_days(bench, clock, "2026-12-31")
    assert (await bench.desk.read(bench.supplier))["blocks"] == []
    await pass_days(bench, clock, "2027-01-01")
    await pass_days(bench, clock, "2027-01-02")
    [block] = (await bench.desk.read(bench.supplier))["blocks"]
    assert block["reference"] == case["id"]
    assert (await bench.read(case))["conditions"][0]["overdue"]
    same(await bench.act(bench.desk.manager, "/conditions/1:meet", case, {"note": "It came"}))
    assert (await bench.desk.read(bench.supplier))["blocks"] == []
    assert (await bench.desk.event_names(bench.supplier))[-5:] == [
        "SupplierApproved",
        "SupplierQualificationConditioned",
        "SupplierBlocked",
        "SupplierQualified",
        "SupplierUnblocked",
    ]


async def test_the_next_case_begins_in_time_and_what_lapses_ends_the_approval(
    bench: Bench, clock: Clock
) -> None:
    case = await bench.marked("80", "80")
    same(await bench.decide(case, "qualified", valid_until="2027-11-30"))
    second = await bench.published("quality", title="The next edition")
    await pass_days(bench, clock, "2027-08-31")
    assert (await bench.desk.event_names(bench.supplier))[-1] == "SupplierApproved"
    await pass_days(bench, clock, "2027-09-01")
    name, invited = (await bench.desk.events(bench.supplier))[-1]
    assert (name, invited["renews"], invited["edition"]) == ("SupplierInvited", case["id"], 2)
    assert invited["due_on"] == "2027-10-01"
    for day in ("2027-09-30", "2027-10-01", "2027-10-02", "2027-11-25", "2027-11-30", "2027-12-01"):
        await pass_days(bench, clock, day)
    told = [
        (name, event.get("days_left"))
        for name, event in await bench.desk.events(bench.supplier)
        if name.startswith("QualificationExp")
    ]
    assert told == [
        ("QualificationExpiring", 60),
        ("QualificationExpiring", 5),
        ("QualificationExpired", None),
    ]
    [approval] = (await bench.desk.read(bench.supplier))["approvals"]
    assert (approval["expires_on"], approval["in_force"]) == ("2027-11-30", False)
    cases = same(await bench.portal.get(AT, params={"sort": "id"}))["items"]
    assert [(one["status"], one["questionnaire_id"]) for one in cases] == [
        ("expired", bench.questionnaire["id"]),
        ("invited", second["id"]),
    ]
    refused(await approve(bench, "2028-12-31"), 422, "qualification_required")
    await pass_days(bench, clock, "2027-12-02")
    assert len(same(await bench.portal.get(AT))["items"]) == 2
