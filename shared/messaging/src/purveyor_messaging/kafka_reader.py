"""Reads what a Kafka client has fetched, past messages that the client itself cannot read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import ConsumerRecord

POLL_MILLISECONDS = 100
POLL_EVENTS = 2_000
CAREFUL_SECONDS = 60.0
PAUSE_SECONDS = 0.02

Fetched = Mapping[TopicPartition, Sequence[Any]]


class KafkaReader:
    """Reads all partitions at once, and each apart for a while after something could not be read.

    A header whose name is not UTF-8 makes the client raise wherever it comes to it: then it is come to one
    by one, and what cannot be read is stepped over and handed on with the error in its stead.
    """

    def __init__(self) -> None:
        self._careful_until = 0.0
        self._at_most: dict[TopicPartition, int] = {}

    async def read(self, consumer: AIOKafkaConsumer) -> Fetched:
        """Return what has arrived; raises ValueError once, for a new client to be read with care."""
        if time.monotonic() >= self._careful_until:
            try:
                fetched: Fetched = await consumer.getmany(
                    timeout_ms=POLL_MILLISECONDS, max_records=POLL_EVENTS
                )
            except ValueError:
                self._be_careful()
                raise
            return fetched
        apart = {
            partition: await self._read_one(consumer, partition)
            for partition in consumer.assignment() - consumer.paused()
        }
        if not any(apart.values()):
            await asyncio.sleep(PAUSE_SECONDS)
        return {partition: messages for partition, messages in apart.items() if messages}

    async def _read_one(self, consumer: AIOKafkaConsumer, partition: TopicPartition) -> Sequence[Any]:
        at_most = self._at_most.get(partition, POLL_EVENTS)
        try:
            fetched = await consumer.getmany(partition, max_records=at_most)
        except ValueError as error:
            self._be_careful()
            self._at_most[partition] = 1
            if at_most > 1:
                return ()
            offset = await consumer.position(partition)
            consumer.seek(partition, offset + 1)
            return (_unread(partition, offset, error),)
        messages: Sequence[Any] = fetched.get(partition, ())
        if messages:
            self._at_most[partition] = min(at_most * 2, POLL_EVENTS)
        return messages

    def _be_careful(self) -> None:
        self._careful_until = time.monotonic() + CAREFUL_SECONDS


def _unread(partition: TopicPartition, offset: int, error: ValueError) -> Any:
    return ConsumerRecord(
        topic=partition.topic,
        partition=partition.partition,
        offset=offset,
        timestamp=int(time.time() * 1000),
        timestamp_type=0,
        key=None,
        value=None,
        checksum=None,
        serialized_key_size=-1,
        serialized_value_size=-1,
        headers=(("not read", repr(error).encode()),),
    )
