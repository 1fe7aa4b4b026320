"""What is not delivered counts as late from the day after, without anybody asking."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import OnTime
from supplier_performance.scorecards.commands import judge_overdue_lines
from supplier_performance.scorecards.queries import SCORING
from supplier_performance.scorecards.rules import ScoringRules, Weights

from .world import World

TODAY = date(2026, 6, 15)


def on(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


async def current_score(world: World, supplier: UUID) -> tuple[Decimal | None, int]:
    rows = await world.fetch("SELECT score, measures FROM scorecard WHERE id = $1", supplier)
    counts = rows[0]["measures"]
    return rows[0]["score"], counts["lines_due"] - counts["lines_on_time"]


async def good_supplier(world: World) -> UUID:
    supplier = await world.supplier()
    order = await world.order(supplier, *[TODAY - timedelta(days=9)] * 3)
    for line in (1, 2, 3):
        await world.receive(order, TODAY - timedelta(days=9), line=line)
    return supplier


async def test_an_undelivered_line_is_late_from_the_day_after_its_promise(world: World) -> None:
    supplier = await good_supplier(world)
    await world.order(supplier, TODAY)
    await world.judge(TODAY)
    assert await current_score(world, supplier) == (Decimal("100.0"), 0)

    world.clock.now = on(TODAY + timedelta(days=1), 0, 5)
    await world.judge(TODAY + timedelta(days=1))

    score, late = await current_score(world, supplier)
    assert late == 1
    assert score is not None
    assert score < 100


async def test_the_grace_puts_it_off(world: World) -> None:
    await world.decide(ON_TIME, OnTime(grace_days=2))
    supplier = await good_supplier(world)
    await world.order(supplier, TODAY)
    late = []
    for days in (1, 2, 3):
        world.clock.now = on(TODAY + timedelta(days=days), 0, 5)
        await world.judge(TODAY + timedelta(days=days))
        late.append((await current_score(world, supplier))[1])
    assert late == [0, 0, 1]


async def test_a_line_that_stays_away_costs_more_every_day(world: World) -> None:
    supplier = await good_supplier(world)
    await world.order(supplier, TODAY)
    scores = []
    for days in range(1, 6):
        world.clock.now = on(TODAY + timedelta(days=days), 0, 5)
        await world.judge(TODAY + timedelta(days=days))
        score, _ = await current_score(world, supplier)
        assert score is not None
        scores.append(score)
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < scores[0]


async def test_what_leaves_the_window_is_forgiven(world: World) -> None:
    supplier = await good_supplier(world)
    late = await world.order(supplier, TODAY - timedelta(days=20))
    await world.receive(late, TODAY - timedelta(days=10))
    await world.rescore()
    assert (await current_score(world, supplier))[1] == 1

    day = TODAY - timedelta(days=20) + timedelta(days=365)
    world.clock.now = on(day, 0, 5)
    await world.judge(day)

    assert (await current_score(world, supplier))[1] == 0


async def test_missed_days_are_caught_up(world: World) -> None:
    supplier = await good_supplier(world)
    await world.order(supplier, TODAY)
    world.clock.now = on(TODAY + timedelta(days=4))
    for days in (1, 2, 3, 4):
        await world.judge(TODAY + timedelta(days=days))
    assert (await current_score(world, supplier))[1] == 1


async def test_changed_weights_are_applied_by_the_job_of_their_first_day(world: World) -> None:
    supplier = await good_supplier(world)
    await world.order(supplier, TODAY - timedelta(days=2))
    await world.rescore()
    before, _ = await current_score(world, supplier)
    await world.decide(SCORING, ScoringRules(weights=Weights(on_time=20, punctuality=35)), TODAY)

    await world.judge(TODAY)

    after, _ = await current_score(world, supplier)
    assert after != before


@pytest.mark.parametrize(
    ("time_zone", "still_in_time", "late"),
    [
        ("Pacific/Auckland", on(TODAY, 11, 59), on(TODAY, 12, 0)),
        ("Europe/Berlin", on(TODAY, 21, 59), on(TODAY, 22, 0)),
        ("America/Los_Angeles", on(TODAY + timedelta(days=1), 6, 59), on(TODAY + timedelta(days=1), 7, 0)),
    ],
)
async def test_a_day_ends_at_midnight_of_the_site(
    world: World, time_zone: str, still_in_time: datetime, late: datetime
) -> None:
    """The line is issued long before, and the job runs just after midnight UTC; nobody asks in between."""
    world.clock.now = on(TODAY - timedelta(days=9))
    supplier = await good_supplier(world)
    await world.order(supplier, TODAY, time_zone=time_zone)
    for day in (TODAY, TODAY + timedelta(days=1)):
        world.clock.now = on(day, 0, 5)
        if world.clock.now < late:
            await world.judge(day)

    world.clock.now = still_in_time
    await world.rescore()
    assert (await current_score(world, supplier))[1] == 0
    world.clock.now = late
    await world.rescore()
    assert (await current_score(world, supplier))[1] == 1


async def test_a_line_issued_after_the_job_of_the_day_is_late_at_midnight_too(world: World) -> None:
    world.clock.now = on(TODAY, 0, 5)
    supplier = await good_supplier(world)
    await world.judge(TODAY)
    world.clock.now = on(TODAY, 9)
    await world.order(supplier, TODAY, time_zone="Pacific/Auckland")
    await world.rescore()

    world.clock.now = on(TODAY, 12)
    await world.rescore()

    assert (await current_score(world, supplier))[1] == 1


async def test_the_job_leaves_suppliers_alone_whom_the_day_does_not_touch(world: World) -> None:
    await good_supplier(world)
    await world.rescore()
    async with world.context.database.transaction() as tx:
        await judge_overdue_lines(tx, TODAY)
    assert await world.fetch("SELECT * FROM score_due") == []
