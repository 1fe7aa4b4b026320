"""A supplier's score follows what was ordered and what arrived, and the passing of days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from purveyor.db import new_id
from purveyor_contract.events.supplier_performance.suppliers import SupplierScoreUpdated
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import OnTime

from .world import World

TODAY = date(2026, 6, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def score_of(api: httpx.AsyncClient, supplier: UUID) -> dict[str, Any]:
    response = await api.get(f"/v1/suppliers/{supplier}/score")
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def measures_of(api: httpx.AsyncClient, supplier: UUID, **query: str) -> dict[str, Any]:
    response = await api.get(f"/v1/suppliers/{supplier}/performance", params=query)
    assert response.status_code == 200, response.text
    measures: dict[str, Any] = response.json()["measures"]
    return measures


async def published(world: World, supplier: UUID) -> list[SupplierScoreUpdated]:
    rows = await world.fetch(
        "SELECT data, sequence FROM outbox WHERE topic = 'performance.suppliers' AND key = $1 ORDER BY id",
        str(supplier),
    )
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    return [SupplierScoreUpdated.model_validate(row["data"]) for row in rows]


async def deliver_on_time(world: World, supplier: UUID, *promised: date) -> None:
    order = await world.order(supplier, *promised)
    for line, day in enumerate(promised, start=1):
        await world.receive(order, day, line=line)


async def test_a_supplier_that_delivers_all_in_time_scores_a_hundred(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    await deliver_on_time(world, supplier, ago(30), ago(20), ago(10))
    await world.rescore()

    shown = await score_of(api, supplier)

    assert (shown["score"], shown["grade"]) == ("100.0", "A")
    assert shown["supplier"]["name"] == "Acme Fasteners GmbH"
    assert shown["measures"]["lines_due"] == 3
    assert shown["measures"]["spend"] == [{"amount": "75.00", "currency": "EUR"}]
    assert shown["as_of"] == "2026-06-15"
    assert (shown["window_from"], shown["window_to"]) == ("2025-06-16", "2026-06-15")
    assert [(part["name"], part["weight"]) for part in shown["components"]] == [
        ("on_time", 40),
        ("in_full", 20),
        ("quality", 25),
        ("punctuality", 15),
    ]


async def test_split_deliveries_add_up(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(14), quantity="4")
    await world.receive(order, ago(10), quantity="6")

    measures = await measures_of(api, supplier)

    assert (measures["lines_on_time"], measures["lines_late"]) == (1, 0)
    assert measures["average_days_late"] == "0.00"


async def test_a_line_is_late_when_its_last_part_is(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(14), quantity="9.5")
    await world.receive(order, ago(8), quantity="0.5")

    measures = await measures_of(api, supplier)

    assert (measures["lines_on_time"], measures["lines_late"]) == (0, 1)
    assert measures["average_days_late"] == "2.00"


async def test_a_receipt_recorded_late_for_an_earlier_day_counts_for_that_day(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(5), quantity="6")
    late = await measures_of(api, supplier)
    await world.receive(order, ago(12), quantity="10")
    on_time = await measures_of(api, supplier)

    assert late["lines_late"] == 1
    assert on_time["lines_on_time"] == 1
    assert on_time["average_days_late"] == "-2.00"


async def test_rejected_parts_are_not_in_full_and_count_per_million(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(10), quantity="10", rejected="1")

    measures = await measures_of(api, supplier)

    assert measures["on_time_percent"] == "100.00"
    assert measures["in_full_percent"] == "0.00"
    assert measures["on_time_in_full_percent"] == "0.00"
    assert measures["rejected_ppm"] == "100000"


async def test_within_the_grace_a_line_is_on_time(world: World, api: httpx.AsyncClient) -> None:
    await world.decide(ON_TIME, OnTime(grace_days=2))
    supplier = await world.supplier()
    for arrived in (8, 7):
        order = await world.order(supplier, ago(10))
        await world.receive(order, ago(arrived))

    measures = await measures_of(api, supplier)

    assert (measures["lines_on_time"], measures["lines_late"]) == (1, 1)
    assert measures["average_days_late"] == "2.50"


async def test_past_days_are_judged_by_what_was_known_then(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(12), quantity="4", rejected="1")
    await world.receive(order, ago(5), quantity="6")

    then = await measures_of(api, supplier, as_of=str(ago(9)), to=str(TODAY))
    before = await measures_of(api, supplier, as_of=str(ago(10)), to=str(TODAY))

    assert (then["lines_due"], then["lines_late"], then["average_days_late"]) == (1, 1, "1.00")
    assert then["spend"] == [{"amount": "7.50", "currency": "EUR"}]
    assert then["rejected_ppm"] == "250000"
    assert (before["lines"], before["lines_due"]) == (1, 0)


async def test_what_was_cancelled_in_time_is_not_due(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(5), ago(1))
    await world.receive(order, ago(7), quantity="4")
    await world.cancel(order, ago(6))

    measures = await measures_of(api, supplier)

    assert (measures["lines"], measures["lines_due"]) == (2, 0)
    assert measures["spend"] == [{"amount": "10.00", "currency": "EUR"}]


async def test_what_was_overdue_when_it_was_cancelled_stays_late(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(9))
    await world.cancel(order, ago(6))

    measures = await measures_of(api, supplier)

    assert (measures["lines_due"], measures["lines_late"]) == (1, 1)
    assert measures["average_days_late"] == "3.00"


async def test_what_arrived_before_a_cancellation_is_judged(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    order = await world.order(supplier, ago(5), ago(5))
    await world.receive(order, ago(6), line=2)
    await world.cancel(order, ago(6))

    measures = await measures_of(api, supplier)

    assert (measures["lines"], measures["lines_due"], measures["lines_on_time"]) == (2, 1, 1)


async def test_a_score_that_moves_is_published_with_what_it_was(world: World) -> None:
    supplier = await world.supplier()
    await deliver_on_time(world, supplier, ago(40), ago(30), ago(20))
    await world.rescore()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(4), rejected="2")
    await world.rescore()

    first, second = await published(world, supplier)

    assert (first.previous_score, first.score, first.grade) == (None, Decimal("100.0"), "A")
    assert (second.previous_score, second.previous_grade) == (Decimal("100.0"), "A")
    # on time 3/4, in full 3/4, quality 100 − 50,000/50,000 × 100 = 0, punctuality 100 − 1.5/30 × 100 = 95
    assert (second.score, second.grade) == (Decimal("59.3"), "D")
    assert (second.lines_due, second.rejected_ppm, second.p90_days_late) == (4, Decimal(50_000), Decimal(6))


async def test_a_score_that_stays_is_not_published_again(world: World) -> None:
    supplier = await world.supplier()
    await deliver_on_time(world, supplier, ago(40), ago(30), ago(20))
    await world.rescore()
    await deliver_on_time(world, supplier, ago(10))
    await world.rescore()

    assert len(await published(world, supplier)) == 1


async def test_every_score_is_kept_and_audited(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    await deliver_on_time(world, supplier, ago(40), ago(30), ago(20))
    await world.rescore()
    await world.order(supplier, ago(2))
    await world.rescore()

    response = await api.get(f"/v1/suppliers/{supplier}/score/history", params={"limit": 1})
    newest = response.json()
    oldest = await api.get(
        f"/v1/suppliers/{supplier}/score/history", params={"limit": 1, "cursor": newest["next_cursor"]}
    )

    assert [past["sequence"] for past in newest["items"]] == [2]
    assert [past["score"] for past in oldest.json()["items"]] == ["100.0"]
    assert oldest.json()["next_cursor"] is None
    audited = await world.fetch(
        "SELECT action, before, after FROM audit_record WHERE entity_id = $1 ORDER BY id", str(supplier)
    )
    assert [record["after"]["score"] for record in audited] == ["100.0", newest["items"][0]["score"]]


async def test_too_few_lines_have_measures_and_no_score(world: World, api: httpx.AsyncClient) -> None:
    supplier = await world.supplier()
    await deliver_on_time(world, supplier, ago(10), ago(5))
    await world.rescore()

    shown = await score_of(api, supplier)

    assert (shown["score"], shown["grade"], shown["measures"]["lines_due"]) == (None, None, 2)
    assert await published(world, supplier) == []


async def test_a_supplier_without_orders_has_an_empty_scorecard(world: World, api: httpx.AsyncClient) -> None:
    shown = await score_of(api, await world.supplier())
    assert (shown["score"], shown["grade"], shown["measures"]["lines"]) == (None, None, 0)


async def test_orders_may_be_known_sooner_than_their_supplier(world: World, api: httpx.AsyncClient) -> None:
    supplier = new_id()
    await deliver_on_time(world, supplier, ago(40), ago(30), ago(20))
    await world.rescore()

    shown = await score_of(api, supplier)

    assert (shown["supplier"]["name"], shown["score"]) == (None, "100.0")


async def test_an_import_is_judged_when_it_is_silent_not_between_its_orders_and_their_receipts(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    days = (ago(30), ago(20), ago(10))
    orders = [await world.order(supplier, day, imported=True) for day in days]
    await world.rescore()
    world.clock.now += timedelta(seconds=10)
    for order, day in zip(orders, days, strict=True):
        await world.receive(order, day)
    world.clock.now += timedelta(seconds=10)
    await world.rescore()
    before_the_settling = await published(world, supplier)
    world.clock.now += timedelta(seconds=10)
    await world.rescore()

    assert before_the_settling == []
    assert [event.score for event in await published(world, supplier)] == [Decimal("100.0")]


async def test_a_live_receipt_is_judged_at_once_when_an_import_is_long_over(
    world: World, api: httpx.AsyncClient
) -> None:
    supplier = await world.supplier()
    for day in (ago(30), ago(20), ago(10)):
        await world.receive(await world.order(supplier, day, imported=True), day)
    world.clock.now += timedelta(seconds=20)
    await world.rescore()

    await world.receive(await world.order(supplier, ago(9)), ago(2))
    await world.rescore()

    assert (await score_of(api, supplier))["measures"]["lines_late"] == 1
    assert len(await published(world, supplier)) == 2
