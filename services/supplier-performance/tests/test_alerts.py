"""Alert rules are drafted, tried and activated by another; what rings, rings once, and people see to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role
from supplier_performance.alerts.commands.watching import watch_kpis

from .test_merged_suppliers import merged
from .world import World

LEVEL = {"test": "threshold", "breach_at": "85", "recover_at": "90"}
RULE: dict[str, Any] = {"kpi": "on-time", "by": "month", "test": LEVEL, "severity": "warning"}
Told = list[tuple[str, dict[str, Any]]]


class Watch:
    """Two category managers and a buyer, and what they do to rules and alerts."""

    def __init__(self, world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> None:
        self.world, self.api, self.issuer = world, api, issuer

    def headers(self, name: str, etag: str | None, role: Role = Role.CATEGORY_MANAGER) -> dict[str, str]:
        token = self.issuer.token(name, role)
        return {"Authorization": f"Bearer {token}"} | ({"If-Match": etag} if etag else {})

    async def draft(self, rule: dict[str, Any], code: str = "late") -> httpx.Response:
        body = {"title": "Late lately", "rule": rule}
        return await self.api.post(
            f"/v1/alert-rules/{code}/versions", json=body, headers=self.headers("cora", None)
        )

    async def move(
        self, move: str, etag: str, by: str = "cora", body: Any = None, code: str = "late", number: int = 1
    ) -> httpx.Response:
        path = f"/v1/alert-rules/{code}/versions/{number}:{move}"
        return await self.api.post(path, json=body, headers=self.headers(by, etag))

    async def active(self, rule: dict[str, Any], code: str = "late") -> None:
        drafted = await self.draft(rule, code)
        assert drafted.status_code == 201, drafted.json()
        asked = {"from": "2026-01-01", "to": "2026-05-31"}
        tried = await self.move("try", drafted.headers["ETag"], body=asked, code=code)
        assert tried.status_code == 200, tried.json()
        activated = await self.move("activate", tried.headers["ETag"], by="carl", code=code)
        assert activated.status_code == 200, activated.json()

    async def day(self, on: date) -> None:
        async with self.world.context.database.transaction() as tx:
            await watch_kpis(tx, on)

    async def told(self) -> Told:
        rows = await self.world.fetch(
            "SELECT type, data FROM outbox WHERE topic = 'performance.alerts' ORDER BY id"
        )
        return [(row["type"].split(".")[2], row["data"]) for row in rows]

    async def alerts(self, query: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.api.get(f"/v1/alerts{query}")).json()["items"]
        return found

    async def handle(self, alert: str, move: str, etag: str, body: Any = None) -> httpx.Response:
        path = f"/v1/alerts/{alert}:{move}"
        return await self.api.post(path, json=body, headers=self.headers("bea", etag, Role.BUYER))


@pytest.fixture
def watch(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> Watch:
    return Watch(world, api, issuer)


async def delivered(world: World, supplier: UUID, on: date, *late: int) -> None:
    for days in late:
        await world.receive(await world.order(supplier, on), on + timedelta(days=days))


async def test_a_rule_is_tried_on_history_before_it_is_switched_on(world: World, watch: Watch) -> None:
    supplier = await world.supplier()
    for month, late in ((1, 0), (2, 5), (3, 5), (4, 0), (5, 5)):
        await delivered(world, supplier, date(2026, month, 10), late)
    drafted = await watch.draft(RULE)
    untried = await watch.move("activate", drafted.headers["ETag"], by="carl")
    assert (untried.status_code, untried.json()["code"]) == (409, "rule_untried")
    tried = await watch.move("try", drafted.headers["ETag"], body={"from": "2026-01-01", "to": "2026-06-30"})
    trial = tried.json()["trial"]
    counts = {name: trial[name] for name in ("periods", "suppliers", "rings", "rightly", "wrongly", "untold")}
    assert counts == {"periods": 5, "suppliers": 1, "rings": 2, "rightly": 1, "wrongly": 0, "untold": 1}
    assert [(ring["period"], ring["rightly"]) for ring in trial["first_rings"]] == [
        ("2026-02", True),
        ("2026-05", None),
    ]
    own = await watch.move("activate", tried.headers["ETag"], by="cora")
    assert (own.status_code, own.json()["code"]) == (403, "segregation_of_duties")
    changed = await watch.api.put(
        "/v1/alert-rules/late/versions/1",
        json={"title": "Late", "rule": RULE},
        headers=watch.headers("cora", tried.headers["ETag"]),
    )
    assert changed.json()["trial"] is None
    assert await watch.told() == []


async def test_a_trial_judges_each_period_by_what_was_so_at_its_end(world: World, watch: Watch) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, date(2026, 3, 31))
    await world.receive(order, date(2026, 4, 20))
    drafted = await watch.draft(RULE | {"test": LEVEL | {"breach_at": "50", "recover_at": "50"}})
    tried = await watch.move("try", drafted.headers["ETag"], body={"from": "2026-03-01", "to": "2026-05-31"})
    assert tried.json()["trial"]["rings"] == 0


async def test_it_rings_once_until_it_has_recovered(world: World, watch: Watch) -> None:
    supplier = await world.supplier()
    await delivered(world, supplier, date(2026, 4, 10), 5, 0)
    await delivered(world, supplier, date(2026, 5, 10), 0)
    await watch.active(RULE)
    for day in (1, 2, 20):
        await watch.day(date(2026, 5, day))
    [alert] = await watch.alerts("?status=open")
    assert (alert["value"], alert["period"], alert["rung_on"], alert["seen_on"]) == (
        "50.00",
        "2026-04",
        "2026-05-01",
        "2026-05-20",
    )
    evidence = (await watch.api.get(alert["evidence"])).json()
    assert evidence["figures"][0]["value"] == "50.00"
    await watch.day(date(2026, 6, 1))
    told = await watch.told()
    assert [name for name, _ in told] == ["KpiBreached", "KpiRecovered"]
    assert (told[0][1]["because"], told[1][1]["value"]) == ("50.00 in 2026-04 is worse than 85", "100.00")
    [recovered] = await watch.alerts()
    assert (recovered["status"], recovered["breached"]) == ("recovered", False)


async def test_an_alert_goes_on_under_who_its_supplier_is_by_now(world: World, watch: Watch) -> None:
    first, second = await world.supplier(), await world.supplier()
    await delivered(world, first, date(2026, 4, 10), 5, 0)
    await delivered(world, second, date(2026, 5, 10), 0)
    await watch.active(RULE)
    await watch.day(date(2026, 5, 1))
    await world.say_of_supplier(merged(first, second))
    await watch.day(date(2026, 5, 2))
    await watch.day(date(2026, 6, 1))
    assert [name for name, _ in await watch.told()] == ["KpiBreached", "KpiRecovered"]
    [alert] = await watch.alerts()
    assert alert["status"] == "recovered"


async def test_people_take_snooze_and_resolve_an_alert_and_it_does_not_ring_again(
    world: World, watch: Watch
) -> None:
    supplier = await world.supplier()
    await delivered(world, supplier, date(2026, 4, 10), 5)
    await watch.active(RULE)
    await watch.day(date(2026, 5, 1))
    [alert] = await watch.alerts()
    taken = await watch.handle(alert["id"], "acknowledge", '"2"')
    assert (taken.json()["status"], taken.json()["owner"]) == ("acknowledged", "bea")
    again = await watch.handle(alert["id"], "acknowledge", taken.headers["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    past = await watch.handle(alert["id"], "snooze", taken.headers["ETag"], {"until": "2026-06-14"})
    assert (past.status_code, past.json()["code"]) == (422, "snoozed_until_past")
    snoozed = await watch.handle(alert["id"], "snooze", taken.headers["ETag"], {"until": "2026-06-30"})
    given = await watch.handle(alert["id"], "assign", snoozed.headers["ETag"], {"owner": "ben"})
    done = await watch.handle(alert["id"], "resolve", given.headers["ETag"], {"resolution": "Talked to them"})
    assert (done.json()["status"], done.json()["owner"], done.json()["allowed"]) == ("resolved", "ben", [])
    await watch.day(date(2026, 5, 2))
    assert len(await watch.told()) == 1
    assert (await watch.api.get(f"/v1/alerts/{alert['id']}")).json()["resolution"] == "Talked to them"


async def test_silence_rings_for_a_supplier_of_whom_nothing_more_is_heard(world: World, watch: Watch) -> None:
    silent, heard = await world.supplier(), await world.supplier()
    for month in range(1, 6):
        await delivered(world, heard, date(2026, month, 10), 0)
        if month < 5:
            await delivered(world, silent, date(2026, month, 10), 0)
    await watch.active(RULE | {"test": {"test": "silence", "periods": 4}})
    await watch.day(date(2026, 6, 1))
    assert [alert["supplier"]["id"] for alert in await watch.alerts()] == [str(silent)]


async def test_many_alerts_or_a_critical_one_tell_once_that_a_supplier_is_at_risk(
    world: World, watch: Watch
) -> None:
    supplier = await world.supplier()
    await delivered(world, supplier, date(2026, 4, 10), 5)
    await watch.active(RULE)
    await watch.active(RULE | {"kpi": "on-time-in-full", "severity": "critical"}, "both")
    for day in (1, 2):
        await watch.day(date(2026, 5, day))
    told = [said for name, said in await watch.told() if name == "SupplierAtRisk"]
    assert [(one["supplier_id"], len(one["alerts"])) for one in told] == [(str(supplier), 2)]


async def test_a_retired_rule_rings_no_more_and_a_new_version_takes_the_place_of_the_old(
    world: World, watch: Watch
) -> None:
    supplier = await world.supplier()
    await delivered(world, supplier, date(2026, 4, 10), 5)
    await watch.active(RULE)
    drafted = await watch.draft(RULE | {"severity": "critical"})
    assert (await watch.draft(RULE)).json()["code"] == "rule_drafted"
    tried = await watch.move(
        "try", drafted.headers["ETag"], body={"from": "2026-04-01", "to": "2026-04-30"}, number=2
    )
    second = await watch.move("activate", tried.headers["ETag"], by="carl", number=2)
    versions = (await watch.api.get("/v1/alert-rules/late/versions")).json()["items"]
    assert [(one["number"], one["status"]) for one in versions] == [(2, "active"), (1, "superseded")]
    assert (await watch.api.get("/v1/alert-rules/late")).json()["number"] == 2
    assert (await watch.move("retire", second.headers["ETag"], number=2)).json()["status"] == "retired"
    assert (await watch.api.get("/v1/alert-rules/late")).json()["code"] == "alert_rule_not_found"
    await watch.day(date(2026, 5, 1))
    assert await watch.told() == []


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"kpi": "happiness"}, "kpi_unknown", "/rule/kpi"),
        ({"test": LEVEL | {"recover_at": "80"}}, "hysteresis_reversed", "/rule/test/recover_at"),
        ({"kpi": "days-late"}, "hysteresis_reversed", "/rule/test/recover_at"),
        ({"scope": {"category": "dreams"}}, "category_unknown", "/rule/scope/category"),
        ({"kpi": "document-validity", "scope": {"site": "HAM"}}, "kpi_not_told_apart", "/rule/scope/site"),
        ({"test": {"test": "trend", "periods": 3}}, "validation_failed", "/rule/test/periods"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_where_it_is_wrong(
    watch: Watch, changed: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await watch.draft(RULE | changed)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_too_long_a_history_and_one_that_has_not_ended_are_not_tried(watch: Watch) -> None:
    etag = (await watch.draft(RULE)).headers["ETag"]
    for window in (("2015-01-01", "2026-05-31"), ("2026-06-01", "2026-06-30")):
        refused = await watch.move("try", etag, body=dict(zip(("from", "to"), window, strict=True)))
        assert (refused.status_code, refused.json()["code"]) == (422, "trial_window")
    reversed_ = await watch.move("try", etag, body={"from": "2026-05-01", "to": "2026-04-01"})
    assert reversed_.json()["code"] == "window_reversed"


async def test_suppliers_are_shown_no_alerts_and_no_rules(
    world: World, watch: Watch, as_supplier: Callable[[UUID], dict[str, str]]
) -> None:
    headers = as_supplier(await world.supplier())
    for path in ("/v1/alerts", "/v1/alert-rules"):
        assert (await watch.api.get(path, headers=headers)).status_code == 403
