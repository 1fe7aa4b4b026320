"""(b) The relay against raw aiokafka: the same messages, keys and headers, on the same warm broker."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from bench.messages import fill_outbox, new_kernel_database, warm_up
from bench.rounds import Rounds
from purveyor.db import Database
from purveyor_cli import postgres
from purveyor_cli.postgres import RunningPostgres
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.relay import UNPUBLISHED, Relay

EVENTS = 100_000
ROUNDS = 5
PARTITIONS = 12
BATCH_BYTES = 1_000_000
TOPIC = "bench.relay"


async def relay_rate(url: str, bootstrap_servers: str) -> float:
    """Return events a second from the outbox to the broker, with the order of publication written down."""
    database = Database(url, application_name="bench-relay")
    transport = KafkaTransport(bootstrap_servers)
    stop = asyncio.Event()
    async with database.connection() as connection:
        await connection.execute("TRUNCATE publication")
    relay = Relay(database, "bench", transport)
    started = time.perf_counter()
    running = asyncio.create_task(relay.run(stop))
    try:
        async with database.connection() as connection:
            published = 0
            while published < EVENTS:
                await asyncio.sleep(0.01)
                published = (
                    await connection.fetchval(
                        "SELECT first_position + cardinality(ids) - 1 FROM publication "
                        "ORDER BY first_position DESC LIMIT 1"
                    )
                    or 0
                )
        return EVENTS / (time.perf_counter() - started)
    finally:
        stop.set()
        await running
        await transport.close()
        await database.close()


async def messages_of(url: str) -> list[Envelope]:
    """Return what the relay sends, read beforehand."""
    database = Database(url, application_name="bench-messages")
    async with database.connection() as connection:
        rows = await connection.fetch(UNPUBLISHED, 0, [], [], EVENTS, "bench")
    await database.close()
    return [Envelope._make(row[1:]) for row in rows]


async def send_batch_rate(messages: Sequence[Envelope], bootstrap_servers: str) -> float:
    """Return messages a second of aiokafka's `send_batch`: batches filled by hand, one after the other."""
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers, enable_idempotence=True, max_batch_size=BATCH_BYTES
    ) as producer:
        await producer.partitions_for(TOPIC)
        started = time.perf_counter()
        by_partition: dict[int, list[Envelope]] = defaultdict(list)
        for message in messages:
            by_partition[hash(message.key) % PARTITIONS].append(message)

        async def send(partition: int, waiting: list[Envelope]) -> None:
            batch = producer.create_batch()
            for message in waiting:
                content = (message.key.encode(), message.data, message.headers())
                if batch.append(key=content[0], value=content[1], timestamp=None, headers=content[2]) is None:
                    await producer.send_batch(batch, TOPIC, partition=partition)
                    batch = producer.create_batch()
                    batch.append(key=content[0], value=content[1], timestamp=None, headers=content[2])
            await (await producer.send_batch(batch, TOPIC, partition=partition))

        await asyncio.gather(*(send(partition, waiting) for partition, waiting in by_partition.items()))
        await producer.flush()
        return len(messages) / (time.perf_counter() - started)


async def send_rate(messages: Sequence[Envelope], bootstrap_servers: str) -> float:
    """Return messages a second of aiokafka's `send`: the library partitions and batches."""
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers, enable_idempotence=True, max_batch_size=BATCH_BYTES, linger_ms=5
    ) as producer:
        await producer.partitions_for(TOPIC)
        started = time.perf_counter()
        for message in messages:
            await producer.send(
                TOPIC, key=message.key.encode(), value=message.data, headers=message.headers()
            )
        await producer.flush()
        return len(messages) / (time.perf_counter() - started)


async def measure(server: RunningPostgres, bootstrap_servers: str) -> Rounds:
    """Return the rates of the three, measured in turns."""
    await postgres.ensure_database(server.url_for("postgres"), "bench_relay")
    url = server.url_for("bench_relay")
    await new_kernel_database(url)
    database = Database(url, application_name="bench-fill")
    async with database.connection() as connection:
        await fill_outbox(connection, EVENTS, TOPIC)
        await connection.execute("ANALYZE outbox")
    await database.close()
    transport = KafkaTransport(bootstrap_servers)
    await transport.ensure_topics([TOPIC])
    await transport.close()
    messages = await messages_of(url)
    await send_batch_rate(messages, bootstrap_servers)
    await relay_rate(url, bootstrap_servers)
    await warm_up(bootstrap_servers, TOPIC, len(messages))
    rounds = Rounds()
    for _ in range(ROUNDS):
        rounds.note("relay", await relay_rate(url, bootstrap_servers))
        rounds.note("send_batch", await send_batch_rate(messages, bootstrap_servers))
        rounds.note("send", await send_rate(messages, bootstrap_servers))
    return rounds
