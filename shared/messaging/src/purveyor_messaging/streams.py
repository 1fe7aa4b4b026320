"""Where a consumer stands in each stream: the last sequence applied, and where parked events begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

from purveyor.db import Connection
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.failures import Overtaken

READ = "SELECT key, sequence, parked_from FROM inbox WHERE consumer = $1 AND topic = $2 AND key = ANY($3)"

WRITE = """
WITH moved AS (
  SELECT * FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS m (key, seen_sequence, seen_parked_from, sequence, parked_from)
), updated AS (
  UPDATE inbox i SET sequence = m.sequence, parked_from = m.parked_from
  FROM moved m
  WHERE i.consumer = $1 AND i.topic = $2 AND i.key = m.key
    AND i.sequence = m.seen_sequence AND i.parked_from IS NOT DISTINCT FROM m.seen_parked_from
  RETURNING 1
), added AS (
  INSERT INTO inbox (consumer, topic, key, sequence, parked_from)
  SELECT $1, $2, key, sequence, parked_from FROM moved WHERE seen_sequence IS NULL
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM added)
"""
"""Moves streams only from where they were seen: who was overtaken moves fewer rows, and has to give way."""


class Turn(Enum):
    """What the next event of a stream is to a consumer that stands somewhere in it."""

    NEXT = "next"
    DUPLICATE = "duplicate"
    GAP = "gap"
    BEHIND = "behind"


@dataclass(slots=True)
class Stream:
    """A consumer's place in one stream, as it was seen and as it will be."""

    key: str
    sequence: int = 0
    parked_from: int | None = None
    seen_sequence: int | None = None
    seen_parked_from: int | None = None
    touched: bool = False

    @classmethod
    def seen(cls, key: str, sequence: int, parked_from: int | None) -> Self:
        """Make the place that the inbox's row tells."""
        return cls(key, sequence, parked_from, sequence, parked_from)

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

    def park_from(self, sequence: int | None) -> None:
        """Note where parked events begin; None when there are none any more."""
        self.parked_from = sequence
        self.touched = True

    @property
    def may_release(self) -> bool:
        """Whether the first parked event is the next one."""
        return self.parked_from == self.sequence + 1


async def read_streams(connection: Connection, consumer: Consumer, keys: Iterable[str]) -> dict[str, Stream]:
    """Read where a consumer stands in streams; nowhere yet in those that the inbox does not know."""
    streams = {key: Stream(key) for key in keys}
    for row in await connection.fetch(READ, consumer.name, consumer.topic, list(streams)):
        streams[row[0]] = Stream.seen(*row)
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
        [stream.seen_sequence for stream in moved],
        [stream.seen_parked_from for stream in moved],
        [stream.sequence for stream in moved],
        [stream.parked_from for stream in moved],
    )
    if count != len(moved):
        raise Overtaken
