"""How much waits: unpublished events of the outbox, parked events of the inbox; measured for `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from purveyor.db import Connection
from purveyor.process import wait_or_stop
from purveyor.service import ServiceContext
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.parked import Reason

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0
COUNTED_AT_MOST = 100_000

UNPUBLISHED = """
SELECT count(*) AS events,
       coalesce(extract(epoch FROM clock_timestamp() - min(time)), 0)::float8 AS age
FROM (
  SELECT time FROM outbox
  WHERE id > coalesce((SELECT watermark FROM publication ORDER BY first_position DESC LIMIT 1), 0)
  ORDER BY id LIMIT $1
) AS unpublished
"""

PARKED = "SELECT consumer, reason, count(*) FROM parked_event GROUP BY consumer, reason"


async def observe_backlog(
    stop: asyncio.Event, context: ServiceContext, consumers: Sequence[Consumer], metrics: MessagingMetrics
) -> None:
    """Measure again and again until stopped; any process of a service can, whether it leads or not."""
    while not stop.is_set():
        try:
            async with context.database.connection() as connection:
                await observe(connection, context.name, consumers, metrics)
        except Exception as error:
            log.warning("backlog_not_measured", service=context.name, error=repr(error))
        await wait_or_stop(stop, EVERY_SECONDS)


async def observe(
    connection: Connection, service: str, consumers: Sequence[Consumer], metrics: MessagingMetrics
) -> None:
    """Measure once."""
    row = await connection.fetchrow(UNPUBLISHED, COUNTED_AT_MOST)
    if row is not None:
        metrics.outbox_unpublished.labels(service).set(row["events"])
        metrics.outbox_age.labels(service).set(row["age"])
    parked = {(row[0], row[1]): row[2] for row in await connection.fetch(PARKED)}
    for consumer in consumers:
        for reason in Reason:
            metrics.parked.labels(consumer.name, reason.value).set(
                parked.get((consumer.name, reason.value), 0)
            )
