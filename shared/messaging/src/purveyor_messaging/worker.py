"""A service's worker: its relay, its consumers, its jobs and chores, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from structlog.contextvars import bound_contextvars

from purveyor import security
from purveyor.anchoring import Anchoring
from purveyor.audit.sealing import SEALING
from purveyor.db import Connection
from purveyor.http.health import NotReadyError
from purveyor.http.transaction import FORGETTING
from purveyor.jobs import Chore, Job, JobRunner
from purveyor.service import ServiceContext
from purveyor.signing import SigningKey
from purveyor_messaging import epochs
from purveyor_messaging.anchor_places import places_of
from purveyor_messaging.backlog import observing_backlog
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.partitions import create_outbox_partitions, top_up_outbox_partitions
from purveyor_messaging.relay import Relay
from purveyor_messaging.release import releasing
from purveyor_messaging.transport import Transport

KERNEL_JOBS = (Job("create-outbox-partitions", create_outbox_partitions),)
KERNEL_CHORES = (
    FORGETTING,
    security.FORGETTING,
    Chore("top-up-outbox-partitions", timedelta(minutes=1), top_up_outbox_partitions),
)


def anchoring_of(context: ServiceContext) -> Anchoring | None:
    """Return what keeps the audit trail anchored, where the settings name a key and places for it.

    Raises ValueError when they name only one of them, or what is none.
    """
    places, key_file = places_of(context.settings, context.name), context.settings.audit_signing_key_file
    if not places and key_file is None:
        return None
    if not places or key_file is None:
        raise ValueError("PURVEYOR_AUDIT_ANCHORS and PURVEYOR_AUDIT_SIGNING_KEY_FILE need each other")
    return Anchoring(context.name, SigningKey.read(key_file), places, context.metrics.audit_anchored)


class Worker:
    """Everything that a service does without being asked over HTTP.

    Consumers are subscribed when it is made: with a transport that several services share, make all workers
    before one runs.
    """

    def __init__(
        self,
        context: ServiceContext,
        transport: Transport,
        *,
        publishes: Sequence[type[Event]] = (),
        consumers: Sequence[Consumer] = (),
        jobs: Sequence[Job] = (),
        chores: Sequence[Chore] = (),
        metrics: MessagingMetrics | None = None,
    ) -> None:
        self.context = context
        self.transport = transport
        self.consumers = tuple(consumers)
        self.jobs = tuple(jobs)
        self.chores = tuple(chores)
        self.metrics = metrics or MessagingMetrics()
        topics = {event.topic for event in publishes}

        async def compare_with_topics(connection: Connection) -> None:
            await epochs.check(connection, context.name, transport, topics)

        anchoring = anchoring_of(context)
        self._sealing: tuple[Chore, ...] = (SEALING,)
        if anchoring is not None:
            self._sealing = (SEALING, anchoring.chore())
            context.metrics.audit_anchored.labels(context.name).set(0)
        self._relay = Relay(
            context.database,
            context.name,
            transport,
            before_leading=compare_with_topics,
            metrics=self.metrics,
        )
        for consumer in self.consumers:
            transport.subscribe(context.database, consumer, self.metrics)

    async def check(self) -> None:
        """Raise NotReadyError when the topics know more than the database, so that nothing is published."""
        if self._relay.trouble:
            raise NotReadyError(self._relay.trouble)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until stopped, then finish what is in progress."""
        with bound_contextvars(service=self.context.name):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        database = self.context.database
        chores = (
            *KERNEL_CHORES,
            *(releasing(consumer) for consumer in self.consumers),
            observing_backlog(self.context.name, self.consumers, self.metrics),
            *self.chores,
        )
        runner = JobRunner(database, (*KERNEL_JOBS, *self.jobs), chores)
        sealing = JobRunner(self.context.sealing, chores=self._sealing)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._relay.run(stop))
            group.create_task(self.transport.run(stop))
            group.create_task(runner.run(stop))
            group.create_task(sealing.run(stop))
