"""What may pass is not the event's fault: it waits apart, is tried again by itself, and others go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests.orders import Ledger, envelope, eventually, release_all, stream
from sqlalchemy.orm.exc import StaleDataError

from purveyor.audit.sealing import seal
from purveyor.db import Database
from purveyor.jobs import JobRunner
from purveyor_messaging import inbox, parked, release
from purveyor_messaging.backlog import observe
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.parked import pause_after
from purveyor_messaging.release import releasing


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything happen sooner."""
    monkeypatch.setattr(inbox, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(parked, "FIRST_PAUSE", timedelta(seconds=0.05))
    monkeypatch.setattr(release, "RELEASE_EVERY", timedelta(seconds=0.05))


@asynccontextmanager
async def releasing_by_itself(database: Database, ledger: Ledger) -> AsyncIterator[None]:
    """Do what a worker does about parked events until the block ends."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(JobRunner(database, chores=(releasing(ledger.consumer),)).run(stop))
        yield
        stop.set()


def test_pauses_grow_up_to_a_limit(monkeypatch):
    monkeypatch.undo()
    assert [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 8, 9, 10**9)] == [
        2, 4, 8, 256, 300, 300,
    ]  # fmt: skip


async def test_what_waits_for_a_locked_row_is_applied_by_itself_once_the_lock_is_gone(
    open_database, database
):
    slow, free, ledger = str(uuid4()), str(uuid4()), Ledger("ledger")
    hasty = await open_database(database.url, lock_timeout=timedelta(seconds=0.1))
    async with database.transaction() as tx:
        await tx.connection.execute("INSERT INTO toy_order VALUES ($1, 0)", slow)

    async def lock(event):
        async with hasty.connection() as connection:
            await connection.execute("UPDATE toy_order SET sequence = 1 WHERE id::text = $1", event.key)

    ledger.before = lock
    async with releasing_by_itself(database, ledger):
        async with database.transaction() as holding:
            await holding.connection.execute("UPDATE toy_order SET sequence = 1 WHERE id::text = $1", slow)
            await Inbox(hasty, ledger.consumer).apply([*stream(slow, 1, 3), *stream(free, 1, 3)])
            assert await ledger.entries(database) == {free: [1, 2, 3]}
            assert await ledger.parked(database) == [
                (slow, 1, "waiting"),
                (slow, 2, "behind"),
                (slow, 3, "behind"),
            ]
            await eventually(lambda: tried(database, 3))
            assert (await ledger.parked(database))[0] == (slow, 1, "waiting")
        await eventually(lambda: nothing_parked(database, ledger))
    assert await ledger.entries(database) == {free: [1, 2, 3], slow: [1, 2, 3]}


@pytest.mark.parametrize(
    "failure",
    [
        StaleDataError(),
        asyncpg.LockNotAvailableError(),
        asyncpg.QueryCanceledError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.SerializationError(),
        asyncpg.DiskFullError(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=lambda failure: type(failure).__name__,
)
async def test_however_long_it_lasts_what_may_pass_fails_no_event(failure, database):
    ledger, key, free = Ledger("ledger"), str(uuid4()), str(uuid4())
    lasts = True

    async def refuse(event):
        if lasts and event.key == key:
            raise failure

    ledger.before = refuse
    await Inbox(database, ledger.consumer).apply([*stream(key, 1, 2), *stream(free, 1, 2)])
    assert await ledger.entries(database) == {free: [1, 2]}
    async with releasing_by_itself(database, ledger):
        await eventually(lambda: tried(database, 4))
        assert await ledger.parked(database) == [(key, 1, "waiting"), (key, 2, "behind")]
        lasts = False
        await eventually(lambda: nothing_parked(database, ledger))
    assert (await ledger.entries(database))[key] == [1, 2]


async def test_what_turns_out_to_lie_in_the_event_is_tried_no_more(database):
    ledger, key, failures = Ledger("ledger"), str(uuid4()), [KeyError("no such colour"), StaleDataError()]

    async def refuse(_event):
        raise failures[-1]

    ledger.before = refuse
    await Inbox(database, ledger.consumer).apply([envelope(key, 1)])
    failures.pop()
    async with releasing_by_itself(database, ledger):
        await eventually(lambda: tried(database, 2))
    assert await ledger.parked(database) == [(key, 1, "failed")]
    failures.clear()
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT retry_at FROM parked_event") is None
    await release_all(database, ledger)
    assert await ledger.parked(database) == [(key, 1, "failed")]


async def test_an_event_that_takes_longer_than_a_transaction_may_holds_up_its_stream_alone(open_database):
    database = await open_database(transaction_timeout=timedelta(seconds=0.4))
    ledger, endless, free = Ledger("ledger"), str(uuid4()), str(uuid4())
    lasts = True

    async def take_long(event):
        if lasts and event.key == endless:
            await asyncio.sleep(0.6)

    ledger.before = take_long
    await Inbox(database, ledger.consumer).apply([*stream(endless, 1, 2), *stream(free, 1, 3)])
    assert await ledger.entries(database) == {free: [1, 2, 3]}
    async with releasing_by_itself(database, ledger):
        await eventually(lambda: tried(database, 2))
        assert await ledger.parked(database) == [(endless, 1, "waiting"), (endless, 2, "behind")]
        lasts = False
        await eventually(lambda: nothing_parked(database, ledger))
    assert (await ledger.entries(database))[endless] == [1, 2]


async def test_a_queue_that_takes_longer_than_a_transaction_may_goes_on_in_smaller_pieces(open_database):
    database = await open_database(transaction_timeout=timedelta(seconds=0.5))
    ledger, key = Ledger("ledger"), str(uuid4())

    async def take_a_while(_event):
        await asyncio.sleep(0.1)

    one = Inbox(database, ledger.consumer)
    await one.apply(stream(key, 2, 12))
    ledger.before = take_a_while
    await one.apply([envelope(key, 1)])
    async with releasing_by_itself(database, ledger):
        await eventually(lambda: nothing_parked(database, ledger))
    assert await ledger.entries(database) == {key: list(range(1, 13))}


async def test_how_long_the_oldest_waits_is_a_number_for_alarms(database):
    ledger, keys, metrics = Ledger("ledger"), [str(uuid4()) for _ in range(2)], MessagingMetrics()

    async def refuse(_event):
        raise StaleDataError

    async def measured() -> tuple[float, float]:
        async with database.connection() as connection:
            await observe(connection, "toys", (ledger.consumer,), metrics)
        of_waiting = (ledger.name, "waiting")
        return (
            metrics.parked.labels(*of_waiting)._value.get(),
            metrics.parked_age.labels(*of_waiting)._value.get(),
        )

    ledger.before = refuse
    await Inbox(database, ledger.consumer).apply([envelope(key, 1) for key in keys])
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE parked_event SET parked_at = parked_at - interval '1 hour' WHERE key = $1", keys[0]
        )
    events, age = await measured()
    assert events == 2
    assert 3600 <= age < 3660
    async with database.connection() as connection:
        await connection.execute("DELETE FROM parked_event")
    assert await measured() == (0, 0)


async def test_how_long_an_audit_record_waits_for_its_seal_is_a_number_for_alarms(database):
    metrics = MessagingMetrics()

    async def measured() -> float:
        async with database.connection() as connection:
            await observe(connection, "toys", (), metrics)
        return metrics.audit_unsealed_age.labels("toys")._value.get()

    assert await measured() == 0
    async with database.transaction() as tx:
        tx.audit("fill", "crate", "1")
    assert await measured() > 0
    async with database.transaction() as tx:
        await seal(tx)
    assert await measured() == 0


async def tried(database: Database, times: int) -> bool:
    async with database.connection() as connection:
        attempts = await connection.fetchval("SELECT max(attempts) FROM parked_event")
    return bool(attempts >= times)


async def nothing_parked(database: Database, ledger: Ledger) -> bool:
    return not await ledger.parked(database)
