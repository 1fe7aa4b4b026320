"""The event log of a service in the order in which it was published: read, replayed, verified."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

from purveyor.db import Connection, Database
from purveyor.errors import GoneError
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.outbox import AS_ENVELOPE
from purveyor_messaging.transport import Publisher

REPLAYED_AT_ONCE = 1_000
LONGEST_SECONDS = 3_600.0
"""A look at all of a log may take minutes, where it has tens of millions of events."""

READ = f"""
SELECT p.first_position + listed.number - 1 AS position,
       {AS_ENVELOPE.format(source="$3")}
FROM publication p
CROSS JOIN LATERAL unnest(p.ids) WITH ORDINALITY AS listed (id, number)
JOIN outbox o ON o.id = listed.id
WHERE p.first_position >= coalesce(
    (SELECT max(first_position) FROM publication WHERE first_position <= $1::bigint + 1), 1)
  AND p.first_position <= $1::bigint + $2::bigint
  AND p.first_position + listed.number - 1 BETWEEN $1::bigint + 1 AND $1::bigint + $2::bigint
ORDER BY position
"""  # noqa: S608  # constants
"""Positions have no gaps, so a page is a range of them, and touches the batches of that range only."""

LAST_POSITION = """
SELECT first_position + cardinality(ids) - 1 FROM publication ORDER BY first_position DESC LIMIT 1
"""

ARCHIVED_TO = "SELECT coalesce(max(last_position), 0) FROM archived_partition"

DETACHED_TO = """
SELECT coalesce(max(first_position + nth - 1), 0)
FROM publication CROSS JOIN LATERAL unnest(ids) WITH ORDINALITY AS one (id, nth)
WHERE id < coalesce((SELECT min(id) FROM outbox), 9223372036854775807)
"""
"""The same of partitions that somebody has detached by hand; it looks at every batch."""

UNLISTED = """
WITH progress AS (
  SELECT watermark, gap_first, gap_last FROM publication ORDER BY first_position DESC LIMIT 1
), listed AS (
  SELECT unnest(ids) AS id FROM publication
)
SELECT o.id FROM outbox o CROSS JOIN progress
WHERE o.id <= progress.watermark
  AND NOT EXISTS (SELECT FROM unnest(progress.gap_first, progress.gap_last) AS gap (first, last)
                  WHERE o.id BETWEEN gap.first AND gap.last)
  AND NOT EXISTS (SELECT FROM listed WHERE listed.id = o.id)
ORDER BY o.id
"""

LISTED_TWICE = """
SELECT id FROM (SELECT unnest(ids) AS id FROM publication) AS listed
GROUP BY id HAVING count(*) > 1 ORDER BY id
"""

MISPLACED = """
SELECT first_position FROM (
  SELECT first_position,
         lag(first_position + cardinality(ids), 1, 1::bigint) OVER (ORDER BY first_position) AS due
  FROM publication
) AS batch WHERE first_position <> due ORDER BY first_position
"""


class PublishedEvent(NamedTuple):
    """An event and its place in the order of publication, which never changes."""

    position: int
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with an event log; nothing, when all are empty."""

    unlisted: tuple[int, ...]
    """Ids in the outbox that should have been published long ago and that no batch lists."""
    listed_twice: tuple[int, ...]
    """Ids that two batches list."""
    misplaced: tuple[int, ...]
    """First positions that do not follow on the batch before."""
    last_position: int
    """Of the event published last."""

    def __bool__(self) -> bool:
        return bool(self.unlisted or self.listed_twice or self.misplaced)


async def read(connection: Connection, source: str, after: int, limit: int) -> list[PublishedEvent]:
    """Return the events at the positions after one, `limit` at most.

    Raises GoneError, saying where the log begins, for positions that are not in it any more.
    """
    due = min(limit, await last_position(connection) - after)
    rows = await connection.fetch(READ, after, limit, source)
    if len(rows) < due:
        raise await archived(connection, after)
    return [PublishedEvent(row[0], Envelope._make(row[1:])) for row in rows]


async def archived(connection: Connection, after: int) -> GoneError:
    """Return the refusal of positions after one, some of which are not in the log any more."""
    begins = await log_begins_at(connection)
    if begins <= after + 1:
        begins = await connection.fetchval(DETACHED_TO) + 1
    return GoneError(
        "log_archived",
        f"The log begins at position {begins}: ask with after={begins - 1}. What was before is archived.",
        begins_at=begins,
    )


async def log_begins_at(connection: Connection) -> int:
    """Return the first position from which on nothing is archived."""
    archived: int = await connection.fetchval(ARCHIVED_TO)
    return archived + 1


async def last_position(connection: Connection) -> int:
    """Return the position of the event published last; 0 when there is none."""
    return await connection.fetchval(LAST_POSITION) or 0


async def replay(
    database: Database, source: str, publisher: Publisher, *, after: int = 0, until: int | None = None
) -> int:
    """Publish the log again, in its order, from one position up to another; returns how many events.

    Subscribers skip what they have; what they miss fills their gaps.
    """
    count = 0
    async for events in pages(database, source, after=after, until=until):
        await publisher.publish([event.envelope for event in events])
        count += len(events)
    return count


async def pages(
    database: Database, source: str, *, after: int = 0, until: int | None = None
) -> AsyncIterator[list[PublishedEvent]]:
    """Yield the log in its order, page by page, as far as it goes now; raises GoneError for a lack."""
    async with database.connection() as connection:
        last = await last_position(connection)
    last = last if until is None else min(last, until)
    while after < last:
        limit = min(REPLAYED_AT_ONCE, last - after)
        async with database.connection() as connection:
            events = await read(connection, source, after, limit)
        if events:
            yield events
        after += limit


async def verify(connection: Connection) -> Findings:
    """Look for events that no batch lists or that two list, and for holes between batches."""
    async with unhurried(connection):
        return Findings(
            unlisted=await unlisted(connection),
            listed_twice=await _numbers(connection, LISTED_TWICE),
            misplaced=await _numbers(connection, MISPLACED),
            last_position=await last_position(connection),
        )


async def unlisted(connection: Connection) -> tuple[int, ...]:
    """Return the ids that should have been published long ago and that no batch lists."""
    return await _numbers(connection, UNLISTED)


@asynccontextmanager
async def unhurried(connection: Connection) -> AsyncIterator[None]:
    """Look at one state of the whole log, which may take longer than a request may; pass LONGEST_SECONDS."""
    async with connection.transaction(isolation="repeatable_read"):
        await connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL transaction_timeout = 0")
        yield


async def _numbers(connection: Connection, query: str) -> tuple[int, ...]:
    return tuple([row[0] for row in await connection.fetch(query, timeout=LONGEST_SECONDS)])
