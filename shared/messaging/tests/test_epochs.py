"""A database that went back in time: it is found, and its streams are told again as they are now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer import message_accumulator, producer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from shared.messaging.tests.mutations import MUTATIONS, mutated
from shared.messaging.tests.orders import Grown, eventually

from purveyor.db import Database, Transaction
from purveyor.pending import Journal
from purveyor.testing.databases import AsMade
from purveyor_messaging import epochs, feed, parked, reconcile
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope, Restated
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.outbox import record_numbered
from purveyor_messaging.reconcile import Comparison, Difference, Kind
from purveyor_messaging.relay import Relay
from purveyor_messaging.restating import Retelling, retold, tell_again

GROWN_MUCH = 300_000


class Toys:
    """Orders that grow, told on a topic of their own, and a copy of them elsewhere that follows."""

    def __init__(self, database: Database, copy: Database, connect: Callable[[], Any]) -> None:
        topic_ = f"toys.{uuid4().hex}"

        class GrownHere(Grown):
            topic: ClassVar[str] = topic_
            filler: str = ""

        class GrownHereRestated(Restated):
            service: ClassVar[str] = "toys"
            topic: ClassVar[str] = topic_
            key_field: ClassVar[str] = "order_id"

            order_id: UUID

        self.topic, self.event, self.restated = topic_, GrownHere, GrownHereRestated
        self.database, self.copy, self._connect = database, copy, connect
        self.retelling = Retelling(GrownHereRestated, lock)
        grown = on(GrownHere, self._grow)
        self.consumer = Consumer(
            f"copy.{topic_}", topic_, (grown, retold(GrownHereRestated, self._forget, grown))
        )
        self.transport = self.connected()

    def connected(self) -> Any:
        """Return a transport that hands the orders' events to the copy."""
        transport = self._connect()
        transport.subscribe(self.copy, self.consumer)
        return transport

    async def _grow(self, tx: Transaction, event: Grown, envelope: Envelope) -> None:
        await tx.connection.execute(
            "INSERT INTO toy_ledger (consumer, key, sequence, amount) VALUES ('copy', $1, $2, $3)",
            envelope.key,
            envelope.sequence,
            event.amount,
        )

    async def _forget(self, tx: Transaction, order_id: UUID) -> None:
        await tx.connection.execute("DELETE FROM toy_ledger WHERE key = $1", str(order_id))

    async def grow(self, order: UUID, *amounts: int, filler: str = "") -> None:
        """Let an order grow by these amounts, one transaction each."""
        for amount in amounts:
            async with self.database.transaction() as tx:
                counter = await tx.connection.fetchval(GROW, order)
                event = self.event(order_id=order, amount=amount, filler=filler)
                record_numbered(tx, event, counter)

    async def copied(self) -> dict[UUID, list[int]]:
        """The amounts of each order, as the copy has them."""
        async with self.copy.connection() as connection:
            rows = await connection.fetch(
                "SELECT key, array_agg(amount ORDER BY sequence) FROM toy_ledger GROUP BY key"
            )
        return {UUID(row[0]): list(row[1]) for row in rows}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Relay]:
        stop, transport = asyncio.Event(), self.connected()

        async def check(connection: Any) -> None:
            await epochs.check(connection, "toys", transport, [self.topic])

        relay = Relay(self.database, "toys", transport, before_leading=check)
        works = [asyncio.create_task(work) for work in (relay.run(stop), transport.run(stop))]
        try:
            yield relay
        finally:
            stop.set()
            await asyncio.gather(*works)
            await transport.close()

    async def lost(self) -> list[Envelope]:
        pages = epochs.lost(self.database, "toys", self.transport, [self.topic])
        return [event async for page in pages for event in page]

    async def compare(self) -> list[Difference]:
        async with self.database.connection() as log, self.copy.connection() as inbox:
            soon = datetime.now(UTC) + timedelta(minutes=1)
            pairs = reconcile.differences(log, inbox, self.consumer, soon, Comparison())
            return [each async for each in pairs]


class Counter:
    """A toy order's counter, written when the transaction is."""

    def __init__(self, tx: Transaction, order_id: UUID, sequence: int) -> None:
        self._tx, self._id, self._sequence = tx, order_id, sequence

    @property
    def sequence(self) -> int:
        """The number of the last event."""
        return self._sequence

    @sequence.setter
    def sequence(self, value: int) -> None:
        self._sequence = value
        self._tx.append(COUNTERS, (self._id, value))


COUNTERS = Journal("toy_counter", {"id": "uuid", "sequence": "bigint"})
GROW = """
INSERT INTO toy_order (id, sequence) VALUES ($1, 1)
ON CONFLICT (id) DO UPDATE SET sequence =
  greatest(toy_order.sequence, (SELECT max(sequence) FROM toy_counter WHERE id = $1)) + 1
RETURNING sequence
"""


async def lock(tx: Transaction, order_id: UUID) -> Counter | None:
    """Lock a toy order."""
    sequence = await tx.connection.fetchval(
        "SELECT sequence FROM toy_order WHERE id = $1 FOR UPDATE", order_id
    )
    return None if sequence is None else Counter(tx, order_id, sequence)


@asynccontextmanager
async def went_back(database: Database) -> AsyncIterator[None]:
    """Restore the database, when the block ends, as it was when it began."""
    connection = await asyncpg.connect(database.url)
    backup = await AsMade.read(connection)
    yield
    await backup.restore(connection)
    await connection.close()


@pytest.fixture(params=["local", "kafka"])
async def toys(request, database, open_database) -> AsyncIterator[Toys]:
    if request.param == "local":
        yield Toys(database, await open_database(), LocalTransport)
        return
    cluster = KafkaCluster(request.getfixturevalue("kafka_bootstrap_servers"), topic_partitions=3)
    toys_ = Toys(database, await open_database(), lambda: KafkaTransport(cluster))
    yield toys_
    await toys_.transport.close()


async def is_published(toys: Toys, events: int) -> bool:
    async with toys.database.connection() as connection:
        return await feed.last_position(connection) >= events


async def test_nothing_is_published_while_the_topics_know_more_than_the_database(toys):
    order, other = uuid4(), uuid4()
    async with toys.running():
        await toys.grow(order, 1, 2, 3)
        await eventually(lambda: holds(toys, {order: [1, 2, 3]}))
    async with went_back(toys.database), toys.running():
        await toys.grow(order, 4)
        await toys.grow(other, 10)
        await eventually(lambda: holds(toys, {order: [1, 2, 3, 4], other: [10]}))
    await toys.grow(order, 50)
    async with toys.running() as relay:
        await eventually(lambda: is_so(relay.trouble is not None))
        assert "purveyor events recover --service toys" in str(relay.trouble)
        assert await toys.copied() == {order: [1, 2, 3, 4], other: [10]}
    async with toys.database.connection() as connection:
        assert await feed.last_position(connection) == 3


async def test_what_was_lost_is_named_kept_and_told_again_as_it_is_now(toys):
    order, other, same = uuid4(), uuid4(), uuid4()
    async with toys.running():
        await toys.grow(order, 1, 2, 3)
        await toys.grow(same, 7)
        await eventually(lambda: holds(toys, {order: [1, 2, 3], same: [7]}))
    async with went_back(toys.database), toys.running():
        await toys.grow(order, 4, 5)
        await toys.grow(other, 10)
        await eventually(lambda: holds(toys, {order: [1, 2, 3, 4, 5], other: [10], same: [7]}))
    await toys.grow(order, 50)
    lost = await toys.lost()
    assert sorted((event.key, event.sequence) for event in lost) == sorted(
        [(str(order), 4), (str(order), 5), (str(other), 1)]
    )
    recovered = await epochs.recover(
        toys.database, [lost], [toys.retelling], by="operator:ada", reason="restored from Tuesday"
    )
    assert (recovered.epoch, recovered.streams) == (2, 2)
    assert await toys.lost() == []
    async with toys.running():
        await eventually(lambda: holds(toys, {order: [1, 2, 3, 50], same: [7]}))
        await toys.grow(order, 6)
        await toys.grow(same, 8)
        await eventually(lambda: holds(toys, {order: [1, 2, 3, 50, 6], same: [7, 8]}))
    async with toys.copy.connection() as connection:
        assert await parked.listed(connection) == []
        dropped = await connection.fetch("SELECT entity_id FROM audit_record WHERE action = 'restate'")
    assert {row[0] for row in dropped} == {f"{toys.topic}/{order}", f"{toys.topic}/{other}"}
    assert await toys.compare() == []
    async with toys.database.connection() as connection:
        kept = await connection.fetch("SELECT key, sequence, found_in, retold_at FROM lost_event")
        epoch = await connection.fetchrow("SELECT * FROM epoch ORDER BY number DESC LIMIT 1")
    assert {(row["key"], row["sequence"]) for row in kept} == {(event.key, event.sequence) for event in lost}
    assert all(row["found_in"] == 2 and row["retold_at"] for row in kept)
    assert (epoch["began_by"], epoch["reason"], epoch["first_position"]) == (
        "operator:ada",
        "restored from Tuesday",
        5,
    )


async def test_whoever_listens_later_sees_what_holds_and_nothing_parked(toys, open_database):
    order = uuid4()
    async with toys.running():
        await toys.grow(order, 1)
        await eventually(lambda: holds(toys, {order: [1]}))
    async with went_back(toys.database), toys.running():
        await toys.grow(order, 2, 3)
        await eventually(lambda: holds(toys, {order: [1, 2, 3]}))
    await toys.grow(order, 20)
    await epochs.recover(toys.database, [await toys.lost()], [toys.retelling], by="ada", reason="restored")
    async with toys.running():
        await eventually(lambda: holds(toys, {order: [1, 20]}))
    async with toys.copy.connection() as connection:
        await connection.execute("TRUNCATE inbox, toy_ledger, consumer_place")
    if isinstance(toys.transport, KafkaTransport):
        async with toys.running():
            await eventually(lambda: holds(toys, {order: [1, 20]}))
            await toys.grow(order, 21)
            await eventually(lambda: holds(toys, {order: [1, 20, 21]}))
        async with toys.copy.connection() as connection:
            assert await parked.listed(connection) == []


async def test_a_stream_too_long_for_one_event_is_told_again_in_parts(toys):
    order = uuid4()
    async with toys.running():
        await toys.grow(order, *range(8), filler="x" * GROWN_MUCH)
        await eventually(lambda: holds(toys, {order: list(range(8))}))
    async with went_back(toys.database), toys.running():
        await toys.grow(order, 8)
        await eventually(lambda: holds(toys, {order: list(range(9))}))
    for again in (1, 2):
        lost = await toys.lost()
        assert len(lost) == 2 - again
        await epochs.recover(toys.database, [lost], [toys.retelling], by="ada", reason="restored")
        if not lost:
            async with toys.database.transaction() as tx:
                await epochs.begin(tx, [], by="ada", reason="restored")
                await tell_again(tx, toys.retelling, str(order), beyond=9, reason="restored")
        async with toys.running():
            await eventually(lambda: holds(toys, {order: list(range(8))}))
            await eventually(lambda again=again: is_published(toys, 8 + 4 * again))
    async with toys.database.connection() as connection:
        parts = await connection.fetch(
            "SELECT data->>'part', data->>'parts', epoch FROM outbox WHERE type = $1 ORDER BY id",
            toys.restated.type_name(),
        )
    assert [tuple(part) for part in parts] == [(str(n), "4", e) for e in (2, 3) for n in (1, 2, 3, 4)]


async def test_numbers_that_people_may_have_seen_are_not_given_again(database):
    async with database.transaction() as tx:
        await tx.connection.execute("CREATE SEQUENCE number_for_people; SELECT nextval('number_for_people')")
        await epochs.begin(tx, [], by="ada", reason="restored")
        assert await tx.connection.fetchval("SELECT nextval('number_for_people')") == 1_002


async def test_a_restored_subscriber_reads_again_what_it_missed(toys):
    order, other = uuid4(), uuid4()
    async with toys.running():
        await toys.grow(order, 1, 2)
        await eventually(lambda: holds(toys, {order: [1, 2]}))
    async with went_back(toys.copy), toys.running():
        await toys.grow(order, 3)
        await toys.grow(other, 10)
        await eventually(lambda: holds(toys, {order: [1, 2, 3], other: [10]}))
    assert await toys.copied() == {order: [1, 2]}
    if isinstance(toys.transport, LocalTransport):
        assert [(one.kind, one.recorded, one.applied) for one in await toys.compare()] in (
            [(Kind.BEHIND, 3, 2), (Kind.BEHIND, 1, 0)],
            [(Kind.BEHIND, 1, 0), (Kind.BEHIND, 3, 2)],
        )
        behind = await toys.compare()
        await reconcile.replay_missing(toys.database, "toys", toys.transport, toys.consumer, behind)
    async with toys.running():
        await eventually(lambda: holds(toys, {order: [1, 2, 3], other: [10]}))
    assert await toys.compare() == []


async def test_a_comparison_tells_what_is_behind_ahead_and_forked(toys):
    orders = sorted((uuid4() for _ in range(4)), key=str)
    _same, behind, ahead, forked = orders
    async with toys.running():
        for order in orders:
            await toys.grow(order, 1, 2)
        await eventually(lambda: holds(toys, {order: [1, 2] for order in orders}))
    async with toys.copy.connection() as connection:
        await connection.execute(
            "UPDATE inbox SET sequence = 1, recent = recent[2:] WHERE key = $1", str(behind)
        )
        await connection.execute(
            "UPDATE inbox SET sequence = 3, recent = array_prepend($2::uuid, recent) WHERE key = $1",
            str(ahead),
            uuid4(),
        )
        await connection.execute("UPDATE inbox SET recent[1] = $2 WHERE key = $1", str(forked), uuid4())
    assert await toys.compare() == [
        Difference(Kind.BEHIND, str(behind), 2, 1),
        Difference(Kind.AHEAD, str(ahead), 2, 3),
        Difference(Kind.FORKED, str(forked), 2, 2),
    ]


async def test_what_is_on_its_way_is_not_behind(toys):
    await toys.grow(uuid4(), 1, 2)
    async with toys.database.connection() as log, toys.copy.connection() as inbox:
        then = datetime.now(UTC) - timedelta(minutes=1)
        pairs = reconcile.differences(log, inbox, toys.consumer, then, Comparison())
        assert [each async for each in pairs] == []


@pytest.mark.parametrize("kind", sorted(MUTATIONS))
async def test_whatever_stands_at_the_end_of_a_topic_the_comparison_comes_to_its_end(
    kafka_bootstrap_servers, database, open_database, monkeypatch, kind
):
    for module in (message_accumulator, producer):
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
    cluster = KafkaCluster(kafka_bootstrap_servers, topic_partitions=1)
    toys = Toys(database, await open_database(), lambda: KafkaTransport(cluster))
    await cluster.ensure_topics([toys.topic])
    message = mutated(toys.event, Random(1), kind)  # noqa: S311  # a seed's chance
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap_servers) as client:
        await client.send_and_wait(
            toys.topic,
            message.value,
            key=message.key,
            headers=message.headers,
            timestamp_ms=message.timestamp,
        )
    async for told in toys.transport.since("toys", [toys.topic], None):
        assert len(told) <= 1
    await toys.transport.close()


async def holds(toys: Toys, wanted: dict[UUID, list[int]]) -> bool:
    return await toys.copied() == wanted


async def is_so(what: bool) -> bool:
    return what
