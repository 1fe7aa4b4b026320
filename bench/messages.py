"""The events that the messaging benchmarks send: about 600 bytes each, over 1,000 streams."""

from __future__ import annotations

import asyncio
import json
from typing import ClassVar
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer
from uuid_utils.compat import uuid7

from purveyor.db import Connection
from purveyor.migrations.run import upgrade
from purveyor_messaging.envelope import Event

STREAMS = 1_000
NAMESPACE = UUID("019a0000-0000-7000-8000-000000000000")
FILLER = "x" * 480

WRITE = """
INSERT INTO outbox (topic, key, sequence, event_id, type, time, data, traceparent, previous)
SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::uuid[], $5::text[], $6::timestamptz[], $7::json[],
                         $8::text[], $9::uuid[])
"""


class Benched(Event):
    """Something that happened to a stream of the benchmark."""

    service: ClassVar[str] = "bench"
    topic: ClassVar[str] = "bench.streams"
    key_field: ClassVar[str] = "stream_id"

    stream_id: UUID
    number: int
    filler: str = FILLER


def stream_id(stream: int) -> UUID:
    """Return the key of a stream by its number."""
    return uuid5(NAMESPACE, str(stream))


async def fill_outbox(connection: Connection, events: int, topic: str) -> None:
    """Write events to the outbox: each stream's in order, the streams taking turns."""
    now = await connection.fetchval("SELECT clock_timestamp()")
    keys = [str(stream_id(stream)) for stream in range(STREAMS)]
    ids = [uuid7() for _ in range(events)]
    for first in range(0, events, 10_000):
        numbers = range(first, min(first + 10_000, events))
        await connection.execute(
            WRITE,
            topic,
            [keys[number % STREAMS] for number in numbers],
            [number // STREAMS + 1 for number in numbers],
            [ids[number] for number in numbers],
            [Benched.type_name() for _ in numbers],
            [now for _ in numbers],
            [
                json.dumps({"stream_id": keys[number % STREAMS], "number": number, "filler": FILLER})
                for number in numbers
            ],
            [None for _ in numbers],
            [ids[number - STREAMS] if number >= STREAMS else None for number in numbers],
        )


async def new_kernel_database(url: str) -> None:
    """Create the kernel's tables in an empty database."""
    await upgrade(url, "purveyor_messaging.migrations")


async def warm_up(bootstrap_servers: str, topic: str, messages: int) -> None:
    """Read a topic to its end once, so that a young broker has compiled what it needs."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest")
    await consumer.start()
    try:
        read = 0
        async with asyncio.timeout(60):
            while read < messages:
                batches = await consumer.getmany(timeout_ms=500, max_records=5_000)
                read += sum(len(batch) for batch in batches.values())
    finally:
        await consumer.stop()
