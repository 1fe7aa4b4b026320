"""What the topics of a cluster hold, read without being a member of any group."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaTimeoutError

from purveyor_messaging.envelope import Envelope
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_reader import KafkaReader

log = structlog.get_logger(__name__)

SILENT_SECONDS = 30.0
"""A broker that has more and hands out nothing for so long is in trouble."""


class KafkaWitness:
    """Reads what was published to topics, whatever became of the databases."""

    def __init__(self, cluster: KafkaCluster) -> None:
        self._cluster = cluster

    async def since(
        self, source: str, topics: Collection[str], moment: datetime | None
    ) -> AsyncIterator[list[Envelope]]:
        """Yield this service's events that were published from a moment on, or all of them."""
        if not topics:
            return
        await self._cluster.ensure_topics(topics)
        reading = _Reading(moment)
        while not reading.is_done:
            consumer = AIOKafkaConsumer(
                *map(self._cluster.named, topics),
                **self._cluster.client_options(),
                group_id=None,
                auto_offset_reset="earliest",
            )
            await consumer.start()
            try:
                await reading.begin(consumer)
                while not reading.is_done:
                    messages = await reading.next(consumer)
                    yield [event for event in self._events(messages) if event.source == source]
            except ValueError as error:
                # Something that the client itself cannot read: a new one reads it with care.
                log.warning("topics_read_with_care", error=repr(error))
            finally:
                await consumer.stop()

    def _events(self, messages: Iterable[Any]) -> Iterator[Envelope]:
        """Yield the events that messages are, of those that are ours."""
        for message in messages:
            with suppress(ValueError):
                topic = self._cluster.topic_of(message.topic)
                yield Envelope.from_headers(topic, message.headers, message.value or b"")


class _Reading:
    """Goes through what the topics hold now, from wherever it was when a client had to be replaced."""

    def __init__(self, moment: datetime | None) -> None:
        self._moment = moment
        self._reader = KafkaReader()
        self._ends: Mapping[TopicPartition, int] = {}
        self._positions: dict[TopicPartition, int] | None = None

    @property
    def is_done(self) -> bool:
        """Whether every partition has been read to its end."""
        return self._positions is not None and not self._waiting()

    def _waiting(self) -> list[TopicPartition]:
        positions = self._positions or {}
        return sorted(one for one, position in positions.items() if position < self._ends[one])

    async def begin(self, consumer: AIOKafkaConsumer) -> None:
        """Put a client where reading goes on."""
        if self._positions is None:
            self._ends = await consumer.end_offsets(consumer.assignment())
            self._positions = await _beginnings(consumer, self._ends, self._moment)
        for partition, position in self._positions.items():
            consumer.seek(partition, position)

    async def next(self, consumer: AIOKafkaConsumer) -> list[Any]:
        """Return the next messages; raises KafkaTimeoutError when there are more and none comes."""
        assert self._positions is not None  # noqa: S101  # it has begun
        silent_since = time.monotonic()
        while True:
            fetched = await self._reader.read(consumer)
            for partition in self._waiting():
                self._positions[partition] = await consumer.position(partition)
            if fetched or self.is_done:
                return [message for messages in fetched.values() for message in messages]
            if time.monotonic() > silent_since + SILENT_SECONDS:
                raise KafkaTimeoutError(f"nothing comes from {self._waiting()}")


async def _beginnings(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int], moment: datetime | None
) -> dict[TopicPartition, int]:
    """Return where reading begins in each partition."""
    if moment is None:
        return dict(await consumer.beginning_offsets(list(ends)))
    found = await consumer.offsets_for_times(dict.fromkeys(ends, int(moment.timestamp() * 1000)))
    return {partition: at.offset if at else ends[partition] for partition, at in found.items()}
