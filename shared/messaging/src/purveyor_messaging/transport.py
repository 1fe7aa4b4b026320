"""What carries events between services: the interface that Kafka and the in-process transport share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol

from purveyor.db import Database
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.metrics import MessagingMetrics


class Publisher(Protocol):
    """Where a relay sends events."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Return when the events, in this order within each stream, will survive this process."""


class Witness(Protocol):
    """Knows what a service has told, whatever became of its database."""

    def since(
        self, source: str, topics: Collection[str], moment: datetime | None
    ) -> AsyncIterator[list[Envelope]]:
        """Yield the events of a service on topics from a moment on, or all of them, in batches."""


class Transport(Publisher, Witness, Protocol):
    """Publishes events, and hands them to subscribers in order per stream, at least once."""

    def subscribe(
        self, database: Database, consumer: Consumer, metrics: MessagingMetrics | None = None
    ) -> None:
        """Hand a topic's events to a consumer's inbox in this database; before anything runs."""

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until stopped, then finish the work in progress."""

    async def close(self) -> None:
        """Let go of connections."""
