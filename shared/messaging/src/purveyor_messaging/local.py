"""Events without a broker: the relay hands them straight to the subscribers in this process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime

from purveyor.db import Database
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.metrics import MessagingMetrics

REMEMBERED = """
SELECT key, sequence - place + 1 AS sequence, event_id, epoch
FROM (
  SELECT key, sequence, epoch, recent FROM inbox
  WHERE consumer = $1 AND topic = $2 AND key > $3 ORDER BY key LIMIT $4
) AS stream
CROSS JOIN LATERAL unnest(recent) WITH ORDINALITY AS applied (event_id, place)
ORDER BY key, place DESC
"""
STREAMS_AT_ONCE = 1_000


class LocalTransport:
    """Publishing returns only when every subscriber has committed, so a crash loses nothing.

    All services of a process share one.
    """

    def __init__(self) -> None:
        self._inboxes: defaultdict[str, list[Inbox]] = defaultdict(list)

    def subscribe(
        self, database: Database, consumer: Consumer, metrics: MessagingMetrics | None = None
    ) -> None:
        """Hand a topic's events to a consumer's inbox in this database; before anything runs."""
        self._inboxes[consumer.topic].append(Inbox(database, consumer, metrics))

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Return when every subscriber has committed the events' effects, or parked them."""
        topics: defaultdict[str, list[Envelope]] = defaultdict(list)
        for envelope in envelopes:
            topics[envelope.topic].append(envelope)
        async with asyncio.TaskGroup() as group:
            for topic, events in topics.items():
                for inbox in self._inboxes[topic]:
                    group.create_task(inbox.apply(events))

    async def since(
        self, source: str, topics: Collection[str], _moment: datetime | None
    ) -> AsyncIterator[list[Envelope]]:
        """Yield what the subscribers remember: without a broker nobody else knows what was told, nor when."""
        for topic in topics:
            for inbox in self._inboxes[topic]:
                after = ""
                while events := await _remembered(inbox, source, after):
                    yield events
                    after = events[-1].key

    async def run(self, stop: asyncio.Event) -> None:
        """Wait until stopped; publishing does the work."""
        await stop.wait()

    async def close(self) -> None:
        """Nothing to let go of."""


async def _remembered(inbox: Inbox, source: str, after: str) -> list[Envelope]:
    consumer = inbox.consumer
    async with inbox.database.connection() as connection:
        rows = await connection.fetch(REMEMBERED, consumer.name, consumer.topic, after, STREAMS_AT_ONCE)
    now = inbox.database.clock()
    return [
        Envelope(event_id, "unknown", source, consumer.topic, key, sequence, now, b"", epoch=epoch)
        for key, sequence, event_id, epoch in rows
    ]
