"""What the organisation decides holds from a day on, and leaves what was judged before as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor import policies
from purveyor.db import new_id
from purveyor.policies import Place
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from purveyor_contract.roles import Role
from supplier_performance.deliveries import queries
from supplier_performance.deliveries.queries import ON_TIME, ROLLING_WINDOW
from supplier_performance.deliveries.rules import Measures, OnTime, Question, RollingWindow, Window
from supplier_performance.scorecards.queries import SCORING
from supplier_performance.scorecards.rules import ScoringRules, Weights

from .world import World

TODAY = date(2026, 6, 15)
TOMORROW = TODAY + timedelta(days=1)
DEFAULTS = {"on-time": 0, "rolling-window": 0, "scoring": 0}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def judged_supplier(world: World) -> UUID:
    """A supplier with three good lines and a late one, judged today."""
    supplier = await world.supplier()
    order = await world.order(supplier, *[ago(9)] * 4)
    for line, arrived in enumerate((9, 9, 9, 1), start=1):
        await world.receive(order, ago(arrived), line=line)
    await world.rescore()
    return supplier


async def decide(
    api: httpx.AsyncClient, issuer: LocalIssuer, policy: str, body: dict[str, object]
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {issuer.token('cora', Role.CATEGORY_MANAGER)}", "If-Match": '"0"'}
    versions = f"/v1/policies/{policy}/versions"
    proposed = await api.post(versions, json=body | {"reason": "test"}, headers=headers)
    if proposed.status_code == 201:
        headers = {"Authorization": f"Bearer {issuer.token('carl', Role.CATEGORY_MANAGER)}"}
        approved = await api.post(f"{versions}/{proposed.json()['version']}:approve", headers=headers)
        assert approved.status_code == 200, approved.text
    return proposed


async def published(world: World) -> list[SupplierScoreUpdated]:
    rows = await world.fetch("SELECT data FROM outbox WHERE topic = 'performance.suppliers' ORDER BY id")
    return [SupplierScoreUpdated.model_validate(row["data"]) for row in rows]


async def test_new_weights_are_judged_by_from_their_first_day_on(
    world: World, api: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    supplier = await judged_supplier(world)
    value = ScoringRules(weights=Weights(on_time=20, punctuality=35)).model_dump(mode="json")
    decided = await decide(api, issuer, "scoring", {"valid_from": str(TOMORROW), "value": value})
    assert decided.status_code == 201, decided.text

    await world.judge(TODAY)
    on_the_day_before = await published(world)
    world.clock.now += timedelta(days=1)
    await world.judge(TOMORROW)

    first, second = await published(world)
    assert on_the_day_before == [first]
    assert (first.policy_versions, second.policy_versions) == (DEFAULTS, DEFAULTS | {"scoring": 1})
    assert first.score != second.score
    history = (await api.get(f"/v1/suppliers/{supplier}/score/history")).json()["items"]
    assert [past["policy_versions"]["scoring"] for past in history] == [1, 0]
    shown = (await api.get(f"/v1/suppliers/{supplier}/score")).json()
    assert [part["weight"] for part in shown["components"]] == [20, 20, 25, 35]


async def test_a_score_that_new_versions_leave_as_it_is_says_by_which_it_was_judged(world: World) -> None:
    await judged_supplier(world)
    await world.decide(ROLLING_WINDOW, RollingWindow(days=300), TODAY)
    await world.judge(TODAY)
    (card,) = await world.fetch("SELECT policy_versions FROM scorecard")
    assert card["policy_versions"] == DEFAULTS | {"rolling-window": 1}
    assert len(await published(world)) == 1


@pytest.mark.parametrize("policy", ["on-time", "rolling-window", "scoring"])
async def test_what_was_judged_is_not_decided_afterwards(
    world: World, api: httpx.AsyncClient, issuer: LocalIssuer, policy: str
) -> None:
    value = (await api.get(f"/v1/policies/{policy}")).json()["in_force"]["value"]
    await judged_supplier(world)
    refused = await decide(api, issuer, policy, {"valid_from": str(TODAY), "value": value})
    assert (refused.status_code, refused.json()["code"]) == (422, "already_judged")


async def test_before_anything_was_judged_the_past_may_be_decided(
    world: World, api: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    supplier = await world.supplier()
    decided = await decide(
        api, issuer, "on-time", {"valid_from": "2020-01-01", "value": {"grace_days": 2}, "category": "bolts"}
    )
    assert decided.status_code == 201, decided.text
    for category in ("bolts", "nuts"):
        order = await world.order(supplier, ago(9), category=category)
        await world.receive(order, ago(7))

    lines = (await api.get(f"/v1/suppliers/{supplier}/score/evidence?measure=on_time")).json()["items"]

    judged = {line["category"]: (line["on_time"], line["on_time_version"]) for line in lines}
    assert judged == {"bolts": (True, 1), "nuts": (False, 0)}


async def test_a_new_grace_is_for_lines_promised_from_its_first_day_on(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    await world.decide(ON_TIME, OnTime(grace_days=2), ago(8))
    for promised in (9, 8, 7):
        await world.receive(await world.order(supplier, ago(promised)), ago(promised - 1))

    lines = (await api.get(f"/v1/suppliers/{supplier}/score/evidence?measure=on_time")).json()["items"]

    assert [(line["on_time"], line["on_time_version"]) for line in lines] == [
        (False, 0),
        (True, 1),
        (True, 1),
    ]


async def test_the_passing_of_a_line_heeds_the_grace_where_it_belongs(world: World) -> None:
    supplier = await world.supplier()
    await world.decide(ON_TIME, OnTime(grace_days=3), place=Place(business_unit="BU-2"))
    await world.order(supplier, ago(2), business_unit="BU-2")
    await world.rescore()
    async with world.context.database.transaction() as tx:
        early = await queries.suppliers_moved_by(tx, TODAY)
        late = await queries.suppliers_moved_by(tx, TODAY + timedelta(days=2))
    assert early == []
    assert {moved.supplier_id for moved in late} == {supplier}


async def test_rules_that_do_not_add_up_are_refused_by_their_field(
    api: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    value = ScoringRules().model_dump(mode="json")
    value["weights"]["on_time"] = 41
    refused = await decide(api, issuer, "scoring", {"valid_from": str(TODAY), "value": value})
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [{"pointer": "/value/weights", "detail": "the four weights must sum to 100, not 101"}],
    )


async def test_a_policy_is_no_business_of_a_supplier(
    world: World, api: httpx.AsyncClient, as_supplier: Callable[[UUID], dict[str, str]]
) -> None:
    response = await api.get("/v1/policies", headers=as_supplier(await world.supplier()))
    assert (response.status_code, response.json()["code"]) == (403, "scope_required")


START = date(2026, 6, 1)
DAYS = st.integers(0, 20).map(lambda offset: START + timedelta(days=offset))
PLACES = st.builds(
    Place, category=st.sampled_from([None, "bolts"]), business_unit=st.sampled_from([None, "BU-1"])
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(DAYS, st.sampled_from(["bolts", "nuts"]), st.none() | DAYS), max_size=5),
    judged_on=DAYS,
    later=st.lists(st.tuples(st.integers(1, 10), st.integers(0, 5), PLACES), min_size=1, max_size=4),
)
async def test_a_version_never_changes_what_was_judged_before(
    world: World,
    lines: list[tuple[date, str, date | None]],
    judged_on: date,
    later: list[tuple[int, int, Place]],
) -> None:
    await world.forget_decisions()
    supplier = await world.supplier()
    for promised_on, category, received_on in lines:
        order = await world.order(supplier, promised_on, category=category)
        if received_on:
            await world.receive(order, received_on)
    question = Question(Window(START, START + timedelta(days=60)), judged_on)

    async def judgement() -> Measures:
        async with world.context.database.transaction() as tx:
            return await queries.measures_of(tx, question, supplier)

    before = await judgement()
    for days, grace, place in later:
        await world.decide(ON_TIME, OnTime(grace_days=grace), judged_on + timedelta(days=days), place)
    assert await judgement() == before


async def test_what_was_set_in_the_environment_becomes_the_first_version(world: World) -> None:
    rules = json.dumps(
        ScoringRules(weights=Weights(on_time=20, punctuality=35)).model_dump(mode="json")
        | {"grace_days": 2, "window_days": 365}
    )
    async with world.context.database.connection() as connection:
        await connection.execute(
            "INSERT INTO scorecard (id, version, sequence, as_of, window_from, window_to, judged_at, rules, "
            "measures, lines, lines_late) VALUES ($1, 1, 0, $2, $2, $2, now(), $3::text::jsonb, '{}', 0, 0)",
            new_id(),
            TODAY,
            rules,
        )
        revision = import_module(f"{world.context.migrations}.versions.2026_11_25_policies")
        await connection.execute(revision.FIRST_VERSIONS)
    async with world.context.database.transaction() as tx:
        grace = (await policies.read(tx, ON_TIME)).in_force(date(2000, 1, 1))
        scoring = (await policies.read(tx, SCORING)).in_force(date(2000, 1, 1))
        window = (await policies.read(tx, ROLLING_WINDOW)).in_force(date(2000, 1, 1))
    assert (grace.number, grace.value) == (1, OnTime(grace_days=2))
    assert (scoring.number, scoring.value.weights.punctuality) == (1, 35)
    assert window.number == 0
