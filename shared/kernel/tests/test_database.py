"""A transaction holds state, events, audit records and answers together, whichever way they are written."""

import asyncio
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from decimal import Decimal

import asyncpg
import pytest
from shared.kernel.tests.silence import SilentProxy
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from toy_service.model import Crate, CrateFilled

from purveyor.db import ConnectionLostError, Database, new_id
from purveyor.failures import is_unavailable
from purveyor_messaging.outbox import record


def crate(label):
    return Crate(id=new_id(), label=label, apples=1, version=1, sequence=0)


async def labels(toy):
    async with toy.database.connection() as connection:
        return [row["label"] for row in await connection.fetch("SELECT label FROM crate ORDER BY label")]


async def recorded(toy):
    async with toy.database.connection() as connection:
        rows = await connection.fetch("SELECT key, sequence FROM outbox ORDER BY id")
        audited = await connection.fetch("SELECT entity_id FROM audit_record ORDER BY id")
    assert [row["entity_id"] for row in audited] == [row["key"] for row in rows]
    return [(row["key"], row["sequence"]) for row in rows]


def fill(tx, label):
    filled = crate(label)
    tx.session.add(filled)
    record(tx, filled, CrateFilled(crate_id=filled.id, apples=1))
    tx.audit("fill", "crate", filled.id)
    return filled


async def test_mapped_and_raw_statements_share_one_transaction(toy):
    with suppress(ZeroDivisionError):
        async with toy.database.transaction() as tx:
            fill(tx, "mapped")
            await tx.flush()
            await tx.connection.execute("UPDATE crate SET label = label || ' and raw'")
            assert await tx.connection.fetchval("SELECT label FROM crate") == "mapped and raw"
            raise ZeroDivisionError
    assert await labels(toy) == []
    assert await recorded(toy) == []


async def test_numbers_are_read_as_decimals_are_written(toy):
    numbers = ["10000", "-160000", "1.50", "0", "0.000001", "12345678901234567890.5"]
    async with toy.database.transaction() as tx:
        raw = await tx.connection.fetchval("SELECT $1::numeric[]", [Decimal(n) for n in numbers])
        mapped = (await tx.session.execute(text("SELECT 10000::numeric"))).scalar_one()
    assert [str(number) for number in raw] == numbers
    assert str(mapped) == "10000"


async def test_events_are_numbered_from_the_aggregates_counter(toy):
    async with toy.database.transaction() as tx:
        filled = fill(tx, "a")
        record(tx, filled, CrateFilled(crate_id=filled.id, apples=2))
        tx.audit("fill", "crate", filled.id)
    async with toy.database.transaction() as tx:
        again = await tx.session.get(Crate, filled.id, with_for_update=True)
        record(tx, again, CrateFilled(crate_id=filled.id, apples=3))
        tx.audit("fill", "crate", filled.id)
    assert await recorded(toy) == [(str(filled.id), number) for number in (1, 2, 3)]


async def test_the_relay_is_woken_by_a_commit_with_events_and_by_nothing_else(toy):
    async with toy.database.transaction() as tx:
        tx.session.add(crate("silent"))
    with suppress(ZeroDivisionError):
        async with toy.database.transaction() as tx:
            fill(tx, "undone")
            await tx.flush()
            raise ZeroDivisionError
    assert not toy.database.committed["outbox"].is_set()
    async with toy.database.transaction() as tx:
        fill(tx, "done")
        await tx.flush()
        assert not toy.database.committed["outbox"].is_set()
    assert toy.database.committed["outbox"].is_set()


@pytest.mark.parametrize("flushing", [False, True])
async def test_a_savepoint_undoes_its_block_and_nothing_else(toy, flushing):
    async with toy.database.transaction() as tx:
        first = fill(tx, "first")
        with suppress(ZeroDivisionError):
            async with tx.savepoint():
                fill(tx, "undone")
                if flushing:
                    await tx.flush()
                raise ZeroDivisionError
        async with tx.savepoint():
            third = fill(tx, "third")
            if flushing:
                await tx.flush()
    assert await labels(toy) == ["first", "third"]
    assert await recorded(toy) == [(str(first.id), 1), (str(third.id), 1)]


async def test_who_changes_what_another_changed_meanwhile_is_stopped(toy):
    async with toy.database.transaction() as tx:
        filled = fill(tx, "a")

    async def change_what_another_changes():
        async with toy.database.transaction() as tx:
            mine = await tx.session.get(Crate, filled.id)
            async with toy.database.transaction() as other:
                (await other.session.get(Crate, filled.id)).apples = 5
            mine.apples = 7

    with pytest.raises(StaleDataError):
        await change_what_another_changes()
    async with toy.database.transaction() as tx:
        assert (await tx.session.get(Crate, filled.id)).apples == 5


async def test_a_transaction_that_takes_too_long_is_ended(toy_database):
    database = Database(
        toy_database, application_name="test", transaction_timeout=timedelta(milliseconds=200)
    )

    async def take_long():
        async with database.transaction() as tx:
            await asyncio.sleep(0.5)
            await tx.connection.execute("SELECT 1")

    with pytest.raises(ConnectionLostError):
        await take_long()
    async with database.transaction() as tx:
        assert await tx.connection.fetchval("SELECT 1") == 1
    await database.close()


async def end_every_connection(url):
    connection = await asyncpg.connect(url)
    await connection.execute(
        """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
          AND pid <> pg_backend_pid()
        """
    )
    await connection.close()


@pytest.mark.parametrize("moment", ["between statements", "in a statement", "before the commit", "at once"])
async def test_a_connection_that_dies_at_any_moment_is_an_absent_database(toy, moment):
    url = toy.settings.database_url.get_secret_value()

    async def be_cut():
        async with toy.database.transaction() as tx:
            await tx.connection.fetchval("SELECT 1")
            if moment == "at once":
                ending = asyncio.create_task(
                    end_every_connection(str(toy.settings.database_url.get_secret_value()))
                )
                for _ in range(10_000):
                    await tx.connection.fetchval("SELECT 1")
                await ending
            if moment == "in a statement":
                await tx.connection.execute("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")
            await end_every_connection(url)
            if moment == "between statements":
                tx.session.add(crate("lost"))
                await tx.flush()

    with pytest.raises(Exception) as failure:  # noqa: PT011  # of whichever class
        await be_cut()
    assert is_unavailable(failure.value), repr(failure.value)
    async with toy.database.transaction() as tx:
        assert await tx.connection.fetchval("SELECT count(*) FROM crate") == 0


async def test_a_database_that_answers_nothing_is_an_absent_one_and_new_connections_are_tried(toy_database):
    async with SilentProxy(toy_database) as proxy:
        database = Database(
            proxy.url,
            application_name="test",
            pool_size=2,
            statement_timeout=timedelta(milliseconds=300),
        )

        async def ask():
            async with database.transaction() as tx:
                return await tx.connection.fetchval("SELECT 1")

        assert await asyncio.gather(ask(), ask()) == [1, 1]
        proxy.fall_silent()
        failures = await asyncio.gather(ask(), ask(), return_exceptions=True)
        assert all(is_unavailable(failure) for failure in failures), failures
        assert await asyncio.gather(ask(), ask()) == [1, 1]
        await database.close()


async def test_a_transaction_that_reads_changes_nothing_and_needs_no_writers_connection(toy):
    async with AsyncExitStack() as held:
        for _ in range(toy.settings.database_pool_size):
            await held.enter_async_context(toy.database.transaction())
        async with toy.database.transaction(reading=True) as tx:
            assert await tx.connection.fetchval("SELECT count(*) FROM crate") == 0
            with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
                await tx.connection.execute("DELETE FROM crate")
            with suppress(asyncpg.InFailedSQLTransactionError):
                await tx.connection.execute("SELECT 1")


async def test_what_people_said_does_not_come_into_the_log_with_an_error(toy):
    with pytest.raises(DBAPIError) as failed:
        async with toy.database.transaction() as tx:
            await tx.session.execute(text("SELECT 1 / CAST(:iban AS integer) - 1 / 0"), {"iban": 370_400})
    assert "370400" not in str(failed.value)
    assert "parameters hidden" in str(failed.value)
