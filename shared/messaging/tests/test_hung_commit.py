"""A commit that hangs for a standby: acknowledged whenever that comes back, and published then."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests.conftest import make_tables
from shared.messaging.tests.orders import eventually, grow
from shared.messaging.tests.test_relay import (
    Recorder,
    all_is_published,
    check_log,
    gaps_of,
    has_published,
    relaying,
)

from purveyor.db import Database
from purveyor_cli import postgres

TRANSACTION_TIMEOUT = timedelta(milliseconds=200)
ALONE = "&options=-c%20synchronous_commit%3Dlocal"
"""Who connects so waits for no standby, as do commits whose wait was cancelled."""


@asynccontextmanager
async def standing_by(folder: Path, admin: asyncpg.Connection[asyncpg.Record]):
    server = postgres.start(folder)
    try:

        async def in_step() -> bool:
            return (
                await admin.fetchval("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
                == 1
            )

        await eventually(in_step)
        yield
    finally:
        await asyncio.to_thread(server.stop)


@pytest.mark.faults(3)
async def test_an_event_is_published_whose_commit_waited_for_a_standby_that_was_away(
    primary, standby_folder, cycles
):
    admin = await asyncpg.connect(primary.url_for("postgres"))
    await admin.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
    await admin.execute("SELECT pg_reload_conf()")
    async with standing_by(standby_folder, admin):
        await postgres.ensure_database(primary.url_for("postgres"), "toys")
        url = primary.url_for("toys")
        await make_tables(url)
    database = Database(url + ALONE, application_name="test", transaction_timeout=TRANSACTION_TIMEOUT)
    waiting = Database(url, application_name="waits", transaction_timeout=TRANSACTION_TIMEOUT)
    for _ in range(cycles):
        await hang_a_commit(admin, database, waiting, standby_folder)
    for opened in (database, waiting):
        await opened.close()
    await admin.close()


async def hang_a_commit(admin, database, waiting, standby_folder):
    """Commit one event while no standby is there, others after it, and see it published when one is back."""
    async with database.connection() as connection:
        before = await connection.fetchval("SELECT count(*) FROM outbox")
    publisher, late, prompt = Recorder(), uuid4(), uuid4()

    async def commit() -> None:
        async with waiting.transaction() as tx:
            await grow(tx, late)

    async def hangs() -> bool:
        return await admin.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == 1

    async with relaying(database, publisher):
        committing = asyncio.create_task(commit())
        await eventually(hangs)
        for count in range(1, 8):
            async with database.transaction() as tx:
                await grow(tx, prompt)
            await eventually(lambda count=count: has_published(publisher, count))
            await asyncio.sleep(TRANSACTION_TIMEOUT.total_seconds())
        assert not committing.done()
        assert await hangs()
        assert (await gaps_of(database))[-1] == [before + 1]
        async with standing_by(standby_folder, admin):
            await committing
            await eventually(lambda: all_is_published(database))
    assert [envelope.key for envelope in publisher.published] == [str(prompt)] * 7 + [str(late)]
    await check_log(database)
