"""Events over Apache Kafka: what production runs on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from datetime import datetime
from typing import Self

from purveyor.db import Database
from purveyor.http.health import NotReadyError, accepts_connections
from purveyor.settings import Settings
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_member import KafkaMember, MemberOptions
from purveyor_messaging.kafka_publisher import KafkaPublisher
from purveyor_messaging.kafka_witness import KafkaWitness
from purveyor_messaging.metrics import MessagingMetrics


class KafkaTransport:
    """A producer for the relay, and a member of a consumer group for each subscribed consumer.

    The cluster is given as its bootstrap servers where nothing else needs to be said about it.
    """

    def __init__(
        self,
        cluster: KafkaCluster | str,
        *,
        options: MemberOptions | None = None,
        schemas: str = DEFAULT_SCHEMAS,
    ) -> None:
        self._cluster = KafkaCluster(cluster) if isinstance(cluster, str) else cluster
        self._options = options or MemberOptions()
        self._publisher = KafkaPublisher(self._cluster, schemas=schemas)
        self._witness = KafkaWitness(self._cluster)
        self._members: list[KafkaMember] = []

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make the transport that a service's settings describe."""
        options = MemberOptions(
            instance=settings.worker_instance,
            drain=settings.drain_timeout,
            session_timeout=settings.kafka_session_timeout,
        )
        return cls(
            KafkaCluster.from_settings(settings),
            options=options,
            schemas=settings.schemas_url or DEFAULT_SCHEMAS,
        )

    def subscribe(
        self, database: Database, consumer: Consumer, metrics: MessagingMetrics | None = None
    ) -> None:
        """Hand a topic's events to a consumer's inbox in this database; before anything runs."""
        metrics = metrics or MessagingMetrics()
        inbox = Inbox(database, consumer, metrics)
        self._members.append(KafkaMember(self._cluster, inbox, self._options, metrics))

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Return when every in-sync replica has the events, in this order within each stream."""
        await self._publisher.publish(envelopes)

    def since(
        self, source: str, topics: Collection[str], moment: datetime | None
    ) -> AsyncIterator[list[Envelope]]:
        """Yield the events of a service on topics from a moment on, or all of them, in batches."""
        return self._witness.since(source, topics, moment)

    async def ensure_topics(self, names: Iterable[str]) -> None:
        """Create the topics that do not exist; publishing and consuming do so by themselves."""
        await self._cluster.ensure_topics(names)

    async def check(self) -> None:
        """Raise NotReadyError, naming the topics, when brokers do not answer or refuse what we need."""
        troubles = [self._publisher.trouble, *(member.trouble for member in self._members)]
        if said := [trouble for trouble in troubles if trouble]:
            raise NotReadyError("; ".join(said))
        try:
            await accepts_connections(self._cluster.bootstrap_servers)()
        except OSError as error:
            topics = ", ".join(member.topic for member in self._members)
            raise NotReadyError(f"{topics}: no broker answers: {error}") from error

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until stopped, then finish the work in progress."""
        async with asyncio.TaskGroup() as group:
            for member in self._members:
                group.create_task(member.run(stop))

    async def close(self) -> None:
        """Stop the producer."""
        await self._publisher.close()
