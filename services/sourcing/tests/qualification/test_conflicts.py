"""Who has a conflict of interest, or wrote the supplier, learns no marks early and undoes none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from services.sourcing.tests.qualification.conftest import refused, same

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.qualification.conftest import Bench

Json = dict[str, Any]
MARKS = {"marks": [{"question": "standards", "mark": "11.5"}, {"question": "turnover", "mark": "12.5"}]}
SISTER = "My sister works there"


def seen(case: Json) -> dict[str, bool]:
    return {one["person"]: one["marks"] is not None for one in case["evaluations"]}


async def test_who_has_a_conflict_keeps_it_sees_no_marks_and_decides_nothing(bench: Bench) -> None:
    manager = bench.desk.manager
    ella = bench.as_person("ella", Role.CATEGORY_MANAGER, Role.QUALITY)
    cora = bench.as_person("cora", Role.CATEGORY_MANAGER)
    case = await bench.submitted()
    for person in ("eva", "emil", "ella"):
        same(await bench.act(manager, "/evaluators", case, {"person": person}))
    for by in (ella, cora):
        same(await bench.act(by, ":declare-conflict", case, {"conflict": SISTER}))
    for by in (bench.eva, bench.emil):
        same(await bench.act(by, ":declare-conflict", case, {"conflict": None}))
        same(await bench.act(by, "/marks", case, MARKS))
    back = await bench.act(ella, ":declare-conflict", case, {"conflict": None})
    refused(back, 409, "conflict_declared")
    for by in (ella, cora):
        assert not any(seen(await bench.read(case, by)).values())
        decision = {"decision": "rejected", "reason": "No"}
        refused(await bench.act(by, ":decide", case, decision), 403, "segregation_of_duties")
        named = await bench.act(by, "/evaluators", case, {"person": "enno"})
        refused(named, 403, "segregation_of_duties")
    told = {
        name: [one["conflict"] for one in (await bench.read(case, by))["evaluations"] if one["has_conflict"]]
        for name, by in (("manager", manager), ("eva", bench.eva))
    }
    assert told == {"manager": [SISTER, SISTER], "eva": [None, None]}
    trail = json.dumps([str(one) for one in await bench.desk.audit(case["id"])])
    assert not any(said in trail for said in (SISTER, "11.5", "12.5"))
    same(await bench.decide(case, "rejected"))
    assert seen(await bench.read(case, ella))["eva"]


async def test_who_wrote_a_supplier_takes_back_nothing_that_it_handed_in(bench: Bench) -> None:
    case = await bench.marked("11.5", "12.5")
    bob = bench.as_person("bob", Role.CATEGORY_MANAGER, Role.BUYER)
    back, reason = {"reason_for_supplier": "Once more"}, {"reason": "No need"}
    for by, code in ((bob, "segregation_of_duties"), (bench.emil, "role_required")):
        refused(await bench.act(by, ":return", case, back), 403, code)
        refused(await bench.act(by, ":withdraw", case, reason), 403, code)
    same(await bench.act(bench.desk.manager, ":return", case, back))
    same(await bench.act(bench.portal, ":submit", case))
    same(await bench.act(bench.desk.manager, "/evaluators", case, {"person": "ella"}))
    own = {one["person"]: one for one in (await bench.read(case, bench.eva))["evaluations"]}
    [earlier] = own["eva"]["earlier_marks"]
    assert [one["mark"] for one in earlier["marks"]] == ["11.5", "12.5"]
    assert (own["emil"]["earlier_marks"], own["eva"]["marks"]) == ([], None)
    same(await bench.act(bench.desk.manager, ":withdraw", case, reason))
