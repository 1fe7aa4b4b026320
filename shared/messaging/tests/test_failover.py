"""A standby takes over that lacks the last commits: what they told is named, and told again as it is now."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
from shared.messaging.tests.conftest import make_tables
from shared.messaging.tests.orders import eventually
from shared.messaging.tests.test_epochs import Toys, holds, is_so

from purveyor.db import Database
from purveyor_cli import postgres
from purveyor_messaging import epochs, parked
from purveyor_messaging.local import LocalTransport


async def test_a_standby_that_lacks_the_last_commits_takes_over_and_all_agree_again(
    primary, standby_folder, open_database
):
    await postgres.ensure_database(primary.url_for("postgres"), "toys")
    await make_tables(primary.url_for("toys"))
    standby = postgres.start(standby_folder)
    database = Database(primary.url_for("toys"), application_name="primary")
    toys = Toys(database, await open_database(), LocalTransport)
    order, other = uuid4(), uuid4()
    async with toys.running():
        await toys.grow(order, 1, 2)
        await eventually(lambda: holds(toys, {order: [1, 2]}))
        await eventually(lambda: has_replayed(primary))
        await asyncio.to_thread(standby.stop)
        await toys.grow(order, 3)
        await toys.grow(other, 10)
        await eventually(lambda: holds(toys, {order: [1, 2, 3], other: [10]}))
    await database.close()
    settings = standby_folder / "postgresql.auto.conf"
    settings.write_text(settings.read_text() + "primary_conninfo = ''\n")  # nobody reaches the former primary

    standby = postgres.start(standby_folder)
    try:
        await promote(standby)
        toys.database = Database(standby.url_for("toys"), application_name="promoted")
        await toys.grow(order, 30)
        async with toys.running() as relay:
            await eventually(lambda: is_so(relay.trouble is not None))
        lost = await toys.lost()
        assert {(event.key, event.sequence) for event in lost} == {(str(order), 3), (str(other), 1)}
        await epochs.recover(toys.database, [lost], [toys.retelling], by="ada", reason="failover")
        async with toys.running():
            await eventually(lambda: holds(toys, {order: [1, 2, 30]}))
        assert await toys.compare() == []
        async with toys.copy.connection() as connection:
            assert await parked.listed(connection) == []
        await toys.database.close()
    finally:
        await asyncio.to_thread(standby.stop)


async def has_replayed(primary: postgres.RunningPostgres) -> bool:
    """Whether the standby has everything that the primary has."""
    admin = await asyncpg.connect(primary.url_for("postgres"))
    try:
        behind = await admin.fetchval("SELECT pg_current_wal_lsn() - replay_lsn FROM pg_stat_replication")
    finally:
        await admin.close()
    return behind is not None and int(behind) == 0


async def promote(standby: postgres.RunningPostgres) -> None:
    """Let a standby take over."""
    admin = await asyncpg.connect(standby.url_for("postgres"))
    assert await admin.fetchval("SELECT pg_promote()")
    await admin.close()
