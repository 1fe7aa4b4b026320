"""A standby takes over that lacks the last commits: what they told is named, and told again as it is now."""

from __future__ import annotations

import asyncio
import shutil
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests.conftest import make_tables, standby_of
from shared.messaging.tests.orders import eventually
from shared.messaging.tests.test_epochs import Toys, holds, is_so

from purveyor.db import Database
from purveyor_cli import postgres
from purveyor_messaging import epochs, parked
from purveyor_messaging.local import LocalTransport

SEED = 20_261_129


@pytest.mark.faults(3)
async def test_a_standby_that_lacks_the_last_commits_takes_over_and_all_agree_again(
    primary, open_database, cycles
):
    chance = Random(SEED)  # noqa: S311  # the same cycles every time
    for cycle in range(cycles):
        name = f"toys{cycle}"
        await postgres.ensure_database(primary.url_for("postgres"), name)
        await make_tables(primary.url_for(name))
        folder = await asyncio.to_thread(standby_of, primary, f"standby{cycle}")
        await fail_over(primary, folder, name, await open_database(), chance)
        await ask(primary, f"DROP DATABASE {name}")  # or each copy would be larger than the one before
        await asyncio.to_thread(shutil.rmtree, folder)


async def fail_over(primary, folder, name, copy, chance):
    """Lose the end of the log with the primary; how much of it, and of which streams, is chance."""
    standby = postgres.start(folder)
    database = Database(primary.url_for(name), application_name="primary")
    toys = Toys(database, copy, LocalTransport)
    orders, other = [uuid4() for _ in range(4)], uuid4()
    kept = {order: list(range(1, chance.randint(2, 4))) for order in orders}
    lost = {order: list(range(20, 20 + chance.randint(0, 3))) for order in orders} | {other: [10]}
    async with toys.running():
        for order, amounts in kept.items():
            await toys.grow(order, *amounts)
        await eventually(lambda: holds(toys, kept))
        await eventually(lambda: has_replayed(primary))
        await asyncio.to_thread(standby.stop)
        for order, amounts in lost.items():
            await toys.grow(order, *amounts)
        all_of_it = {order: kept.get(order, []) + amounts for order, amounts in lost.items()}
        await eventually(lambda: holds(toys, all_of_it))
    await database.close()
    settings = folder / "postgresql.auto.conf"
    settings.write_text(settings.read_text() + "primary_conninfo = ''\n")  # nobody reaches the former primary

    standby = postgres.start(folder)
    try:
        await promote(standby)
        toys.database = Database(standby.url_for(name), application_name="promoted")
        again = chance.sample(orders, 2)
        for order in again:
            await toys.grow(order, 30)
        async with toys.running() as relay:
            await eventually(lambda: is_so(relay.trouble is not None))
        found = await toys.lost()
        assert {(event.key, event.sequence) for event in found} == {
            (str(order), len(kept.get(order, [])) + nth)
            for order, amounts in lost.items()
            for nth in range(1, len(amounts) + 1)
        }
        await epochs.recover(toys.database, [found], [toys.retelling], by="ada", reason="failover")
        held = {order: amounts + [30] * (order in again) for order, amounts in kept.items()}
        async with toys.running():
            await eventually(lambda: holds(toys, held))
        assert await toys.compare() == []
        async with toys.copy.connection() as connection:
            assert await parked.listed(connection) == []
        await toys.database.close()
    finally:
        await asyncio.to_thread(standby.stop)


async def has_replayed(primary: postgres.RunningPostgres) -> bool:
    """Whether the standby has everything that the primary has."""
    behind = await ask(primary, "SELECT pg_current_wal_lsn() - replay_lsn FROM pg_stat_replication")
    return behind is not None and int(behind) == 0


async def promote(standby: postgres.RunningPostgres) -> None:
    """Let a standby take over."""
    assert await ask(standby, "SELECT pg_promote()")


async def ask(server: postgres.RunningPostgres, statement: str) -> Any:
    """Run a statement as who administers a server."""
    admin = await asyncpg.connect(server.url_for("postgres"))
    try:
        return await admin.fetchval(statement)
    finally:
        await admin.close()
