"""A Kafka cluster: how to reach it, its topics, and which partition a key belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from ssl import create_default_context
from typing import Any, Self

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from purveyor.settings import Settings

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
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "SCRAM-SHA-512"
    username: str | None = None
    password: str | None = None
    ca_file: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Read a cluster from a service's settings; raises ValueError when they name none."""
        if settings.kafka_bootstrap_servers is None:
            raise ValueError("PURVEYOR_KAFKA_BOOTSTRAP_SERVERS is not set")
        password = settings.kafka_password
        return cls(
            settings.kafka_bootstrap_servers,
            settings.kafka_topic_partitions,
            settings.kafka_replication_factor,
            settings.kafka_security_protocol,
            settings.kafka_sasl_mechanism,
            settings.kafka_username,
            password.get_secret_value() if password else None,
            str(settings.kafka_ca_file) if settings.kafka_ca_file else None,
        )

    def client_options(self) -> dict[str, Any]:
        """Return what every client of the cluster is made with."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
        }
        if self.security_protocol.endswith("SSL"):
            options["ssl_context"] = create_default_context(cafile=self.ca_file)
        if self.security_protocol.startswith("SASL"):
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self.password
        return options

    async def ensure_topics(self, names: Iterable[str]) -> None:
        """Return when the topics exist and brokers tell of them; raises KafkaError when one refuses."""
        wanted = set(names)
        admin = AIOKafkaAdminClient(**self.client_options())
        await admin.start()
        try:
            missing = sorted(wanted - set(await admin.list_topics()))
            if missing:
                await self._create(admin, missing)
            await _until_known(admin, wanted)
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
    async with asyncio.timeout(KNOWN_WITHIN_SECONDS):
        while True:
            topics = await admin.describe_topics(sorted(names))
            known = {topic["topic"] for topic in topics if not topic["error_code"] and topic["partitions"]}
            if known >= set(names):
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
