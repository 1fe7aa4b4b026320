"""Takes old partitions out of the event log into the schema `archive`, and back (docs/adr/0016)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import structlog

from purveyor.db import Connection, Database
from purveyor.errors import ConflictError, NotFoundError
from purveyor_messaging.feed import LONGEST_SECONDS, log_begins_at, unhurried
from purveyor_messaging.partitions import PARTITIONS_LOCK, bounds_of

log = structlog.get_logger(__name__)

LOCK_TIMEOUT = "1s"
"""Who waits for the log's lock has every writer wait behind, but no longer."""
ATTEMPTS = 40
PAUSE_SECONDS = 1.0

ATTACHED = """
SELECT substring(c.relname FROM '^outbox_(\\d+)$')::integer AS number
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'outbox'::regclass ORDER BY number
"""

PUBLISHED = """
SELECT count(*) AS listed, coalesce(max(first_position + nth - 1), 0) AS last_position,
       (SELECT watermark >= $2 AND NOT EXISTS (
          SELECT FROM unnest(gap_first, gap_last) AS gap (first, last) WHERE first <= $2 AND last >= $1)
        FROM publication ORDER BY first_position DESC LIMIT 1) AS settled
FROM publication CROSS JOIN LATERAL unnest(ids) WITH ORDINALITY AS one (id, nth)
WHERE id BETWEEN $1 AND $2
"""
"""How many of a range of ids are published, and whether no other will ever appear in it."""

KEEP_HEADS = """
INSERT INTO stream_head AS head (topic, key, sequence, event_id)
SELECT topic, key, sequence, event_id FROM (
  SELECT DISTINCT ON (topic, key) topic, key, sequence, event_id FROM {partition}
  ORDER BY topic, key, sequence DESC
) AS last
WHERE NOT EXISTS (
  SELECT FROM outbox AS later
  WHERE later.topic = last.topic AND later.key = last.key AND later.sequence = last.sequence + 1)
ON CONFLICT (topic, key) DO UPDATE SET sequence = excluded.sequence, event_id = excluded.event_id
WHERE head.sequence < excluded.sequence
"""
"""A stream that goes on in a later partition has its head there."""

LACKING = """
SELECT format('%I %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod),
              'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attnotnull THEN 'NOT NULL' END)
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = 'outbox'::regclass AND a.attnum > 0 AND NOT a.attisdropped
  AND NOT EXISTS (SELECT FROM pg_attribute h
                  WHERE h.attrelid = $1::regclass AND h.attname = a.attname AND NOT h.attisdropped)
ORDER BY a.attnum
"""
"""What the outbox has gained since a partition was archived."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A partition that left the log, or came back, and where the log begins since."""

    number: int
    events: int
    log_begins_at: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    events: int
    last_position: int
    refusal: str | None


async def archive(database: Database, older_than: timedelta, *, actor: str) -> Archived:
    """Take the oldest partition out of the log.

    Raises ConflictError, saying why, unless it is full, all of it published, and all older than that.
    """
    async with database.connection() as connection:
        number = await connection.fetchval(ATTACHED)
        candidate = await _look(connection, number, older_than)
        if candidate.refusal is not None:
            raise ConflictError("not_archivable", f"Partition {number} {candidate.refusal}.")
        await _keep_heads(connection, number)
    await _when_nobody_holds_the_log(_Move(database, number, actor, candidate, "archive"))
    async with database.connection() as connection:
        return Archived(number, candidate.events, await log_begins_at(connection))


async def read_back(database: Database, number: int, *, actor: str) -> Archived:
    """Attach an archived partition again; raises NotFoundError when the archive does not have it."""
    name = f"archive.outbox_{number}"
    async with database.connection() as connection:
        if await connection.fetchval("SELECT to_regclass($1)", name) is None:
            raise NotFoundError("archived partition", number)
        async with unhurried(connection):
            events = await connection.fetchval(
                f"SELECT count(*) FROM {name}",  # noqa: S608
                timeout=LONGEST_SECONDS,
            )
    await _when_nobody_holds_the_log(_Move(database, number, actor, _Candidate(events, 0, None), "read_back"))
    async with database.connection() as connection:
        return Archived(number, events, await log_begins_at(connection))


async def _look(connection: Connection, number: int, older_than: timedelta) -> _Candidate:
    first, last = bounds_of(number)
    taken = await connection.fetchval(
        "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'id')::regclass), 0)"
    )
    if taken <= last:
        return _Candidate(0, 0, "is not full")
    async with unhurried(connection):
        held = await connection.fetchrow(
            f"SELECT count(*) AS events, max(time) < clock_timestamp() - $1::interval AS old "  # noqa: S608
            f"FROM outbox_{number}",
            older_than,
            timeout=LONGEST_SECONDS,
        )
        published = await connection.fetchrow(PUBLISHED, first, last, timeout=LONGEST_SECONDS)
    assert held is not None  # noqa: S101  # an aggregate
    assert published is not None  # noqa: S101  # an aggregate
    refusal = None
    if not published["settled"] or published["listed"] != held["events"]:
        refusal = "holds events that are not published, each once; `purveyor events verify` says which"
    elif held["old"] is False:
        refusal = f"holds events of the last {older_than.days} days"
    return _Candidate(held["events"], published["last_position"], refusal)


async def _keep_heads(connection: Connection, number: int) -> None:
    async with unhurried(connection):
        await connection.execute(KEEP_HEADS.format(partition=f"outbox_{number}"), timeout=LONGEST_SECONDS)


@dataclass(frozen=True, slots=True)
class _Move:
    database: Database
    number: int
    actor: str
    candidate: _Candidate
    action: str

    async def __call__(self) -> None:
        async with self.database.transaction() as tx:
            tx.actor = self.actor
            connection = tx.connection
            await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            await connection.execute("SELECT pg_advisory_xact_lock($1)", PARTITIONS_LOCK)
            if self.action == "archive":
                await _detach(connection, self.number, self.candidate)
            else:
                await _attach(connection, self.number)
            tx.audit(
                self.action, "outbox_partition", str(self.number), after={"events": self.candidate.events}
            )


async def _detach(connection: Connection, number: int, candidate: _Candidate) -> None:
    name = f"outbox_{number}"
    await connection.execute(f"ALTER TABLE outbox DETACH PARTITION {name}")
    await connection.execute(f"ALTER TABLE {name} SET SCHEMA archive")
    await connection.execute(
        "INSERT INTO archived_partition (number, events, last_position) VALUES ($1, $2, $3) "
        "ON CONFLICT (number) DO UPDATE SET archived_at = clock_timestamp()",
        number,
        candidate.events,
        candidate.last_position,
    )


async def _attach(connection: Connection, number: int) -> None:
    name, (first, last) = f"archive.outbox_{number}", bounds_of(number)
    await connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL transaction_timeout = 0")
    for column in await connection.fetch(LACKING, name):
        await connection.execute(f"ALTER TABLE {name} ADD COLUMN {column[0]}")
    await connection.execute(f"ALTER TABLE {name} SET SCHEMA public")
    await connection.execute(
        f"ALTER TABLE outbox ATTACH PARTITION outbox_{number} FOR VALUES FROM ({first}) TO ({last + 1})",
        timeout=LONGEST_SECONDS,
    )
    await connection.execute("DELETE FROM archived_partition WHERE number = $1", number)


async def _when_nobody_holds_the_log(move: _Move) -> None:
    """Try until the log's lock is had, with pauses in which others go on."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await move()
        except asyncpg.LockNotAvailableError:
            log.warning("archive_waits_for_a_lock", attempt=attempt, partition=move.number)
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return
    raise ConflictError(
        "log_in_use", "Old transactions hold the event log: pg_stat_activity shows which; then try again."
    )
