"""A machine's clock decides nothing: a service goes by its database's, whatever the machine believes."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest
from toy_service.api import router

from purveyor import clock
from purveyor.clock import utc_now
from purveyor.http.app import build_app
from purveyor.http.transaction import FORGETTING
from purveyor.jobs import Job, JobDoneError, JobRefusedError, JobRunner, forget_runs, run_job

WRONG = [timedelta(days=400), timedelta(days=-400)]
SOON = timedelta(seconds=5)


@pytest.fixture(params=WRONG, ids=["ahead", "behind"])
def wrong_clock(request, monkeypatch):
    """Set the machine's clock, as far as Python can tell."""
    monkeypatch.setattr(clock, "utc_now", lambda: utc_now() + request.param)
    return request.param


@pytest.fixture
def kept():
    """A job that keeps the days for which it ran, and the moment that it was told."""
    ran = []

    async def run(tx, day):
        ran.append((day, tx.now))

    return SimpleNamespace(job=Job("keep", run), ran=ran)


async def test_a_worker_with_a_wrong_clock_runs_todays_jobs_and_no_others(toy, kept, wrong_clock):
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(JobRunner(toy.database, [kept.job]).run(stop))
        while not kept.ran:  # noqa: ASYNC110  # only looking tells
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        stop.set()
    [(day, now)] = kept.ran
    assert abs(now - utc_now()) < SOON
    assert day == now.date()


async def test_a_clock_that_is_set_while_a_service_runs_changes_nothing(toy, monkeypatch):
    async with toy.database.transaction() as tx:
        before = tx.now
    monkeypatch.setattr(clock, "utc_now", lambda: utc_now() + WRONG[0])
    async with toy.database.transaction() as tx:
        assert timedelta() <= tx.now - before < SOON


async def test_what_is_kept_for_a_day_is_not_forgotten_by_a_wrong_clock(toy, app, client, wrong_clock):
    sent = {"json": {"label": "a", "apples": 1}, "headers": {"Idempotency-Key": "1"}}
    assert (await client.post("/v1/crates", **sent)).status_code == 201
    async with toy.database.transaction() as tx:
        await FORGETTING.run(tx)
    again = await client.post("/v1/crates", **sent)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")


async def test_a_process_on_a_machine_with_a_wrong_clock_says_so_and_is_not_ready(toy, wrong_clock):
    app = build_app(toy, [router], title="Toy", description="")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        ready = await client.get("/readyz")
        metrics = (await client.get("/metrics")).text
    where = "ahead of" if wrong_clock > timedelta() else "behind"
    assert ready.status_code == 503
    assert ready.json()["clock"].startswith("this machine's clock is 34")
    assert ready.json()["clock"].endswith(f" s {where} its database's")
    (line,) = [line for line in metrics.splitlines() if line.startswith("purveyor_clock_ahead_seconds ")]
    assert float(line.split()[1]) == pytest.approx(wrong_clock.total_seconds(), abs=5)


async def test_no_day_is_done_before_it_has_come(toy, kept, wrong_clock):
    tomorrow = (utc_now() + timedelta(days=1)).date()
    with pytest.raises(JobRefusedError, match=f"{tomorrow} has not come; by the database's clock it is"):
        await run_job(toy.database, kept.job, tomorrow)
    await run_job(toy.database, kept.job, tomorrow - timedelta(days=1))
    assert len(kept.ran) == 1


async def test_days_that_were_done_ahead_are_forgotten_and_the_jobs_go_on(toy, kept):
    async with toy.database.transaction() as tx:
        today = tx.day
        await tx.connection.execute(
            "INSERT INTO job_run SELECT 'keep', day, true, now() "
            "FROM generate_series($1::date - 3, $1::date + 396, interval '1 day') AS day",
            today,
        )
    runner = JobRunner(toy.database, [kept.job])
    assert not await runner.catch_up(kept.job)
    async with toy.database.transaction() as tx:
        tx.actor = "operator:ann"
        yesterday = today - timedelta(days=1)
        assert await forget_runs(tx, kept.job, yesterday, reason="A worker's clock was ahead") == 397
    while await runner.catch_up(kept.job):
        pass
    assert [day for day, _ in kept.ran] == [today]
    with pytest.raises(JobDoneError):
        await run_job(toy.database, kept.job, yesterday)
    async with toy.database.connection() as connection:
        audited = await connection.fetchrow(
            "SELECT actor, action, entity, entity_id, before, reason FROM audit_record"
        )
    assert tuple(audited)[:4] == ("operator:ann", "forget-runs", "job", "keep")
    assert audited["before"]["days"] == 397
    assert audited["reason"] == "A worker's clock was ahead"
