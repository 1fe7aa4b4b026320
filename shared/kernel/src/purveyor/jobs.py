"""What happens because time passes: jobs of a business date, and chores that recur every moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from purveyor.db import Database, Transaction
from purveyor.observability import new_trace
from purveyor.process import growing_pauses, wait_or_stop

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=1)
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)

LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('purveyor job ' || $1, 0))"
NEXT = """
SELECT day::date
FROM generate_series(
  coalesce((SELECT max(business_date) + 1 FROM job_run WHERE name = $1 AND scheduled), $2::date),
  $2::date, interval '1 day'
) AS day
WHERE NOT EXISTS (SELECT FROM job_run WHERE name = $1 AND business_date = day::date)
ORDER BY day LIMIT 1
"""
DONE = "SELECT EXISTS (SELECT FROM job_run WHERE name = $1 AND business_date = $2)"
FORGET = "DELETE FROM job_run WHERE name = $1 AND business_date > $2 RETURNING business_date"
REMEMBER = """
INSERT INTO job_run (name, business_date, scheduled, finished_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (name, business_date) DO UPDATE SET finished_at = excluded.finished_at
"""


@dataclass(frozen=True, slots=True)
class Job:
    """Work of a business date, done once: a missed day is caught up, a day is never done twice.

    It runs in one transaction, with the memory that it is done; what takes longer than a transaction may
    leaves notes for a chore.
    """

    name: str
    run: Callable[[Transaction, date], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Work that recurs: called in a transaction of its own, again at once while it returns True (more)."""

    name: str
    every: timedelta
    run: Callable[[Transaction], Awaitable[bool]]
    longest_pause: timedelta = LONGEST_PAUSE
    """How long it waits at most after failures."""


class JobRefusedError(Exception):
    """A job is not run: its day has not come, or another worker is at it."""


class JobDoneError(JobRefusedError):
    """A job is not run, because it has been done for that day."""


async def run_job(
    database: Database, job: Job, day: date, *, by: str = "system", again: bool = False
) -> None:
    """Run a job for any date up to today.

    Raises JobRefusedError when the day has not come by the database's clock, and JobDoneError when it is
    done, unless it shall be done again.
    """
    async with database.transaction() as tx:
        tx.actor = by
        await _lock(tx, job)
        if day > tx.day:
            raise JobRefusedError(f"{day} has not come; by the database's clock it is {tx.day}")
        if await tx.connection.fetchval(DONE, job.name, day) and not again:
            raise JobDoneError(f"{job.name} has been done for {day}")
        tx.audit("run", "job", job.name, after={"day": day, "again": again})
        await _run(tx, job, day, scheduled=False)


async def forget_runs(tx: Transaction, job: Job, after: date, *, reason: str) -> int:
    """Forget that a job was done for the days after a date, so that it is done (again); returns how many.

    Raises JobRefusedError while a worker is at it.
    """
    await _lock(tx, job)
    forgotten = [row["business_date"] for row in await tx.connection.fetch(FORGET, job.name, after)]
    if forgotten:
        days = {"days": len(forgotten), "first": min(forgotten), "last": max(forgotten)}
        tx.audit("forget-runs", "job", job.name, before=days, reason=reason)
    return len(forgotten)


async def _lock(tx: Transaction, job: Job) -> None:
    if not await tx.connection.fetchval(LOCK, job.name):
        raise JobRefusedError(f"{job.name} is being run by another worker")


async def _run(tx: Transaction, job: Job, day: date, *, scheduled: bool) -> None:
    tx.actor = f"job {job.name}"
    with new_trace(f"job {job.name}"):
        await job.run(tx, day)
    await tx.flush()
    await tx.connection.execute(REMEMBER, job.name, day, scheduled, tx.now)


class JobRunner:
    """Runs jobs when their days have come by the database's clock (in UTC), and chores all the time.

    Any number may run at once.
    """

    def __init__(self, database: Database, jobs: Sequence[Job] = (), chores: Sequence[Chore] = ()) -> None:
        self.database = database
        self.jobs = tuple(jobs)
        self.chores = tuple(chores)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until stopped, then finish what is in progress."""
        async with asyncio.TaskGroup() as group:
            for job in self.jobs:
                group.create_task(_repeat(stop, job.name, self._catch_up_on(job), LOOK_EVERY))
            for chore in self.chores:
                group.create_task(
                    _repeat(stop, chore.name, self._do(chore), chore.every, chore.longest_pause)
                )

    async def catch_up(self, job: Job) -> bool:
        """Do the oldest day of a job that is due and not done, if no other worker is at it.

        Returns whether there may be another. The first day of a job is the day on which it is first seen.
        """
        async with self.database.transaction() as tx:
            if not await tx.connection.fetchval(LOCK, job.name):
                return False
            day: date | None = await tx.connection.fetchval(NEXT, job.name, tx.day)
            if day is None:
                return False
            await _run(tx, job, day, scheduled=True)
        log.info("job_done", job=job.name, business_date=day.isoformat())
        return True

    def _catch_up_on(self, job: Job) -> Callable[[], Awaitable[bool]]:
        nothing_due_on: date | None = None

        async def catch_up() -> bool:
            nonlocal nothing_due_on
            today = self.database.clock().date()
            if nothing_due_on == today:
                return False
            more = await self.catch_up(job)
            if not more and await self._is_done(job, today):
                nothing_due_on = today
            return more

        return catch_up

    async def _is_done(self, job: Job, day: date) -> bool:
        async with self.database.connection() as connection:
            return bool(await connection.fetchval(DONE, job.name, day))

    def _do(self, chore: Chore) -> Callable[[], Awaitable[bool]]:
        async def do() -> bool:
            async with self.database.transaction() as tx:
                tx.actor = f"chore {chore.name}"
                return await chore.run(tx)

        return do


async def _repeat(
    stop: asyncio.Event,
    name: str,
    work: Callable[[], Awaitable[bool]],
    every: timedelta,
    longest_pause: timedelta = LONGEST_PAUSE,
) -> None:
    """Repeat work; one that fails is logged and tried again after growing pauses, and stops no other."""
    pauses = None
    while not stop.is_set():
        try:
            pause = 0.0 if await work() else every.total_seconds()
            pauses = None
        except Exception as error:
            pauses = pauses or growing_pauses(FIRST_PAUSE.total_seconds(), longest_pause.total_seconds())
            pause = next(pauses)
            log.exception("job_failed", job=name, again_in_seconds=round(pause, 3), exc_info=error)
        await wait_or_stop(stop, pause)
