"""Bids are evaluated over HTTP: marks apart, envelopes, low bids justified, rankings reckoned again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.sourcing.tests.bids.test_bids import opened
from services.sourcing.tests.tenders.conftest import AT, content, refused, same

from purveyor_contract.roles import Role
from sourcing.evaluations.queries import differences

if TYPE_CHECKING:
    import httpx
    from services.sourcing.tests.conftest import Clock
    from services.sourcing.tests.tenders.conftest import House

Json = dict[str, Any]
BY_TWO = [
    {"code": "price", "title": "Price", "weight": "60", "formula": "lowest"},
    {"code": "warranty", "title": "Warranty", "weight": "40", "formula": "scored", "asked": "warranty"},
]


def offer(price: str, answer: str | None = "24 months", **changes: Any) -> Json:
    answers = [] if answer is None else [{"question": "warranty", "text": answer}]
    prices = [{"item": 1, "price": price} | changes]
    return {"currency": "EUR", "valid_until": "2027-03-01", "prices": prices, "answers": answers}


async def bid(house: House, tender: Json, place: int, body: Json) -> Json:
    portal, at = house.portals[place], f"{AT}/{tender['id']}"
    same(await portal.post(f"{at}:confirm", json={"edition": tender["edition"]}))
    return same(await portal.put(f"{at}/bid", json=body))


async def begun(house: House, clock: Clock, *bids: Json, **stated: Any) -> Json:
    """Publish a tender, bid for it, and open the bids after the deadline."""
    tender = await house.published(content=content(**stated))
    for place, body in enumerate(bids):
        await bid(house, tender, place, body)
    clock.wait(days=29)
    return await opened(house, tender)


async def marked(house: House, tender: Json, opener: int, *marks: str) -> httpx.Response:
    given = [
        {"supplier_id": supplier["id"], "criterion": "warranty", "mark": mark}
        for supplier, mark in zip(house.suppliers, marks, strict=False)
    ]
    return await house.openers[opener].client.post(f"{AT}/{tender['id']}/marks", json={"marks": given})


async def evaluation(house: House, tender: Json, **asked: Any) -> Json:
    return same(await house.openers[0].client.get(f"{AT}/{tender['id']}/evaluation", params=asked))


async def not_as_kept(house: House, tender: Json) -> list[str]:
    async with house.desk.context.database.transaction() as tx:
        return (await differences(tx, UUID(tender["id"])))[1]


async def names(house: House, topic: str) -> list[str]:
    async with house.desk.context.database.connection() as connection:
        rows = await connection.fetch("SELECT type FROM outbox WHERE topic = $1 ORDER BY id", topic)
    return [row[0].split(".")[2] for row in rows]


async def test_a_ranking_shows_its_arithmetic_and_is_reckoned_again_byte_by_byte(
    house: House, clock: Clock
) -> None:
    tender = await begun(
        house, clock, offer("0.10"), offer("0.120"), criteria=BY_TWO, feedback=["rank", "gap"]
    )
    assert same(await marked(house, tender, 0, "60", "90"))["status"] == "opened"
    same(await marked(house, tender, 1, "70", "100"))
    same(await house.act(house.lead, ":evaluate", tender))
    done = same(await house.act(house.lead, ":complete-evaluation", tender))
    assert done["status"] == "evaluated"
    shown = await evaluation(house, tender)
    first, second = shown["lots"][0]["bids"]
    assert [one["supplier_id"] for one in (first, second)] == [
        house.suppliers[1]["id"],
        house.suppliers[0]["id"],
    ]
    assert (first["place"], first["points"]) == (1, "88.000000")  # 0.10 ÷ 0.12 × 60 + 95 × 0.4
    assert (second["place"], second["points"]) == (2, "86.000000")  # 60 + 65 × 0.4
    assert [one["how"] for one in first["criteria"]] == [
        "100.000000 ÷ 120.000000 × 100",
        "the mean of its marks: 95.000000",
    ]
    assert await not_as_kept(house, tender) == []
    ((name, told),) = [one for one in await house.desk.events(tender) if one[0] == "EvaluationCompleted"]
    assert (name, told["digest"]) == ("EvaluationCompleted", shown["digest"])
    own = same(await house.portals[0].get(f"{AT}/{tender['id']}/own-result"))
    assert own["lots"][0] | {"points": None} == {
        "lot": "bolts", "rank": 2, "gap_percent": "0.00", "light": None, "best": None, "points": None,
    }  # fmt: skip
    assert house.suppliers[1]["id"] not in str(own)


async def test_what_was_changed_in_the_database_is_not_what_was_judged(house: House, clock: Clock) -> None:
    tender = await begun(house, clock, offer("0.10"), offer("0.11"))
    same(await house.act(house.lead, ":evaluate", tender))
    same(await house.act(house.lead, ":complete-evaluation", tender))
    assert await not_as_kept(house, tender) == []
    async with house.desk.context.database.connection() as connection:
        await connection.execute(
            "UPDATE evaluation SET result = replace(result, '\"place\":1', '\"place\":9')"
        )
        await connection.execute("UPDATE opened_bid SET content = jsonb_set(content, '{note}', '\"new\"')")
    found = await not_as_kept(house, tender)
    assert "does not follow from its inputs" in found[0]
    assert len(found) == 3


async def test_evaluators_score_apart_all_at_once_and_explain_what_lies_far_off(
    house: House, clock: Clock
) -> None:
    tender = await begun(house, clock, offer("0.10"), offer("0.11"), criteria=BY_TWO)
    at, (olga, otto) = f"{AT}/{tender['id']}", house.openers[:2]
    refused(await marked(house, tender, 0, "60"), 422, "marks_incomplete", "/marks")
    stranger = house.as_person("mallory", Role.QUALITY)
    refused(await stranger.post(f"{at}/marks", json={"marks": []}), 403, "not_an_evaluator")
    refused(await stranger.get(f"{at}/marks"), 403, "not_of_the_team")
    same(await marked(house, tender, 0, "20", "80"))
    refused(await marked(house, tender, 0, "90", "80"), 409, "marks_given_already")
    assert same(await otto.client.get(f"{at}/marks"))["marks"] == []
    same(await house.lead.post(f"{at}:declare-conflict", json={"conflict": None}))
    assert same(await house.lead.get(f"{at}/marks"))["marks"] == []
    refused(await house.act(house.lead, ":evaluate", tender), 409, "marks_missing")
    same(await marked(house, tender, 1, "80", "80"))
    marks = same(await otto.client.get(f"{at}/marks"))["marks"]
    assert {(one["person"], one["mark"], one["is_outlier"]) for one in marks} == {
        ("olga", "20.00", True), ("otto", "80.00", True), ("olga", "80.00", False), ("otto", "80.00", False),
    }  # fmt: skip
    refused(await house.act(house.lead, ":evaluate", tender), 409, "outliers_unexplained")
    why = {
        "supplier_id": house.suppliers[0]["id"],
        "criterion": "warranty",
        "explanation": "By the small print",
    }
    for by in (olga, otto):
        same(await by.client.post(f"{at}:explain-marks", json={"explanations": [why]}))
    other = why | {"criterion": "price"}
    refused(
        await olga.client.post(f"{at}:explain-marks", json={"explanations": [other]}),
        404,
        "evaluation_mark_not_found",
    )
    part = {"person": "olga", "roles": ["opener"]}
    refused(await house.act(house.lead, "/team", tender, part), 409, "evaluators_settled")
    assert same(await house.act(house.lead, ":evaluate", tender))["status"] == "under_evaluation"


async def test_prices_stay_sealed_until_answers_are_judged_and_those_of_bids_that_are_out_for_good(
    house: House, clock: Clock
) -> None:
    asked = [{"code": "warranty", "text": "Do you warrant two years?", "required_answer": "yes"}]
    terms = {"two_envelopes": True, "partial_bids": True}
    bids = offer("4711.0815", "yes"), offer("4712.0815", "no")
    tender = await begun(house, clock, *bids, asked=asked, terms=terms)
    at, olga = f"{AT}/{tender['id']}", house.openers[0].client
    shown = same(await olga.get(f"{at}/bids"))["bids"]
    assert [(one["counts"], one["content"]["prices"]) for one in shown] == [(True, []), (True, [])]
    async with house.desk.context.database.connection() as connection:
        assert not await connection.fetchval("SELECT count(*) FROM outbox WHERE data::text LIKE '%.0815%'")
    assert same(await house.act(house.lead, ":close-technical", tender))["status"] == "judged"
    refused(await house.act(house.lead, ":evaluate", tender), 409, "prices_sealed")
    assert (await opened(house, tender))["status"] == "judged"
    refused(await marked(house, tender, 0, "50"), 409, "wrong_state")
    first, second = same(await olga.get(f"{at}/bids"))["bids"]
    assert first["content"]["prices"][0]["price"] == "4711.0815"
    assert (second["counts"], second["content"]["prices"]) == (False, [])
    assert "warranty" in second["why_not"]
    refused(await olga.post(f"{at}:open", json={"share": "AAAA"}), 409, "prices_opened_already")
    same(await house.act(house.lead, ":evaluate", tender))
    same(await house.act(house.lead, ":complete-evaluation", tender))
    ranked = (await evaluation(house, tender))["lots"][0]["bids"]
    assert [(one["place"], one["amount"]) for one in ranked] == [(1, "4711081.500000"), (None, None)]
    assert await not_as_kept(house, tender) == []
    told = await names(house, "sourcing.bids")
    assert told == ["BidOpened", "BidOpened", "BidExcluded", "BidPricesOpened"]


async def test_an_abnormally_low_bid_wins_only_with_a_justification_that_another_accepts(
    house: House, clock: Clock
) -> None:
    tender = await begun(
        house,
        clock,
        offer("0.06"),
        offer("0.10"),
        feedback=["rank", "traffic_light", "best"],
    )
    at, portal = f"{AT}/{tender['id']}", house.portals[0]
    same(await house.act(house.lead, ":evaluate", tender))
    shown = await evaluation(house, tender)
    assert [(one["place"], bool(one["low"])) for one in shown["lots"][0]["bids"]] == [
        (1, False),
        (None, True),
    ]
    refused(await house.act(house.lead, ":complete-evaluation", tender), 409, "justification_open")
    low = {"supplier_id": house.suppliers[0]["id"], "lot": "bolts", "accepted": True, "reason": "Their books"}
    refused(await house.act(house.lead, ":decide-justification", tender, low), 403, "not_of_the_team")
    same(await house.lead.post(f"{at}:declare-conflict", json={"conflict": None}))
    refused(await house.act(house.lead, ":decide-justification", tender, low), 403, "segregation_of_duties")
    olga = house.openers[0].client
    refused(await house.act(olga, ":decide-justification", tender, low), 409, "justification_awaited")
    own = same(await portal.get(f"{at}/own-result"))
    assert (own["lots"], own["justifications"][0]["due_at"]) == ([], "2026-12-21T09:30:00Z")
    refused(
        await house.portals[1].put(f"{at}/justification", json={"lot": "bolts", "text": "So"}),
        404,
        "justification_not_found",
    )
    same(await portal.put(f"{at}/justification", json={"lot": "bolts", "text": "We own the mill"}))
    same(await house.act(olga, ":decide-justification", tender, low))
    refused(await house.act(olga, ":decide-justification", tender, low), 409, "justification_decided")
    same(await house.act(house.lead, ":complete-evaluation", tender))
    winner = (await evaluation(house, tender))["lots"][0]["bids"][0]
    assert (winner["supplier_id"], winner["place"]) == (house.suppliers[0]["id"], 1)
    assert await not_as_kept(house, tender) == []
    second = same(await house.portals[1].get(f"{at}/own-result"))["lots"][0]
    assert (second["rank"], second["light"], second["best"]) == (2, "red", "60.000000")


async def test_a_low_bid_that_nobody_justifies_in_time_has_no_place(house: House, clock: Clock) -> None:
    tender = await begun(house, clock, offer("0.06"), offer("0.10"))
    same(await house.act(house.lead, ":evaluate", tender))
    clock.wait(days=3)
    late = {"lot": "bolts", "text": "We own the mill"}
    refused(
        await house.portals[0].put(f"{AT}/{tender['id']}/justification", json=late), 409, "justification_late"
    )
    same(await house.act(house.lead, ":complete-evaluation", tender))
    ranked = (await evaluation(house, tender))["lots"][0]["bids"]
    assert [one["place"] for one in ranked] == [1, None]
    assert (await same_result(house, tender, 0))["lots"] == []


async def same_result(house: House, tender: Json, place: int) -> Json:
    return same(await house.portals[place].get(f"{AT}/{tender['id']}/own-result"))


async def test_the_next_round_is_between_the_best_who_replace_their_prices_or_leave_them(
    house: House, clock: Clock
) -> None:
    tender = await begun(house, clock, offer("0.11"), offer("0.10"))
    same(await house.act(house.lead, ":evaluate", tender))
    same(await house.act(house.lead, ":complete-evaluation", tender))
    at, (sue, sam) = f"{AT}/{tender['id']}", house.portals
    past = {"best": 1, "closes_at": "2026-12-19T10:00"}
    refused(await house.act(house.lead, ":open-round", tender, past), 422, "timetable_wrong", "/closes_at")
    following = {"best": 2, "closes_at": "2026-12-20T12:00:30"}
    shown = same(await house.act(house.lead, ":open-round", tender, following))
    assert (shown["status"], shown["round"], shown["closes_at"]) == ("published", 2, "2026-12-20T11:00:30Z")
    amendment = {"why": "More", "content": content()}
    refused(await house.act(house.lead, ":amend", tender, amendment), 409, "rounds_begun")
    other = offer("0.09", "36 months")
    refused(await sue.put(f"{at}/bid", json=other), 422, "bid_unfit", "/answers")
    same(await sue.put(f"{at}/bid", json=offer("0.09")))
    bids = same(await house.openers[0].client.get(f"{at}/bids"))["bids"]
    assert [one["content"] is None for one in bids] == [False, True]
    clock.wait(days=2)
    await opened(house, tender)
    same(await house.act(house.lead, ":evaluate", tender))
    same(await house.act(house.lead, ":complete-evaluation", tender))
    amounts = [
        [one["amount"] for one in (await evaluation(house, tender, round=number))["lots"][0]["bids"]]
        for number in (1, 2)
    ]
    assert amounts == [["100.000000", "110.000000"], ["90.000000", "100.000000"]]
    assert await not_as_kept(house, tender) == []
    third = {"best": 1, "closes_at": "2027-03-05T12:00"}
    same(await house.act(house.lead, ":open-round", tender, third))
    refused(await sam.put(f"{at}/bid", json=offer("0.01")), 403, "not_in_this_round")
    refused(await sam.post(f"{at}/questions", json={"question": "Why?"}), 403, "not_in_this_round")
    assert same(await house.lead.get(at))["bids"] == 1
    clock.wait(days=80)
    await opened(house, tender)
    _, last = same(await house.openers[0].client.get(f"{at}/bids"))["bids"]
    assert (last["counts"], last["why_not"]) == (False, "It held until 2027-03-01.")


async def test_prices_are_weighted_by_what_bidders_choose_of_factors(house: House, clock: Clock) -> None:
    asked = [{"code": "warranty", "text": "How long?", "mandatory": True}]
    options = [{"answer": "24 months", "share": "0"}, {"answer": "36 months", "share": "20"}]
    factor = {"code": "warranty", "title": "Warranty", "asked": "warranty", "options": options}
    stated: Json = {"method": "weighted_price", "criteria": [], "factors": [factor], "asked": asked}
    tender = await house.published(content=content(**stated))
    portal, at = house.portals[0], f"{AT}/{tender['id']}"
    same(await portal.post(f"{at}:confirm", json={"edition": 1}))
    refused(await portal.put(f"{at}/bid", json=offer("1", "8 weeks")), 422, "bid_unfit", "/answers/0/text")
    await bid(house, tender, 0, offer("0.110", "36 months"))
    await bid(house, tender, 1, offer("0.100", "24 months"))
    clock.wait(days=29)
    await opened(house, tender)
    same(await house.act(house.lead, ":evaluate", tender))
    first, second = (await evaluation(house, tender))["lots"][0]["bids"]
    assert (first["supplier_id"], first["weighted"]) == (house.suppliers[0]["id"], "88.00")  # 110 ÷ 5/4
    assert (first["weighing"]["denominator"], second["weighted"]) == ("5/4", "100.00")


async def test_what_a_tender_is_judged_by_makes_sense(house: House) -> None:
    option = {"answer": "36 months", "share": "31"}
    factor = {"code": "warranty", "title": "Warranty", "asked": "warranty", "options": [option]}
    stated: Json = {"method": "weighted_price", "criteria": [], "factors": [factor]}
    for changes, code, pointer in (
        (stated, "factor_malformed", "/factors"),
        (stated | {"criteria": BY_TWO, "factors": []}, "factor_malformed", "/criteria"),
        ({"factors": [factor]}, "factor_malformed", "/factors"),
        (
            {"criteria": [BY_TWO[0] | {"weight": "100", "least": "5"}]},
            "criterion_malformed",
            "/criteria/0/least",
        ),
    ):
        body = {"kind": "rfq", "content": content(**changes)}
        refused(await house.lead.post(AT, json=body), 422, code, pointer)
    tender = await house.published()
    apart = content(terms={"two_envelopes": True, "partial_bids": True})
    answer = await house.act(house.lead, ":amend", tender, {"why": "Fairness", "content": apart})
    refused(answer, 422, "envelopes_settled", "/content/terms/two_envelopes")


async def test_what_is_known_of_suppliers_and_the_duties_that_hold_are_part_of_what_owning_costs(
    house: House, clock: Clock
) -> None:
    policy, desk = "/v1/policies/duty-rates", house.desk
    value = {"rates": [{"origin": "CN", "hs_code": "7318", "percent": "3.7"}]}
    decided = {"valid_from": "2026-11-20", "value": value, "reason": "The table of the year"}
    seen = {"If-Match": (await desk.manager.get(policy)).headers["ETag"]}
    proposed = same(await desk.manager.post(f"{policy}/versions", json=decided, headers=seen), 201)
    same(await desk.other_manager.post(f"{policy}/versions/{proposed['version']}:approve"))
    await desk.score(house.suppliers[0], "80.0", "B", 1)
    criteria = [
        {"code": "price", "title": "Price", "weight": "50", "formula": "lowest"},
        {"code": "score", "title": "Score", "weight": "50", "formula": "performance"},
    ]
    ownership = {"duties": True, "reject_cost": "100", "holding_rate": "36.5"}
    origin = {"origin": "CN", "hs_code": "731815"}
    bids = offer("0.10", **origin), offer("0.10", **origin)
    tender = await begun(house, clock, *bids, criteria=criteria, ownership=ownership)
    same(await house.act(house.lead, ":evaluate", tender))
    first, second = (await evaluation(house, tender))["lots"][0]["bids"]
    parts = {"price": "100.000000", "freight": "0.000000", "duty": "3.700000"}
    parts |= {"poor_quality": "1.200000", "inventory": "1.400000"}
    assert [one["items"][0]["parts"] for one in (first, second)] == [parts, parts]
    assert [one["items"][0]["estimated"] for one in (first, second)] == [[], ["poor_quality", "inventory"]]
    assert [(one["points"], one["criteria"][1]["estimated"]) for one in (first, second)] == [
        ("90.000000", False),
        ("90.000000", True),
    ]
