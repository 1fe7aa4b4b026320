"""Old partitions leave the log and come back: the feed says where it begins, heads of streams are kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from shared.messaging.tests.orders import eventually, grow
from shared.messaging.tests.test_partitions import create, partitions
from shared.messaging.tests.test_relay import Recorder, all_is_published, gaps_of, log_of, relaying

from purveyor.errors import ConflictError, GoneError, NotFoundError
from purveyor_messaging import feed
from purveyor_messaging.archive import archive, read_back
from purveyor_messaging.partitions import OUTBOX_PARTITION_SIZE

NOW = timedelta(0)


@pytest.fixture
async def crossing(open_database):
    """A log of six events, the first three in a partition that is full."""
    database = await open_database(transaction_timeout=timedelta(seconds=2))
    await create(database)
    async with database.connection() as connection:
        await connection.execute(f"ALTER SEQUENCE outbox_id_seq RESTART WITH {OUTBOX_PARTITION_SIZE - 2}")
    database.ends, database.goes_on = uuid4(), uuid4()
    async with relaying(database, Recorder()):
        for order in (database.ends, database.ends, *[database.goes_on] * 4):
            async with database.transaction() as tx:
                await grow(tx, order)
        await eventually(lambda: all_is_published(database))
        await settle(database)
    return database


async def settle(database) -> None:
    """Publish until the ids before the first are known never to come: here a sequence was set forward."""

    async def no_gap() -> bool:
        async with database.transaction() as tx:
            await grow(tx, database.goes_on)
        await eventually(lambda: all_is_published(database))
        return (await gaps_of(database))[-1] == []

    await eventually(no_gap)


async def heads(database) -> dict[str, int]:
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT h.key, h.sequence FROM stream_head h JOIN archive.outbox_1 o USING (event_id)"
        )
    return {row["key"]: row["sequence"] for row in rows}


async def test_an_old_partition_is_archived_and_the_feed_says_where_the_log_begins(crossing):
    whole = await log_of(crossing)
    archived = await archive(crossing, NOW, actor="ann")
    assert (archived.number, archived.events, archived.log_begins_at) == (1, 3, 4)
    assert await partitions(crossing) == [f"outbox_{number}" for number in (2, 3, 4)]
    async with crossing.connection() as connection:
        for after in (0, 2):
            with pytest.raises(GoneError, match=r"begins at position 4: ask with after=3") as gone:
                await feed.read(connection, "toys", after, 2)
            assert gone.value.extensions == {"begins_at": 4}
        assert await feed.read(connection, "toys", 3, 1_000) == whole[3:]
        assert not await feed.verify(connection)
        record = await connection.fetchrow("SELECT actor, action FROM audit_record ORDER BY at DESC LIMIT 1")
    assert tuple(record) == ("ann", "archive")


async def test_a_stream_that_was_archived_goes_on_from_its_last_event(crossing):
    whole = {
        (event.envelope.key, event.envelope.sequence): event.envelope.id for event in await log_of(crossing)
    }
    await archive(crossing, NOW, actor="ann")
    assert await heads(crossing) == {str(crossing.ends): 2}
    async with crossing.transaction() as tx:
        await grow(tx, crossing.ends)
        await grow(tx, crossing.ends)
    async with crossing.connection() as connection:
        rows = await connection.fetch(
            "SELECT event_id, previous FROM outbox WHERE key = $1 ORDER BY sequence", str(crossing.ends)
        )
    assert [row["previous"] for row in rows] == [whole[str(crossing.ends), 2], rows[0]["event_id"]]


async def test_an_archived_partition_is_read_back_though_the_log_has_gained_columns(crossing):
    whole = await log_of(crossing)
    await archive(crossing, NOW, actor="ann")
    async with crossing.connection() as connection:
        await connection.execute("ALTER TABLE archive.outbox_1 DROP COLUMN epoch, DROP COLUMN previous")
    back = await read_back(crossing, 1, actor="ann")
    assert (back.events, back.log_begins_at) == (3, 1)
    assert [event.envelope.id for event in await log_of(crossing)] == [event.envelope.id for event in whole]
    assert (await archive(crossing, NOW, actor="ann")).events == 3


async def test_a_partition_that_somebody_detached_is_a_hole_that_the_feed_tells_of(crossing):
    async with crossing.connection() as connection:
        await connection.execute("ALTER TABLE outbox DETACH PARTITION outbox_1")
        with pytest.raises(GoneError, match="begins at position 4"):
            await feed.read(connection, "toys", 0, 100)


async def test_nothing_is_archived_that_is_young_unpublished_or_not_full(crossing):
    with pytest.raises(ConflictError, match="holds events of the last 30 days"):
        await archive(crossing, timedelta(days=30), actor="ann")
    async with crossing.connection() as connection:
        saved = await connection.fetch("SELECT * FROM publication ORDER BY first_position")
        await connection.execute("DELETE FROM publication WHERE first_position = $1", saved[0][0])
    with pytest.raises(ConflictError, match="not published"):
        await archive(crossing, NOW, actor="ann")
    async with crossing.connection() as connection:
        await connection.execute("INSERT INTO publication SELECT ($1::publication).*", saved[0])
    await archive(crossing, NOW, actor="ann")
    with pytest.raises(ConflictError, match="is not full"):
        await archive(crossing, NOW, actor="ann")
    with pytest.raises(NotFoundError):
        await read_back(crossing, 7, actor="ann")


async def test_a_partition_in_which_an_event_may_still_appear_stays(crossing):
    async with crossing.connection() as connection:
        await connection.execute(
            "UPDATE publication SET gap_first = '{5}', gap_last = '{5}', gap_since = ARRAY[now()] "
            "WHERE first_position = (SELECT max(first_position) FROM publication)"
        )
    with pytest.raises(ConflictError, match="not published"):
        await archive(crossing, NOW, actor="ann")


async def test_the_log_waits_for_no_old_transaction_and_writers_go_on(crossing, open_database):
    other = await open_database(crossing.url)
    async with other.transaction() as reading:
        await reading.connection.fetchval("SELECT count(*) FROM outbox")
        archiving = asyncio.create_task(archive(crossing, NOW, actor="ann"))
        async with asyncio.timeout(20):
            while not await waits(other):  # noqa: ASYNC110  # only asking tells
                await asyncio.sleep(0.05)
        async with crossing.transaction() as tx:
            await grow(tx, crossing.goes_on)
    assert (await archiving).number == 1
    async with relaying(crossing, Recorder()):
        async with crossing.connection() as connection:
            count = await connection.fetchval("SELECT count(*) FROM outbox")
        await eventually(lambda: has_positions(crossing, 3 + count))


async def waits(database) -> bool:
    async with database.connection() as connection:
        return (
            await connection.fetchval(
                "SELECT count(*) FROM pg_locks WHERE relation = 'outbox'::regclass AND NOT granted"
            )
            == 1
        )


async def has_positions(database, count: int) -> bool:
    async with database.connection() as connection:
        return await feed.last_position(connection) == count
