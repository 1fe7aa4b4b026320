"""A consumer over Kafka whose database vanishes waits in its place, and goes on when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from shared.kernel.tests.silence import SilentProxy
from shared.messaging.tests.orders import Ledger, eventually, stream

from purveyor.db import Database
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_member import KafkaMember, MemberOptions

HEALTHY_SECONDS = 10
END_THOSE_THAT_VANISHED = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'vanishing' AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def transport(kafka_bootstrap_servers: str) -> AsyncIterator[KafkaTransport]:
    cluster = KafkaCluster(kafka_bootstrap_servers, topic_partitions=3)
    transport = KafkaTransport(cluster, options=MemberOptions(session_timeout=timedelta(seconds=6)))
    yield transport
    await transport.close()


@pytest.mark.parametrize("away_seconds", [2, 14])
async def test_a_consumer_goes_on_ten_seconds_after_its_vanished_database_is_back(
    transport: KafkaTransport,
    database: Database,
    event,
    away_seconds: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Longer than the session timeout too: whoever waits for a database goes on speaking to its group."""
    lives: list[str] = []
    move_to = KafkaMember._move_to

    def note(member: KafkaMember, life) -> None:
        lives.append(life)
        move_to(member, life)

    monkeypatch.setattr(KafkaMember, "_move_to", note)
    ledger = Ledger(f"ledger-{uuid4()}", event)
    keys = [str(uuid4()) for _ in range(4)]
    async with SilentProxy(database.url) as proxy:
        behind = Database(proxy.url, application_name="vanishing")
        transport.subscribe(behind, ledger.consumer)
        stop = asyncio.Event()
        running = asyncio.create_task(transport.run(stop))

        async def seen(upto: int) -> bool:
            entries = await ledger.entries(database)
            return entries == {key: list(range(1, upto + 1)) for key in keys}

        for key in keys:
            await transport.publish(stream(key, 1, 3, event))
        await eventually(lambda: seen(3))
        proxy.back.clear()
        proxy.fall_silent()
        async with database.connection() as connection:  # its keepalives have found nobody
            await connection.execute(END_THOSE_THAT_VANISHED)
        for key in keys:
            await transport.publish(stream(key, 4, 6, event))
        await asyncio.sleep(away_seconds)
        assert await seen(3)
        proxy.back.set()
        await eventually(lambda: seen(6), HEALTHY_SECONDS)
        assert await ledger.parked(database) == []
        assert "leaving" not in lives
        stop.set()
        await running
        await behind.close()
