"""A member of a Kafka consumer group: polls without pause, works on each partition apart, replaces itself."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Collection, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from purveyor.process import growing_pauses, wait_or_stop
from purveyor_messaging.failures import may_pass
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_lane import KafkaLane
from purveyor_messaging.kafka_reader import KafkaReader
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.places import read_places, write_places

log = structlog.get_logger(__name__)

FETCH_WAIT_MILLISECONDS = 50
"""A partition that a fetch under way has left out waits for its end: a long poll would be its latency."""
COMMIT_SECONDS = 0.05
PLACE_SECONDS = 1.0
"""How often places are written into the database; who goes on from an older one skips duplicates."""
HEALTHY_SECONDS = 60.0
ANSWER_SECONDS = 10.0
PROVEN_SECONDS = 1.0
"""Who may join a group and may not read its topic is told so by the first fetch."""
REVOKED_WORK_ENDS_WITHIN = timedelta(seconds=5)
"""A rebalance stops the whole group; what takes longer is rolled back, and the next owner does it."""
CHECKS_WITHOUT_PROGRESS = 2
CHECKS_WITHOUT_PARTITIONS = 4
"""A member without partitions may well be one too many: it starts over only when the whole topic stands."""


@dataclass(frozen=True, slots=True)
class MemberOptions:
    """How a member of a group behaves.

    An instance name that survives a restart (a StatefulSet's pod name) makes it a static member: a rolling
    restart then moves no partitions.
    """

    instance: str | None = None
    drain: timedelta = timedelta(seconds=20)
    session_timeout: timedelta = timedelta(seconds=15)
    check_progress: timedelta = timedelta(seconds=15)


class Stalled(Exception):  # noqa: N818  # the way of starting over
    """There are messages, nobody is working on any, and none arrives: the client has silently stopped."""


class Life(StrEnum):
    """What a member of a group is doing."""

    JOINING = "joining"
    CONSUMING = "consuming"
    LEAVING = "leaving"
    PAUSING = "pausing"
    """Between a client that failed and the next one."""
    STOPPED = "stopped"


MOVES: Mapping[Life, frozenset[Life]] = {
    Life.JOINING: frozenset({Life.CONSUMING, Life.LEAVING}),
    Life.CONSUMING: frozenset({Life.LEAVING}),
    Life.LEAVING: frozenset({Life.PAUSING, Life.STOPPED}),
    Life.PAUSING: frozenset({Life.JOINING, Life.STOPPED}),
    Life.STOPPED: frozenset(),
}
"""What may follow what; a member that fails leaves before it pauses."""


class KafkaMember(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Feeds one consumer's inbox from its topic."""

    def __init__(
        self, cluster: KafkaCluster, inbox: Inbox, options: MemberOptions, metrics: MessagingMetrics
    ) -> None:
        self._cluster = cluster
        self._inbox = inbox
        self._options = options
        self._metrics = metrics
        self._name = inbox.consumer.name
        self.topic = inbox.consumer.topic
        self._lanes: dict[TopicPartition, KafkaLane] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._reader = KafkaReader()
        self._instance = options.instance
        self._settled = asyncio.Event()
        self._log = log.bind(consumer=self._name)
        self._pauses = growing_pauses()
        self._placed: dict[int, int] = {}
        self._placed_at = 0.0
        self._misplaced: Exception | None = None
        self.life = Life.JOINING
        self._failure: str | None = "has not joined its group"
        self._silence: str | None = None
        self._joined_at = math.inf

    @property
    def trouble(self) -> str | None:
        """Why nothing is consumed, in a sentence that names the topic; None when all is well."""
        reason = self._failure or self._silence
        return None if reason is None else f"{self.topic}: {self._name} {reason}"

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until stopped; a client that failed or stalled is replaced by a new one."""
        steps = {
            Life.JOINING: self._join,
            Life.CONSUMING: self._consume,
            Life.LEAVING: self._leave,
            Life.PAUSING: self._pause,
        }
        try:
            while self.life is not Life.STOPPED:
                try:
                    following = await steps[self.life](stop)
                except Exception as error:
                    self._metrics.recreated.labels(self._name).inc()
                    self._log.exception("consumer_recreated", error=repr(error))
                    self._failure, self._joined_at = f"failed: {error!r}", math.inf
                    following = Life.PAUSING if self.life is Life.LEAVING else Life.LEAVING
                self._move_to(following)
        finally:
            if self.life is not Life.STOPPED:
                await self._leave(stop)

    def _move_to(self, life: Life) -> None:
        assert life in MOVES[self.life], f"{self.life} is not followed by {life}"  # noqa: S101  # our mistake
        self.life = life

    async def _join(self, stop: asyncio.Event) -> Life:
        await _until(stop, self._start())
        return Life.LEAVING if stop.is_set() else Life.CONSUMING

    async def _consume(self, stop: asyncio.Event) -> Life:
        consumer, began = self._consumer, time.monotonic()
        try:
            await _until(
                stop, self._poll(consumer), self._commit_settled(consumer), self._check_progress(consumer)
            )
        finally:
            if time.monotonic() - began > HEALTHY_SECONDS:
                self._pauses = growing_pauses()
        return Life.LEAVING

    async def _leave(self, stop: asyncio.Event) -> Life:
        consumer = self._consumer
        try:
            await self._close_lanes(self._options.drain)
        finally:
            self._consumer = None
            if consumer is not None:
                await _within(ANSWER_SECONDS, consumer.stop())
        return Life.STOPPED if stop.is_set() else Life.PAUSING

    async def _pause(self, stop: asyncio.Event) -> Life:
        return Life.STOPPED if await wait_or_stop(stop, next(self._pauses)) else Life.JOINING

    async def _start(self) -> None:
        await self._cluster.ensure_topics([self.topic], group=self._name)
        self._consumer = self._new_consumer()
        await self._consumer.start()
        self._consumer.subscribe([self._cluster.named(self.topic)], listener=self)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Start with empty lanes; each goes on from where the database stands, or from the beginning."""
        self._log.info("partitions_assigned", partitions=sorted(tp.partition for tp in assigned))
        self._joined_at = time.monotonic()
        assert self._consumer is not None  # noqa: S101  # it calls us
        try:
            self._placed = await read_places(self._inbox.database, self._inbox.consumer)
        except Exception as error:
            # The client would go on from the broker's offsets: the next poll raises it.
            self._misplaced = error
            return
        for partition in assigned:
            self._consumer.seek(partition, self._placed.get(partition.partition, 0))

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Finish what is in progress and commit it before another member goes on from there."""
        await self._close_lanes(min(self._options.drain, REVOKED_WORK_ENDS_WITHIN))
        for partition in revoked:
            self._metrics.lag.labels(self._name, partition.partition).set(0)

    def _new_consumer(self) -> AIOKafkaConsumer:
        instance = self._instance
        session_timeout = int(self._options.session_timeout.total_seconds() * 1000)
        return AIOKafkaConsumer(
            **self._cluster.client_options(),
            group_id=self._cluster.named(self._name),
            group_instance_id=self._cluster.named(f"{self._name}-{instance}") if instance else None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=session_timeout,
            heartbeat_interval_ms=session_timeout // 10,
            fetch_max_wait_ms=FETCH_WAIT_MILLISECONDS,
        )

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        """Hand what arrives to the lanes; polling never waits for them, so the group keeps us."""
        while True:
            await self._poll_once(consumer)
            if self._failure and time.monotonic() > self._joined_at + PROVEN_SECONDS:
                self._failure = None

    async def _poll_once(self, consumer: AIOKafkaConsumer) -> None:
        if self._misplaced is not None:
            error, self._misplaced = self._misplaced, None
            raise error
        for partition, messages in (await self._reader.read(consumer)).items():
            lane = self._lanes.get(partition)
            if lane is None:
                lane = self._lanes[partition] = KafkaLane(self._inbox, partition.partition, self._settled.set)
            lane.add(messages)
        paused = consumer.paused()
        for partition, lane in self._lanes.items():
            lane.check()
            if lane.is_full and partition not in paused:
                consumer.pause(partition)
            elif partition in paused and not lane.is_full:
                consumer.resume(partition)

    async def _commit_settled(self, consumer: AIOKafkaConsumer) -> None:
        """Commit offsets as they are settled, many at once; one that is lost costs a repetition only."""
        while True:
            await self._settled.wait()
            self._settled.clear()
            await self._commit(consumer)
            if time.monotonic() - self._placed_at > PLACE_SECONDS:
                await self._note_places()
            await asyncio.sleep(COMMIT_SECONDS)

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        assigned = consumer.assignment()
        offsets = {
            partition: lane.settled
            for partition, lane in self._lanes.items()
            if lane.settled is not None and partition in assigned
        }
        if offsets:
            try:
                await consumer.commit(offsets)
            except (CommitFailedError, IllegalStateError) as error:
                self._log.info("offsets_not_committed", error=repr(error))
            except KafkaError as error:
                self._settled.set()
                self._log.warning("offsets_not_committed", error=repr(error))

    async def _note_places(self) -> None:
        """Write down what is settled; who cannot goes on from an older place."""
        places = {
            partition.partition: lane.settled
            for partition, lane in self._lanes.items()
            if lane.settled is not None and lane.settled != self._placed.get(partition.partition)
        }
        self._placed_at = time.monotonic()
        if places:
            try:
                await write_places(self._inbox.database, self._inbox.consumer, places)
            except Exception as error:
                if not may_pass(error):
                    raise
                self._log.warning("places_not_written", error=repr(error))
            else:
                self._placed |= places

    async def _close_lanes(self, within: timedelta) -> None:
        lanes = list(self._lanes.values())
        await asyncio.gather(*(lane.close(within.total_seconds()) for lane in lanes))
        if self._consumer is not None:
            await _within(ANSWER_SECONDS, self._commit(self._consumer))
            await _within(ANSWER_SECONDS, self._note_places())
        self._lanes.clear()

    async def _check_progress(self, consumer: AIOKafkaConsumer) -> None:
        """Raise Stalled when messages wait at the broker from check to check and nobody fetches them."""
        seen: dict[TopicPartition, tuple[int, int]] = {}
        while True:
            await asyncio.sleep(self._options.check_progress.total_seconds())
            try:
                behind = await asyncio.wait_for(self._behind(consumer), ANSWER_SECONDS)
            except (KafkaError, TimeoutError) as error:
                self._log.warning("progress_unknown", error=repr(error))
                self._silence = f"gets no answer: {error!r}"
                continue
            self._silence = None
            seen = {
                partition: (offset, times + 1 if offset == before else 1)
                for partition, offset in behind.items()
                for before, times in [seen.get(partition, (None, 0))]
            }
            patience = CHECKS_WITHOUT_PROGRESS if consumer.assignment() else CHECKS_WITHOUT_PARTITIONS
            stuck = sorted(partition.partition for partition, (_, times) in seen.items() if times >= patience)
            if stuck:
                if not consumer.assignment():
                    self._instance = None  # a static member would be given back what it had: nothing
                raise Stalled(f"no progress on partitions {stuck} of {self.topic}")

    async def _behind(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """Return where reading stands in partitions that have more to read and no work in progress.

        A member without partitions looks at the whole topic: nobody else may be reading it either.
        """
        assigned = consumer.assignment()
        topic = self._cluster.named(self.topic)
        partitions = assigned or {
            TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()
        }
        beginnings = await consumer.beginning_offsets(partitions)
        behind = {}
        for partition, end in (await consumer.end_offsets(partitions)).items():
            lane = self._lanes.get(partition)
            committed = lane.settled if lane else None
            if committed is None:
                committed = await consumer.committed(partition) or 0
            committed = max(committed, beginnings[partition])
            if partition in assigned:
                lag = self._metrics.lag.labels(self._name, partition.partition)
                lag.set(max(0, end - committed))
            reached = lane.fetched if lane and lane.fetched is not None else committed
            if end > reached and (lane is None or lane.is_idle):
                behind[partition] = reached
        return behind


async def _within(seconds: float, work: Awaitable[None]) -> None:
    """Wait for something that a broker has to answer, but not for ever."""
    with suppress(TimeoutError, KafkaError):
        await asyncio.wait_for(work, seconds)


async def _until(stop: asyncio.Event, *works: Coroutine[Any, Any, object]) -> None:
    """Work until told to stop, or until one of the works ends or fails; the others end with it."""
    tasks = [asyncio.create_task(work) for work in (stop.wait(), *works)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
