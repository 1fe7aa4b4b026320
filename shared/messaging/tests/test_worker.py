"""A worker as a whole: what one service commits has its effect in another, and stopping loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from shared.kernel.tests.silence import SilentProxy
from shared.messaging.tests.orders import Ledger, envelope, eventually, grow, stream

from purveyor.db import Database
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor_messaging import release
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.worker import Worker

HEALTHY_SECONDS = 10
END_THOSE_OF_THE_WORKER = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
  AND application_name <> 'test' AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def contexts(open_database: Any) -> AsyncIterator[tuple[ServiceContext, ServiceContext]]:
    """Two services: one whose orders grow, one that writes them down."""
    made = []
    for name in ("toys", "library"):
        database = await open_database()
        url = database.url
        settings = Settings(database_url=url, oidc_issuer="https://issuer.test")
        made.append(ServiceContext.create(name, settings))
    yield made[0], made[1]
    for context in made:
        await context.database.close()


@asynccontextmanager
async def working(*workers: Worker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for worker in workers:
            group.create_task(worker.run(stop))
        yield
        stop.set()


async def grow_one(database: Database, order: UUID, times: int) -> None:
    for _ in range(times):
        async with database.transaction() as tx:
            await grow(tx, order)


async def has_seen(ledger: Ledger, database: Database, order: UUID, count: int) -> bool:
    return (await ledger.entries(database)).get(str(order), []) == list(range(1, count + 1))


async def test_what_one_service_commits_takes_effect_in_another(contexts):
    toys, library = contexts
    transport, ledger, order = LocalTransport(), Ledger("library.ledger"), uuid4()
    metrics = MessagingMetrics(library.metrics.registry)
    workers = (
        Worker(toys, transport),
        Worker(library, transport, consumers=(ledger.consumer,), metrics=metrics),
    )
    async with working(*workers):
        await grow_one(toys.database, order, 5)
        await eventually(lambda: has_seen(ledger, library.database, order, 5))
    sample = library.metrics.registry.get_sample_value
    labels = {"consumer": "library.ledger", "outcome": "applied"}
    assert sample("purveyor_handled_events_total", labels) == 5
    assert sample("purveyor_outbox_unpublished_events", {"service": "library"}) == 0


async def test_a_restart_goes_on_where_it_was(contexts):
    toys, library = contexts
    transport, ledger, order = LocalTransport(), Ledger("library.ledger"), uuid4()
    for total in (3, 6, 9):
        workers = (Worker(toys, transport), Worker(library, transport, consumers=(ledger.consumer,)))
        async with working(*workers):
            await grow_one(toys.database, order, 3)
            await eventually(lambda total=total: has_seen(ledger, library.database, order, total))
        await grow_one(toys.database, order, 0)


async def test_what_was_committed_while_nothing_ran_is_published_later(contexts):
    toys, library = contexts
    transport, ledger, order = LocalTransport(), Ledger("library.ledger"), uuid4()
    await grow_one(toys.database, order, 4)
    workers = (Worker(toys, transport), Worker(library, transport, consumers=(ledger.consumer,)))
    async with working(*workers):
        await eventually(lambda: has_seen(ledger, library.database, order, 4))


async def test_stopping_in_the_middle_of_an_effect_finishes_it(contexts):
    toys, library = contexts
    transport, ledger, order, begun = LocalTransport(), Ledger("library.ledger"), uuid4(), asyncio.Event()

    async def linger(_envelope: Envelope) -> None:
        begun.set()
        await asyncio.sleep(0.3)

    ledger.after = linger
    workers = (Worker(toys, transport), Worker(library, transport, consumers=(ledger.consumer,)))
    async with working(*workers):
        await grow_one(toys.database, order, 1)
        await begun.wait()
    assert await has_seen(ledger, library.database, order, 1)
    async with toys.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM publication") == 1


async def test_a_worker_releases_what_nothing_holds_up_whatever_happens_to_another_consumer(
    contexts, monkeypatch
):
    _, library = contexts
    bad, good = Ledger("library.bad"), Ledger("library.good")
    key = str(uuid4())
    monkeypatch.setattr(release, "RELEASED_AT_ONCE", 2)
    for ledger in (bad, good):
        inbox = Inbox(library.database, ledger.consumer)
        await inbox.apply(stream(key, 2, 6))
        await inbox.apply([envelope(key, 1)])
    read_streams = release.read_streams

    async def fail_for_one(connection: Any, consumer: Any, keys: Any) -> Any:
        if consumer is bad.consumer:
            raise OSError("away")
        return await read_streams(connection, consumer, keys)

    monkeypatch.setattr(release, "read_streams", fail_for_one)
    worker = Worker(library, LocalTransport(), consumers=(bad.consumer, good.consumer))
    async with working(worker):
        await eventually(lambda: has_seen(good, library.database, UUID(key), 6))
        monkeypatch.undo()
        await eventually(lambda: has_seen(bad, library.database, UUID(key), 6))


@pytest.mark.parametrize("away_seconds", [2, 14])
async def test_a_worker_goes_on_ten_seconds_after_a_vanished_database_is_back(database, away_seconds):
    ledger, order = Ledger("toys.ledger"), uuid4()
    async with SilentProxy(database.url) as proxy:
        settings = Settings(database_url=proxy.url, oidc_issuer="https://issuer.test")
        context = ServiceContext.create("toys", settings)
        async with working(Worker(context, LocalTransport(), consumers=(ledger.consumer,))):
            await grow_one(database, order, 2)
            await eventually(lambda: has_seen(ledger, database, order, 2))
            proxy.back.clear()
            proxy.fall_silent()
            async with database.connection() as connection:  # its keepalives have found nobody
                await connection.execute(END_THOSE_OF_THE_WORKER)
            await grow_one(database, order, 2)
            await asyncio.sleep(away_seconds)
            proxy.back.set()
            await eventually(lambda: has_seen(ledger, database, order, 4), HEALTHY_SECONDS)
            assert await ledger.parked(database) == []
        await context.database.close()
