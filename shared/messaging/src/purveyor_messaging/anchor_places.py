"""The places that settings name for the anchors of an audit trail: files, topics of Kafka, buckets of S3."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaTimeoutError

from purveyor.anchor_buckets import bucket_place
from purveyor.anchors import AnchorPlace, FilePlace
from purveyor.settings import Settings
from purveyor_messaging.kafka_cluster import KafkaCluster

READ_MILLISECONDS = 20_000
"""A broker that has more and hands out nothing for so long is in trouble."""
MOST_RECORDS = 1_000


@dataclass(frozen=True, slots=True)
class KafkaPlace:
    """A topic that keeps all it was told, in its first partition: let its ACL allow nobody to delete."""

    cluster: KafkaCluster
    topic: str

    @property
    def name(self) -> str:
        """How findings call it."""
        return f"topic {self.topic}"

    async def last(self) -> str | None:
        """Return the message told last."""
        last = None
        async for document in self._from_end(1):
            last = document
        return last

    async def append(self, documents: Sequence[str]) -> None:
        """Send messages, and return when all replicas have them."""
        await self.cluster.ensure_topics([self.topic])
        producer = AIOKafkaProducer(**self.cluster.client_options(), enable_idempotence=True, acks="all")
        await producer.start()
        try:
            for document in documents:
                await producer.send_and_wait(self.topic, document.encode(), partition=0)
        finally:
            await producer.stop()

    async def all(self) -> AsyncIterator[str]:
        """Yield all messages."""
        async for document in self._from_end(None):
            yield document

    async def _from_end(self, count: int | None) -> AsyncIterator[str]:
        """Yield the messages that there are now, or the last of them; raises KafkaTimeoutError."""
        await self.cluster.ensure_topics([self.topic])
        partition = TopicPartition(self.topic, 0)
        consumer = AIOKafkaConsumer(
            **self.cluster.client_options(), group_id=None, isolation_level="read_committed"
        )
        await consumer.start()
        try:
            consumer.assign([partition])
            end = (await consumer.end_offsets([partition]))[partition]
            at = (await consumer.beginning_offsets([partition]))[partition]
            at = at if count is None else max(at, end - count)
            consumer.seek(partition, at)
            while at < end:
                fetched = await consumer.getmany(timeout_ms=READ_MILLISECONDS, max_records=MOST_RECORDS)
                if not fetched:
                    raise KafkaTimeoutError(f"nothing comes from {self.topic}")
                for message in fetched[partition]:
                    if message.offset < end:
                        yield (message.value or b"").decode(errors="replace")
                at = await consumer.position(partition)
        finally:
            await consumer.stop()


def places_of(settings: Settings, service: str) -> list[AnchorPlace]:
    """Return the places of `PURVEYOR_AUDIT_ANCHORS`; raises ValueError for what is none."""
    places: list[AnchorPlace] = []
    for text in filter(None, map(str.strip, settings.audit_anchors.split(","))):
        kind, _, where = text.partition(":")
        if kind == "file" and where:
            places.append(FilePlace(Path(where) / f"{service}.jsonl"))
        elif kind == "kafka":
            topic = where or f"{service}.audit-anchors"
            places.append(KafkaPlace(KafkaCluster.from_settings(settings), topic))
        elif re.match("s3://[^/]", text):
            places.append(bucket_place(text, settings, service))
        else:
            raise ValueError(
                f"PURVEYOR_AUDIT_ANCHORS: {text!r} is no place for anchors; file:/folder, kafka:topic and"
                " s3://bucket/prefix are"
            )
    return places
