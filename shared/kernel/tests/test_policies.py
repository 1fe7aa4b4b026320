"""Policies: decisions that hold from a day on, somewhere; none ever changes what was judged before."""

import itertools
from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from purveyor import policies
from purveyor.http.app import build_app
from purveyor.http.policies import policy_router
from purveyor.policies import DIMENSIONS, EVERYWHERE, History, Place, Policy, Version
from purveyor.service import ServiceContext
from purveyor.testing.contract import CONTRACT, NO_ID
from purveyor_contract.roles import Role

START = date(2026, 1, 1)


class Stacking(BaseModel):
    limit: int = Field(default=4, ge=1)
    by_hand: bool = False


class Ripeness(BaseModel):
    days: int = Field(default=3, ge=0)
    stacking: Stacking = Stacking()


RIPENESS = Policy("ripeness", Ripeness, "When an apple may be sold", frozenset(DIMENSIONS))
WASTE = Policy("waste", Stacking, "How apples are stacked")

DAYS = st.integers(0, 30).map(lambda offset: START + timedelta(days=offset))
NAMES = st.sampled_from(["a", "b"])
IDS = st.sampled_from([UUID(int=1), UUID(int=2)])
PLACES = st.builds(
    Place, **{name: st.none() | (IDS if name == "supplier_id" else NAMES) for name in DIMENSIONS}
)


@st.composite
def histories(draw: st.DrawFn, most: int = 8) -> list[Version[Ripeness]]:
    held = draw(st.lists(st.tuples(PLACES, DAYS), max_size=most))
    return [
        Version(number, place, valid_from, Ripeness(days=number))
        for number, (place, valid_from) in enumerate(held, start=1)
    ]


def plainly(versions: list[Version[Ripeness]], on: date, place: Place) -> int:
    """Say in words of its own which version is in force: place by place, the precise before the general."""
    named = [[getattr(place, name), None] for name in DIMENSIONS]
    for values in itertools.product(*named):
        holding = [
            (version.valid_from, version.number)
            for version in versions
            if tuple(version.place.shown().values()) == values and version.valid_from <= on
        ]
        if holding:
            return max(holding)[1]
    return 0


@given(histories(), DAYS, PLACES)
def test_in_force_is_the_most_precise_place_and_there_the_latest_to_begin(versions, on, place):
    assert History.of(RIPENESS, versions).in_force(on, place).number == plainly(versions, on, place)


@given(histories(), DAYS, PLACES, PLACES, st.integers(1, 10))
def test_a_version_changes_no_day_before_it_begins(versions, judged_until, place, other, later):
    before = History.of(RIPENESS, versions)
    added = Version(before.version + 1, other, judged_until + timedelta(days=later), Ripeness(days=99))
    after = History.of(RIPENESS, [*versions, added])
    for offset in range((judged_until - START).days + 1):
        day = START + timedelta(days=offset)
        assert after.in_force(day, place) == before.in_force(day, place)


@given(histories(), DAYS)
def test_all_in_force_are_those_that_hold_somewhere(versions, on):
    history = History.of(RIPENESS, versions)
    values = [(None, *((UUID(int=1), UUID(int=2)) if name == "supplier_id" else "ab")) for name in DIMENSIONS]
    places = [Place(**dict(zip(DIMENSIONS, place, strict=True))) for place in itertools.product(*values)]
    assert {v.number for v in history.all_in_force(on)} == {history.in_force(on, p).number for p in places}


def test_what_nobody_decided_is_the_default():
    assert History.of(RIPENESS, []).in_force(date(1900, 1, 1)).value == Ripeness(days=3)


@pytest.fixture
def judged() -> dict[str, date | None]:
    """Until when anything was judged."""
    return {"until": None}


@pytest.fixture
def app(toy, judged):
    async def judged_until(_tx):
        return judged["until"]

    toy.database.settings = toy.settings.model_copy(update={"policies_need_two": False})
    router = policy_router(
        [RIPENESS, WASTE], deciders=[Role.CATEGORY_MANAGER, Role.ADMIN], judged_until=judged_until
    )
    return build_app(toy, [router], title="Toy", description="A toy")


@pytest.fixture
def of_two(app, toy):
    """Let what one person proposes wait for another, as it does unless it is set otherwise."""
    assert toy.settings.policies_need_two
    toy.database.settings = toy.settings


@pytest.fixture
async def carl(app, issuer) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {issuer.token('carl', Role.CATEGORY_MANAGER)}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", headers=headers
    ) as client:
        yield client


@pytest.fixture
async def manager(app, issuer) -> AsyncIterator[httpx.AsyncClient]:
    token = issuer.token("cora", Role.CATEGORY_MANAGER)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://test",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


def decision(days: int = 5, valid_from: str = "2026-07-01", **more: object) -> dict[str, object]:
    value = {"days": days, "stacking": {"limit": 4, "by_hand": False}}
    return {"valid_from": valid_from, "value": value, "reason": "a hot summer"} | more


async def decide(client, body, seen=0, name="ripeness", **headers):
    headers = {"If-Match": f'"{seen}"'} | headers
    return await client.post(f"/v1/policies/{name}/versions", json=body, headers=headers)


async def in_force(client, at: str, **place: str) -> tuple[int, int]:
    response = await client.get("/v1/policies/ripeness", params={"at": at, **place})
    assert response.status_code == 200, response.text
    version = response.json()["in_force"]
    return version["version"], version["value"]["days"]


async def test_a_decision_holds_from_its_day_on_at_its_place(manager):
    assert (await decide(manager, decision())).status_code == 201
    precise = await decide(manager, decision(7, "2026-08-01", category="boskoop"), seen=1)

    assert (precise.status_code, precise.headers["etag"]) == (201, '"2"')
    assert await in_force(manager, "2026-06-30") == (0, 3)
    assert await in_force(manager, "2026-07-01", category="boskoop") == (1, 5)
    assert await in_force(manager, "2026-08-01") == (1, 5)
    assert await in_force(manager, "2026-08-01", category="boskoop", business_unit="BU-1") == (2, 7)


async def test_every_decision_stays_readable_with_who_took_it_and_why(manager, toy):
    await decide(manager, decision())
    await decide(manager, decision(6), seen=1)
    shown = (await manager.get("/v1/policies/ripeness")).json()

    assert [version["version"] for version in shown["versions"]] == [2, 1, 0]
    first = shown["versions"][1]
    assert (first["recorded_by"], first["reason"], first["value"]["days"]) == ("cora", "a hot summer", 5)
    assert shown["value_schema"]["properties"].keys() == {"days", "stacking"}
    async with toy.database.connection() as connection:
        records = await connection.fetch(
            "SELECT actor, before, after, reason FROM audit_record WHERE entity = 'policy' ORDER BY id"
        )
    assert [(r["before"]["version"], r["after"]["version"]) for r in records] == [(0, 1), (1, 2)]
    assert {(r["actor"], r["reason"]) for r in records} == {("cora", "a hot summer")}


async def test_the_list_says_what_holds_today_and_by_what_a_policy_may_be_divided(manager):
    await decide(manager, decision(valid_from="2026-01-01"))
    response = await manager.get("/v1/policies", params={"at": "2026-02-01"})
    assert [
        (p["name"], p["divided_by"], p["version"], p["in_force"]["version"]) for p in response.json()["items"]
    ] == [("ripeness", list(DIMENSIONS), 1, 1), ("waste", [], 0, 0)]


async def test_a_decision_begins_after_everything_that_was_judged(manager, judged):
    judged["until"] = date(2026, 7, 1)
    refused = await decide(manager, decision())
    assert (refused.status_code, refused.json()["code"]) == (422, "already_judged")
    assert refused.json()["errors"][0]["pointer"] == "/valid_from"
    assert (await decide(manager, decision(valid_from="2026-07-02"))).status_code == 201


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        ({"days": -1, "stacking": {"limit": 1, "by_hand": False}}, ["/value/days"]),
        ({"days": 1, "stacking": {"limit": 1, "by_hand": False}, "colour": "red"}, ["/value/colour"]),
        ({"days": 1, "stacking": {"limit": 1}}, ["/value/stacking/by_hand"]),
        ({"stacking": {"limit": 1, "by_hand": True}}, ["/value/days"]),
        ({"days": 1, "stacking": 3}, ["/value/stacking"]),
        ({}, ["/value/days", "/value/stacking"]),
    ],
)
async def test_a_value_is_all_that_the_policy_says_and_nothing_else(manager, value, pointers):
    refused = await decide(manager, decision() | {"value": value})
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
    assert [error["pointer"] for error in refused.json()["errors"]] == pointers


async def test_a_policy_that_is_the_same_everywhere_is_not_decided_for_a_category(manager):
    body = decision(category="boskoop") | {"value": {"limit": 3, "by_hand": True}}
    refused = await decide(manager, body, name="waste")
    assert (refused.status_code, refused.json()["code"]) == (422, "policy_not_divided")
    assert refused.json()["errors"][0]["pointer"] == "/category"


async def test_what_is_decided_of_a_supplier_counts_for_more_than_of_an_item_and_that_than_a_category(
    manager,
):
    supplier = "0199c0de-0000-7000-8000-000000000001"
    places = {
        3: {"supplier_id": supplier},
        4: {"item": "boskoop"},
        5: {"category": "apples", "site": "HAM-1", "business_unit": "juice"},
        6: {"site": "HAM-1"},
    }
    for seen, (days, place) in enumerate(places.items()):
        recorded = await decide(manager, decision(days, **place), seen=seen)
        assert recorded.status_code == 201, recorded.text
        assert {name: value for name, value in recorded.json().items() if name in place} == place
    for expected, place in (
        ((1, 3), places[3] | places[4] | places[5]),
        ((2, 4), places[4] | places[5]),
        ((3, 5), places[5]),
        ((4, 6), places[5] | {"business_unit": "cider"}),
        ((0, 3), places[5] | {"site": "HAM-2"}),
    ):
        assert await in_force(manager, "2026-07-01", **place) == expected


async def test_nobody_decides_over_a_decision_that_they_have_not_seen(manager):
    await decide(manager, decision())
    refused = await decide(manager, decision(9))
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")


async def test_a_decision_sent_twice_under_one_key_is_one(manager):
    once = await decide(manager, decision(), **{"Idempotency-Key": "k"})
    twice = await decide(manager, decision(), **{"Idempotency-Key": "k"})
    assert (once.json(), twice.status_code) == (twice.json(), 201)
    assert (await manager.get("/v1/policies/ripeness")).headers["etag"].startswith('"1-')


async def test_an_unknown_policy_is_not_found(manager):
    response = await manager.get("/v1/policies/colour")
    assert (response.status_code, response.json()["code"]) == (404, "policy_not_found")


async def test_suppliers_and_people_without_the_role_are_turned_away(app, issuer):
    supplier = issuer.token("sam", Role.SUPPLIER, scopes=["policies:read"], supplier_id=NO_ID)
    buyer = issuer.token("bo", Role.BUYER, scopes=["policies:read", "policies:write"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        for path in ("/v1/policies", "/v1/policies/ripeness"):
            response = await client.get(path, headers={"Authorization": f"Bearer {supplier}"})
            assert (response.status_code, response.json()["code"]) == (403, "not_for_suppliers")
        refused = await decide(client, decision(), Authorization=f"Bearer {buyer}")
        assert (refused.status_code, refused.json()["code"]) == (403, "role_required")


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
async def test_the_routes_keep_the_contract_of_every_api(app, issuer, clause):
    await clause(app, issuer)


async def test_a_process_judges_by_a_new_version_a_second_later_at_the_latest(manager, toy, monkeypatch):
    other = ServiceContext.create(toy.name, toy.settings)

    async def known() -> int:
        async with other.database.transaction() as tx:
            return (await policies.history(tx, RIPENESS)).in_force(date(2026, 7, 1), EVERYWHERE).number

    before = await known()
    await decide(manager, decision())
    monkeypatch.setattr(policies, "KNOWN_FOR_SECONDS", 0.0)
    assert (before, await known()) == (0, 1)
    await other.database.close()


async def test_a_process_judges_by_its_own_new_version_at_once(manager, toy):
    async with toy.database.transaction() as tx:
        await policies.history(tx, RIPENESS)
    await decide(manager, decision())
    async with toy.database.transaction() as tx:
        assert (await policies.history(tx, RIPENESS)).in_force(date(2026, 7, 1)).number == 1


async def approve(client, number=1):
    return await client.post(f"/v1/policies/ripeness/versions/{number}:approve")


@pytest.mark.usefixtures("of_two")
async def test_what_one_person_proposes_holds_once_another_approved_it(manager, carl, toy):
    proposed = (await decide(manager, decision())).json()
    assert (proposed["proposed"], proposed["approved_by"]) == (True, None)
    assert await in_force(manager, "2026-07-01") == (0, 3)
    refused = await approve(manager)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    approved = (await approve(carl)).json()
    assert (approved["proposed"], approved["recorded_by"], approved["approved_by"]) == (False, "cora", "carl")
    assert await in_force(manager, "2026-07-01") == (1, 5)
    shown = (await manager.get("/v1/policies/ripeness")).json()["versions"][0]
    assert shown == approved
    again = await approve(carl)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    async with toy.database.connection() as connection:
        trail = await connection.fetch("SELECT action, actor FROM audit_record ORDER BY id")
    assert [tuple(record) for record in trail] == [("propose", "cora"), ("approve", "carl")]


@pytest.mark.usefixtures("of_two")
async def test_nothing_is_judged_by_what_is_only_proposed(manager, carl, toy):
    await decide(manager, decision(7))
    async with toy.database.transaction() as tx:
        history = await policies.history(tx, RIPENESS)
    assert (history.in_force(date(2026, 7, 1)).number, history.newest(date(2026, 7, 1))) == (0, 0)
    assert [version.number for version in history.all_in_force(date(2026, 7, 1))] == [0]
    assert (history.version, [version.number for version in history.proposed]) == (1, [1])
    await approve(carl)
    async with toy.database.transaction() as tx:
        assert (await policies.history(tx, RIPENESS)).in_force(date(2026, 7, 1)).number == 1


@pytest.mark.usefixtures("of_two")
async def test_what_was_judged_meanwhile_is_not_judged_otherwise_by_a_late_approval(manager, carl, judged):
    await decide(manager, decision())
    judged["until"] = date(2026, 7, 1)
    refused = await approve(carl)
    assert (refused.status_code, refused.json()["code"]) == (422, "already_judged")


@pytest.mark.usefixtures("of_two")
async def test_the_database_itself_keeps_who_proposed_a_version_from_approving_it(manager, toy):
    await decide(manager, decision())
    async with toy.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE policy_version SET approved_by = recorded_by")


@pytest.mark.usefixtures("of_two")
async def test_a_version_that_is_not_there_is_approved_by_nobody(carl):
    missing = await approve(carl)
    assert (missing.status_code, missing.json()["code"]) == (404, "policy_version_not_found")
