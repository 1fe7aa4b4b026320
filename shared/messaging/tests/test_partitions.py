"""The outbox's partitions are there before they are needed, and nobody waits while they are made."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from shared.messaging.tests.orders import eventually, grow
from shared.messaging.tests.test_relay import Recorder, all_is_published, check_log, relaying

from purveyor_messaging.partitions import OUTBOX_PARTITION_SIZE, PARTITIONS_AHEAD, create_outbox_partitions

TODAY = date(2026, 3, 2)


async def create(database) -> None:
    async with database.transaction() as tx:
        await create_outbox_partitions(tx, TODAY)


async def partitions(database) -> list[str]:
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'outbox'::regclass ORDER BY 1"
        )
    return [row[0] for row in rows]


async def test_partitions_are_created_ahead_once(database):
    wanted = [f"outbox_{number}" for number in range(1, PARTITIONS_AHEAD + 2)]
    await asyncio.gather(create(database), create(database))
    assert await partitions(database) == wanted
    await create(database)
    assert await partitions(database) == wanted


async def test_ids_run_on_through_partitions_and_more_are_made(database):
    await create(database)
    async with database.connection() as connection:
        await connection.execute(f"ALTER SEQUENCE outbox_id_seq RESTART WITH {2 * OUTBOX_PARTITION_SIZE - 2}")
    order = uuid4()
    async with relaying(database, Recorder(), batch_events=2):
        for _ in range(6):
            async with database.transaction() as tx:
                await grow(tx, order)
        await eventually(lambda: all_is_published(database))
    async with database.connection() as connection:
        held = await connection.fetch(
            "SELECT DISTINCT tableoid::regclass::text AS name FROM outbox ORDER BY 1"
        )
    assert [row["name"] for row in held] == ["outbox_2", "outbox_3"]
    await check_log(database)
    await create(database)
    assert f"outbox_{3 + PARTITIONS_AHEAD}" in await partitions(database)


async def test_every_partition_refuses_a_number_given_twice(database):
    await create(database)
    async with database.connection() as connection:
        await connection.execute(f"ALTER SEQUENCE outbox_id_seq RESTART WITH {OUTBOX_PARTITION_SIZE + 10}")
    order = uuid4()

    async def grow_from_nothing() -> None:
        async with database.transaction() as tx:
            await tx.connection.execute("UPDATE toy_order SET sequence = 0")
            await grow(tx, order)

    await grow_from_nothing()
    with pytest.raises(asyncpg.UniqueViolationError):
        await grow_from_nothing()


async def test_writers_do_not_wait_for_new_partitions(database):
    async with database.transaction() as tx:
        await grow(tx, uuid4())
        await tx.flush()
        await asyncio.wait_for(create(database), 10)
        async with database.transaction() as another:
            await grow(another, uuid4())
