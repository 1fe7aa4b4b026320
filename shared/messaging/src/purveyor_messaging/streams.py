"""Where a consumer stands in each stream: the last events applied, and where parked events begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

from purveyor.db import Connection
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.failures import Overtaken

REMEMBERED = 8
"""Ids of a stream that an inbox remembers; an event repeated from further back counts as a duplicate."""

READ = """
SELECT key, sequence, parked_from, epoch, recent, xmin FROM inbox
WHERE consumer = $1 AND topic = $2 AND key = ANY($3)
"""

WRITE = """
WITH moved AS (
  SELECT key, sequence, parked_from, epoch, recent::uuid[] AS recent, seen
  FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::integer[], $7::text[], $8::xid[])
    AS m (key, sequence, parked_from, epoch, recent, seen)
), updated AS (
  UPDATE inbox i
  SET sequence = m.sequence, parked_from = m.parked_from, epoch = m.epoch, recent = m.recent
  FROM moved m WHERE i.consumer = $1 AND i.topic = $2 AND i.key = m.key AND i.xmin = m.seen
  RETURNING 1
), added AS (
  INSERT INTO inbox (consumer, topic, key, sequence, parked_from, epoch, recent)
  SELECT $1, $2, key, sequence, parked_from, epoch, recent FROM moved WHERE seen IS NULL
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM added)
"""
"""Moves streams only from where they were seen, which a row's xmin tells, though it was only parked in
meanwhile: who was overtaken moves fewer rows, and has to give way."""


class Turn(Enum):
    """What an event of a stream is to a consumer that stands somewhere in it."""

    NEXT = "next"
    DUPLICATE = "duplicate"
    GAP = "gap"
    BEHIND = "behind"
    FORK = "fork"
    """Its number was taken by another event, or it follows on an event that was never applied here."""
    RESTATED = "restated"
    """It tells the stream again, in a new epoch: whatever was applied or parked before is superseded."""


@dataclass(slots=True)
class Stream:
    """A consumer's place in one stream: the last events applied, and the first that is parked."""

    key: str
    sequence: int = 0
    parked_from: int | None = None
    epoch: int = 1
    recent: list[UUID] = field(default_factory=list)
    """Ids of the last events applied, the last one first; fewer where an earlier version kept none."""
    seen: int | None = None
    """The version of the inbox's row that this was read from; None where there is none."""
    touched: bool = False

    def turn_of(self, event: Envelope) -> Turn:
        """Say what an event is here: parked ones keep all that follows behind them."""
        if event.epoch > self.epoch and event.restates:
            return Turn.RESTATED
        if event.sequence <= self.sequence and self._was_applied(event):
            return Turn.DUPLICATE
        if self.parked_from is not None and event.sequence >= self.parked_from:
            return Turn.BEHIND
        return self.place_of(event)

    def place_of(self, event: Envelope) -> Turn:
        """Say the same of a parked event that nothing is parked before."""
        if event.epoch > self.epoch and event.restates:
            return Turn.RESTATED
        if event.sequence <= self.sequence:
            return Turn.DUPLICATE if self._was_applied(event) else Turn.FORK
        if event.sequence > self.sequence + 1:
            return Turn.GAP
        return Turn.NEXT if self._follows(event) else Turn.FORK

    def _was_applied(self, event: Envelope) -> bool:
        back = self.sequence - event.sequence
        return back >= len(self.recent) or self.recent[back] == event.id

    def _follows(self, event: Envelope) -> bool:
        if event.previous is None:
            return True
        return self.sequence > 0 and (not self.recent or self.recent[0] == event.previous)

    def advance_to(self, event: Envelope) -> None:
        """Note an event as handled: the next one, or one that the stream is told to go on from."""
        undone = self.sequence + 1 - event.sequence
        self.recent = [event.id, *self.recent[undone : undone + REMEMBERED - 1]]
        self.sequence = event.sequence
        self.epoch = max(self.epoch, event.epoch)
        self.touched = True

    def give_up_before(self, sequence: int) -> None:
        """Go on as if everything before a number had been handled."""
        if sequence > self.sequence + 1:
            self.sequence, self.recent, self.touched = sequence - 1, [], True

    def restate(self, event: Envelope) -> None:
        """Stand where a snapshot stands; nothing from before it counts any more."""
        self.sequence, self.epoch, self.recent, self.parked_from = (
            event.sequence,
            event.epoch,
            [event.id],
            None,
        )
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
        [stream.epoch for stream in moved],
        ["{" + ",".join(map(str, stream.recent)) + "}" for stream in moved],
        [stream.seen for stream in moved],
    )
    if count != len(moved):
        raise Overtaken
