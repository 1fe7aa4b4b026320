"""The inbox: events take effect exactly once, in the order of their stream; trouble stays in its stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from opentelemetry.trace import SpanKind
from structlog.contextvars import bound_contextvars

from purveyor.db import Database
from purveyor.failures import is_unavailable
from purveyor.observability import batch_trace
from purveyor.process import growing_pauses
from purveyor_messaging import parked, release
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.failures import Overtaken, may_pass
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.parked import Parking, Reason
from purveyor_messaging.streams import Turn, read_streams, write_streams

log = structlog.get_logger(__name__)

BATCH_EVENTS = 500
PARALLEL_TRANSACTIONS = 8
"""Of one consumer; streams that do not share a partition need not wait for each other."""
PATIENCE_SECONDS = 4.0
"""How long a batch is repeated that fails for a reason that may pass, before the event that does is set aside
to wait apart; a database that answers nobody is waited for without end."""
REASONS = {
    Turn.GAP: Reason.GAP,
    Turn.FORK: Reason.FORKED,
    Turn.BEHIND: Reason.BEHIND,
}
"""Why an event is parked that does not come to be applied, by its turn."""
WRITABLE = "SELECT current_setting('transaction_read_only') = 'off'"


class Inbox:
    """One consumer's inbox in its service's database."""

    def __init__(
        self, database: Database, consumer: Consumer, metrics: MessagingMetrics | None = None
    ) -> None:
        self.database = database
        self.consumer = consumer
        self._metrics = metrics or MessagingMetrics()
        self._log = log.bind(consumer=consumer.name)
        self._parallel = asyncio.Semaphore(PARALLEL_TRANSACTIONS)

    async def apply(self, envelopes: Sequence[Envelope]) -> None:
        """Return when each event, in this order, has been applied, skipped as a duplicate, or parked."""
        for start in range(0, len(envelopes), BATCH_EVENTS):
            batch = envelopes[start : start + BATCH_EVENTS]
            causes = (envelope.traceparent for envelope in batch)
            with (
                bound_contextvars(service=self.consumer.service),
                batch_trace(f"settle {self.consumer.name}", causes, SpanKind.CONSUMER),
            ):
                await self._settle(batch)

    async def _settle(self, envelopes: Sequence[Envelope], patient_until: float | None = None) -> None:
        """Apply a batch in one transaction, or event by event when that fails for a reason of one of them."""
        pauses = growing_pauses()
        attempts = 0
        while True:
            attempts += 1
            try:
                await self._transact(envelopes)
            except Exception as error:
                away = isinstance(error, Overtaken) or not await self._database_answers(error)
                patient_until = patient_until or time.monotonic() + PATIENCE_SECONDS
                again = may_pass(error) and time.monotonic() < patient_until
                if away or (again and (len(envelopes) == 1 or is_unavailable(error))):
                    self._metrics.retries.labels(self.consumer.name).inc()
                    self._log.warning("event_retried", attempts=attempts, error=repr(error))
                    await asyncio.sleep(next(pauses))
                    continue
                if len(envelopes) == 1:
                    await self._give_up(envelopes, error)
                    return
                for envelope in envelopes:
                    await self._settle([envelope], patient_until)
            return

    async def _database_answers(self, error: Exception) -> bool:
        """Whether an error is not the absence of the database: somebody else can write to it."""
        if not is_unavailable(error):
            return True
        try:
            async with self.database.probe() as connection:
                return bool(await connection.fetchval(WRITABLE))
        except Exception as absent:
            if not is_unavailable(absent):
                raise
            return False

    async def _give_up(self, envelopes: Sequence[Envelope], error: Exception) -> None:
        """Park an event that cannot be applied now, once the database lets us."""
        reason = Reason.WAITING if may_pass(error) else Reason.FAILED
        await self._until_done(lambda: self._transact(envelopes, (reason, parked.describe(error))))

    async def set_aside(self, message: Parking) -> None:
        """Park a message that is not an event of ours."""

        async def write() -> None:
            async with self.database.transaction() as transaction:
                await parked.park(transaction, self.consumer, [message])

        await self._until_done(write)
        self._report([], 0, 0, [message])

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        """Park something; waits for the database as long as it takes."""
        for pause in growing_pauses():
            try:
                await work()
                return
            except Exception as error:
                if not may_pass(error):
                    raise
                self._log.warning("parking_retried", error=repr(error))
                await asyncio.sleep(pause)

    async def _transact(
        self, envelopes: Sequence[Envelope], failure: tuple[Reason, str] | None = None
    ) -> None:
        """Apply events and note them in one transaction; a failure given parks the event instead."""
        consumer = self.consumer
        reason, error = failure or (None, None)
        applied = duplicates = 0
        aside: list[Parking] = []
        written = 0
        async with self._parallel, self.database.transaction() as transaction:
            transaction.actor = f"consumer:{consumer.name}"
            streams = await read_streams(
                transaction.connection, consumer, (envelope.key for envelope in envelopes)
            )
            for envelope in envelopes:
                stream = streams[envelope.key]
                turn = stream.turn_of(envelope)
                if turn is Turn.DUPLICATE:
                    duplicates += 1
                elif turn is Turn.RESTATED and failure is None:
                    await consumer.handle(transaction, envelope)
                    await parked.park(transaction, consumer, aside[written:])
                    written = len(aside)
                    await release.supersede(transaction, consumer, stream, envelope)
                    applied += 1
                elif turn is Turn.NEXT and failure is None:
                    await consumer.handle(transaction, envelope)
                    stream.advance_to(envelope)
                    applied += 1
                    if stream.may_release:
                        # what came too early in this very batch is released too
                        await parked.park(transaction, consumer, aside[written:])
                        written = len(aside)
                        applied += await release.release(transaction, consumer, stream)
                else:
                    stream.park(envelope.sequence)
                    why = REASONS.get(turn, reason)
                    assert why is not None, turn  # noqa: S101  # what is next is parked for a failure only
                    aside.append(Parking(envelope, why, error, int(failure is not None), stream.sequence))
            await parked.park(transaction, consumer, aside[written:])
            await write_streams(transaction.connection, consumer, streams)
        self._report(envelopes, applied, duplicates, aside)

    def _report(
        self, envelopes: Sequence[Envelope], applied: int, duplicates: int, aside: Sequence[Parking]
    ) -> None:
        name = self.consumer.name
        handled = self._metrics.handled
        if applied:
            handled.labels(name, "applied").inc(applied)
            age = self.database.clock() - envelopes[0].time
            self._metrics.handled_age.labels(name).observe(max(age, timedelta()).total_seconds())
        if duplicates:
            handled.labels(name, "duplicate").inc(duplicates)
        if aside:
            handled.labels(name, "parked").inc(len(aside))
        for parking in aside:
            if parking.reason is Reason.GAP:
                self._metrics.gaps_found.labels(name).inc()
            if parking.reason is Reason.FORKED:
                self._metrics.forks_found.labels(name).inc()
            if parking.reason is not Reason.BEHIND:
                envelope = parking.envelope
                level = self._log.warning if parking.reason is Reason.WAITING else self._log.error
                level(
                    "event_parked",
                    reason=parking.reason.value,
                    type=envelope.type,
                    key=envelope.key,
                    sequence=envelope.sequence,
                    applied_before=parking.applied_before,
                    error=parking.error,
                )
