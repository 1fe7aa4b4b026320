"""A Kafka cluster: how to reach it, its topics, and which partition a key belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupCoordinatorNotAvailableError, TopicAlreadyExistsError, for_code

from purveyor.settings import Settings
from purveyor_messaging.kafka_security import KafkaSecurity

TOPIC_SETTINGS = {"retention.ms": "-1"}
"""A topic keeps its events, as the outbox does, so that a new subscriber reads them all."""
KNOWN_WITHIN_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class KafkaCluster:
    """Where the brokers are, how to log in, and how topics of ours are made."""

    bootstrap_servers: str
    topic_partitions: int = 12
    replication_factor: int = 1
    prefix: str = ""
    """Before the names of topics and groups, so that several environments can share brokers."""
    security: KafkaSecurity = field(default_factory=KafkaSecurity)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Read a cluster from a service's settings; raises ValueError for what cannot be used."""
        if settings.kafka_bootstrap_servers is None:
            raise ValueError("PURVEYOR_KAFKA_BOOTSTRAP_SERVERS is not set")
        return cls(
            settings.kafka_bootstrap_servers,
            settings.kafka_topic_partitions,
            settings.kafka_replication_factor,
            settings.kafka_prefix,
            KafkaSecurity.from_settings(settings),
        )

    def client_options(self) -> dict[str, Any]:
        """Return what every client of the cluster is made with."""
        return {"bootstrap_servers": self.bootstrap_servers, **self.security.client_options()}

    def named(self, name: str) -> str:
        """Return what brokers call a topic or group of ours."""
        return self.prefix + name

    def topic_of(self, name: str) -> str:
        """Return what we call a topic that brokers call so."""
        return name.removeprefix(self.prefix)

    async def ensure_topics(self, topics: Iterable[str], *, group: str | None = None) -> None:
        """Return when the topics exist and brokers tell of them, and have a place for the group, if any.

        Raises KafkaError when one refuses.
        """
        wanted = {self.named(topic) for topic in topics}
        admin = AIOKafkaAdminClient(**self.client_options())
        await admin.start()
        try:
            missing = sorted(wanted - set(await admin.list_topics()))
            if missing:
                await self._create(admin, missing)
            async with asyncio.timeout(KNOWN_WITHIN_SECONDS):
                await _until_known(admin, wanted)
                if group is not None:
                    await _until_coordinated(admin, self.named(group))
        finally:
            await admin.close()

    async def _create(self, admin: AIOKafkaAdminClient, names: Sequence[str]) -> None:
        answer = await admin.create_topics(
            [
                NewTopic(name, self.topic_partitions, self.replication_factor, topic_configs=TOPIC_SETTINGS)
                for name in names
            ]
        )
        for name, code, *message in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"{name}: {message}")


async def _until_known(admin: AIOKafkaAdminClient, names: Collection[str]) -> None:
    """Wait until brokers tell of partitions: a group that forms before shares out none, and keeps to it."""
    while True:
        topics = await admin.describe_topics(sorted(names))
        known = {topic["topic"] for topic in topics if not topic["error_code"] and topic["partitions"]}
        if known >= set(names):
            return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _until_coordinated(admin: AIOKafkaAdminClient, group: str) -> None:
    """Wait for the group's coordinator, which a new broker makes when it is first asked for.

    A consumer waits for it too, and logs an error every time that it asks.
    """
    while True:
        try:
            await admin.find_coordinator(group)
        except GroupCoordinatorNotAvailableError:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        else:
            return
