"""Epochs: the incarnations of a database, and what an earlier one had told that this one does not know."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from purveyor.db import Connection, Database, Transaction
from purveyor.errors import ConflictError
from purveyor.sql import Statement, only
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.restating import Retelling, tell_again
from purveyor_messaging.transport import Witness

Pages: TypeAlias = Iterable[Sequence[Envelope]]
"""Lost events, however many: gone through more than once, such as a `Spool`."""

RETOLD_AT_ONCE = 100
EPOCHS_AHEAD = 1_000
"""A lost event from further ahead was never told by this service."""
NUMBERS_SKIPPED = 1_000
"""By every sequence when an epoch begins: a number that the lost incarnation gave is given to nobody else."""

UNKNOWN = """
SELECT told.place
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[], $5::timestamptz[])
  WITH ORDINALITY AS told (topic, key, sequence, event_id, time, place)
WHERE NOT EXISTS (
    SELECT FROM outbox o WHERE o.topic = told.topic AND o.key = told.key AND o.sequence = told.sequence
    AND o.event_id = told.event_id)
  AND NOT EXISTS (SELECT FROM lost_event l WHERE l.event_id = told.event_id AND l.retold_at IS NOT NULL)
  AND (NOT EXISTS (SELECT FROM stream_head)
       OR told.time >= coalesce((SELECT time FROM outbox ORDER BY id LIMIT 1), '-infinity'))
ORDER BY told.place
"""
"""Once events have been archived, what is older than the log's beginning was archived, not lost."""

SOON = timedelta(minutes=1)
OVERLAP = timedelta(hours=1)
"""Before the last publication that the database remembers: clocks of brokers and databases differ."""

LAST_PUBLISHED = "SELECT published_at FROM publication ORDER BY first_position DESC LIMIT 1"

CURRENT = Statement(only, "SELECT max(number) FROM epoch")

BEGAN = """
SELECT max(number) AS number,
       min(first_position) FILTER (WHERE number > $1) AS first_position,
       coalesce((SELECT first_position + cardinality(ids) - 1 FROM publication
                 ORDER BY first_position DESC LIMIT 1), 0) AS last_position
FROM epoch
"""

BEGIN = Statement(
    only,
    """
    INSERT INTO epoch (number, first_position, began_by, reason)
    SELECT greatest(max(number), :known) + 1,
           coalesce((SELECT first_position + cardinality(ids) FROM publication
                     ORDER BY first_position DESC LIMIT 1), 1),
           :by, :reason
    FROM epoch
    RETURNING number
    """,
)

KEEP_LOST = """
INSERT INTO lost_event (event_id, topic, key, sequence, type, time, data, epoch, found_in)
SELECT told.*, $9 FROM unnest(
  $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::bytea[], $8::integer[]
) AS told
ON CONFLICT DO NOTHING
"""

WAS_LOST = "SELECT EXISTS (SELECT FROM lost_event WHERE topic = $1 AND key = $2)"

SKIP_NUMBERS = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + $1)
FROM pg_sequences WHERE schemaname = current_schema()
"""


@dataclass(frozen=True, slots=True)
class DivergedStream:
    """A stream of which another incarnation told more, or something else."""

    topic: str
    key: str
    beyond: int
    """The highest number that was told."""


DIVERGED = Statement(
    DivergedStream,
    """
    SELECT topic, key, max(sequence) AS beyond FROM lost_event
    WHERE retold_at IS NULL GROUP BY topic, key ORDER BY topic, key LIMIT :limit
    """,
)


@dataclass(frozen=True, slots=True)
class _Untold:
    type: str
    sequence: int
    topic: str
    key: str


UNTOLD = Statement(
    _Untold, "SELECT type, sequence, topic, key FROM lost_event WHERE retold_at IS NULL LIMIT 1"
)
KNOWN_LOST = "SELECT event_id FROM lost_event WHERE event_id = ANY($1)"

RETOLD = """
UPDATE lost_event SET retold_at = $3 WHERE topic = $1 AND key = $2 AND retold_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of a recovery: the epoch that began, and how many streams were told again."""

    epoch: int
    streams: int


class DivergedError(Exception):
    """The topics know events of this service that its database does not have: it was restored, or forged."""

    def __init__(self, service: str, type_: str, sequence: int, topic: str, key: str) -> None:
        super().__init__(
            f"The topics hold events of {service} that its database does not know, such as {type_} "
            f"{sequence} of {topic} {key}: was the database restored? Nothing is published "
            f"until `purveyor events recover --service {service}` has been run."
        )


async def current(connection: Connection) -> int:
    """Return the epoch that events are recorded in."""
    number: int = await CURRENT.one(connection)
    return number


async def check_position(connection: Connection, after: int, epoch: int | None) -> int:
    """Return the current epoch; raises ConflictError for a position whose events this log does not have.

    Who has not said an epoch is told so when the position lies behind the log's end.
    """
    row = await connection.fetchrow(BEGAN, epoch or 0)
    assert row is not None  # noqa: S101  # an aggregate
    number: int = row["number"]
    if epoch is not None and epoch > number:
        raise ConflictError(
            "epoch_changed",
            f"This log is of epoch {number}, and never was of {epoch}: what you have read is another's. Read "
            "it from its beginning.",
            epoch=number,
            after=0,
        )
    good = after
    if epoch is not None and row["first_position"] is not None:
        good = min(after, row["first_position"] - 1)
    good = min(good, row["last_position"])
    if good < after:
        raise ConflictError(
            "epoch_changed",
            f"The log went back in time: position {after} is of an epoch that is over. What you have read "
            f"after position {good} was lost or is told again; go on from there.",
            epoch=number,
            after=good,
        )
    return number


async def unknown(connection: Connection, told: Sequence[Envelope]) -> list[Envelope]:
    """Return those of a service's events that its log does not have, and that nobody has given up yet."""
    if not told:
        return []
    columns = zip(*((e.topic, e.key, e.sequence, e.id, e.time) for e in told), strict=True)
    return [told[row[0] - 1] for row in await connection.fetch(UNKNOWN, *columns)]


async def check(connection: Connection, source: str, witness: Witness, topics: Collection[str]) -> None:
    """Raise DivergedError when the topics know more than the log, or when a recovery stopped half way.

    It looks at what was published since this database last noted that it had published.
    """
    for untold in await UNTOLD.all(connection):
        raise DivergedError(source, untold.type, untold.sequence, untold.topic, untold.key)
    last: datetime | None = await connection.fetchval(LAST_PUBLISHED)
    async for told in witness.since(source, topics, last - SOON if last else None):
        for lost_ in await unknown(connection, told):
            raise DivergedError(source, lost_.type, lost_.sequence, lost_.topic, lost_.key)


async def lost(
    database: Database, source: str, witness: Witness, topics: Collection[str], since: datetime | None = None
) -> AsyncIterator[list[Envelope]]:
    """Yield the events that the topics hold and the log does not, in batches.

    It looks at what was published from a moment on: from the last publication that the database remembers.
    """
    if since is None:
        async with database.connection() as connection:
            last: datetime | None = await connection.fetchval(LAST_PUBLISHED)
        since = last - OVERLAP if last else None
    async for told in witness.since(source, topics, since):
        async with database.connection() as connection:
            found = await unknown(connection, told)
        if found:
            yield found


async def was_lost(tx: Transaction, topic: str, key: UUID) -> bool:
    """Whether an earlier incarnation of this database told something of a stream that this one lost."""
    found: bool = await tx.connection.fetchval(WAS_LOST, topic, str(key))
    return found


async def begin(tx: Transaction, pages: Pages, *, by: str, reason: str) -> int:
    """Begin a new epoch, keep what was lost by name and content, and skip numbers that people may have."""
    now = await current(tx.connection)
    epochs = (event.epoch for event in chain.from_iterable(pages))
    known = max((epoch for epoch in epochs if epoch <= now + EPOCHS_AHEAD), default=1)
    number: int = await BEGIN.one(tx.connection, known=known, by=by, reason=reason)
    kept = 0
    for page in pages:
        rows = [(e.id, e.topic, e.key, e.sequence, e.type, e.time, e.data, e.epoch) for e in page]
        if rows:
            status = await tx.connection.execute(KEEP_LOST, *zip(*rows, strict=True), number)
            kept += int(status.rpartition(" ")[2])
    await tx.connection.execute(SKIP_NUMBERS, NUMBERS_SKIPPED)
    tx.audit("begin", "epoch", str(number), after={"lost_events": kept}, reason=reason)
    return number


async def tell_diverged_again(
    tx: Transaction, retellings: Mapping[str, Retelling], *, reason: str
) -> list[DivergedStream]:
    """Tell some of the streams again that differ from what was told; none when all have been."""
    streams = await DIVERGED.all(tx.connection, limit=RETOLD_AT_ONCE)
    for stream in streams:
        number = None
        if _is_of_an_aggregate(stream.key):
            number = await tell_again(
                tx, retellings[stream.topic], stream.key, beyond=stream.beyond, reason=reason
            )
        await tx.connection.execute(RETOLD, stream.topic, stream.key, tx.now)
        tx.audit(
            "restate",
            "stream",
            f"{stream.topic}/{stream.key}",
            before={"told": stream.beyond},
            after={"sequence": number},
            reason=reason,
        )
    return streams


def _is_of_an_aggregate(key: str) -> bool:
    """Whether a stream can be one of ours: whoever forges an event may have given it any key."""
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False


async def _has_new(connection: Connection, page: Sequence[Envelope]) -> bool:
    """Whether any of these events is not kept as lost yet."""
    kept = await connection.fetch(KNOWN_LOST, [event.id for event in page])
    return not {event.id for event in page} <= {row[0] for row in kept}


async def recover(
    database: Database,
    pages: Pages,
    retellings: Sequence[Retelling],
    *,
    by: str,
    reason: str,
) -> Recovered:
    """Begin a new epoch without these lost events, and tell every stream again in which they were.

    It may be repeated when it was interrupted: streams that were told again are not told twice.
    """
    async with database.transaction() as tx:
        tx.actor = by
        await tx.connection.execute("LOCK TABLE epoch IN EXCLUSIVE MODE")
        new = [await _has_new(tx.connection, page) for page in pages]
        epoch = await begin(tx, pages, by=by, reason=reason) if any(new) else await current(tx.connection)
    by_topic = {retelling.event.topic: retelling for retelling in retellings}
    streams = 0
    while True:
        async with database.transaction() as tx:
            tx.actor = by
            told = await tell_diverged_again(tx, by_topic, reason=reason)
        if not told:
            return Recovered(epoch, streams)
        streams += len(told)
