"""Publishes events to Kafka: whole batches made by hand, one a partition, acknowledged by all replicas."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2

from purveyor_messaging.envelope import DEFAULT_SCHEMAS, Envelope
from purveyor_messaging.kafka_cluster import KafkaCluster

BATCH_BYTES = 1_000_000
"""Just under what a broker accepts by default (message.max.bytes)."""
EVENTS_BETWEEN_YIELDS = 500
STOP_SECONDS = 5.0


class KafkaPublisher:
    """An idempotent producer, made when first needed, and made anew after a failure."""

    def __init__(
        self, cluster: KafkaCluster, *, schemas: str = DEFAULT_SCHEMAS, batch_bytes: int = BATCH_BYTES
    ) -> None:
        self._cluster = cluster
        self._schemas = schemas
        self._batch_bytes = batch_bytes
        self._producer: AIOKafkaProducer | None = None
        self._partitions: dict[str, int] = {}
        self._retiring: set[asyncio.Task[None]] = set()
        self.trouble: str | None = None
        """Why the last attempt failed, in a sentence that names the topics; None when it did not."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Return when every in-sync replica has the events, in this order within each partition."""
        topics = {envelope.topic for envelope in envelopes}
        try:
            producer = await self._started(topics)
        except Exception as error:
            self._note_trouble(topics, error)
            raise
        try:
            await self._send(producer, envelopes)
        except KafkaError:
            self._retire()
            raise
        self.trouble = None

    def _note_trouble(self, topics: Collection[str], error: BaseException) -> None:
        self.trouble = f"{', '.join(sorted(topics))}: not published: {error!r}"

    async def close(self) -> None:
        """Stop the producer; what it had not sent is the relay's to send again."""
        self._retire()
        if self._retiring:
            await asyncio.wait(self._retiring, timeout=STOP_SECONDS)

    def _retire(self) -> None:
        """Let a producer go, which takes until what it holds is sent or has expired."""
        producer, self._producer = self._producer, None
        self._partitions.clear()
        if producer is not None:
            stopping = asyncio.create_task(_stop(producer))
            self._retiring.add(stopping)
            stopping.add_done_callback(self._retiring.discard)

    async def _started(self, topics: set[str]) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **self._cluster.client_options(),
                enable_idempotence=True,
                acks="all",
                max_batch_size=self._batch_bytes,
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        unknown = topics - self._partitions.keys()
        if unknown:
            await self._cluster.ensure_topics(unknown)
            for topic in unknown:
                partitions = await self._producer.partitions_for(self._cluster.named(topic))
                self._partitions[topic] = len(partitions)
        return self._producer

    async def _send(self, producer: AIOKafkaProducer, envelopes: Sequence[Envelope]) -> None:
        batches: dict[tuple[str, int], Any] = {}
        acknowledgements: list[tuple[str, Awaitable[Any]]] = []
        for index, envelope in enumerate(envelopes):
            topic = envelope.topic
            key = envelope.key.encode()
            place = (topic, partition_of(key, self._partitions[topic]))
            headers = envelope.headers(self._schemas)
            batch = batches.get(place)
            if batch is None:
                batch = batches[place] = producer.create_batch()
            if batch.append(key=key, value=envelope.data, timestamp=None, headers=headers) is None:
                acknowledgements.append((topic, await self._hand_over(producer, batch, place)))
                batch = batches[place] = producer.create_batch()
                batch.append(key=key, value=envelope.data, timestamp=None, headers=headers)
            if index % EVENTS_BETWEEN_YIELDS == EVENTS_BETWEEN_YIELDS - 1:
                await asyncio.sleep(0)
        for place, batch in batches.items():
            acknowledgements.append((place[0], await self._hand_over(producer, batch, place)))
        await self._acknowledged(acknowledgements)

    async def _hand_over(
        self, producer: AIOKafkaProducer, batch: Any, place: tuple[str, int]
    ) -> Awaitable[Any]:
        """Hand a batch for a partition over for sending; what is returned waits for its acknowledgement."""
        topic, partition = place
        sent: Awaitable[Any] = await producer.send_batch(
            batch, self._cluster.named(topic), partition=partition
        )
        return sent

    async def _acknowledged(self, waited_for: Sequence[tuple[str, Awaitable[Any]]]) -> None:
        """Wait for all that was sent; raises what the first failed with, and notes the topics of all."""
        answers = await asyncio.gather(*(answer for _, answer in waited_for), return_exceptions=True)
        failed = {
            topic: answer
            for (topic, _), answer in zip(waited_for, answers, strict=True)
            if isinstance(answer, BaseException)
        }
        if failed:
            first = next(iter(failed.values()))
            self._note_trouble(failed, first)
            raise first


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key; anything that uses Java's default partitioner finds it there too."""
    return _positive_murmur2(key) % partitions


@lru_cache(maxsize=65_536)
def _positive_murmur2(key: bytes) -> int:
    """Return a key's hash without its sign bit; kept, because keys recur and hashing takes microseconds."""
    hash_: int = murmur2(key)
    return hash_ & 0x7FFFFFFF


async def _stop(producer: AIOKafkaProducer) -> None:
    with suppress(KafkaError):
        await producer.stop()
