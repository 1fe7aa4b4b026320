"""(d) The consumer against the same SQL without the inbox, from the same topic."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from bench.messages import Benched, fill_outbox, new_kernel_database
from bench.rounds import Rounds
from purveyor.db import Connection, Database, Transaction
from purveyor_cli import postgres
from purveyor_cli.postgres import RunningPostgres
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.relay import Relay

EVENTS = 30_000
ROUNDS = 5
TOPIC = "bench.consumer"
"""Its own, for the streams of two benchmarks have the same names."""
EFFECT = "INSERT INTO handled (stream_id, number, filler) VALUES ($1, $2, $3)"
"""What is done about an event; the least that a handler does is one statement."""


async def handle(tx: Transaction, event: Benched, envelope: Envelope) -> None:
    """Write the effect of an event."""
    await tx.connection.execute(EFFECT, event.stream_id, event.number, event.filler)


async def _handled(database: Database, started: float) -> float:
    async with database.connection() as connection:
        while await connection.fetchval("SELECT count(*) FROM handled") < EVENTS:
            await asyncio.sleep(0.02)
    return EVENTS / (time.perf_counter() - started)


async def consumer_rate(database: Database, bootstrap_servers: str) -> float:
    """Return events a second of the consumer: each exactly once, in order."""
    transport = KafkaTransport(bootstrap_servers)
    transport.subscribe(database, Consumer(f"bench-{uuid4()}", TOPIC, (on(Benched, handle),)))
    stop = asyncio.Event()
    started = time.perf_counter()
    running = asyncio.create_task(transport.run(stop))
    try:
        return await _handled(database, started)
    finally:
        stop.set()
        await running
        await transport.close()


async def bare_rate(database: Database, bootstrap_servers: str) -> float:
    """Return events a second of the same loop without an inbox: a crash doubles or loses what it was at."""
    consumer = AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=bootstrap_servers,
        group_id=f"bench-{uuid4()}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    started = time.perf_counter()
    await consumer.start()
    try:
        taken = 0
        while taken < EVENTS:
            batches = await consumer.getmany(timeout_ms=200, max_records=5_000)
            taken += sum(len(batch) for batch in batches.values())
            offsets: dict[TopicPartition, OffsetAndMetadata] = {}
            for partition, batch in batches.items():
                async with database.transaction() as tx:
                    for message in batch:
                        event = Benched.model_validate_json(message.value)
                        await tx.connection.execute(EFFECT, event.stream_id, event.number, event.filler)
                offsets[partition] = OffsetAndMetadata(batch[-1].offset + 1, "")
            if offsets:
                await consumer.commit(offsets)
        return EVENTS / (time.perf_counter() - started)
    finally:
        await consumer.stop()


async def _forget(connection: Connection) -> None:
    await connection.execute("TRUNCATE handled, inbox, parked_event")


async def measure(server: RunningPostgres, bootstrap_servers: str) -> Rounds:
    """Return the rates of both, measured in turns."""
    await postgres.ensure_database(server.url_for("postgres"), "bench_consumer")
    url = server.url_for("bench_consumer")
    await new_kernel_database(url)
    database = Database(url, application_name="bench-consumer")
    transport = KafkaTransport(bootstrap_servers)
    await transport.ensure_topics([TOPIC])
    async with database.connection() as connection:
        await connection.execute("CREATE TABLE handled (stream_id uuid, number int, filler text)")
        await fill_outbox(connection, EVENTS, TOPIC)
    stop = asyncio.Event()
    relay = asyncio.create_task(Relay(database, "bench", transport).run(stop))
    async with database.connection() as connection:
        while not await connection.fetchval(
            "SELECT max(first_position + cardinality(ids)) > $1 FROM publication", EVENTS
        ):
            await asyncio.sleep(0.05)
    stop.set()
    await relay
    await transport.close()
    rounds = Rounds()
    for turn in range(ROUNDS + 1):
        for name, rate in (("consumer", consumer_rate), ("bare", bare_rate)):
            async with database.connection() as connection:
                await _forget(connection)
            measured = await rate(database, bootstrap_servers)
            if turn > 0:
                rounds.note(name, measured)
    await database.close()
    return rounds
