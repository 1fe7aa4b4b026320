"""Budgets: drafted by one and approved by another, read as of any entry, transferred, revalued, closed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from procurement.budgets.commands.charging import settle
from procurement.budgets.commands.years import close_ended_budgets
from procurement.budgets.rules.charging import Effect, EntryKind, Move
from procurement.budgets.store.verifying import verify
from purveyor.errors import ConflictError, InvalidError
from purveyor_contract.roles import Role

from .budgeting import (
    BUDGETS,
    approved,
    cora,
    cost_centre,
    document,
    does,
    drafted,
    entries,
    figures,
    move,
    policy,
    quarter,
    stated,
    year,
)
from .conftest import TODAY, World

EVERYTHING = tuple(role for role in Role if role != Role.SUPPLIER)


async def take(world: World, *moves: Move, on: date = TODAY, by: str = "bea") -> None:
    """Let documents take and give back, as whoever changes them does."""
    async with world.database.transaction() as tx:
        tx.actor = by
        await settle(tx, moves, on)


async def told(world: World, budget: dict[str, Any]) -> list[str]:
    """Return the names of a budget's events."""
    return [name for _, name, _ in await world.events_of(budget)]


async def test_a_budget_is_drafted_by_one_and_approved_by_another(world: World) -> None:
    budget = await drafted(world, stated(await cost_centre(world)))
    assert (budget["status"], budget["figures"]["budget"]) == ("draft", "0")
    assert (await does(world, budget, "submit")).json()["versions"][0]["authors"] == ["cora"]
    refused = await does(world, budget, "approve", world.person("cora", *EVERYTHING))
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await does(world, budget, "return", body={"reason": "too much"})).status_code == 200
    assert (await does(world, budget, "submit")).status_code == 200
    shown = (await does(world, budget, "approve")).json()
    assert (shown["status"], shown["figures"]["available"]) == ("approved", "1000.00")
    assert (await does(world, budget, "submit")).json()["allowed"] == ["change"]
    assert await told(world, budget) == ["BudgetApproved"]


async def test_the_next_version_changes_amounts_and_nothing_below_what_is_taken(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("1000.00"))
    await take(world, move(document(), centre, "600.00"))
    seen = {"If-Match": (await world.ada.get(f"{BUDGETS}/{budget['id']}")).headers["ETag"]}
    for body, field in (
        (stated(centre, year("500.00", 2027)), "/periods"),
        (stated(centre, currency="USD"), "/currency"),
    ):
        refused = await cora(world).put(f"{BUDGETS}/{budget['id']}", json=body, headers=seen)
        assert [one["pointer"] for one in refused.json()["errors"]] == [field]
    for amount, status, available in (("599.99", 409, "400.00"), ("600.00", 200, "0.00")):
        seen = {"If-Match": (await world.ada.get(f"{BUDGETS}/{budget['id']}")).headers["ETag"]}
        body = stated(centre, year(amount))
        if status == 200:
            assert (await does(world, budget, "withdraw", body={"reason": "no"})).status_code == 200
            seen = {"If-Match": (await world.ada.get(f"{BUDGETS}/{budget['id']}")).headers["ETag"]}
        changed = await cora(world).put(f"{BUDGETS}/{budget['id']}", json=body, headers=seen)
        assert changed.status_code == 200, changed.text
        await does(world, budget, "submit")
        decided = await does(world, budget, "approve")
        assert decided.status_code == status, decided.text
        assert (await figures(world, budget))[-1] == available
    statuses = [one["status"] for one in decided.json()["versions"]]
    assert statuses == ["approved", "withdrawn", "approved"]


@pytest.mark.parametrize(
    ("change", "pointer", "why"),
    [
        ({"project": "P-17"}, "/cost_centre", "name a cost centre or a project, and not both"),
        (
            {"periods": [*year(), *year(of=2028)]},
            "/periods/1/first_day",
            "follows on the period before: 2027-01-01",
        ),
        ({"periods": year("0.001")}, "/periods/0/amount", "EUR has 2 decimals"),
        ({"cost_centre": "nowhere"}, "/cost_centre", "no cost centre nowhere exists"),
    ],
)
async def test_what_a_budget_cannot_say_is_named(
    world: World, change: dict[str, Any], pointer: str, why: str
) -> None:
    refused = await cora(world).post(BUDGETS, json=stated(await cost_centre(world)) | change)
    assert refused.status_code == 422
    [problem] = refused.json()["errors"]
    assert problem["pointer"] == pointer
    assert problem["detail"].startswith(why)


async def test_a_cost_centre_that_ended_yesterday_has_no_budget_and_takes_from_none(world: World) -> None:
    centre = await cost_centre(world)
    await approved(world, centre)
    seen = (await world.ada.get(f"/v1/cost-centres/{centre}")).headers["ETag"]
    ended = {"name": centre, "valid_to": "2026-03-01"}
    await world.ada.put(f"/v1/cost-centres/{centre}", json=ended, headers={"If-Match": seen})
    with pytest.raises(InvalidError) as refused:
        await take(world, move(document(), centre, "1.00"))
    assert refused.value.errors[0].detail.endswith("was valid until 2026-03-01, and the day is 2026-03-02")
    late = await cora(world).post(BUDGETS, json=stated(centre, year(of=2027)))
    assert late.json()["errors"][0]["pointer"] == "/cost_centre"


async def test_budgets_for_the_same_thing_do_not_overlap(world: World) -> None:
    centre = await cost_centre(world)
    first = await approved(world, centre)
    await approved(world, centre, category="fasteners")
    await approved(world, centre, year(of=2027))
    second = await drafted(world, stated(centre, quarter("1.00", "1.00", "1.00")))
    await does(world, second, "submit")
    refused = await does(world, second, "approve")
    assert (refused.status_code, refused.json()["overlaps"]) == (409, [first["number"]])


async def test_v29_what_is_spent_counts_once(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("20000000"))
    before, order, invoice = document(), document(), document("invoice")
    await take(world, move(before, centre, "11000000"))
    consumed = move(before, centre, "-11000000", converted_into=EntryKind.SPEND)
    await take(world, consumed, move(invoice, centre, "11000000", Effect.SPENT), by="paula")
    spent = ["20000000.00", "0.00", "0.00", "11000000.00", "9000000.00"]
    assert await figures(world, budget) == spent
    await take(world, move(order, centre, "5000000"))
    assert await figures(world, budget) == ["20000000.00", "0.00", "5000000.00", "11000000.00", "4000000.00"]
    assert await figures(world, budget, as_of_entry=4) == spent
    assert await figures(world, budget, as_of_day="2026-03-01") == ["0.00"] * 5
    kinds = [one["kind"] for one in await entries(world, budget_id=budget["id"])]
    assert kinds == ["budget", "commit", "spend", "spend", "commit"]
    refused = await world.ada.get(f"{BUDGETS}/{budget['id']}/figures", params={"as_of_entry": 6})
    assert refused.json()["code"] == "entry_unknown"


async def test_a_reservation_is_converted_and_never_counted_twice(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("100.00"))
    need, order = document("requisition"), document()
    await take(world, move(need, centre, "100.00", Effect.RESERVED), by="robin")
    with pytest.raises(ConflictError) as refused:
        await take(world, move(order, centre, "0.01"))
    assert refused.value.code == "budget_exceeded"
    assert refused.value.extensions["exceeded"][0] | {"budget_id": ""} == {
        "budget_id": "",
        "number": budget["number"],
        "period": 1,
        "currency": "EUR",
        "budget": "100.00",
        "reserved": "100.00",
        "committed": "0",
        "spent": "0",
        "available": "0.00",
        "tolerance": "0.00",
        "wanted": "0.01",
        "missing": "0.01",
    }
    converted = move(need, centre, "-100.00", Effect.RESERVED, converted_into=EntryKind.COMMIT)
    await take(world, converted, move(order, centre, "80.00"))
    assert await figures(world, budget) == ["100.00", "0.00", "80.00", "0.00", "20.00"]
    assert await told(world, budget) == [
        "BudgetApproved",
        "BudgetReserved",
        "BudgetReleased",
        "BudgetCommitted",
    ]
    shown = (await entries(world, document_id=str(need.id)))[-1]
    assert (shown["kind"], shown["document_number"], shown["reserved"]) == (
        "commit",
        "requisition-1",
        "-100.00",
    )


async def test_the_most_precise_budget_is_taken_from(world: World) -> None:
    centre = await cost_centre(world)
    project = f"P-{centre}"
    await world.ada.put(f"/v1/projects/{project}", json={"name": "Line 2"})
    every = await approved(world, centre)
    fasteners = await approved(world, centre, category="fasteners")
    of_project = await approved(world, None, project=project)
    await take(
        world,
        move(document(), centre, "1.00", category="fasteners"),
        move(document(), centre, "2.00", category="tools"),
        move(document(), centre, "4.00", category="fasteners", project=project),
    )
    taken = [(await figures(world, one))[2] for one in (fasteners, every, of_project)]
    assert taken == ["1.00", "2.00", "4.00"]


async def test_months_by_themselves_and_months_that_accumulate(world: World) -> None:
    apart, together = await cost_centre(world), await cost_centre(world)
    await approved(world, apart, quarter("100.00", "0.00", "50.00"))
    accumulating = await approved(world, together, quarter("100.00", "0.00", "50.00"), accumulates=True)
    with pytest.raises(ConflictError):
        await take(world, move(document(), apart, "50.01"))
    await take(world, move(document(), together, "150.00"))
    with pytest.raises(ConflictError) as refused:
        await take(world, move(document(), together, "0.01"), on=date(2026, 1, 15))
    assert [one["period"] for one in refused.value.extensions["exceeded"]] == [3]
    shown = (await world.ada.get(f"{BUDGETS}/{accumulating['id']}")).json()
    assert [one["left"] for one in shown["periods"]] == ["0.00", "0.00", "0.00"]


async def test_an_override_lets_one_document_take_more_and_is_reported(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("100.00"))
    order = document(authors=("bea", "cara"))
    granted = {"document_kind": "order", "document_id": str(order.id), "amount": "20.00", "reason": "urgent"}
    path = f"{BUDGETS}/{budget['id']}/overrides"
    refused = await cora(world).post(path, json=granted)
    assert (refused.status_code, refused.json()["code"]) == (403, "override_not_allowed")
    assert (await world.person("cara", Role.APPROVER).post(path, json=granted)).status_code == 201
    with pytest.raises(Exception, match="Who wrote a document"):
        await take(world, move(order, centre, "110.00"))
    another = document()
    granted |= {"document_id": str(another.id)}
    assert (await world.alex.post(path, json=granted)).status_code == 201
    for amount in ("120.01", "110.00"):
        if amount == "120.01":
            with pytest.raises(ConflictError):
                await take(world, move(another, centre, amount))
        else:
            await take(world, move(another, centre, amount))
    assert (await figures(world, budget))[-1] == "-10.00"
    report = (await world.ada.get("/v1/budget-overrides", params={"document_id": str(another.id)})).json()
    assert [(one["granted_by"], one["used"], one["reason"]) for one in report["items"]] == [
        ("alex", "10.00", "urgent")
    ]
    assert (await told(world, budget))[-2:] == ["BudgetCommitted", "BudgetExceeded"]


async def test_what_the_policy_says_of_what_is_exceeded_and_not_covered(empty_world: World) -> None:
    world = empty_world
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("100.00"))
    await take(world, move(document(), "4711", "5.00"))
    listed = (await world.ada.get("/v1/budget-uncovered-lines")).json()["items"]
    assert [(one["cost_centre"], one["answer"], one["policy_version"]) for one in listed] == [
        ("4711", "allow", 0)
    ]
    await policy(world, "budget-control", on_exceeded="warn", tolerance_percent="10", not_covered="refuse")
    await take(world, move(document(), centre, "110.00"))
    assert (await told(world, budget))[-1] == "BudgetCommitted"
    await take(world, move(document(), centre, "1.00"))
    assert (await told(world, budget))[-1] == "BudgetExceeded"
    with pytest.raises(InvalidError) as refused:
        await take(world, move(document(), "4711", "5.00"))
    assert refused.value.code == "budget_not_covered"
    assert refused.value.errors[0].detail == (
        "no approved budget covers cost centre 4711, category fasteners on 2026-03-02; policy "
        "budget-control, version 1, refuses what none covers"
    )


async def test_an_amount_goes_from_one_budget_to_another_when_another_approves(world: World) -> None:
    one, other = [await approved(world, await cost_centre(world), year("100.00")) for _ in range(2)]
    asked = {
        "from": {"budget_id": one["id"]},
        "to": {"budget_id": other["id"]},
        "amount": "60.00",
        "reason": "tools",
    }
    transfers = []
    for _ in range(2):
        response = await cora(world).post("/v1/budget-transfers", json=asked)
        assert response.status_code == 201, response.text
        transfers.append(response)

    async def decide(which: httpx.Response, by: httpx.AsyncClient, action: str = "approve") -> httpx.Response:
        path = f"/v1/budget-transfers/{which.json()['id']}:{action}"
        body = None if action == "approve" else {"reason": "no"}
        return await by.post(path, json=body, headers={"If-Match": which.headers["ETag"]})

    own = await decide(transfers[0], world.person("cora", *EVERYTHING))
    assert (own.status_code, own.json()["code"]) == (403, "segregation_of_duties")
    assert (await decide(transfers[0], world.alex)).json()["approved_by"] == "alex"
    refused = await decide(transfers[1], world.alex)
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_exceeded")
    assert (await decide(transfers[1], world.alex, "refuse")).json()["status"] == "refused"
    assert [(await figures(world, each))[0] for each in (one, other)] == ["40.00", "160.00"]
    assert (await told(world, one))[-1] == (await told(world, other))[-1] == "BudgetTransferred"


async def rate(world: World, day: str, value: str) -> None:
    """Let one euro be worth so many dollars on a day."""
    row = {"source": "ECB", "base": "EUR", "currency": "USD", "day": day, "rate": value}
    paula = world.person("paula", Role.ACCOUNTS_PAYABLE)
    response = await paula.post(
        "/v1/exchange-rates:bulk",
        content=json.dumps(row),
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert response.status_code == 200, response.text
    assert "refused" not in response.text


async def test_a_document_is_worth_its_days_rate_and_later_rates_are_entries(empty_world: World) -> None:
    world = empty_world
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("1000.00"))
    order, invoice = document(currency="USD"), document("invoice", "USD")
    with pytest.raises(InvalidError) as refused:
        await take(world, move(order, centre, "110.00"))
    assert (refused.value.code, refused.value.errors[0].pointer) == ("no_rate", "/currency")
    await rate(world, "2026-03-02", "1.10")
    await take(world, move(order, centre, "110.00"))
    assert (await figures(world, budget))[2] == "100.00"
    await rate(world, "2026-03-03", "1.00")
    world.clock.now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    seen = (await world.ada.get(f"{BUDGETS}/{budget['id']}")).headers["ETag"]
    revalued = await cora(world).post(
        f"{BUDGETS}/{budget['id']}:revalue", json={"day": "2026-03-03"}, headers={"If-Match": seen}
    )
    assert revalued.json()["figures"]["committed"] == "110.00"
    await rate(world, "2026-03-04", "1.25")
    world.clock.now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    day = date(2026, 3, 4)
    await take(
        world,
        move(order, centre, "-50.00", converted_into=EntryKind.SPEND, valued_on=day),
        move(document("invoice", "USD", invoice.id, day=day), centre, "50.00", Effect.SPENT),
        on=day,
    )
    assert await figures(world, budget) == ["1000.00", "0.00", "60.00", "40.00", "900.00"]
    said = [(one["kind"], one["committed"], one["spent"]) for one in await entries(world)]
    assert said[2:] == [
        ("revaluation", "10.00", "0"),
        ("revaluation", "-10.00", "0"),
        ("spend", "-40.00", "0"),
        ("spend", "0", "40.00"),
    ]
    await take(world, move(order, centre, "-60.00"), on=day)
    assert await figures(world, budget) == ["1000.00", "0.00", "0.00", "40.00", "960.00"]


@pytest.mark.parametrize("unspent", ["lapse", "carry_over"])
async def test_a_year_ends_and_what_is_open_goes_on_with_its_budget(empty_world: World, unspent: str) -> None:
    world = empty_world
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("100.00"))
    order = document()
    await take(world, move(order, centre, "30.00"))
    await policy(world, "budget-year-end", unspent=unspent)
    world.clock.now = datetime(2027, 1, 20, 12, tzinfo=UTC)
    early = await does(world, budget, "close", body={"reason": "the year is over"})
    assert (early.status_code, early.json()["code"]) == (409, "next_budget_missing")
    following = await approved(world, centre, year("200.00", 2027))
    for day, status in ((date(2027, 1, 14), "approved"), (date(2027, 1, 15), "closed")):
        async with world.database.transaction() as tx:
            await close_ended_budgets(tx, day)
        assert (await world.ada.get(f"{BUDGETS}/{budget['id']}")).json()["status"] == status
    left = "0.00" if unspent == "carry_over" else "70.00"
    assert await figures(world, budget) == [left, "0.00", "0.00", "0.00", left]
    budgeted, available = ("300.00", "270.00") if unspent == "carry_over" else ("230.00", "200.00")
    assert await figures(world, following) == [budgeted, "0.00", "30.00", "0.00", available]
    with pytest.raises(ConflictError) as refused:
        await take(world, move(document(), centre, "1.00"), on=date(2026, 12, 31))
    assert refused.value.code == "budget_closed"
    await take(world, move(order, centre, "-30.00"), on=date(2027, 1, 20))
    assert (await figures(world, following))[2] == "0.00"
    assert (await told(world, budget))[-1] == "BudgetClosed"


async def test_a_year_ends_and_what_is_open_lapses(empty_world: World) -> None:
    world = empty_world
    centre = await cost_centre(world)
    budget = await approved(world, centre, year("100.00"))
    await take(world, move(document(), centre, "30.00"))
    await policy(world, "budget-year-end", open_amounts="release")
    world.clock.now = datetime(2027, 1, 2, 12, tzinfo=UTC)
    assert (await does(world, budget, "close", body={"reason": "over"})).json()["status"] == "closed"
    assert await figures(world, budget) == ["100.00", "0.00", "0.00", "0.00", "100.00"]
    assert await told(world, budget) == [
        "BudgetApproved",
        "BudgetCommitted",
        "BudgetReleased",
        "BudgetClosed",
    ]


async def test_the_ledger_is_inserted_into_and_nobody_changes_it(world: World) -> None:
    centre = await cost_centre(world)
    await approved(world, centre)
    await take(world, move(document(), centre, "1.00"))
    async with world.database.connection() as connection:
        for statement in ("UPDATE budget_entry SET spent = 1", "DELETE FROM budget_entry"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    async with world.database.transaction() as tx:
        count, differing = await verify(tx)
    assert count > 0
    assert differing == []


async def test_a_balance_that_the_entries_do_not_add_up_to_is_found(empty_world: World) -> None:
    world = empty_world
    centre = await cost_centre(world)
    budget = await approved(world, centre)
    async with world.database.connection() as connection:
        await connection.execute("UPDATE budget_period SET spent = spent + 0.01")
    async with world.database.transaction() as tx:
        count, differing = await verify(tx)
    assert count == 1
    assert [str(one) for one in differing] == [f"{budget['number']} period 1: spent: balance 0.01, entries 0"]


async def test_what_gives_back_more_than_is_held_gives_back_what_is_held(world: World) -> None:
    centre = await cost_centre(world)
    budget = await approved(world, centre)
    order = document()
    await take(world, move(order, centre, "100.00"), move(order, centre, "50.00", line=2))
    await take(world, move(order, centre, "-400.00"))
    assert (await figures(world, budget))[2] == "50.00"
    assert Decimal((await entries(world, document_id=str(order.id)))[-1]["document_amount"]) == -100
