"""Publishes what the log holds and no batch lists: events that an earlier version has given up."""

from __future__ import annotations

from collections.abc import Sequence

from purveyor.db import Connection, Database
from purveyor.errors import ConflictError
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.feed import unhurried, unlisted
from purveyor_messaging.outbox import AS_ENVELOPE
from purveyor_messaging.transport import Publisher

REPAIR_LOCK = 0x50_55_52_52_45_50_41_49
REPAIRED_AT_ONCE = 1_000

MISSED = f"""
SELECT {AS_ENVELOPE.format(source="$2")}
FROM outbox WHERE id = ANY($1) ORDER BY id
"""  # noqa: S608  # constants

APPEND = """
INSERT INTO publication (first_position, ids, watermark, gap_first, gap_last, gap_since, gap_fence)
SELECT first_position + cardinality(ids), $1, watermark, gap_first, gap_last, gap_since, gap_fence
FROM publication ORDER BY first_position DESC LIMIT 1
ON CONFLICT (first_position) DO NOTHING
RETURNING true
"""
"""The relay that leads finds its next position taken, steps down, and goes on after what this wrote."""


async def repair(database: Database, source: str, publisher: Publisher) -> int:
    """Publish every event that no batch lists, at the end of the order; return how many there were.

    Subscribers have parked what followed in their streams, and go on when they come. One repair at a time:
    raises ConflictError while there is another.
    """
    async with database.connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", REPAIR_LOCK):
            raise ConflictError("repair_running", "The log is being repaired by somebody else.")
        try:
            async with unhurried(connection):
                ids = await unlisted(connection)
            for first in range(0, len(ids), REPAIRED_AT_ONCE):
                await _publish(connection, source, publisher, ids[first : first + REPAIRED_AT_ONCE])
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", REPAIR_LOCK)
    return len(ids)


async def _publish(connection: Connection, source: str, publisher: Publisher, ids: Sequence[int]) -> None:
    rows = await connection.fetch(MISSED, ids, source)
    await publisher.publish([Envelope._make(row) for row in rows])
    while not await connection.fetchval(APPEND, ids):
        continue  # the relay took the position in this very moment
