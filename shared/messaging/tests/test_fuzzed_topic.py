"""Nothing that anybody can put on a topic stops a partition, or any stream but the one that it speaks of."""

from __future__ import annotations

import asyncio
from collections import Counter
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer import message_accumulator, producer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from shared.messaging.tests.mutations import MUTATIONS, Message, mutated, of
from shared.messaging.tests.orders import Ledger, eventually, stream
from shared.messaging.tests.test_kafka import consuming

from purveyor.db import Database
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_publisher import KafkaPublisher

SEED = 20_261_128
MESSAGES_A_CYCLE = 1_000
GOOD_KEYS = 6
APART = "a header's name is not UTF-8"
"""The client can read nothing of its batch that comes after it, so it is sent in one of its own."""


@pytest.mark.faults(10)
async def test_ten_thousand_spoilt_messages_hold_up_nothing_and_each_is_set_aside(
    kafka_bootstrap_servers, database, event, ledger, cycles, monkeypatch
):
    for module in (message_accumulator, producer):
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)
    cluster = KafkaCluster(kafka_bootstrap_servers, topic_partitions=3)
    publisher = KafkaPublisher(cluster)
    told = {key: stream(key, 1, cycles, event) for key in (str(uuid4()) for _ in range(GOOD_KEYS))}
    random, sent = Random(SEED), []  # noqa: S311  # a seed's chance
    await cluster.ensure_topics([event.topic])
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap_servers) as client:
        for cycle in range(cycles):
            kinds = [*MUTATIONS, *random.choices(list(MUTATIONS), k=MESSAGES_A_CYCLE - len(MUTATIONS))]
            sent += await _put(client, event, [(kind, mutated(event, random, kind)) for kind in kinds])
            sent += await _forge(client, publisher, event)
            await publisher.publish([events[cycle] for events in told.values()])
    await publisher.close()
    async with consuming(cluster, database, ledger.consumer):
        wanted = {key: list(range(1, cycles + 1)) for key in told}
        await eventually(lambda: saw_at_least(ledger, database, wanted), 300)
        await eventually(lambda: all_set_aside(sent, database), 60)
    reasons = Counter(reason for _, _, reason in await ledger.parked(database))
    assert reasons.keys() == {"unreadable", "failed", "gap", "forked", "behind"}


async def _put(client: AIOKafkaProducer, event: Any, messages: list[tuple[str, Message]]) -> list[Any]:
    """Put messages on the topic; returns each with where it came to stand."""
    sent = []
    for kind, message in messages:
        if kind == APART:
            await client.flush()
        sent.append(
            await client.send(
                event.topic,
                message.value,
                key=message.key,
                headers=message.headers,
                timestamp_ms=message.timestamp,
            )
        )
        if kind == APART:
            await client.flush()
    return [
        (kind, message, place)
        for (kind, message), place in zip(messages, await asyncio.gather(*sent), strict=True)
    ]


async def _forge(client: AIOKafkaProducer, publisher: KafkaPublisher, event: Any) -> list[Any]:
    """Put something else where the next event of a stream should be, and then that one."""
    first, true, third = stream(str(uuid4()), 1, 3, event)
    unheard = true._replace(id=uuid4(), type="purveyor.toys.Unheard.v1")
    await publisher.publish([first])
    sent = await _put(client, event, [("forged", of(unheard._replace(previous=uuid4())))])
    await publisher.publish([true, third])
    return sent


async def saw_at_least(ledger: Ledger, database: Database, wanted: dict[str, list[int]]) -> bool:
    entries = await ledger.entries(database)
    return wanted.items() <= entries.items()


async def all_set_aside(sent: list[Any], database: Database) -> bool:
    """Whether each message is parked under its id or its place, or was good enough to be applied."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT event_id, reason, topic, key, sequence FROM parked_event")
        streams = dict(await connection.fetch("SELECT key, recent FROM inbox"))
    ids = {row["event_id"] for row in rows}
    places = {(row["topic"], row["key"], row["sequence"]) for row in rows if row["reason"] == "unreadable"}
    for _, message, place in sent:
        at = (place.topic, f"partition {place.partition}", place.offset + 1)
        try:
            read = Envelope.from_headers(place.topic, message.headers, message.value or b"")
        except ValueError:
            if at not in places:
                return False
        else:
            if read.id not in ids and read.id not in streams.get(read.key, ()) and at not in places:
                return False
    return True


@pytest.mark.parametrize("compression", ["gzip", "snappy", "lz4", "zstd"])
async def test_whatever_a_producer_compresses_with_is_read(
    compression, kafka_bootstrap_servers, database, event, ledger
):
    events = stream(str(uuid4()), 1, 20, event)
    cluster = KafkaCluster(kafka_bootstrap_servers, topic_partitions=1)
    await cluster.ensure_topics([event.topic])
    async with AIOKafkaProducer(
        bootstrap_servers=kafka_bootstrap_servers, compression_type=compression
    ) as client:
        await _put(client, event, [(compression, of(one)) for one in events])
    async with consuming(cluster, database, ledger.consumer):
        await eventually(lambda: saw_at_least(ledger, database, {events[0].key: list(range(1, 21))}))
