"""The relay: publishes the outbox in batches, and writes down the order in which it did (docs/adr/0003)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

import structlog
from aiokafka.errors import KafkaError
from asyncpg import UniqueViolationError
from opentelemetry.trace import SpanKind

from purveyor.db import Connection, Database
from purveyor.observability import batch_trace
from purveyor.process import growing_pauses, wait_or_stop
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.epochs import DivergedError
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.outbox import AS_ENVELOPE, OUTBOX
from purveyor_messaging.progress import Gap, Progress
from purveyor_messaging.transport import Publisher

log = structlog.get_logger(__name__)

RELAY_LOCK = 0x50_55_52_52_45_4C_41_59
BATCH_EVENTS = 5_000
BATCH_BYTES = 16 * 1024 * 1024
SHORTEST_POLL_SECONDS = 0.002
POLL_SECONDS = 0.02
"""What other processes commit is looked for this often; more often while there is something to find."""
STANDBY_POLL_SECONDS = 0.25
DRAIN_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 5.0
"""While the topics know more than the database, until somebody has recovered it."""

AS_LEADER = """
SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
SET enable_seqscan = off; SET enable_bitmapscan = off
"""
"""The server lets go of the lock soon after the leader's host has vanished; and a plan that was made while
the outbox was small reads it in the order of ids all the same."""

UNPUBLISHED = f"""
SELECT id, {AS_ENVELOPE.format(source="$5")}
FROM (
  (SELECT * FROM outbox WHERE id > $1 ORDER BY id LIMIT $4)
  UNION ALL
  (SELECT late.*
   FROM unnest($2::bigint[], $3::bigint[]) AS gap (first, last)
   CROSS JOIN LATERAL (
     SELECT * FROM outbox WHERE id BETWEEN gap.first AND gap.last ORDER BY id LIMIT $4
   ) AS late)
) AS unpublished
ORDER BY id
LIMIT $4
"""  # noqa: S608  # constants
"""One statement, so one snapshot: whatever precedes a visible event of its stream is visible too.

Its columns after the first are those of an envelope.
"""

MARK = """
INSERT INTO publication (first_position, ids, watermark, gap_first, gap_last, gap_since, gap_fence)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

LAST_MARK = """
SELECT first_position + cardinality(ids) AS next_position, watermark, gap_first, gap_last, gap_since,
       ARRAY(SELECT CASE WHEN fence < pg_snapshot_xmax(pg_current_snapshot()) THEN fence END
             FROM unnest(gap_fence) WITH ORDINALITY AS gap (fence, nth) ORDER BY nth) AS gap_fence
FROM publication ORDER BY first_position DESC LIMIT 1
"""
"""A fence that this server has not come to is of another one, as after a restore, and proves nothing."""

ENDED = """
SELECT pg_snapshot_xmin(pg_current_snapshot()) AS ended, CASE WHEN $1 THEN pg_current_xact_id() END AS fence
"""
"""Every transaction before the first has ended; the second is one that begins after all that there are.

A snapshot's xmax is no such fence: transactions above it may be open already.
"""


class Deposed(Exception):  # noqa: N818  # the way of stepping down, not an error
    """Another relay has published from this position: it leads now."""


@dataclass(frozen=True, slots=True)
class _Batch:
    first_position: int
    ids: list[int]
    envelopes: list[Envelope]
    after: Progress


class Relay:
    """Publishes one service's outbox: one of all its relays leads, the others stand by.

    What it sends twice (a deposed leader, a crash before the mark) the inboxes of subscribers skip.
    """

    def __init__(
        self,
        database: Database,
        source: str,
        publisher: Publisher,
        *,
        before_leading: Callable[[Connection], Awaitable[None]] | None = None,
        batch_events: int = BATCH_EVENTS,
        metrics: MessagingMetrics | None = None,
    ) -> None:
        self._database = database
        self._source = source
        self._publisher = publisher
        self._before_leading = before_leading
        self._batch_events = batch_events
        self._limit = batch_events
        self._metrics = metrics or MessagingMetrics()
        self._published_since_failure = False
        self.leads = False
        self.trouble: str | None = None
        """Why nothing is published, when the topics know more than the database."""

    async def run(self, stop: asyncio.Event) -> None:
        """Publish until stopped; survives every failure of the database and the transport."""
        pauses = growing_pauses()
        while not stop.is_set():
            try:
                async with self._leadership(stop) as connection:
                    if connection is None:
                        continue
                    await self._compare(connection)
                    await self._lead(connection, stop)
            except DivergedError as error:
                self._set_trouble(str(error))
                log.error("relay_diverged", service=self._source, error=self.trouble)
                await wait_or_stop(stop, LOOK_AGAIN_SECONDS)
            except Deposed:
                log.warning("relay_deposed", service=self._source)
            except Exception:
                log.exception("relay_failed", service=self._source)
                if self._published_since_failure:
                    pauses = growing_pauses()
                    self._published_since_failure = False
                await wait_or_stop(stop, next(pauses))

    @asynccontextmanager
    async def _leadership(self, stop: asyncio.Event) -> AsyncIterator[Connection | None]:
        """Yield the connection that holds the lock, which is leadership; None when stopped before."""
        async with self._database.connection() as connection:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK):
                if await wait_or_stop(stop, STANDBY_POLL_SECONDS):
                    yield None
                    return
            await connection.execute(AS_LEADER)
            self._set_leads(True)
            try:
                yield connection
            except BaseException:
                # It may answer nothing any more; its end gives the lock back, too.
                connection.terminate()
                raise
            finally:
                self._set_leads(False)
            await _unlock(connection)

    async def _compare(self, connection: Connection) -> None:
        """Look before publishing whether the topics know more than the database."""
        if self._before_leading is not None:
            try:
                await self._before_leading(connection)
            except KafkaError as error:
                self.trouble = f"the ends of the topics cannot be read: {error!r}"
                raise
        self._set_trouble(None)

    def _set_trouble(self, trouble: str | None) -> None:
        self.trouble = trouble
        self._metrics.relay_diverged.labels(self._source).set(trouble is not None)

    def _set_leads(self, leads: bool) -> None:
        self.leads = leads
        self._metrics.relay_leads.labels(self._source).set(leads)

    async def _lead(self, connection: Connection, stop: asyncio.Event) -> None:
        """Fetch the next batch while one is on its way and the mark of the one before is being written."""
        progress = await _last_progress(connection)
        clock = _DatabaseClock(await connection.fetchval("SELECT clock_timestamp()"))
        publishing: asyncio.Task[None] | None = None
        marking: asyncio.Task[None] | None = None
        woken = self._database.committed[OUTBOX.table]
        pause = POLL_SECONDS
        try:
            while not stop.is_set():
                woken.clear()
                now = clock.now()
                progress, ended = await self._fence_gaps(connection, progress, now)
                batch = await self._fetch(connection, progress, now, ended)
                progress = batch.after
                if not batch.ids:
                    if publishing and publishing.done():
                        await publishing
                    if marking and marking.done():
                        await marking
                    await wait_or_stop(woken, pause)
                    pause = min(pause * 2, POLL_SECONDS)
                    continue
                pause = SHORTEST_POLL_SECONDS
                if publishing:
                    await publishing
                publishing = asyncio.create_task(self._publish(batch))
                if marking:
                    await marking
                marking = asyncio.create_task(self._mark(batch, publishing))
            if marking:
                await asyncio.wait_for(marking, DRAIN_SECONDS)
        finally:
            await _cancel(publishing, marking)

    async def _fence_gaps(
        self, connection: Connection, progress: Progress, now: datetime
    ) -> tuple[Progress, int]:
        """Put a fence at gaps old enough, and say which transactions have ended (docs/adr/0013).

        Who could fill a gap took its id before the gap was seen, and began to write a moment after; no
        statement of it lasts longer than transaction_timeout, though its commit may last for ever.
        """
        seen_by = now - self._database.transaction_timeout
        unfenced = progress.has_unfenced(seen_by)
        if not unfenced and not progress.has_fenced:
            return progress, 0
        row = await connection.fetchrow(ENDED, unfenced)
        assert row is not None  # noqa: S101  # it selects from nothing
        return (progress.fenced(seen_by, row["fence"]) if unfenced else progress), row["ended"]

    async def _fetch(self, connection: Connection, progress: Progress, now: datetime, ended: int) -> _Batch:
        rows = await connection.fetch(
            UNPUBLISHED,
            progress.watermark,
            [gap.first for gap in progress.gaps],
            [gap.last for gap in progress.gaps],
            self._limit,
            self._source,
        )
        ids = [row[0] for row in rows]
        envelopes = [Envelope._make(row[1:]) for row in rows]
        after = progress.advanced(ids, now, ended, saw_all=len(ids) < self._limit)
        self._adapt_limit(envelopes)
        return _Batch(progress.next_position, ids, envelopes, after)

    def _adapt_limit(self, envelopes: Sequence[Envelope]) -> None:
        """Bound a batch's memory as well as its length."""
        size = sum(len(envelope.data) for envelope in envelopes)
        if size > BATCH_BYTES:
            self._limit = max(1, self._limit // 2)
        elif size < BATCH_BYTES // 4 and self._limit < self._batch_events:
            self._limit = min(self._batch_events, self._limit * 2)

    async def _publish(self, batch: _Batch) -> None:
        started = time.monotonic()
        causes = (envelope.traceparent for envelope in batch.envelopes)
        with batch_trace(f"publish {self._source}", causes, SpanKind.PRODUCER):
            await self._publisher.publish(batch.envelopes)
        self._metrics.publish_seconds.labels(self._source).observe(time.monotonic() - started)

    async def _mark(self, batch: _Batch, published: asyncio.Task[None]) -> None:
        """Write down a published batch; raises Deposed when another relay has written from this position."""
        await asyncio.wait([published])
        if published.cancelled() or published.exception():
            return
        gaps = batch.after.gaps
        async with self._database.connection() as connection:
            try:
                await connection.execute(
                    MARK,
                    batch.first_position,
                    batch.ids,
                    batch.after.watermark,
                    [gap.first for gap in gaps],
                    [gap.last for gap in gaps],
                    [gap.since for gap in gaps],
                    [gap.fence for gap in gaps],
                )
            except UniqueViolationError as error:
                raise Deposed from error
        self._published_since_failure = True
        self._metrics.published.labels(self._source).inc(len(batch.ids))
        self._metrics.batch_size.labels(self._source).observe(len(batch.ids))
        self._metrics.outbox_gaps.labels(self._source).set(len(gaps))


class _DatabaseClock:
    """The database's clock, carried on by this process's monotonic one: hosts may disagree about the time."""

    def __init__(self, now: datetime) -> None:
        self._base = now
        self._started = time.monotonic()

    def now(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._started)


async def _last_progress(connection: Connection) -> Progress:
    row = await connection.fetchrow(LAST_MARK)
    if row is None:
        return Progress()
    gaps = zip_longest(row["gap_first"], row["gap_last"], row["gap_since"], row["gap_fence"])
    return Progress(row["next_position"], row["watermark"], tuple(Gap(*gap) for gap in gaps))


async def _unlock(connection: Connection) -> None:
    """Give the lock back, or close the connection, which gives it back too."""
    try:
        await asyncio.shield(_step_down(connection))
    except BaseException:
        connection.terminate()
        raise


async def _step_down(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_unlock($1)", RELAY_LOCK)
    await connection.execute("RESET ALL")


async def _cancel(*tasks: asyncio.Task[None] | None) -> None:
    """End tasks and collect what they raised; who needs to know has awaited them."""
    for task in tasks:
        if task is not None:
            task.cancel()
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
