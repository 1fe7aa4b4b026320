"""A tender from its draft to its closing, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from services.sourcing.tests.tenders.conftest import AT, content, refused, same

from purveyor_contract.roles import Role
from sourcing.tenders.commands.closing import close_due
from sourcing.tenders.commands.inviting import admit_qualified
from sourcing.tenders.store import admit

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Clock
    from services.sourcing.tests.tenders.conftest import House

Json = dict[str, Any]


async def test_a_tender_is_published_by_somebody_who_wrote_none_of_it(house: House) -> None:
    tender = await house.submitted()
    for author in (house.lead, house.as_person("bob", Role.APPROVER)):
        answer = await house.act(author, ":approve", tender)
        assert answer.status_code == 403, answer.text
    published = same(await house.act(house.approver, ":approve", tender))
    assert (published["status"], published["edition"]) == ("published", 1)
    assert published["closes_at"] == "2026-12-18T11:00:00Z"
    ((name, told),) = await house.desk.events(tender)
    assert (name, told["invited"]) == ("TenderPublished", [one["id"] for one in house.suppliers])
    assert "target" not in str(told)


async def test_a_tender_that_is_not_approved_goes_back_with_the_reason(house: House) -> None:
    tender = await house.submitted()
    returned = same(await house.act(house.approver, ":return", tender, {"reason": "Terms are missing"}))
    assert (returned["status"], returned["returned_reason"]) == ("draft", "Terms are missing")


async def test_a_bidder_is_shown_what_is_asked_and_not_what_we_would_pay_nor_who_bids_too(
    house: House,
) -> None:
    tender = await house.published()
    shown = await house.read(tender, house.portals[0])
    assert shown["content"]["lots"][0]["items"][0]["description"] == "Hex bolt M8 x 40, A2-70"
    for secret in ("target_price", "0.12", "bob", "olga", house.suppliers[1]["id"], '"bids"'):
        assert secret not in str(shown)
    assert [one["id"] for one in same(await house.portals[0].get(AT))["items"]] == [tender["id"]]


async def test_a_supplier_that_may_not_bid_finds_no_tender_and_nobody_finds_a_draft(house: House) -> None:
    stranger = await house.desk.approved(legal_name="Fremd AG")
    portal = house.as_person("fred", Role.SUPPLIER, supplier_id=stranger["id"])
    tender = await house.published()
    refused(await portal.get(f"{AT}/{tender['id']}"), 404, "tender_not_found")
    assert same(await portal.get(AT))["items"] == []
    draft = await house.submitted()
    refused(await house.portals[0].get(f"{AT}/{draft['id']}"), 404, "tender_not_found")


async def test_a_supplier_that_is_not_qualified_is_invited_by_exception_with_a_reason_or_not(
    house: House,
) -> None:
    tender = await house.drafted()
    newcomer = await house.desk.registered(legal_name="Neuling KG")
    invitation = {"supplier_id": newcomer["id"]}
    refused(
        await house.act(house.lead, "/bidders", tender, invitation),
        422,
        "supplier_not_qualified",
        "/supplier_id",
    )
    invitation["exception_reason"] = "The only maker of this alloy"
    shown = same(await house.act(house.lead, "/bidders", tender, invitation))
    assert shown["invited"][0]["exception_reason"] == "The only maker of this alloy"
    refused(await house.act(house.lead, "/bidders", tender, invitation), 409, "invited_already")


@pytest.mark.parametrize("consequence", ["no_new_tenders", "no_new_orders"])
async def test_a_supplier_whose_grade_stops_tenders_is_not_invited_nor_admitted(
    house: House, consequence: str
) -> None:
    poor, other = house.suppliers
    tender = await house.drafted()
    invitation = {"supplier_id": poor["id"]}
    await house.desk.score(poor, "42.0", "D", 1, consequence=consequence)
    problem = refused(
        await house.act(house.lead, "/bidders", tender, invitation),
        422,
        "supplier_not_qualified",
        "/supplier_id",
    )
    assert "is graded D: no new tender takes it" in problem["detail"]
    open_to_all = await house.published(open_to_all=True)
    refused(await house.portals[0].get(f"{AT}/{open_to_all['id']}"), 404, "tender_not_found")
    assert (await house.read(open_to_all, house.portals[1]))["number"] == open_to_all["number"]
    await house.desk.score(poor, "61.0", "C", 2, consequence="warn")
    same(await house.act(house.lead, "/bidders", tender, invitation))
    same(await house.act(house.lead, "/bidders", tender, {"supplier_id": other["id"]}))


async def test_a_tender_open_to_all_admits_who_qualifies_also_later(house: House) -> None:
    tender = await house.published(open_to_all=True)
    assert (await house.read(tender))["bidders"] == 2
    await house.desk.suspended(legal_name="Gesperrt AG")
    late = await house.desk.approved(legal_name="Spaet AG")
    portal = house.as_person("late", Role.SUPPLIER, supplier_id=late["id"])
    refused(await portal.get(f"{AT}/{tender['id']}"), 404, "tender_not_found")
    async with house.desk.context.database.transaction() as tx:
        await admit_qualified(tx)
    assert (await house.read(tender, portal))["number"] == tender["number"]
    assert (await house.read(tender))["bidders"] == 3


async def test_any_number_of_suppliers_is_admitted_at_once(house: House) -> None:
    tender = await house.published(open_to_all=True)
    late = UUID((await house.desk.approved(legal_name="Spaeter AG"))["id"])
    async with house.desk.context.database.transaction() as tx:
        assert await admit(tx, UUID(tender["id"]), [late] * 40_000, tx.now) == 1


async def test_an_amendment_is_approved_by_another_is_a_version_and_leaves_bidders_three_days(
    house: House, clock: Clock
) -> None:
    tender = await house.published()
    clock.wait(days=27, hours=22)
    changed = content(title="Fasteners 2027 and 2028")
    amendment = {"why": "Two years instead of one", "content": changed}
    shown = same(await house.act(house.lead, ":amend", tender, amendment))
    assert (shown["edition"], shown["amendment"]["title"]) == (1, "Fasteners 2027 and 2028")
    refused(
        await house.act(house.as_person("bob", Role.APPROVER), ":approve", tender),
        403,
        "segregation_of_duties",
    )
    amended = same(await house.act(house.approver, ":approve", tender))
    assert (amended["edition"], amended["title"]) == (2, "Fasteners 2027 and 2028")
    assert amended["closes_at"] == "2026-12-21T11:00:00Z"
    names = [name for name, _ in await house.desk.events(tender)]
    assert names == ["TenderPublished", "TenderAmended", "DeadlineExtended"]
    portal = house.portals[0]
    confirm = f"{AT}/{tender['id']}:confirm"
    refused(await portal.post(confirm, json={"edition": 1}), 422, "version_not_in_force", "/edition")
    assert same(await portal.post(confirm, json={"edition": 2}))["confirmed_edition"] == 2
    sooner = content(timetable=changed["timetable"] | {"closes_at": "2026-12-20T12:00"})
    refused(
        await house.act(house.lead, ":amend", tender, {"why": "Sooner", "content": sooner}),
        422,
        "deadline_shortened",
    )


async def test_an_answer_goes_to_all_bidders_and_tells_nobody_who_asked(house: House, clock: Clock) -> None:
    tender = await house.published()
    asking, other = house.portals
    path = f"{AT}/{tender['id']}/questions"
    asked = same(await asking.post(path, json={"question": "We at Muster ask: is A4 accepted?"}), 201)
    assert (await house.read(tender, other))["questions"] == []
    reply = {"answer": "Yes, at the same price", "told_as": "Is A4 accepted?"}
    same(await house.lead.post(f"{path}/{asked['id']}:answer", json=reply))
    refused(await house.lead.post(f"{path}/{asked['id']}:answer", json=reply), 409, "answered_already")
    (shown,) = (await house.read(tender, other))["questions"]
    assert (shown["question"], shown["own"]) == ("Is A4 accepted?", False)
    assert "Muster" not in str(shown)
    name, told = (await house.desk.events(tender))[-1]
    assert (name, told["question"]) == ("QuestionAnswered", "Is A4 accepted?")
    assert house.suppliers[0]["id"] not in str(told)
    clock.wait(days=21)
    refused(await asking.post(path, json={"question": "One more?"}), 409, "questions_ended")


async def test_the_servers_clock_closes_a_tender_before_the_chore_notes_it(
    house: House, clock: Clock
) -> None:
    tender = await house.published()
    clock.wait(days=28, hours=1, minutes=30)
    confirm = f"{AT}/{tender['id']}:confirm"
    refused(await house.portals[0].post(confirm, json={"edition": 1}), 409, "wrong_state")
    assert (await house.read(tender))["status"] == "published"
    async with house.desk.context.database.transaction() as tx:
        assert not await close_due(tx)
    assert (await house.read(tender))["status"] == "closed"
    assert (await house.desk.events(tender))[-1][0] == "TenderClosed"


async def test_a_quick_quote_asks_three_suppliers_and_closes_a_day_later(house: House) -> None:
    quick = content()
    del quick["timetable"]["closes_at"], quick["timetable"]["questions_until"]
    tender = await house.staffed(kind="quick_quote", content=quick)
    third = await house.desk.approved(legal_name="Dritte AG")
    for supplier in house.suppliers:
        same(await house.act(house.lead, "/bidders", tender, {"supplier_id": supplier["id"]}))
    refused(await house.act(house.lead, ":submit", tender), 422, "bidders_missing")
    same(await house.act(house.lead, "/bidders", tender, {"supplier_id": third["id"]}))
    same(await house.act(house.lead, ":submit", tender))
    published = same(await house.act(house.approver, ":approve", tender))
    assert published["closes_at"] == "2026-11-21T09:30:00Z"


async def test_a_tender_is_not_submitted_before_enough_openers_have_keys_and_no_conflict(
    house: House,
) -> None:
    tender = await house.drafted()
    same(await house.act(house.lead, "/bidders", tender, {"supplier_id": house.suppliers[0]["id"]}))
    declare = f"{AT}/{tender['id']}:declare-conflict"
    refused(await house.openers[0].client.post(declare, json={"conflict": None}), 403, "not_of_the_team")
    for opener in house.openers[:2]:
        named = {"person": opener.person, "roles": ["opener"]}
        same(await house.act(house.lead, "/team", tender, named))
    one, two = house.openers[:2]
    same(await one.client.post(declare, json={"conflict": None, "opening_key": one.public}))
    weak = {"conflict": None, "opening_key": "AAAA"}
    refused(await two.client.post(declare, json=weak), 422, "opening_key_invalid", "/opening_key")
    same(
        await two.client.post(declare, json={"conflict": "My sister works there", "opening_key": two.public})
    )
    refused(await house.act(house.lead, ":submit", tender), 422, "openers_missing", "/openers_needed")
    refused(await two.client.post(declare, json={"conflict": None}), 409, "conflict_declared")


async def test_who_acts_for_a_bidder_has_no_part_in_the_tender(house: House) -> None:
    tender = await house.staffed()
    async with house.desk.context.database.connection() as connection:
        statement = "UPDATE supplier SET represented_by = ARRAY['olga'] WHERE id = $1"
        await connection.execute(statement, house.suppliers[0]["id"])
    invitation = {"supplier_id": house.suppliers[0]["id"]}
    refused(await house.act(house.lead, "/bidders", tender, invitation), 422, "bidder_in_team")


async def test_who_acts_for_a_supplier_that_qualifies_has_no_part_either_and_later_has_a_conflict(
    house: House,
) -> None:
    async def represented(by: str) -> None:
        async with house.desk.context.database.connection() as connection:
            statement = "UPDATE supplier SET represented_by = ARRAY[$2] WHERE id = $1"
            await connection.execute(statement, house.suppliers[0]["id"], by)

    await represented("olga")
    tender = await house.submitted(open_to_all=True)
    refused(await house.act(house.approver, ":approve", tender), 422, "bidder_in_team")
    await represented("somebody")
    same(await house.act(house.approver, ":approve", tender))
    late = await house.desk.approved(legal_name="Spaet AG")
    async with house.desk.context.database.connection() as connection:
        await connection.execute(
            "UPDATE supplier SET represented_by = ARRAY['otto'] WHERE id = $1", late["id"]
        )
    async with house.desk.context.database.transaction() as tx:
        await admit_qualified(tx)
    team = {one["person"]: one["has_conflict"] for one in (await house.read(tender))["team"]}
    assert team == {"bob": False, "olga": False, "otto": True, "oya": False}


async def test_only_who_leads_a_tender_changes_it_and_a_cancelled_one_says_why(house: House) -> None:
    tender = await house.published()
    other = house.as_person("ben", Role.BUYER)
    reason = {"reason": "The project was stopped"}
    refused(await house.act(other, ":cancel", tender, reason), 403, "not_the_lead")
    same(await house.act(house.lead, ":cancel", tender, reason))
    assert (await house.desk.events(tender))[-1][0] == "TenderCancelled"
    assert (await house.read(tender, house.portals[0]))["status"] == "cancelled"
    refused(await house.act(house.lead, ":cancel", tender, reason), 409, "wrong_state")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"criteria": [{"code": "price", "title": "P", "weight": "99", "formula": "lowest"}]},
         "weights_do_not_add_up", "/criteria"),
        ({"lots": [{"code": "bolts", "title": "Bolts", "items": []}]}, "lot_empty", "/lots/0/items"),
        ({"timetable": {"time_zone": "Europe/Berlin", "closes_at": "2026-11-20T10:30"}},
         "timetable_wrong", "/timetable/closes_at"),
        ({"timetable": {"time_zone": "Europe/Berlin", "closes_at": "2027-03-28T02:30"}},
         "timetable_wrong", "/timetable/closes_at"),
        ({"timetable": {"time_zone": "Europe/Nowhere", "closes_at": "2027-03-28T04:30"}},
         "timetable_wrong", "/timetable/time_zone"),
    ],
)  # fmt: skip
async def test_a_tender_that_makes_no_sense_is_refused_where_it_does_not(
    house: House, changes: Json, code: str, pointer: str
) -> None:
    body = {"kind": "rfq", "content": content(**changes)}
    refused(await house.lead.post(AT, json=body), 422, code, pointer)
