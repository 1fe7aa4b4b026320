"""A supplier's risk over HTTP: what was said, what it comes to, as days pass and neighbours change it."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from purveyor.db import Transaction
from purveyor.jobs import Job, run_job
from purveyor_contract.roles import Role
from sourcing.risk.commands import assess_due, follow
from sourcing.risk.rules.policy import RiskWeights
from sourcing.screening.store.hits import confirmed_among
from sourcing.suppliers.commands import block_locked, unblock_locked
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.store.rows import lock_supplier

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk

Json = dict[str, Any]
ACCOUNTS = {
    "factor": "financial",
    "ratios": {
        "working_capital_to_total_assets": "-0.05",
        "retained_earnings_to_total_assets": "0.02",
        "ebit_to_total_assets": "0.01",
        "equity_to_total_liabilities": "0.30",
    },
    "source": "Creditreform",
    "as_of": "2026-06-30",
    "holds_until": "2026-11-25",
}
SIGNAL = {
    "source": "Newswatch",
    "reference": "nw-1",
    "summary": "A strike is announced",
    "points": "60",
    "weight": "2",
    "observed_on": "2026-11-18",
    "holds_until": "2026-12-31",
}
JOB = Job("assess-risks", partial(assess_due, confirmed=confirmed_among))


async def said(desk: Desk, supplier: Json, **body: Any) -> Json:
    response = await desk.manager.post(f"/v1/suppliers/{supplier['id']}/risk-factors", json=body)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


async def risk(desk: Desk, supplier: Json) -> Json:
    found: Json = (await desk.buyer.get(f"/v1/suppliers/{supplier['id']}/risk")).json()
    return found


def factor(risk: Json, name: str) -> Json:
    [found] = [one for one in risk["factors"] if one["factor"] == name]
    return dict(found)


async def followed(desk: Desk) -> None:
    """Let the chore run until it has nothing more to do."""
    more = True
    while more:
        async with desk.context.database.transaction() as tx:
            tx.actor = "chore assess-risks"
            more = await follow(tx, confirmed_among)


async def changes(desk: Desk, supplier: Json) -> list[Json]:
    return [data for name, data in await desk.events(supplier) if name == "SupplierRiskChanged"]


async def test_what_is_said_of_a_supplier_adds_up_and_ends(desk: Desk, clock: Clock) -> None:
    supplier = await desk.registered()
    nothing = await risk(desk, supplier)
    assert (nothing["number"], nothing["level"], nothing["share_known"]) == (0, None, 0)
    assert {one["standing"] for one in nothing["factors"]} == {"missing"}

    first = await said(desk, supplier, **ACCOUNTS)
    assert (first["overall"], first["level"], first["share_known"]) == ("100.0", "critical", 20)
    assert factor(first, "financial")["because"] == "Altman's Z″ 3.37"
    second = await said(
        desk,
        supplier,
        factor="operational",
        operations={"making_sites": 1},
        source="Visit",
        as_of="2026-11-01",
    )
    assert (second["overall"], second["share_known"], second["number"]) == ("90.0", 30, 2)
    assert factor(second, "financial")["contribution"] == "66.67"
    assert factor(second, "operational")["holds_until"] == "2027-12-06"
    signal = await desk.manager.post("/v1/risk-signals", json=SIGNAL | {"supplier_id": supplier["id"]})
    assert signal.status_code == 201, signal.text
    assert (await risk(desk, supplier))["overall"] == "85.7"

    clock.wait(days=6)
    await run_job(desk.context.database, JOB, date(2026, 11, 26))
    later = await risk(desk, supplier)
    assert factor(later, "financial") == factor(second, "financial") | {
        "standing": "stale",
        "contribution": None,
    }
    assert (later["overall"], later["level"], later["assessed_for"]) == ("66.7", "high", "2026-11-26")
    await run_job(desk.context.database, JOB, date(2026, 11, 26), again=True)

    told = await changes(desk, supplier)
    assert [(one["former_level"], one["level"], one["assessment"]) for one in told] == [
        (None, "critical", 1),
        ("critical", "high", 4),
    ]
    assert told[0]["factors"][0]["standing"] == "known"
    history = (await desk.buyer.get(f"/v1/suppliers/{supplier['id']}/risk-assessments")).json()["items"]
    assert [one["number"] for one in history] == [4, 3, 2, 1]
    assert history[-1] == first
    with pytest.raises(asyncpg.RaiseError):
        async with desk.context.database.transaction() as tx:
            await tx.connection.execute("UPDATE risk_assessment SET level = 'low'")


async def test_neighbours_change_a_risk_and_a_hit_caps_it(desk: Desk) -> None:
    supplier = await desk.approved()
    other = await desk.registered(legal_name="Other GmbH")
    reference = uuid4()
    await followed(desk)
    clean = await risk(desk, supplier)
    assert (clean["overall"], clean["level"], clean["share_known"]) == ("0.0", "low", 15)
    assert (await risk(desk, other))["number"] == 0

    async with desk.context.database.transaction() as tx:
        locked = await lock_supplier(tx, UUID(supplier["id"]))
        block_locked(tx, locked, BlockCause.SCREENING, reference, "A hit", None)
    await desk.score(supplier, "40.0", "D", 1)
    await followed(desk)
    held = await risk(desk, supplier)
    assert (held["caps"], held["level"], held["uncapped_level"]) == (["screening_hit"], "high", "high")
    assert factor(held, "compliance")["points"] == "80.0"
    assert factor(held, "delivery_quality")["points"] == "60.0"

    async def everybody(_tx: Transaction, ids: Any) -> Any:
        return ids

    async with desk.context.database.transaction() as tx:
        tx.actor = "tester"
        await assess_due(tx, date(2026, 11, 21), everybody)
    confirmed = await risk(desk, supplier)
    assert (confirmed["level"], confirmed["assessed_for"]) == ("high", "2026-11-20"), "nothing was due"
    async with desk.context.database.transaction() as tx:
        locked = await lock_supplier(tx, UUID(supplier["id"]))
        unblock_locked(tx, locked, BlockCause.SCREENING, reference, "Another person")
    async with desk.context.database.transaction() as tx:
        await follow(tx, everybody)
    assert (await risk(desk, supplier))["level"] == "critical"
    listed = (await desk.buyer.get("/v1/supplier-risks", params={"capped": True})).json()["items"]
    assert [one["supplier_id"] for one in listed] == [supplier["id"]]
    assert [(one["level"], one["caps"]) for one in await changes(desk, supplier)] == [
        ("low", []),
        ("high", ["screening_hit"]),
        ("critical", ["sanction_confirmed"]),
    ]


async def test_the_table_of_countries_counts_once_it_is_loaded(desk: Desk) -> None:
    supplier = await desk.registered(country="BD")
    rows = (
        "country,category,points,source,as_of,holds_until\n"
        "BD,,40,Index 2026,2026-01-31,\n"
        "BD,fasteners,70,Index 2026,2026-01-31,\n"
        "XX,,40,Index 2026,2026-01-31,\n"
        "DE,,101,Index 2026,2026-01-31,\n"
        "FR,,10,Index 2026,2027-01-31,\n"
    )
    sent = await desk.manager.post(
        "/v1/country-risks:bulk", content=rows, headers={"Content-Type": "text/csv"}
    )
    assert [line["status"] for line in map(json.loads, sent.text.splitlines())] == [
        "created",
        "created",
        "refused",
        "refused",
        "refused",
    ]
    await followed(desk)
    found = factor(await risk(desk, supplier), "geographic")
    assert (found["points"], found["because"], found["source"]) == ("70.0", "BD, fasteners", "Index 2026")
    again = await desk.manager.post(
        "/v1/country-risks:bulk",
        content="country,category,points,source,as_of\nBD,fasteners,20,Index,2026-11-01\n"
        "BD,,40,Index 2026,2026-01-31\n",
        headers={"Content-Type": "text/csv"},
    )
    assert [line["status"] for line in map(json.loads, again.text.splitlines())] == ["updated", "unchanged"]
    await followed(desk)
    lower = factor(await risk(desk, supplier), "geographic")
    assert (lower["points"], lower["because"]) == ("40.0", "BD, all categories"), "of its bearings"
    table = (await desk.buyer.get("/v1/country-risks", params={"sort": "-points"})).json()["items"]
    assert [(one["category"], one["points"]) for one in table] == [(None, "40.0"), ("fasteners", "20.0")]


async def test_a_signal_is_taken_once_and_what_cannot_be_is_refused(desk: Desk, as_person: AsPerson) -> None:
    supplier = await desk.registered()
    signal = SIGNAL | {"supplier_id": supplier["id"]}
    statuses = [(await desk.manager.post("/v1/risk-signals", json=signal)).status_code for _ in range(2)]
    assert statuses == [201, 200]
    assert len((await desk.buyer.get("/v1/risk-signals")).json()["items"]) == 1
    at = f"/v1/suppliers/{supplier['id']}/risk-factors"
    shares = {"factor": "dependency", "source": "Us", "as_of": "2026-11-01"}
    refused = [
        ("/v1/risk-signals", signal | {"summary": "Another"}, 409, "signal_differs", None),
        ("/v1/risk-signals", signal | {"supplier_id": str(uuid4())}, 422, "supplier_unknown", "/supplier_id"),
        ("/v1/risk-signals", signal | {"observed_on": "2026-11-21"}, 422, "day_in_future", "/observed_on"),
        ("/v1/risk-signals", signal | {"weight": "0"}, 422, "validation_failed", "/weight"),
        (at, ACCOUNTS | {"as_of": "2026-11-21"}, 422, "day_in_future", "/as_of"),
        (at, ACCOUNTS | {"holds_until": "2026-06-29"}, 422, "ends_before_it_begins", "/holds_until"),
        (at, ACCOUNTS | {"points": "3"}, 422, "factor_malformed", "/ratios"),
        (
            at,
            shares | {"shares": {"its_of_our_spend": "100.5"}},
            422,
            "validation_failed",
            "/shares/its_of_our_spend",
        ),
        (at, shares | {"factor": "signals", "points": "1"}, 422, "validation_failed", "/factor"),
    ]
    for path, body, status, code, pointer in refused:
        answer = await desk.manager.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert pointer is None or pointer in [error["pointer"] for error in answer.json()["errors"]]
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    assert (await sue.get(f"/v1/suppliers/{supplier['id']}/risk")).status_code == 403


async def test_other_weights_say_who_would_move_and_change_nothing(desk: Desk) -> None:
    first, second, third = [await desk.registered(legal_name=f"Supplier {n} GmbH") for n in range(3)]
    for supplier, financial, social in ((first, "90", "20"), (second, "20", "90"), (third, "10", "10")):
        for name, points in (("financial", financial), ("environmental_social", social)):
            await said(desk, supplier, factor=name, points=points, source="Us", as_of="2026-11-01")
    weights = dict.fromkeys(RiskWeights.model_fields, 0) | {"environmental_social": 100}
    at = "/v1/supplier-risks:what-if"
    asked = {"weights": weights, "limit": 1}
    found = (await desk.buyer.post(at, json=asked)).json()
    assert found["assessed"] == 3
    assert {(one["level"], one["level_then"]): one["suppliers"] for one in found["moves"]} == {
        ("high", "low"): 1,
        ("medium", "critical"): 1,
        ("low", "low"): 1,
    }
    named = found["movers"]
    assert found["next_after"] == named[0]["supplier_id"]
    rest = (await desk.buyer.post(at, json=asked | {"after": found["next_after"]})).json()
    assert (rest["next_after"], rest["assessed"]) == (None, 2)
    then = {one["supplier_id"]: one["overall_then"] for one in [*named, *rest["movers"]]}
    assert then == {first["id"]: "20.0", second["id"]: "90.0"}
    assert (await risk(desk, first))["level"] == "high"
    refused = await desk.buyer.post(at, json={"weights": weights | {"financial": 1}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/weights")
