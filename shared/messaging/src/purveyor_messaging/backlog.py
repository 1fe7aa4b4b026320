"""How much waits, for `/metrics`: events of the outbox, parked ones of the inbox, unsealed audit records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from purveyor.audit.chain import read_waiting
from purveyor.db import Connection, Transaction
from purveyor.jobs import Chore
from purveyor_messaging import epochs
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.metrics import MessagingMetrics
from purveyor_messaging.parked import Reason
from purveyor_messaging.reconcile import Kind

EVERY = timedelta(seconds=5)
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

COMPARED = "SELECT consumer, compared_at, behind, ahead, forked FROM stream_comparison"

PARKED = """
SELECT consumer, reason, count(*), extract(epoch FROM clock_timestamp() - min(parked_at))::float8
FROM parked_event GROUP BY consumer, reason
"""


def observing_backlog(service: str, consumers: Sequence[Consumer], metrics: MessagingMetrics) -> Chore:
    """Measure again and again; any process of a service can, whether it leads or not."""

    async def measure(transaction: Transaction) -> bool:
        await observe(transaction.connection, service, consumers, metrics)
        return False

    return Chore("measure-backlog", EVERY, measure, EVERY)


async def observe(
    connection: Connection, service: str, consumers: Sequence[Consumer], metrics: MessagingMetrics
) -> None:
    """Measure once."""
    row = await connection.fetchrow(UNPUBLISHED, COUNTED_AT_MOST)
    if row is not None:
        metrics.outbox_unpublished.labels(service).set(row["events"])
        metrics.outbox_age.labels(service).set(row["age"])
    parked = {(row[0], row[1]): (row[2], row[3]) for row in await connection.fetch(PARKED)}
    for consumer in consumers:
        for reason in Reason:
            of_reason = (consumer.name, reason.value)
            events, age = parked.get(of_reason, (0, 0.0))
            metrics.parked.labels(*of_reason).set(events)
            metrics.parked_age.labels(*of_reason).set(age)
    waiting = await read_waiting(connection)
    metrics.audit_unsealed_age.labels(service).set(waiting.longest.total_seconds())
    metrics.epoch.labels(service).set(await epochs.current(connection))
    for row in await connection.fetch(COMPARED):
        metrics.streams_compared.labels(row["consumer"]).set(row["compared_at"].timestamp())
        for kind in Kind:
            metrics.streams_differing.labels(row["consumer"], kind.value).set(row[kind.value])
