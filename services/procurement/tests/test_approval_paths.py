"""Deputies, overrides, splits, growth, waiting: how approvals go when they do not go straight."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from procurement.grades.queries import grade_of
from procurement.worker import KINDS
from purveyor.db import new_id
from purveyor_approvals.chores import waiting
from purveyor_contract.events.sourcing.groups import SupplierGroupChanged
from purveyor_contract.events.sourcing.merging import SuppliersMerged
from purveyor_contract.events.sourcing.risk import SupplierRiskChanged
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_contract.roles import Role

from . import amending
from .approvals import (
    act,
    approval_of,
    approve,
    decided,
    euros,
    of,
    read_approval,
    rule,
    state,
    status_of,
    submitted,
    waiting_for,
)
from .conftest import NOON, TODAY, World, line

PARENT = UUID("0199c0de-0000-7000-8000-00000000a001")
"""A company that is known by what others say of it alone."""
MARA = rule("all", {"who": "person", "person": "mara"})
FINANCE = rule("large", {"who": "group", "group": "finance"}, amount_from="1000")
ALL = rule("all", {"who": "role", "role": "approver"})


async def delegated(world: World, person: str, to: str, by: httpx.AsyncClient, **more: Any) -> httpx.Response:
    body = {"person": person, "delegate": to, "valid_from": "2026-03-01", "valid_to": "2026-03-10"}
    return await by.post("/v1/approval-delegations", json=body | {"reason": "on holiday"} | more)


async def test_a_deputy_decides_in_anothers_place_until_it_is_taken_back(empty_world: World) -> None:
    world = empty_world
    for code in ("otto", "mara", "dora"):
        await state(world, code)
    await decided(world, rules=[MARA])
    stranger = await delegated(world, "mara", "dora", of(world, "otto"))
    assert stranger.json()["code"] == "not_your_own"
    given = await delegated(world, "mara", "dora", of(world, "mara"))
    assert given.status_code == 201, given.text
    round_about = await delegated(world, "dora", "mara", of(world, "dora"))
    assert round_about.json()["code"] == "delegation_circle"
    order = await submitted(world)
    approval = await approval_of(world, order)
    assert await waiting_for(of(world, "dora")) == [order["number"]]
    done = await approve(world, "dora", approval)
    assert (done.json()["status"], done.json()["acts"][-1]["on_behalf_of"]) == ("approved", "mara")

    ended = await of(world, "mara").post(
        f"/v1/approval-delegations/{given.json()['id']}:end", headers={"If-Match": given.headers["ETag"]}
    )
    assert ended.json()["ended_by"] == "mara"
    late = await approve(world, "dora", await approval_of(world, await submitted(world)))
    assert late.json()["code"] == "not_asked"


async def test_a_deputy_who_left_wrote_it_or_has_too_low_a_limit_decides_nothing(empty_world: World) -> None:
    world = empty_world
    await state(world, "mara")
    for code, limit in (("dora", None), ("lena", euros("10")), ("robin", None)):
        await state(world, code, None, limit)
        assert (await delegated(world, "mara", code, world.ada)).status_code == 201
    await decided(world, rules=[MARA])
    approval = await approval_of(world, await submitted(world))
    await state(world, "dora", valid_to="2026-03-01")
    assert (await approve(world, "dora", approval)).json()["code"] == "person_left"
    assert (await approve(world, "lena", approval)).json()["code"] == "approval_limit"
    assert (await approve(world, "robin", approval)).json()["code"] == "segregation_of_duties"
    gone = await delegated(world, "mara", "dora", world.ada)
    assert gone.json()["errors"][0]["pointer"] == "/delegate"


async def test_an_override_is_of_whom_the_policy_names_and_is_reported(empty_world: World) -> None:
    world = empty_world
    await state(world, "mara")
    await state(world, "olga", groups=["directors"])
    await decided(world, rules=[MARA], overriders="directors")
    order = await submitted(world)
    approval = await approval_of(world, order)
    olga, alex = world.person("olga", Role.APPROVER), world.alex
    refused = await act(world, alex, approval, "override", reason="the line stands still")
    assert (refused.status_code, refused.json()["code"]) == (403, "override_not_permitted")
    done = await act(world, olga, approval, "override", reason="the line stands still")
    assert (done.json()["status"], await status_of(world, order)) == ("approved", "approved")
    assert [step["status"] for step in done.json()["steps"]] == ["skipped"]
    report = await world.bea.get("/v1/approvals", params={"overridden": True})
    assert [one["document_number"] for one in report.json()["items"]] == [order["number"]]
    noted = "SELECT reason FROM audit_record WHERE action = 'override' AND actor = 'olga'"
    assert await world.value(noted) == "the line stands still"


async def test_a_purchase_in_slices_is_found_whoever_wrote_them_and_judged_by_the_sum(
    empty_world: World,
) -> None:
    world = empty_world
    await state(world, "fritz", groups=["finance"])
    await decided(world, rules=[FINANCE], split_days=30)
    supplier = await world.supplier()
    first = await submitted(world, line(quantity="240"), supplier_id=supplier)
    assert (await approval_of(world, first))["waits_for"] == ["role approver"]
    rob = world.person("rob", Role.REQUESTER)
    second = await world.order(supplier, line(quantity="160"))
    assert (await world.act(rob, second, "submit")).status_code == 200
    approval = await approval_of(world, second)
    assert approval["waits_for"] == ["group finance, any"]
    assert approval["judged_amount"] == euros("1000.00")
    assert [one["number"] for one in approval["split"]["slices"]] == [first["number"]]
    assert approval["split"]["arithmetic"] == (
        f"{second['number']} 400.00 + {first['number']} 600.00 = 1,000.00 EUR, which is 1,000 or more"
    )
    found = await world.bea.get("/v1/approvals", params={"split": True})
    assert [one["document_number"] for one in found.json()["items"]] == [second["number"]]
    sister, stranger = await world.supplier(), await world.supplier()
    for one in (supplier, sister):
        said = {"supplier_id": one, "parent_id": PARENT, "share": None, "source": None, "changed_by": "sam"}
        await world.hears(SupplierGroupChanged.model_validate(said))
    for whom, is_slice in ((sister, True), (stranger, False)):
        apart = await submitted(world, line(quantity="160"), supplier_id=whom)
        assert ((await approval_of(world, apart))["split"] is not None) == is_slice


async def test_what_shrinks_goes_on_and_what_grows_does_within_the_tolerance_since_people_decided(
    empty_world: World,
) -> None:
    world = empty_world
    await decided(world, rules=[ALL], growth="10", growth_tolerance="50")
    order = await submitted(world)
    await act(world, world.alex, await approval_of(world, order), "decide", decision="approve")
    assert (await world.act(world.bea, order, "issue")).status_code == 200
    statuses = []
    for quantity in ("8", "14", "16"):  # from 25.00: less, to 35.00, and to 40.00, which is more by 15
        now = await amending.read(world, order)
        drafted = await amending.draft(
            world, now, amending.stated(now, amending.kept(now, 1, quantity=quantity))
        )
        amendment = drafted.json()
        path = f"/v1/purchase-orders/{order['id']}/amendments/{amendment['id']}"
        handed_in = await world.bea.post(f"{path}:submit", headers={"If-Match": drafted.headers["ETag"]})
        statuses.append(handed_in.json()["status"])
        if statuses[-1] == "approved":
            issued = await world.bea.post(f"{path}:issue", headers={"If-Match": handed_in.headers["ETag"]})
            assert issued.status_code == 200, issued.text
    assert statuses == ["approved", "approved", "submitted"]
    past = await world.alex.post(f"{path}:approve", headers={"If-Match": handed_in.headers["ETag"]})
    assert past.json()["code"] == "approved_by_steps"
    approval = await approval_of(world, amendment)
    done = await act(world, world.alex, approval, "decide", decision="approve")
    assert (done.status_code, done.json()["status"]) == (200, "approved")
    assert (await world.bea.get(path)).json()["status"] == "approved"


async def test_who_approved_and_writes_since_carries_nothing_on(empty_world: World) -> None:
    world = empty_world
    await decided(world, rules=[ALL])
    order = await submitted(world)
    both = world.person("berta", Role.APPROVER, Role.BUYER)
    await act(world, both, await approval_of(world, order), "decide", decision="approve")
    await world.act(world.bea, order, "return", {"reason": "wrong"})
    assert (await world.act(both, order, "submit")).json()["status"] == "submitted"


async def test_a_step_is_reminded_of_and_goes_up_after_working_days_at_the_site(empty_world: World) -> None:
    world = empty_world
    await state(world, "otto")
    await state(world, "mara", "otto")
    await decided(world, rules=[MARA], remind_after=1, escalate_after=3)
    approval = await approval_of(world, await submitted(world))
    chore = waiting(KINDS)
    seen = []
    for days in (0, 1, 2, 3):
        world.clock.now = NOON + timedelta(days=days, hours=1)
        async with world.database.transaction() as tx:
            await chore.run(tx)
        seen.append((await read_approval(world, approval["id"]))["steps"][0]["people"])
    assert seen == [["mara"], ["mara"], ["mara"], ["mara", "otto"]]
    told = [name for _, name, _ in await world.events_of(approval)]
    assert told == ["ApprovalRequested", "ApprovalReminded", "ApprovalEscalated"]
    assert (await approve(world, "otto", approval)).json()["status"] == "approved"


async def test_a_simulation_names_steps_and_why_they_are_there(empty_world: World) -> None:
    world = empty_world
    await state(world, "fritz", groups=["finance"])
    asked = {"kind": "purchase_order", "amount": "1000", "currency": "EUR", "submitted_by": "robin"}
    none_yet = await world.bea.post("/v1/approval-policies:simulate", json=asked)
    assert (none_yet.json()["covered"], none_yet.json()["policy_version"]) == (False, 0)
    await decided(world, rules=[FINANCE])
    found = (await world.bea.post("/v1/approval-policies:simulate", json=asked)).json()
    assert [(one["people"], one["because"]) for one in found["steps"]] == [
        (["fritz"], ["rule “large”: it is a purchase order; 1,000 EUR is 1,000 or more"])
    ]
    by_fritz = await world.bea.post("/v1/approval-policies:simulate", json=asked | {"submitted_by": "fritz"})
    assert by_fritz.json()["problems"] == [
        "group finance: 1 have to approve and 0 may (fritz had a part in it)"
    ]


async def test_a_policy_asks_for_a_suppliers_risk_as_sourcing_told_it(empty_world: World) -> None:
    world = empty_world
    await state(world, "quinn")
    risky = rule("risky", {"who": "person", "person": "quinn"}, supplier_risks=["high", "critical"])
    await decided(world, rules=[risky])
    supplier = await world.supplier()
    told = {"supplier_id": supplier, "assessment": 1, "former_level": None, "overall": None, "share_known": 0}
    told |= {"caps": (), "factors": (), "policy_version": 0, "assessed_for": TODAY, "assessed_by": "sourcing"}
    for level, waits_for in (("high", ["person quinn"]), ("low", ["role approver"])):
        await world.hears(SupplierRiskChanged.model_validate(told | {"level": level}))
        approval = await approval_of(world, await submitted(world, supplier_id=supplier))
        assert approval["waits_for"] == waits_for


def graded(supplier: UUID, grade: str | None) -> SupplierScoreUpdated:
    return SupplierScoreUpdated(
        supplier_id=supplier,
        score=None if grade is None else Decimal(50),
        grade=grade,
        previous_score=None,
        previous_grade=None,
        as_of=TODAY,
        window_from=TODAY - timedelta(days=364),
        window_to=TODAY,
        lines_due=12,
        on_time_percent=Decimal(50),
        in_full_percent=Decimal(50),
        on_time_in_full_percent=Decimal(50),
        rejected_ppm=None,
        average_days_late=None,
        p90_days_late=None,
    )


async def test_a_policy_asks_for_a_suppliers_grade_as_performance_told_it_last(empty_world: World) -> None:
    world = empty_world
    await state(world, "quinn")
    poor = rule("poor", {"who": "person", "person": "quinn"}, supplier_grades=["D", "E"])
    await decided(world, rules=[poor])
    unknown = new_id()
    await world.hears(graded(unknown, "E"))  # sourcing has not told of it yet
    supplier = await world.supplier()
    before = await approval_of(world, await submitted(world, supplier_id=supplier))
    for grade, waits_for in (("D", ["person quinn"]), ("B", ["role approver"]), (None, ["role approver"])):
        await world.hears(graded(supplier, grade))
        approval = await approval_of(world, await submitted(world, supplier_id=supplier))
        assert approval["waits_for"] == waits_for
    assert approval["steps"][0]["because"] == ["no rule covers it"]
    await world.hears(graded(supplier, "E"))
    kept = (await world.bea.get(f"/v1/approvals/{before['id']}")).json()
    assert (before["waits_for"], kept["waits_for"]) == (["role approver"], ["role approver"])


async def test_a_supplier_that_was_merged_has_the_grade_of_the_one_that_it_is(empty_world: World) -> None:
    world = empty_world
    gone, stays = await world.supplier(), await world.supplier()
    await world.hears(graded(gone, "A"))
    await world.hears(graded(stays, "E"))
    merged = SuppliersMerged(
        supplier_id=gone,
        number="S-1",
        into_supplier_id=stays,
        into_number="S-2",
        into_legal_name="Stays AG",
        status_before="approved",
        reason="entered twice",
        merged_by="carla",
    )
    await world.hears(merged)
    async with world.database.transaction() as tx:
        assert [await grade_of(tx, one) for one in (gone, stays, new_id())] == ["E", "E", None]


async def test_nobody_stands_above_themselves(empty_world: World) -> None:
    world = empty_world
    await state(world, "otto")
    await state(world, "mara", "otto")
    body = {"subject": "otto", "name": "Otto", "manager": "mara", "approval_limit": None}
    seen = (await world.ada.get("/v1/people/otto")).headers["ETag"]
    refused = await world.ada.put("/v1/people/otto", json=body, headers={"If-Match": seen})
    assert (refused.status_code, refused.json()["code"]) == (422, "managers_circle")
    same = await world.ada.put("/v1/people/new", json=body | {"manager": "nobody"})
    assert [one["pointer"] for one in same.json()["errors"]] == ["/manager", "/subject"]
    listed = await world.bea.get("/v1/people", params={"manager": "otto", "valid_on": "2026-03-02"})
    assert [one["code"] for one in listed.json()["items"]] == ["mara"]
