"""Events without a broker: the relay hands them straight to the subscribers in this process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from purveyor.db import Database
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.metrics import MessagingMetrics


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

    async def run(self, stop: asyncio.Event) -> None:
        """Wait until stopped; publishing does the work."""
        await stop.wait()

    async def close(self) -> None:
        """Nothing to let go of."""
