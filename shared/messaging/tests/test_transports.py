"""One behaviour, whatever carries the events: every test here runs over Kafka and in process."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from shared.messaging.tests.orders import Grown, Ledger, Painted, envelope, eventually, grow, stream

from purveyor.db import Database
from purveyor_messaging import feed
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_member import MemberOptions
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.relay import Relay
from purveyor_messaging.transport import Transport

OPTIONS = MemberOptions(session_timeout=timedelta(seconds=6), drain=timedelta(seconds=3))


class Carrier:
    """A transport under test: publishes, and runs any number of members of a consumer's group."""

    def __init__(self, new_transport: Callable[[], Transport], publisher: Transport) -> None:
        self._new_transport = new_transport
        self.publisher = publisher

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        await self.publisher.publish(envelopes)

    @asynccontextmanager
    async def member(self, database: Database, consumer: Consumer) -> AsyncIterator[None]:
        """Run one member of a consumer's group, and stop it in good order."""
        stop = asyncio.Event()
        transport = self._new_transport()
        transport.subscribe(database, consumer)
        running = asyncio.create_task(transport.run(stop))
        try:
            yield
        finally:
            stop.set()
            await running
            if transport is not self.publisher:
                await transport.close()


class LocalCarrier(Carrier):
    def __init__(self) -> None:
        transport = LocalTransport()
        super().__init__(lambda: transport, transport)

    async def deliver_again(self, source: Database, consumer: Consumer) -> None:
        """As after a crash between the effect and the mark: the relay starts from before."""
        async with source.connection() as connection:
            await connection.execute("TRUNCATE publication")


class KafkaCarrier(Carrier):
    def __init__(self, bootstrap_servers: str) -> None:
        self.bootstrap_servers = bootstrap_servers
        cluster = KafkaCluster(bootstrap_servers, topic_partitions=4)
        super().__init__(lambda: KafkaTransport(cluster, options=OPTIONS), KafkaTransport(cluster))

    async def deliver_again(self, source: Database, consumer: Consumer) -> None:
        """As after a crash between the effect and the offset: the group starts from before."""
        reader = AIOKafkaConsumer(bootstrap_servers=self.bootstrap_servers, group_id=consumer.name)
        await reader.start()
        partitions = [TopicPartition(consumer.topic, number) for number in range(4)]
        reader.assign(partitions)
        await reader.commit(dict.fromkeys(partitions, 0))
        await reader.stop()


@pytest.fixture(params=["local", pytest.param("kafka", marks=pytest.mark.xdist_group("kafka"))])
async def carrier(request: pytest.FixtureRequest) -> AsyncIterator[LocalCarrier | KafkaCarrier]:
    made: LocalCarrier | KafkaCarrier
    if request.param == "local":
        made = LocalCarrier()
    else:
        made = KafkaCarrier(request.getfixturevalue("kafka_bootstrap_servers"))
    yield made
    await made.publisher.close()


@pytest.fixture
async def source(open_database: Any) -> Database:
    return await open_database()


@asynccontextmanager
async def relaying(source: Database, carrier: Carrier) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(source, "toys", carrier).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def grow_many(source: Database, event: type[Grown], orders: int, times: int) -> dict[str, list[int]]:
    """Grow orders from many sides at once; returns what has to be seen."""
    ids = [uuid4() for _ in range(orders)]
    turns = ids * times
    random.shuffle(turns)

    async def work() -> None:
        while turns:
            order = turns.pop()
            async with source.transaction() as tx:
                await grow(tx, order, event=event)

    await asyncio.gather(*(work() for _ in range(6)))
    return {str(id_): list(range(1, times + 1)) for id_ in ids}


def holds(ledger: Ledger, database: Database, wanted: dict[str, list[int]]) -> Callable[[], Awaitable[bool]]:
    async def so() -> bool:
        return await ledger.entries(database) == wanted

    return so


def parks(ledger: Ledger, database: Database, *wanted: tuple[str, int, str]) -> Callable[[], Awaitable[bool]]:
    async def so() -> bool:
        return await ledger.parked(database) == list(wanted)

    return so


async def test_every_stream_arrives_in_order_and_once(carrier, source, database, event, ledger):
    async with carrier.member(database, ledger.consumer), relaying(source, carrier):
        wanted = await grow_many(source, event, orders=20, times=25)
        await eventually(holds(ledger, database, wanted))


async def test_what_is_published_twice_takes_effect_once(carrier, database, event, ledger):
    key = str(uuid4())
    told = stream(key, 1, 9, event)
    async with carrier.member(database, ledger.consumer):
        await carrier.publish(told[:5])
        await carrier.publish(told[2:7])
        await carrier.publish(told)
        await eventually(holds(ledger, database, {key: list(range(1, 10))}))


async def test_an_event_that_comes_too_early_waits_for_those_before_it(carrier, database, event, ledger):
    holed, whole = str(uuid4()), str(uuid4())
    async with carrier.member(database, ledger.consumer):
        await carrier.publish([*stream(holed, 1, 2, event), *stream(holed, 5, 6, event)])
        await carrier.publish(stream(whole, 1, 3, event))
        await eventually(holds(ledger, database, {holed: [1, 2], whole: [1, 2, 3]}))
        await eventually(parks(ledger, database, (holed, 5, "gap"), (holed, 6, "behind")))
        await carrier.publish(stream(holed, 3, 4, event))
        await eventually(holds(ledger, database, {holed: [1, 2, 3, 4, 5, 6], whole: [1, 2, 3]}))
        await eventually(parks(ledger, database))


async def test_a_crash_between_effect_and_acknowledgement_repeats_nothing(
    carrier, source, database, event, ledger
):
    async with carrier.member(database, ledger.consumer), relaying(source, carrier):
        wanted = await grow_many(source, event, orders=5, times=10)
        await eventually(holds(ledger, database, wanted))
    await carrier.deliver_again(source, ledger.consumer)
    async with carrier.member(database, ledger.consumer), relaying(source, carrier):
        wanted |= await grow_many(source, event, orders=1, times=3)
        await eventually(holds(ledger, database, wanted))


async def test_a_poisonous_event_holds_up_its_own_stream_only(carrier, database, event, ledger):
    bad, good = str(uuid4()), str(uuid4())

    async def refuse(envelope: Envelope) -> None:
        if (envelope.key, envelope.sequence) == (bad, 2):
            raise KeyError("no such colour")

    ledger.before = refuse
    async with carrier.member(database, ledger.consumer):
        await carrier.publish(
            [
                e
                for pair in zip(stream(bad, 1, 4, event), stream(good, 1, 4, event), strict=True)
                for e in pair
            ]
        )
        await eventually(holds(ledger, database, {bad: [1], good: [1, 2, 3, 4]}))
        await eventually(parks(ledger, database, (bad, 2, "failed"), (bad, 3, "behind"), (bad, 4, "behind")))
        await carrier.publish([envelope(bad, 5, event=event), envelope(good, 5, event=event)])
        await eventually(holds(ledger, database, {bad: [1], good: [1, 2, 3, 4, 5]}))


async def test_a_failure_that_passes_is_waited_for(carrier, database, event, ledger):
    key, failures = str(uuid4()), [ConnectionResetError("gone"), TimeoutError(), OSError("no route")]

    async def fail_for_a_while(envelope: Envelope) -> None:
        if envelope.sequence == 2 and failures:
            raise failures.pop()

    ledger.before = fail_for_a_while
    async with carrier.member(database, ledger.consumer):
        await carrier.publish(stream(key, 1, 3, event))
        await eventually(holds(ledger, database, {key: [1, 2, 3]}))
    assert await ledger.parked(database) == []


async def test_members_join_and_leave_and_nothing_is_lost_or_repeated(
    carrier, source, database, event, ledger
):
    wanted: dict[str, list[int]] = {}
    async with relaying(source, carrier), AsyncExitStack() as last:
        async with carrier.member(database, ledger.consumer):
            wanted |= await grow_many(source, event, orders=10, times=10)
            await last.enter_async_context(carrier.member(database, ledger.consumer))
            wanted |= await grow_many(source, event, orders=10, times=10)
        wanted |= await grow_many(source, event, orders=10, times=10)
        await eventually(holds(ledger, database, wanted))


async def test_an_event_that_nobody_subscribes_to_counts_all_the_same(carrier, database, event, ledger):
    key = str(uuid4())
    first, second, third = stream(key, 1, 3, event)
    async with carrier.member(database, ledger.consumer):
        await carrier.publish([first, second._replace(type=Painted.type_name()), third])
        await eventually(holds(ledger, database, {key: [1, 3]}))


async def test_a_replay_fills_what_a_subscriber_missed_and_repeats_nothing(
    carrier, source, database, event, ledger
):
    async with relaying(source, LocalCarrier()):
        wanted = await grow_many(source, event, orders=3, times=6)
        await eventually(lambda: published(source, 18))
    async with carrier.member(database, ledger.consumer):
        async with source.connection() as connection:
            log = await feed.read(connection, "toys", 0, 100)
        missed = {each.position for each in log if each.position > 2 and each.envelope.sequence in {2, 5}}
        await carrier.publish([each.envelope for each in log if each.position not in missed])
        await eventually(lambda: parked_something(ledger, database))
        assert await feed.replay(source, "toys", carrier.publisher, after=2) == 16
        await eventually(holds(ledger, database, wanted))
        await eventually(parks(ledger, database))


async def published(source: Database, count: int) -> bool:
    async with source.connection() as connection:
        return await feed.last_position(connection) == count


async def parked_something(ledger: Ledger, database: Database) -> bool:
    return bool(await ledger.parked(database))


async def test_stopping_finishes_what_has_begun(carrier, database, event, ledger):
    key, begun, go_on = str(uuid4()), asyncio.Event(), asyncio.Event()

    async def linger(_envelope: Envelope) -> None:
        begun.set()
        await go_on.wait()

    ledger.after = linger
    async with AsyncExitStack() as publishing, carrier.member(database, ledger.consumer):
        task = asyncio.create_task(carrier.publish(stream(key, 1, 2, event)))
        publishing.push_async_callback(asyncio.wait, [task])
        await asyncio.wait_for(begun.wait(), 10)
        asyncio.get_running_loop().call_later(0.2, go_on.set)
    assert await ledger.entries(database) == {key: [1, 2]}
