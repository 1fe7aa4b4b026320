"""Where a consumer stands in each stream: the last sequence applied, and where parked events begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from purveyor.db import Connection
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.failures import Overtaken

READ = """
SELECT key, sequence, parked_from, xmin FROM inbox WHERE consumer = $1 AND topic = $2 AND key = ANY($3)
"""

WRITE = """
WITH moved AS (
  SELECT * FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::xid[])
    AS m (key, sequence, parked_from, seen)
), updated AS (
  UPDATE inbox i SET sequence = m.sequence, parked_from = m.parked_from
  FROM moved m WHERE i.consumer = $1 AND i.topic = $2 AND i.key = m.key AND i.xmin = m.seen
  RETURNING 1
), added AS (
  INSERT INTO inbox (consumer, topic, key, sequence, parked_from)
  SELECT $1, $2, key, sequence, parked_from FROM moved WHERE seen IS NULL
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM added)
"""
"""Moves streams only from where they were seen, which a row's xmin tells, though it was only parked in
meanwhile: who was overtaken moves fewer rows, and has to give way."""


class Turn(Enum):
    """What the next event of a stream is to a consumer that stands somewhere in it."""

    NEXT = "next"
    DUPLICATE = "duplicate"
    GAP = "gap"
    BEHIND = "behind"


@dataclass(slots=True)
class Stream:
    """A consumer's place in one stream: the last sequence applied, and the first that is parked."""

    key: str
    sequence: int = 0
    parked_from: int | None = None
    seen: int | None = None
    """The version of the inbox's row that this was read from; None where there is none."""
    touched: bool = False

    def turn_of(self, sequence: int) -> Turn:
        """Say what an event is here: parked ones keep all that follows behind them."""
        if sequence <= self.sequence:
            return Turn.DUPLICATE
        if self.parked_from is not None and sequence >= self.parked_from:
            return Turn.BEHIND
        return Turn.NEXT if sequence == self.sequence + 1 else Turn.GAP

    def advance_to(self, sequence: int) -> None:
        """Note an event as handled."""
        self.sequence = sequence
        self.touched = True

    def park(self, sequence: int) -> None:
        """Note an event as parked."""
        self.parked_from = sequence if self.parked_from is None else min(self.parked_from, sequence)
        self.touched = True

    @property
    def may_release(self) -> bool:
        """Whether the first parked event is the next one."""
        return self.parked_from == self.sequence + 1


async def read_streams(connection: Connection, consumer: Consumer, keys: Iterable[str]) -> dict[str, Stream]:
    """Read where a consumer stands in streams; nowhere yet in those that the inbox does not know."""
    streams = {key: Stream(key) for key in keys}
    for row in await connection.fetch(READ, consumer.name, consumer.topic, list(streams)):
        streams[row[0]] = Stream(*row)
    return streams


async def write_streams(connection: Connection, consumer: Consumer, streams: Mapping[str, Stream]) -> None:
    """Write where a consumer now stands; raises Overtaken when a stream has moved since it was read."""
    moved = sorted((stream for stream in streams.values() if stream.touched), key=lambda stream: stream.key)
    if not moved:
        return
    count = await connection.fetchval(
        WRITE,
        consumer.name,
        consumer.topic,
        [stream.key for stream in moved],
        [stream.sequence for stream in moved],
        [stream.parked_from for stream in moved],
        [stream.seen for stream in moved],
    )
    if count != len(moved):
        raise Overtaken
