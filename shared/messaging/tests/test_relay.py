"""The relay against a real database: late commits, rollbacks, several relays, deaths."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared.messaging.tests.orders import Grown, eventually, grow

from purveyor.db import Database
from purveyor.errors import ConflictError, TooLargeError
from purveyor_messaging import feed, relay
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.outbox import record_numbered
from purveyor_messaging.relay import RELAY_LOCK, Relay
from purveyor_messaging.repair import REPAIR_LOCK, repair


class Described(Grown):
    """An event that may be long."""

    description: str


class Recorder:
    """A transport that keeps what it is given, and can be held up or made to fail."""

    def __init__(self) -> None:
        self.published: list[Envelope] = []
        self.batches: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = asyncio.Event()
        self.failures = 0

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        self.waiting.set()
        await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the broker is away")
        self.published += envelopes
        self.batches.append(len(envelopes))


@asynccontextmanager
async def relaying(database: Database, publisher: Any, **options: Any) -> AsyncIterator[Relay]:
    stop = asyncio.Event()
    running_relay = Relay(database, "toys", publisher, **options)
    task = asyncio.create_task(running_relay.run(stop))
    try:
        yield running_relay
    finally:
        stop.set()
        await task


async def log_of(database: Database) -> list[feed.PublishedEvent]:
    async with database.connection() as connection:
        return await feed.read(connection, "toys", 0, 1_000_000)


async def outbox_of(database: Database) -> set[UUID]:
    async with database.connection() as connection:
        return {row[0] for row in await connection.fetch("SELECT event_id FROM outbox")}


async def all_is_published(database: Database) -> bool:
    return len(await log_of(database)) == len(await outbox_of(database))


async def check_log(database: Database) -> list[feed.PublishedEvent]:
    """Check what must always hold: every event listed once, positions without gaps, streams in order."""
    log = await log_of(database)
    assert [event.position for event in log] == list(range(1, len(log) + 1))
    assert {event.envelope.id for event in log} == await outbox_of(database)
    async with database.connection() as connection:
        assert not await feed.verify(connection)
    streams = defaultdict(list)
    for event in log:
        streams[event.envelope.key].append(event.envelope.sequence)
    for sequences in streams.values():
        assert sequences == list(range(1, len(sequences) + 1))
    return log


TRANSACTIONS = st.lists(
    st.tuples(st.sets(st.integers(0, 3), min_size=1, max_size=2), st.booleans(), st.integers(0, 30)),
    min_size=1,
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transactions=TRANSACTIONS, batch_events=st.sampled_from([1, 2, 3, 5000]))
async def test_transactions_that_end_late_or_never_lose_nothing_and_reorder_nothing(
    database, transactions, batch_events
):
    """Each transaction grows some orders, stays open across batches, and commits or rolls back."""
    orders = [uuid4() for _ in range(4)]
    async with database.connection() as connection:
        await connection.execute("TRUNCATE outbox, publication RESTART IDENTITY")

    async def write(order_numbers: set[int], commits: bool, open_for: int) -> None:
        with suppress(ZeroDivisionError):
            async with database.transaction() as tx:
                for number in sorted(order_numbers):
                    await grow(tx, orders[number])
                    await grow(tx, orders[number])
                    await tx.flush()
                await asyncio.sleep(open_for / 1000)
                if not commits:
                    raise ZeroDivisionError

    publisher = Recorder()
    async with relaying(database, publisher, batch_events=batch_events):
        await asyncio.gather(*(write(*transaction) for transaction in transactions))
        await eventually(lambda: all_is_published(database))
    log = await check_log(database)
    assert [envelope.id for envelope in publisher.published] == [event.envelope.id for event in log]


async def test_a_transaction_open_across_many_batches_is_published_when_it_commits(database):
    late, rolled_back, prompt = uuid4(), uuid4(), uuid4()
    publisher = Recorder()
    async with relaying(database, publisher, batch_events=2):
        with suppress(ZeroDivisionError):
            async with database.transaction() as open_one:
                await grow(open_one, late)
                await open_one.flush()
                async with database.transaction() as doomed:
                    await grow(doomed, rolled_back)
                    await doomed.flush()
                    for _ in range(7):
                        async with database.transaction() as tx:
                            await grow(tx, prompt)
                    await eventually(lambda: has_published(publisher, 7))
                    raise ZeroDivisionError
        async with database.transaction() as tx:
            await grow(tx, late)
        await eventually(lambda: has_published(publisher, 8))
    assert [envelope.key for envelope in publisher.published] == [str(prompt)] * 7 + [str(late)]
    await check_log(database)


async def has_published(publisher: Recorder, count: int) -> bool:
    return len(publisher.published) >= count


async def has_in_log(database: Database, count: int) -> bool:
    return len(await log_of(database)) >= count


async def test_a_late_commit_below_the_watermark_survives_a_change_of_leader(open_database):
    database = await open_database()
    late, prompt = uuid4(), uuid4()
    async with database.transaction() as open_one:
        await grow(open_one, late)
        await open_one.flush()
        async with relaying(database, Recorder()):
            async with database.transaction() as tx:
                await grow(tx, prompt)
            await eventually(lambda: all_is_published(database))
    async with relaying(database, Recorder()):
        await eventually(lambda: all_is_published(database))
    assert [event.envelope.key for event in await check_log(database)] == [str(prompt), str(late)]


async def test_a_gap_is_given_up_once_nobody_can_fill_it(open_database):
    database = await open_database(transaction_timeout=timedelta(milliseconds=150))
    async with relaying(database, Recorder()):
        with suppress(ZeroDivisionError):
            async with database.transaction() as tx:
                await grow(tx, uuid4())
                await tx.flush()
                raise ZeroDivisionError
        for wait in (0, 0.8, 0):
            await asyncio.sleep(wait)
            async with database.transaction() as tx:
                await grow(tx, uuid4())
            await eventually(lambda: all_is_published(database))
    gaps = await gaps_of(database)
    assert gaps[0] == [1]
    assert gaps[-1] == []
    await check_log(database)


async def gaps_of(database: Database) -> list[list[int]]:
    """Return where the gaps began that each batch was written down with."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT gap_first FROM publication ORDER BY first_position")
    return [row[0] for row in rows]


async def test_an_event_is_published_however_long_its_commit_takes(open_database):
    database = await open_database(transaction_timeout=timedelta(milliseconds=150))
    patient = await open_database(database.url)
    late, prompt = uuid4(), uuid4()
    async with relaying(database, Recorder()):
        async with patient.transaction() as open_one:
            await grow(open_one, late)
            await open_one.flush()
            for _ in range(5):
                async with database.transaction() as tx:
                    await grow(tx, prompt)
                await asyncio.sleep(0.25)
        await eventually(lambda: all_is_published(database))
    await check_log(database)


async def test_an_event_is_published_whose_transaction_began_last_of_all(open_database):
    """The newest transaction fills the gap, and until one after it ends no snapshot's xmax shows it."""
    database = await open_database(transaction_timeout=timedelta(milliseconds=150))
    patient = await open_database(database.url)
    publisher = Recorder()
    publisher.gate.clear()
    async with relaying(database, publisher), AsyncExitStack() as cleanup:
        first = await cleanup.enter_async_context(patient.transaction())
        await grow(first, uuid4())
        async with patient.transaction() as last:
            await grow(last, uuid4())
            await last.flush()
            await first.flush()
            await cleanup.aclose()
            await asyncio.sleep(1)
        publisher.gate.set()
        await eventually(lambda: all_is_published(database))
    await check_log(database)


async def test_a_fence_of_another_server_proves_nothing_and_is_put_up_anew(open_database):
    """As after a restore into a new cluster, whose transactions are numbered from the beginning."""
    database = await open_database(transaction_timeout=timedelta(milliseconds=150))
    async with database.transaction() as tx:
        await grow(tx, uuid4())
    async with database.connection() as connection:
        await connection.execute("SELECT nextval('outbox_id_seq')")
        await connection.execute(
            "INSERT INTO publication VALUES (1, '{1}', 2, '{2}', '{2}', ARRAY[now()], now(), '{999999999}')"
        )
    async with relaying(database, Recorder()):
        for wait in (0, 0.8, 0):
            await asyncio.sleep(wait)
            async with database.transaction() as tx:
                await grow(tx, uuid4())
            await eventually(lambda: all_is_published(database))
    gaps = await gaps_of(database)
    assert gaps[1] == [2]
    assert gaps[-1] == []
    await check_log(database)


async def test_verification_finds_an_event_that_no_batch_lists(database):
    async with relaying(database, Recorder()):
        for _ in range(3):
            async with database.transaction() as tx:
                await grow(tx, uuid4())
        await eventually(lambda: all_is_published(database))
    async with database.connection() as connection:
        assert not await feed.verify(connection)
        await connection.execute("UPDATE publication SET ids = array_remove(ids, 2), watermark = 3")
        findings = await feed.verify(connection)
    assert findings.unlisted == (2,)


async def test_repair_publishes_what_was_missed_while_the_relay_goes_on(database):
    """An earlier version gave gaps up by the clock: such an id lies below the watermark, in no gap."""
    order, publisher = uuid4(), Recorder()
    async with relaying(database, publisher):
        for _ in range(5):
            async with database.transaction() as tx:
                await grow(tx, order)
        await eventually(lambda: all_is_published(database))
    async with database.connection() as connection:
        await connection.execute("TRUNCATE publication")
        await connection.execute("INSERT INTO publication VALUES (1, '{1,3,5}', 5, '{}', '{}', '{}')")
    publisher.published.clear()
    async with relaying(database, publisher):
        async with database.transaction() as tx:
            await grow(tx, order)
        await eventually(lambda: has_in_log(database, 4))
        assert await repair(database, "toys", publisher) == 2
        async with database.transaction() as tx:
            await grow(tx, order)
        await eventually(lambda: all_is_published(database))
    async with database.connection() as connection:
        assert not await feed.verify(connection)
    assert [event.envelope.sequence for event in await log_of(database)] == [1, 3, 5, 6, 2, 4, 7]
    assert {envelope.sequence for envelope in publisher.published} == {2, 4, 6, 7}
    assert await repair(database, "toys", publisher) == 0


async def test_a_log_may_take_longer_to_verify_than_a_request_may_last(open_database, monkeypatch):
    database = await open_database(
        statement_timeout=timedelta(milliseconds=100), transaction_timeout=timedelta(milliseconds=200)
    )
    monkeypatch.setattr(feed, "UNLISTED", "SELECT 7 FROM pg_sleep(1.5)")
    async with database.connection() as connection:
        assert (await feed.verify(connection)).unlisted == (7,)
        assert await connection.fetchval("SHOW statement_timeout") == "100ms"


async def test_repairs_do_not_get_into_each_others_way(database):
    async with database.connection() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", REPAIR_LOCK)
        with pytest.raises(ConflictError):
            await repair(database, "toys", Recorder())
        await connection.execute("SELECT pg_advisory_unlock($1)", REPAIR_LOCK)


async def test_a_commit_wakes_the_relay_of_its_process(database, monkeypatch):
    monkeypatch.setattr(relay, "POLL_SECONDS", 60)
    publisher = Recorder()
    async with relaying(database, publisher) as leader:
        await eventually(lambda: leads(leader))
        for count in (1, 2, 3):
            async with database.transaction() as tx:
                await grow(tx, uuid4())
            await eventually(lambda count=count: has_published(publisher, count), seconds=5)
        database.committed["outbox"].set()


async def leads(one: Relay) -> bool:
    return one.leads


async def test_what_other_processes_write_is_found_too(open_database, database):
    elsewhere = await open_database(database.url)
    publisher = Recorder()
    async with relaying(database, publisher):
        async with elsewhere.transaction() as tx:
            await grow(tx, uuid4())
        await eventually(lambda: has_published(publisher, 1))


async def test_events_go_out_in_batches_while_the_one_before_is_on_its_way(database):
    publisher, orders = Recorder(), [uuid4() for _ in range(3)]
    publisher.gate.clear()
    async with relaying(database, publisher, batch_events=50):
        async with database.transaction() as tx:
            await grow(tx, orders[0])
        await publisher.waiting.wait()
        async with database.transaction() as tx:
            for _ in range(40):
                for order in orders:
                    await grow(tx, order)
        publisher.gate.set()
        await eventually(lambda: all_is_published(database))
    assert publisher.batches == [1, 50, 50, 20]
    await check_log(database)


async def test_a_batch_is_bounded_in_bytes_too(database, monkeypatch):
    monkeypatch.setattr(relay, "BATCH_BYTES", 1_000)
    publisher = Recorder()
    async with database.transaction() as tx:
        for _ in range(200):
            await grow(tx, uuid4())
    async with relaying(database, publisher, batch_events=64):
        await eventually(lambda: all_is_published(database))
    assert publisher.batches[0] == 64
    assert max(publisher.batches[4:]) <= 16
    await check_log(database)


async def test_an_event_that_no_broker_would_take_is_refused_where_it_is_recorded(database):
    async with database.transaction() as tx:
        with pytest.raises(TooLargeError):
            record_numbered(tx, Described(order_id=uuid4(), amount=1, description="ü" * 500_000), 1)
        record_numbered(tx, Described(order_id=uuid4(), amount=1, description="ü" * 400_000), 1)


async def test_an_absent_broker_delays_and_loses_nothing(database):
    publisher = Recorder()
    publisher.failures = 3
    async with relaying(database, publisher):
        for _ in range(5):
            async with database.transaction() as tx:
                await grow(tx, uuid4())
        await eventually(lambda: all_is_published(database))
    await check_log(database)


async def test_one_of_several_relays_leads_and_another_takes_over_when_it_is_cut_off(open_database):
    database = await open_database()
    url = database.url
    publisher, orders = Recorder(), [uuid4() for _ in range(4)]
    pools = [await open_database(url) for _ in range(3)]

    async def write(count: int) -> None:
        for number in range(count):
            async with database.transaction() as tx:
                await grow(tx, orders[number % 4])

    async with (
        relaying(pools[0], publisher) as one,
        relaying(pools[1], publisher) as two,
        relaying(pools[2], publisher) as three,
    ):
        relays = (one, two, three)
        for _ in range(3):
            await write(20)
            await eventually(lambda: all_is_published(database))
            assert [each.leads for each in relays].count(True) == 1
            async with database.connection() as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                    "AND ((classid::bigint << 32) | objid::bigint) = $1 "
                    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                    RELAY_LOCK,
                )
            await write(20)
            await eventually(lambda: all_is_published(database))
    await check_log(database)


async def test_a_deposed_leader_is_fenced_off_and_positions_stay_as_they_are(open_database):
    database = await open_database()
    url = database.url
    slow, quick = Recorder(), Recorder()
    slow.gate.clear()
    order = uuid4()
    async with relaying(await open_database(url), slow) as deposed:
        async with database.transaction() as tx:
            await grow(tx, order)
        await slow.waiting.wait()
        async with database.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND ((classid::bigint << 32) | objid::bigint) = $1",
                RELAY_LOCK,
            )
            await connection.execute("SELECT pg_advisory_lock($1)", RELAY_LOCK)
            await connection.execute(
                "INSERT INTO publication VALUES (1, '{1}', 1, '{}', '{}', '{}')"
            )  # what a new leader writes
            slow.gate.set()
            await eventually(lambda: steps_down(deposed))
            await connection.execute("SELECT pg_advisory_unlock($1)", RELAY_LOCK)
        async with relaying(await open_database(url), quick):
            for _ in range(3):
                async with database.transaction() as tx:
                    await grow(tx, order)
            await eventually(lambda: all_is_published(database))
    await check_log(database)


async def steps_down(one: Relay) -> bool:
    return not one.leads


RELAY_PROCESS = """
import asyncio, sys
import asyncpg
from purveyor.db import Database
from purveyor.errors import ConflictError, TooLargeError
from purveyor_messaging.relay import Relay

class Notebook:
    async def publish(self, envelopes):
        await connection.executemany(
            "INSERT INTO toy_ledger (consumer, key, sequence, amount) VALUES ($1, $2, $3, 0)",
            [(sys.argv[2], envelope.key, envelope.sequence) for envelope in envelopes],
        )

async def main():
    global connection
    connection = await asyncpg.connect(sys.argv[1])
    await Relay(Database(sys.argv[1], application_name="relay"), "toys", Notebook()).run(asyncio.Event())

asyncio.run(main())
"""


async def test_a_relay_process_that_is_killed_is_replaced_and_nothing_is_lost(database, tmp_path: Path):
    url = database.url
    script = tmp_path / "relay_process.py"
    script.write_text(RELAY_PROCESS)
    orders, running, stop = [uuid4() for _ in range(3)], {}, asyncio.Event()

    async def start(name: str) -> None:
        running[name] = await asyncio.create_subprocess_exec(
            sys.executable, str(script), url, name, stderr=sys.stderr
        )

    async def write() -> None:
        while not stop.is_set():
            async with database.transaction() as tx:
                for order in orders:
                    await grow(tx, order)

    await asyncio.gather(*(start(name) for name in "abc"))
    writing = asyncio.create_task(write())
    try:
        leaders = []
        for _ in range(2):
            await eventually(lambda: somebody_new_publishes(database, leaders))
            running[leaders[-1]].kill()
        await eventually(lambda: somebody_new_publishes(database, leaders))
        stop.set()
        await writing
        await eventually(lambda: all_is_published(database))
    finally:
        stop.set()
        for process in running.values():
            if process.returncode is None:
                process.kill()
            await process.wait()
    log = await check_log(database)
    async with database.connection() as connection:
        sent = await connection.fetch("SELECT key, sequence FROM toy_ledger ORDER BY entry")
    last: dict[str, int] = defaultdict(int)
    for key, sequence in sent:
        assert sequence <= last[key] + 1, "a stream ran ahead"
        last[key] = max(last[key], sequence)
    assert sum(last.values()) == len(log)


async def somebody_new_publishes(database: Database, before: list[str]) -> bool:
    async with database.connection() as connection:
        name = await connection.fetchval("SELECT consumer FROM toy_ledger ORDER BY entry DESC LIMIT 1")
    if name is None or name in before:
        return False
    before.append(name)
    return True
