"""(c) From a commit to its effect in a subscriber's database, over Kafka, at 30 % of what the path carries.

One process commits events, as an API does; another runs the relay and the consumer, as workers do. Run as a
module, this is the other process.
"""

from __future__ import annotations

import asyncio
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from bench.messages import STREAMS, Benched, new_kernel_database, stream_id
from purveyor.db import Database, Transaction
from purveyor.garbage import spare_garbage_collection
from purveyor_cli import postgres
from purveyor_cli.postgres import RunningPostgres
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.outbox import Aggregate, record
from purveyor_messaging.relay import Relay

LOAD = 0.3
SATURATING_WRITERS = 16
SATURATE_SECONDS = 8.0
MEASURE_SECONDS = 20.0
SETTLE_SECONDS = 2.0
EFFECT = "INSERT INTO handled (number) VALUES ($1)"


class TimedDatabase(Database):
    """Notes when the transactions in which events were handled were committed."""

    handled_at: dict[int, float]
    in_progress: dict[Transaction, list[int]]

    @asynccontextmanager
    async def transaction(self, *, reading: bool = False) -> AsyncIterator[Transaction]:
        """Begin a transaction; what it handles is done when its commit has returned."""
        async with super().transaction(reading=reading) as tx:
            self.in_progress[tx] = []
            yield tx
        now = time.time()
        for number in self.in_progress.pop(tx):
            self.handled_at[number] = now


async def work(producer_url: str, subscriber_url: str, bootstrap_servers: str, output: Path) -> None:
    """Relay and consume until SIGTERM, then write down when each event was handled."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    source = Database(producer_url, application_name="bench-relay")
    subscriber = TimedDatabase(subscriber_url, application_name="bench-subscriber")
    subscriber.handled_at, subscriber.in_progress = {}, {}

    async def handle(tx: Transaction, event: Benched, envelope: Envelope) -> None:
        await tx.connection.execute(EFFECT, event.number)
        subscriber.in_progress[tx].append(event.number)

    transport = KafkaTransport(bootstrap_servers)
    transport.subscribe(subscriber, Consumer("bench.latency", Benched.topic, (on(Benched, handle),)))
    await asyncio.gather(Relay(source, "bench", transport).run(stop), transport.run(stop))
    await transport.close()
    await source.close()
    await subscriber.close()
    output.write_text(json.dumps(subscriber.handled_at))


class Writer:
    """Commits events of many streams, one a transaction, and notes when."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.committed_at: dict[int, float] = {}
        self._streams = [Aggregate() for _ in range(STREAMS)]
        for stream in self._streams:
            stream.sequence = 0
        self._locks = [asyncio.Lock() for _ in range(STREAMS)]
        self._next = 0

    async def commit_one(self) -> None:
        """Commit the next event; the lock stands for the aggregate's row, which orders its stream."""
        number, self._next = self._next, self._next + 1
        stream = number % STREAMS
        async with self._locks[stream]:
            async with self.database.transaction() as tx:
                record(tx, self._streams[stream], Benched(stream_id=stream_id(stream), number=number))
            self.committed_at[number] = time.time()

    async def saturate(self, seconds: float) -> None:
        """Commit as much as possible for a while."""
        end = time.monotonic() + seconds

        async def repeat() -> None:
            while time.monotonic() < end:
                await self.commit_one()

        await asyncio.gather(*(repeat() for _ in range(SATURATING_WRITERS)))

    async def at_rate(self, rate: float, seconds: float) -> None:
        """Commit at a steady rate, whatever a single commit takes."""
        started = time.monotonic()
        due = 0
        async with asyncio.TaskGroup() as commits:
            while (elapsed := time.monotonic() - started) < seconds:
                while due < elapsed * rate:
                    commits.create_task(self.commit_one())
                    due += 1
                await asyncio.sleep(0.001)


async def _until_handled(database: Database, number: int) -> None:
    async with database.connection() as connection, asyncio.timeout(60):
        while await connection.fetchval("SELECT count(*) FROM handled") < number:
            await asyncio.sleep(0.01)


async def measure(server: RunningPostgres, bootstrap_servers: str, folder: Path) -> dict[str, float]:
    """Return the 50th and 99th percentile in milliseconds, and the load that they were measured at."""
    urls = []
    for name in ("bench_latency", "bench_latency_subscriber"):
        await postgres.ensure_database(server.url_for("postgres"), name)
        urls.append(server.url_for(name))
        await new_kernel_database(urls[-1])
    database = Database(urls[0], application_name="bench-writer")
    subscriber = Database(urls[1], application_name="bench-watch", pool_size=2)
    async with subscriber.connection() as connection:
        await connection.execute("CREATE TABLE handled (number bigint)")
    topics = KafkaTransport(bootstrap_servers)
    await topics.ensure_topics([Benched.topic])
    await topics.close()
    output = folder / "handled.json"
    worker = subprocess.Popen(  # noqa: S603, ASYNC220  # ours, once
        [sys.executable, "-m", __name__, *urls, bootstrap_servers, str(output)]
    )
    writer = Writer(database)
    try:
        await writer.at_rate(100, SETTLE_SECONDS)
        await _until_handled(subscriber, len(writer.committed_at))
        before, started = len(writer.committed_at), time.monotonic()
        await writer.saturate(SATURATE_SECONDS)
        await _until_handled(subscriber, len(writer.committed_at))
        capacity = (len(writer.committed_at) - before) / (time.monotonic() - started)
        await writer.at_rate(capacity * LOAD, SETTLE_SECONDS)
        first = len(writer.committed_at)
        await writer.at_rate(capacity * LOAD, MEASURE_SECONDS)
        await _until_handled(subscriber, len(writer.committed_at))
    finally:
        worker.terminate()
        worker.wait()
        await database.close()
        await subscriber.close()
    handled_at = {int(number): at for number, at in json.loads(output.read_text()).items()}
    milliseconds = [
        (handled_at[number] - committed) * 1000
        for number, committed in writer.committed_at.items()
        if number >= first
    ]
    percentiles = statistics.quantiles(milliseconds, n=100)
    return {
        "p50_ms": percentiles[49],
        "p99_ms": percentiles[98],
        "capacity_per_s": capacity,
        "load_per_s": len(milliseconds) / MEASURE_SECONDS,
    }


if __name__ == "__main__":
    spare_garbage_collection()  # and uvloop, as `purveyor serve worker`
    uvloop.run(work(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
