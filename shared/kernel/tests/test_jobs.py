"""Jobs: each day done once, by one worker, a missed one caught up; chores: again and again."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from toy_service.model import CrateFilled

from purveyor import jobs
from purveyor.jobs import Chore, Job, JobRefusedError, JobRunner, run_job
from purveyor_messaging.outbox import record_numbered


class Calendar:
    """A clock that a test turns."""

    def __init__(self):
        self.now = datetime(2026, 3, 1, 6, tzinfo=UTC)

    def __call__(self):
        return self.now

    def turn_to(self, day):
        self.now = datetime(2026, 3, day, 6, tzinfo=UTC)


@pytest.fixture
def calendar(toy):
    toy.database.clock = Calendar()
    return toy.database.clock


@pytest.fixture
def note(toy):
    """A job that notes the day for which it ran, in the database."""

    async def run(tx, day):
        await tx.connection.execute(
            "INSERT INTO crate VALUES (gen_random_uuid(), 1, 0, $1, 0)", f"{day} by {tx.actor}"
        )

    return Job("note", run)


async def noted(toy):
    async with toy.database.connection() as connection:
        return [row["label"] for row in await connection.fetch("SELECT label FROM crate ORDER BY label")]


async def until_noted(toy, count):
    while len(await noted(toy)) < count:  # noqa: ASYNC110  # another process's commits have no event
        await asyncio.sleep(0.02)


async def catch_up(toy, job):
    while await JobRunner(toy.database, [job]).catch_up(job):
        pass


async def test_a_job_begins_on_the_day_it_is_first_seen_and_runs_once_a_day(toy, calendar, note):
    await catch_up(toy, note)
    await catch_up(toy, note)
    assert await noted(toy) == ["2026-03-01 by job note"]


async def test_missed_days_are_caught_up_in_order(toy, calendar):
    days = []

    async def run(tx, day):
        days.append(day)

    job = Job("note", run)
    await catch_up(toy, job)
    calendar.turn_to(5)
    await catch_up(toy, job)
    assert days == [date(2026, 3, day) for day in (1, 2, 3, 4, 5)]


async def test_two_workers_at_once_do_each_day_once(toy, calendar, note):
    await catch_up(toy, note)
    calendar.turn_to(9)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(JobRunner(toy.database, [note]).run(stop))
        await until_noted(toy, 9)
        await asyncio.sleep(0.2)
        stop.set()
    assert await noted(toy) == [f"2026-03-0{day} by job note" for day in range(1, 10)]


async def test_a_failing_job_leaves_nothing_and_blocks_no_other_and_is_tried_again(
    toy, calendar, note, monkeypatch
):
    monkeypatch.setattr(jobs, "FIRST_PAUSE", timedelta(milliseconds=10))
    attempts = []

    async def run(tx, day):
        attempts.append(day)
        await note.run(tx, day)
        if len(attempts) < 3:
            raise ValueError("not today")

    failing = Job("failing", run)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(JobRunner(toy.database, [failing, note]).run(stop))
        await until_noted(toy, 2)
        stop.set()
    assert attempts == [date(2026, 3, 1)] * 3
    assert await noted(toy) == ["2026-03-01 by job failing", "2026-03-01 by job note"]


async def test_a_job_can_be_run_for_any_date_but_not_twice_by_mistake(toy, calendar, note):
    await run_job(toy.database, note, date(2020, 1, 1))
    with pytest.raises(JobRefusedError, match="has been done for 2020-01-01"):
        await run_job(toy.database, note, date(2020, 1, 1))
    assert len(await noted(toy)) == 1
    async with toy.database.connection() as connection:
        await connection.execute("DELETE FROM crate")
    await run_job(toy.database, note, date(2020, 1, 1), again=True)
    assert len(await noted(toy)) == 1


async def test_a_day_done_by_hand_neither_repeats_nor_hides_another(toy, calendar, note):
    await catch_up(toy, note)
    calendar.turn_to(4)
    await run_job(toy.database, note, date(2026, 3, 3))
    await catch_up(toy, note)
    assert [label[:10] for label in await noted(toy)] == [f"2026-03-0{day}" for day in (1, 2, 3, 4)]


async def test_a_job_is_not_run_while_another_worker_is_at_it(toy, calendar, note):
    started, finish = asyncio.Event(), asyncio.Event()

    async def run(tx, day):
        started.set()
        await finish.wait()

    slow = Job("note", run)
    async with asyncio.TaskGroup() as group:
        group.create_task(run_job(toy.database, slow, date(2026, 3, 1)))
        await started.wait()
        with pytest.raises(JobRefusedError, match="another worker"):
            await run_job(toy.database, note, date(2026, 3, 1))
        assert not await JobRunner(toy.database, [note]).catch_up(note)
        finish.set()


async def test_a_chore_goes_on_while_there_is_more_and_then_waits(toy):
    calls, stop = [], asyncio.Event()

    async def run(tx):
        calls.append(tx.actor)
        if len(calls) == 2:
            raise ValueError("a bad moment")
        if len(calls) == 5:
            stop.set()
        return len(calls) < 5

    chore = Chore("sweep", timedelta(hours=1), run)
    jobs_before = jobs.FIRST_PAUSE
    jobs.FIRST_PAUSE = timedelta(milliseconds=5)
    try:
        async with asyncio.timeout(5):
            await JobRunner(toy.database, chores=[chore]).run(stop)
    finally:
        jobs.FIRST_PAUSE = jobs_before
    assert calls == ["chore sweep"] * 5


async def test_a_jobs_events_belong_to_a_trace_of_its_run(toy, calendar):
    async def run(tx, day):
        record_numbered(tx, CrateFilled(crate_id=uuid4(), apples=1), 1)

    job = Job("fill", run)
    await catch_up(toy, job)
    async with toy.database.connection() as connection:
        assert (await connection.fetchval("SELECT traceparent FROM outbox")).startswith("00-")


async def test_who_runs_a_job_by_hand_is_on_record(toy, calendar):
    async def run(tx, day):
        pass

    for again in (False, True):
        await run_job(toy.database, Job("idle", run), date(2026, 2, 1), by="operator:ada", again=again)
    async with toy.database.connection() as connection:
        records = await connection.fetch(
            "SELECT actor, action, entity_id, after FROM audit_record ORDER BY id"
        )
    assert [tuple(record) for record in records] == [
        ("operator:ada", "run", "idle", {"day": "2026-02-01", "again": again}) for again in (False, True)
    ]
