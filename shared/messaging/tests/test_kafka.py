"""What only Kafka can do to us: partitions, foreign messages, clients that silently stop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from shared.messaging.tests.orders import Ledger, envelope, eventually, stream

from purveyor.db import Database
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_member import KafkaMember, Life, MemberOptions
from purveyor_messaging.kafka_publisher import KafkaPublisher, partition_of
from purveyor_messaging.kafka_witness import KafkaWitness
from purveyor_messaging.metrics import MessagingMetrics

CLOUD_EVENT = Envelope(
    id=uuid4(),
    type="purveyor.toys.Grown.v1",
    source="toys",
    topic="toys",
    key="a",
    sequence=7,
    time=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    data=b"{}",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    previous=uuid4(),
    epoch=2,
)


@pytest.fixture
async def cluster(kafka_bootstrap_servers: str) -> KafkaCluster:
    return KafkaCluster(kafka_bootstrap_servers, topic_partitions=3)


@pytest.fixture
async def publisher(cluster: KafkaCluster) -> AsyncIterator[KafkaPublisher]:
    publisher = KafkaPublisher(cluster, batch_bytes=4_000)
    yield publisher
    await publisher.close()


@asynccontextmanager
async def consuming(
    cluster: KafkaCluster, database: Database, consumer: Consumer, **options: Any
) -> AsyncIterator[MessagingMetrics]:
    metrics, stop = MessagingMetrics(CollectorRegistry()), asyncio.Event()
    transport = KafkaTransport(cluster, options=MemberOptions(**options))
    transport.subscribe(database, consumer, metrics)
    running = asyncio.create_task(transport.run(stop))
    try:
        yield metrics
    finally:
        stop.set()
        await running
        await transport.close()


async def saw(ledger: Ledger, database: Database, wanted: dict[str, list[int]]) -> bool:
    return await ledger.entries(database) == wanted


@pytest.mark.parametrize(
    ("key", "murmur2"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_keys_go_where_javas_partitioner_puts_them(key, murmur2):
    """The values of Apache Kafka's own UtilsTest."""
    assert partition_of(key, 1_000_003) == (murmur2 & 0x7FFFFFFF) % 1_000_003


def test_an_event_travels_as_a_cloud_event_in_binary_mode():
    assert dict(CLOUD_EVENT.headers()) == {
        "ce_specversion": b"1.0",
        "ce_id": str(CLOUD_EVENT.id).encode(),
        "ce_type": b"purveyor.toys.Grown.v1",
        "ce_source": b"toys",
        "ce_subject": b"a",
        "ce_time": b"2026-03-02T09:30:00Z",
        "ce_streamsequence": b"7",
        "ce_streamprevious": str(CLOUD_EVENT.previous).encode(),
        "ce_streamepoch": b"2",
        "ce_dataschema": b"https://purveyor.example/schemas/purveyor.toys.Grown.v1",
        "ce_traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "content-type": b"application/json",
    }
    assert Envelope.from_headers("toys", CLOUD_EVENT.headers(), b"{}") == CLOUD_EVENT


@given(
    st.dictionaries(
        st.sampled_from(sorted(dict(CLOUD_EVENT.headers()))),
        st.one_of(st.just(b""), st.binary(max_size=8), st.just(b"-1"), st.just(str(2**64).encode())),
        min_size=1,
    )
)
def test_what_is_not_an_event_of_ours_is_said_to_be_none(spoilt):
    headers = dict(CLOUD_EVENT.headers()) | spoilt
    try:
        read = Envelope.from_headers("toys", headers.items(), b"{}")
    except ValueError:
        return
    assert 0 < read.sequence < 2**63
    assert read.time.tzinfo is not None
    assert "\0" not in read.type + read.source + read.key
    assert read.traceparent in (None, CLOUD_EVENT.traceparent)


async def test_messages_keep_key_headers_and_order_and_full_batches_are_split(cluster, publisher, event):
    keys = [f"order {number}" for number in range(9)]
    sent = [envelope(key, sequence, event=event) for sequence in range(1, 41) for key in keys]
    await publisher.publish(sent[:200])
    await publisher.publish(sent[200:])
    received = []
    reader = AIOKafkaConsumer(
        event.topic, bootstrap_servers=cluster.bootstrap_servers, auto_offset_reset="earliest"
    )
    async with reader, asyncio.timeout(30):
        while len(received) < len(sent):
            for messages in (await reader.getmany(timeout_ms=200)).values():
                received += messages
    for key in keys:
        of_key = [message for message in received if message.key == key.encode()]
        assert {message.partition for message in of_key} == {partition_of(key.encode(), 3)}
        read = [Envelope.from_headers(m.topic, m.headers, m.value) for m in of_key]
        assert read == [one for one in sent if one.key == key]


async def test_a_message_that_is_no_event_of_ours_is_set_aside_and_holds_nothing_up(
    cluster, publisher, database, event, ledger
):
    key = str(uuid4())
    await cluster.ensure_topics([event.topic])
    async with AIOKafkaProducer(bootstrap_servers=cluster.bootstrap_servers) as producer:
        for value in (b"hello", None, b"\0\xff"):
            await producer.send_and_wait(event.topic, value, key=b"\xff", headers=[("ce_id", b"\xff")])
    await publisher.publish(stream(key, 1, 3, event))
    async with consuming(cluster, database, ledger.consumer):
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3]}))
    parked = await ledger.parked(database)
    assert [reason for _, _, reason in parked] == ["unreadable"] * 3
    async with database.connection() as connection:
        contents = await connection.fetch("SELECT data, error FROM parked_event ORDER BY id")
    assert [row["data"] for row in contents] == [b"hello", b"", b"\0\xff"]
    assert all("missing ce_type" in row["error"] for row in contents)


async def test_environments_share_a_broker_and_hear_nothing_of_each_other(
    cluster, publisher, database, event, ledger
):
    here = replace(cluster, prefix=f"{uuid4().hex}.")
    ours, theirs = str(uuid4()), str(uuid4())
    publishing = KafkaPublisher(here)
    await publisher.publish(stream(theirs, 1, 3, event))
    await publishing.publish(stream(ours, 1, 3, event))
    async with AIOKafkaProducer(bootstrap_servers=here.bootstrap_servers) as producer:
        await producer.send_and_wait(here.named(event.topic), b"hello")
    async with consuming(here, database, ledger.consumer):
        await eventually(lambda: saw(ledger, database, {ours: [1, 2, 3]}))

        async def set_aside() -> bool:
            return len(await ledger.parked(database)) == 1

        await eventually(set_aside)
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT topic FROM parked_event") == event.topic
    told = [one async for page in KafkaWitness(here).since("toys", {event.topic}, None) for one in page]
    assert {(one.topic, one.key) for one in told} == {(event.topic, ours)}
    await publishing.close()


@pytest.mark.parametrize("sent", [CLOUD_EVENT, CLOUD_EVENT._replace(traceparent=None, previous=None)])
def test_a_strict_reader_of_cloud_events_takes_every_event(sent: Envelope):
    headers = dict(sent.headers())
    read = from_kafka(KafkaMessage(headers, sent.key.encode(), sent.data), JSONFormat(), CloudEvent)
    attributes = read.get_attributes()
    assert {
        name: len(name) <= 20 and name.isalnum() and name.islower() for name in attributes
    } == dict.fromkeys(attributes, True)
    assert urlsplit(attributes["dataschema"]).scheme == "https"
    assert attributes["streamsequence"] == "7"
    assert "sequence" not in attributes


async def test_a_client_that_silently_stops_is_replaced(
    cluster, publisher, database, event, ledger, monkeypatch
):
    made: list[AIOKafkaConsumer] = []
    lives: list[Life] = []
    start, move_to = AIOKafkaConsumer.start, KafkaMember._move_to

    async def remember(consumer: AIOKafkaConsumer) -> None:
        made.append(consumer)
        await start(consumer)

    def note(member: KafkaMember, life: Life) -> None:
        lives.append(life)
        move_to(member, life)

    monkeypatch.setattr(AIOKafkaConsumer, "start", remember)
    monkeypatch.setattr(KafkaMember, "_move_to", note)
    key = str(uuid4())
    await publisher.publish(stream(key, 1, 3, event))
    checking = {"check_progress": timedelta(seconds=0.3), "session_timeout": timedelta(seconds=6)}
    async with consuming(cluster, database, ledger.consumer, **checking) as metrics:
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3]}))
        fetcher = made[0]._fetcher
        fetcher._fetch_task.cancel()
        await asyncio.wait([fetcher._fetch_task])
        await asyncio.gather(*fetcher._pending_tasks)  # a fetch that is under way still arrives
        await publisher.publish(stream(key, 4, 6, event))
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3, 4, 5, 6]}))
    assert len(made) == 2
    assert lives == ["consuming", "leaving", "pausing", "joining", "consuming", "leaving", "stopped"]
    assert metrics.recreated.labels(ledger.name)._value.get() == 1


async def test_a_member_that_cannot_reach_the_cluster_pauses_and_is_stopped_at_once(
    database, ledger, monkeypatch
):
    monkeypatch.setattr("purveyor_messaging.kafka_member.growing_pauses", lambda: repeat(60.0))
    nowhere = KafkaTransport("127.0.0.1:1")
    nowhere.subscribe(database, ledger.consumer)
    stop, [member] = asyncio.Event(), nowhere._members
    running = asyncio.create_task(nowhere.run(stop))

    async def pauses() -> bool:
        return member.life is Life.PAUSING

    await eventually(pauses)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert member.life is Life.STOPPED


async def test_a_group_that_formed_before_its_topic_was_known_finds_its_partitions(
    cluster, publisher, database, event, ledger
):
    """Kafka gives a static member that comes back what it had, for ever: here, no partition."""
    early = AIOKafkaConsumer(
        **cluster.client_options(),
        group_id=ledger.name,
        group_instance_id=f"{ledger.name}-pod-0",
        session_timeout_ms=6000,
        enable_auto_commit=False,
    )
    await early.start()
    early.subscribe([event.topic])

    async def formed() -> bool:
        return bool(early._coordinator.generation >= 0)

    await eventually(formed)
    await early.stop()
    key = str(uuid4())
    await publisher.publish(stream(key, 1, 3, event))
    waiting = {"check_progress": timedelta(seconds=0.3), "session_timeout": timedelta(seconds=6)}
    async with consuming(cluster, database, ledger.consumer, instance="pod-0", **waiting) as metrics:
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3]}))
    assert metrics.recreated.labels(ledger.name)._value.get() >= 1


async def test_a_member_that_has_nothing_to_do_is_left_alone(cluster, publisher, database, event, ledger):
    key = str(uuid4())
    async with consuming(
        cluster, database, ledger.consumer, check_progress=timedelta(seconds=0.1)
    ) as metrics:
        await publisher.publish(stream(key, 1, 3, event))
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3]}))
        await asyncio.sleep(1)
        partition = partition_of(key.encode(), 3)
        assert metrics.lag.labels(ledger.name, partition)._value.get() == 0
    assert metrics.recreated.labels(ledger.name)._value.get() == 0


async def test_one_partition_that_is_held_up_holds_up_no_other(cluster, publisher, database, event, ledger):
    keys = {partition_of(key.encode(), 3): key for key in (str(uuid4()) for _ in range(64))}
    stuck, free = keys[0], keys[1]
    patience = asyncio.Event()

    async def hold(envelope: Envelope) -> None:
        if envelope.key == stuck:
            await patience.wait()

    ledger.before = hold
    async with consuming(cluster, database, ledger.consumer):
        await publisher.publish([envelope(stuck, 1, event=event), *stream(free, 1, 40, event)])
        await eventually(lambda: saw(ledger, database, {free: list(range(1, 41))}))
        await publisher.publish(stream(free, 41, 60, event))
        await eventually(lambda: saw(ledger, database, {free: list(range(1, 61))}))
        patience.set()
        await eventually(lambda: saw(ledger, database, {free: list(range(1, 61)), stuck: [1]}))


async def test_a_partition_with_more_than_fits_is_paused_and_loses_nothing(
    cluster, publisher, database, event, ledger, monkeypatch
):
    monkeypatch.setattr("purveyor_messaging.kafka_lane.FULL", 20)
    monkeypatch.setattr("purveyor_messaging.kafka_lane.BATCH_EVENTS", 10)
    key = str(uuid4())
    await publisher.publish(stream(key, 1, 700, event))
    async with consuming(cluster, database, ledger.consumer):
        await eventually(lambda: saw(ledger, database, {key: list(range(1, 701))}))


async def test_a_static_member_comes_back_to_its_partitions(cluster, publisher, database, event, ledger):
    key = str(uuid4())
    told = stream(key, 1, 9, event)
    options = {"instance": "worker-0", "session_timeout": timedelta(seconds=30)}
    for last in (3, 6, 9):
        async with consuming(cluster, database, ledger.consumer, **options):
            await publisher.publish(told[:last])
            await eventually(lambda last=last: saw(ledger, database, {key: list(range(1, last + 1))}), 10)


async def test_offsets_are_committed_after_the_effects(cluster, publisher, database, event, ledger):
    key = str(uuid4())
    await publisher.publish(stream(key, 1, 5, event))
    async with consuming(cluster, database, ledger.consumer):
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3, 4, 5]}))
    seen = []

    async def note(envelope: Envelope) -> None:
        seen.append(envelope.sequence)

    ledger.before = note
    async with database.connection() as connection:
        await connection.execute("TRUNCATE inbox")
    async with consuming(cluster, database, ledger.consumer):
        await publisher.publish(stream(key, 1, 1, event))
        await eventually(lambda: has(seen, [1]))


async def has(seen: list[int], wanted: list[int]) -> bool:
    return seen == wanted


async def test_a_topic_keeps_its_events(cluster, event):
    from aiokafka.admin import AIOKafkaAdminClient  # noqa: PLC0415
    from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # noqa: PLC0415

    await asyncio.gather(*(cluster.ensure_topics([event.topic]) for _ in range(3)))
    admin = AIOKafkaAdminClient(bootstrap_servers=cluster.bootstrap_servers)
    await admin.start()
    answer = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, event.topic)])
    topics = await admin.describe_topics([event.topic])
    await admin.close()
    assert len(topics[0]["partitions"]) == 3
    assert re.search(r"'retention\.ms', config_value='-1'", str(answer))
