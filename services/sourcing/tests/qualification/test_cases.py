"""A supplier is invited, answers, is evaluated and decided upon, over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from services.sourcing.tests.qualification.conftest import AT, refused, same

from purveyor_contract.roles import Role
from sourcing.qualification.rules.answers import ANSWERS
from sourcing.qualification.rules.states import Action

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI
    from services.sourcing.tests.qualification.conftest import Bench

Json = dict[str, Any]


def said(case: Json) -> list[Json]:
    return [{name: value for name, value in one.items() if value is not None} for one in case["answers"]]


async def test_a_supplier_answers_by_itself_what_it_is_asked(bench: Bench) -> None:
    case = same(await bench.invite(site="Plant Augsburg"), 201)
    assert (case["number"], case["status"], case["invited_by"]) == ("QC-000001", "invited", "bob")
    again = refused(await bench.invite(site="Plant Augsburg"), 409, "case_open")
    assert again["number"] == "QC-000001"

    asked = await bench.read(case, bench.portal)
    assert asked["sections"][0]["questions"][0]["code"] == "qms"
    assert not {"weight", "knock_out"} & set(asked["sections"][0]["questions"][1])
    hidden = [{"question": "qms", "yes": False}, ANSWERS[1]]
    problem = refused(
        await bench.act(bench.portal, "/answers", case, {"answers": hidden}), 422, "question_not_asked"
    )
    assert problem["errors"][0]["pointer"] == "/answers/1"
    draft = same(await bench.act(bench.portal, "/answers", case, {"answers": ANSWERS[:1]}))
    assert (draft["status"], said(draft)) == ("in_progress", ANSWERS[:1])
    assert (await bench.read(case))["answers"] == [], "a draft is the supplier's own"
    missing = refused(await bench.act(bench.portal, ":submit", case), 422, "answers_missing")
    assert len(missing["errors"]) == 2
    same(await bench.act(bench.portal, "/answers", case, {"answers": ANSWERS}))
    same(await bench.act(bench.portal, ":submit", case))
    late = await bench.act(bench.portal, "/answers", case, {"answers": ANSWERS})
    assert refused(late, 409, "wrong_state")["allowed"] == ["return", "evaluators", "withdraw"]
    assert said(await bench.read(case)) == ANSWERS

    back = {"reason_for_supplier": "Which standards exactly?", "due_on": "2026-12-31"}
    refused(await bench.act(bench.desk.buyer, ":return", case, back), 403, "segregation_of_duties")
    same(await bench.act(bench.desk.manager, ":return", case, back))
    told = await bench.read(case, bench.portal)
    assert (told["status"], told["reason_for_supplier"]) == ("in_progress", "Which standards exactly?")
    same(await bench.act(bench.portal, ":submit", case))
    names = [name for name in await bench.desk.event_names(bench.supplier) if name != "SupplierRegistered"]
    assert names == [
        "SupplierInvited",
        "QualificationSubmitted",
        "QualificationReturned",
        "QualificationSubmitted",
    ]


async def test_an_answer_of_ten_megabytes_is_refused(bench: Bench) -> None:
    case = same(await bench.invite(), 201)
    for length, status in ((2_001, 422), (10_000_000, 413)):
        long = {"answers": [{"question": "qms", "text": "x" * length}]}
        assert (await bench.act(bench.portal, "/answers", case, long)).status_code == status
    assert (await bench.read(case))["status"] == "invited"


async def test_nobody_else_answers_and_a_stranger_is_told_of_no_case(bench: Bench) -> None:
    case = same(await bench.invite(), 201)
    other = await bench.desk.registered(legal_name="Rival AG")
    rival = bench.as_person("rita", Role.SUPPLIER, supplier_id=other["id"])
    seen = {"If-Match": '"1"'}
    for response in (
        await rival.get(f"{AT}/{case['id']}"),
        await rival.put(f"{AT}/{case['id']}/answers", json={"answers": []}, headers=seen),
        await rival.post(f"{AT}/{case['id']}:submit", headers=seen),
    ):
        refused(response, 404, "qualification_case_not_found")
    assert same(await rival.get(AT))["items"] == []
    assert len(same(await bench.portal.get(AT))["items"]) == 1
    ours = await bench.desk.buyer.put(f"{AT}/{case['id']}/answers", json={"answers": []}, headers=seen)
    assert ours.status_code == 403


async def test_an_invitation_fits_its_supplier_and_its_questionnaire(bench: Bench) -> None:
    await bench.desk.registered(legal_name="Guss AG", categories=["castings"])
    changes: Json
    for changes, code, pointers in (
        ({"category": "castings"}, "invitation_unfit", ["/category", "/category"]),
        ({"category": "bearings"}, "invitation_unfit", ["/category"]),
        ({"category": "casings"}, "category_unknown", ["/category"]),
        ({"site": "Plant Nowhere", "due_on": "2026-11-19"}, "invitation_unfit", ["/site", "/due_on"]),
    ):
        problem = refused(await bench.invite(**changes), 422, code)
        assert [error["pointer"] for error in problem["errors"]] == pointers


async def test_a_file_is_answered_with_by_who_uploaded_it(bench: Bench) -> None:
    question = {"code": "plan", "text": "Your quality plan?", "kind": "file", "mandatory": True}
    sections = {"sections": [{"code": "papers", "title": "Papers", "questions": [question]}]}
    unmarked = {"pass_mark": None, "conditional_mark": None, "required": False}
    papers = await bench.published("papers", **sections, **unmarked)
    case = same(await bench.invite(questionnaire_id=papers["id"]), 201)
    paper: Json = {
        "params": {"name": "plan.txt"},
        "content": b"We look at everything.",
        "headers": {"Content-Type": "text/plain"},
    }
    of_ours = same(await bench.desk.buyer.post("/v1/files", **paper), 201)
    own = same(await bench.portal.post("/v1/files", **paper), 201)

    def answered_with(file: Json) -> Json:
        return {"answers": [{"question": "plan", "file_id": file["id"]}]}

    problem = refused(
        await bench.act(bench.portal, "/answers", case, answered_with(of_ours)), 422, "file_unknown"
    )
    assert problem["errors"][0]["pointer"] == "/answers/0/file_id"
    same(await bench.act(bench.portal, "/answers", case, answered_with(own)))
    assert same(await bench.act(bench.portal, ":submit", case))["status"] == "submitted"
    path, manager = f"/v1/files/{own['id']}", bench.desk.manager

    async def deleted() -> httpx.Response:
        seen = {"If-Match": (await manager.get(path)).headers["etag"]}
        return await manager.post(f"{path}:delete", json={"reason": "A passport"}, headers=seen)

    assert case["number"] in refused(await deleted(), 409, "file_kept")["detail"]
    same(await bench.act(manager, ":withdraw", case, {"reason": "It shows a passport"}))
    assert same(await deleted())["status"] == "deleted"


async def test_evaluators_mark_apart_and_the_weighted_mean_decides(bench: Bench) -> None:
    manager = bench.desk.manager
    case = await bench.submitted()
    refused(await bench.decide(case, "rejected"), 409, "wrong_state")
    owner = await bench.act(manager, "/evaluators", case, {"person": "bob"})
    refused(owner, 403, "segregation_of_duties")
    for person in ("eva", "emil", "ella"):
        same(await bench.act(manager, "/evaluators", case, {"person": person}))
    refused(await bench.act(manager, "/evaluators", case, {"person": "eva"}), 409, "evaluator_named")

    def marks(standards: str, turnover: str) -> Json:
        both = {"standards": standards, "turnover": turnover}
        return {"marks": [{"question": code, "mark": mark} for code, mark in both.items()]}

    refused(await bench.act(bench.eva, "/marks", case, marks("80", "60")), 409, "conflict_undeclared")
    ella = bench.as_person("ella", Role.QUALITY)
    same(await bench.act(ella, ":declare-conflict", case, {"conflict": "My sister works there"}))
    refused(await bench.act(ella, "/marks", case, marks("1", "1")), 409, "conflict_declared")
    stranger = bench.as_person("enno", Role.QUALITY)
    refused(await bench.act(stranger, "/marks", case, marks("1", "1")), 403, "not_an_evaluator")
    for by in (bench.eva, bench.emil):
        same(await bench.act(by, ":declare-conflict", case, {"conflict": None}))
    half = {"marks": [{"question": "standards", "mark": "80"}]}
    refused(await bench.act(bench.eva, "/marks", case, half), 422, "marks_incomplete")
    same(await bench.act(bench.eva, "/marks", case, marks("80", "60")))

    def seen(shown: Json) -> dict[str, bool]:
        return {one["person"]: one["marks"] is not None for one in shown["evaluations"]}

    assert seen(await bench.read(case, bench.emil)) == {"ella": False, "emil": False, "eva": False}
    assert seen(await bench.read(case, manager)) == {"ella": False, "emil": False, "eva": False}
    assert seen(await bench.read(case, bench.eva)) == {"ella": False, "emil": False, "eva": True}
    pending = refused(await bench.decide(case, "rejected"), 409, "evaluation_incomplete")
    assert pending["pending"] == ["emil"]
    same(await bench.act(bench.emil, "/marks", case, marks("70", "55")))
    refused(await bench.act(bench.emil, "/marks", case, marks("100", "100")), 409, "marked_already")
    late = await bench.act(manager, "/evaluators", case, {"person": "enno"})
    refused(late, 409, "evaluation_complete")
    assert seen(await bench.read(case, manager))["emil"]

    better = await bench.decide(case, "qualified", valid_until="2028-12-31")
    assert refused(better, 422, "decision_not_earned")["allowed"] == ["conditionally_qualified", "rejected"]
    author = await bench.act(
        bench.as_person("bob", Role.CATEGORY_MANAGER),
        ":decide",
        case,
        {"decision": "rejected", "reason": "No"},
    )
    refused(author, 403, "segregation_of_duties")
    conditions = [
        {"text": "Send the new certificate", "owner": "quinn", "due_on": "2027-03-31"},
        {"text": "Name a quality manager", "owner": "quinn", "due_on": "2027-01-31"},
    ]
    decided = same(
        await bench.decide(case, "conditionally_qualified", valid_until="2028-12-31", conditions=conditions)
    )
    arithmetic = decided["arithmetic"]
    assert (decided["result"], arithmetic["result"], arithmetic["counted"]) == ("68.0", "68.0", "100")
    assert [(one["question"], one["counts"], one["mean"]) for one in arithmetic["questions"]] == [
        ("standards", "60", "75.00"),
        ("turnover", "40", "57.50"),
    ]
    assert arithmetic["questions"][0]["marks"] == {"emil": "70", "eva": "80"}

    approved = await bench.desk.read(bench.supplier)
    assert approved["status"] == "approved"
    [approval] = approved["approvals"]
    assert (approval["category"], approval["expires_on"]) == ("fasteners", "2028-12-31")
    met = same(await bench.act(manager, "/conditions/1:meet", case, {"note": "It came"}))
    assert (met["status"], met["conditions"][0]["met_by"]) == ("conditionally_qualified", "carla")
    refused(await bench.act(manager, "/conditions/1:meet", case, {"note": "It came"}), 409, "condition_met")
    bob = await bench.act(bench.desk.buyer, "/conditions/2:meet", case, {"note": "It is me"})
    refused(bob, 403, "segregation_of_duties")
    same(await bench.act(manager, "/conditions/2:meet", case, {"note": "Named"}))
    assert (await bench.read(case))["status"] == "qualified"
    events = await bench.desk.events(bench.supplier)
    assert [name for name, _ in events][3:] == [
        "SupplierQualificationConditioned",
        "SupplierApproved",
        "SupplierQualificationConditioned",
        "SupplierQualified",
    ]
    told = await bench.read(case, bench.portal)
    assert [one["met_on"] for one in told["conditions"]] == ["2026-11-20", "2026-11-20"]


async def test_a_knock_out_ends_the_matter_whatever_the_marks_are(bench: Bench) -> None:
    case = await bench.submitted([{"question": "qms", "yes": False}, ANSWERS[2]])
    for person in ("eva", "emil"):
        same(await bench.act(bench.desk.manager, "/evaluators", case, {"person": person}))
    for by in (bench.eva, bench.emil):
        same(await bench.act(by, ":declare-conflict", case, {"conflict": None}))
        marks = {"marks": [{"question": "turnover", "mark": "100"}]}
        same(await bench.act(by, "/marks", case, marks))
    knocked = await bench.decide(case, "qualified", valid_until="2028-12-31")
    problem = refused(knocked, 422, "decision_not_earned")
    assert problem["detail"].startswith("It cannot be qualified, for qms knocks it out")
    rejected = same(await bench.decide(case, "rejected", reason_for_supplier="No certificate"))
    assert rejected["arithmetic"]["knocked_out"] == [{"question": "qms", "reason": "answered no"}]
    assert (rejected["result"], rejected["arithmetic"]["counted"]) == ("100.0", "40")
    name, event = (await bench.desk.events(bench.supplier))[-1]
    assert (name, event["knocked_out_by"]) == ("QualificationRejected", ["qms"])
    assert (await bench.read(case, bench.portal))["reason_for_supplier"] == "No certificate"


async def test_the_database_keeps_authors_of_a_supplier_out_of_its_case(bench: Bench) -> None:
    await bench.marked("80", "80")
    statements = (
        "UPDATE qualification_evaluator SET supplier_authors = '{eva}' WHERE person = 'eva'",
        "UPDATE qualification_case SET decision = 'rejected', decided_by = 'bob', decided_at = now(), "
        "reason = 'no', supplier_authors = '{bob}'",
        "INSERT INTO qualification_condition (case_id, number, wanted, owner, due_on, met_on, met_by, "
        "supplier_authors) SELECT id, 1, 'x', 'x', now(), now(), 'bob', '{bob}' FROM qualification_case",
    )
    for statement in statements:
        with pytest.raises(Exception, match="violates check constraint"):
            async with bench.desk.context.database.transaction() as tx:
                await tx.connection.execute(statement)


def test_what_a_case_allows_is_called_as_its_operations_are(app: FastAPI) -> None:
    paths = [path for path in app.openapi()["paths"] if path.startswith("/v1/qualification-cases/{case_id}")]
    assert {re.split("[:/]", path)[-1] for path in paths} >= set(Action)
