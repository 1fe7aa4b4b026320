"""Hear all events once more, beside what is kept of them, and compare to the last digit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from purveyor.db import Transaction
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.streams import read_streams
from supplier_performance.due import store as due
from supplier_performance.recomputing import store
from supplier_performance.recomputing.store import TableDifference
from supplier_performance.scorecards import queries as scorecards
from supplier_performance.scorecards import store as scorecard_store
from supplier_performance.suppliers import store as suppliers

Log = AsyncIterator[Sequence[Envelope]]
"""What a service has published, in that order, page by page."""


@dataclass(frozen=True, slots=True)
class NotApplied:
    """An event that was heard and cannot be applied again, such as one that somebody dropped."""

    envelope: Envelope
    error: str

    def __str__(self) -> str:
        """Say it."""
        one = self.envelope
        return f"event {one.sequence} of {one.topic} {one.key} ({one.id}) is not applied again: {self.error}"


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """A supplier whose scorecard is not what its events make."""

    supplier_id: UUID
    kept: str
    made: str

    def __str__(self) -> str:
        """Say it."""
        same = " of other figures" if self.kept == self.made else ""
        return f"scorecard of {self.supplier_id}: {self.kept} is kept, events make {self.made}{same}"


@dataclass(slots=True)
class Verified:
    """What was compared, and what differs."""

    applied: int = 0
    """How many events were heard again, each as often as there are consumers of it."""
    waiting: int = 0
    """How many have not been heard yet, or are parked."""
    scorecards: int = 0
    due: int = 0
    """How many suppliers are to be judged anew, whose scorecards say nothing yet of what is kept."""
    not_applied: list[NotApplied] = field(default_factory=list)
    tables: list[TableDifference] = field(default_factory=list)
    scores: list[ScoreDifference] = field(default_factory=list)

    @property
    def differing(self) -> list[str]:
        """All that differs, in words."""
        return [str(one) for one in (*self.not_applied, *self.tables, *self.scores)]


class _UndoneError(Exception):
    """Everything was looked at: none of it is kept."""


async def verify(tx: Transaction, consumers: Sequence[Consumer], logs: Sequence[Log]) -> Verified:
    """Apply what other services have published to empty tables, and compare these with what is kept.

    Heard again is what the consumers have applied, until where each stands in each stream. Scorecards are
    made again of the moment at which each was judged. Nothing is changed; the transaction begins with it.
    """
    found = Verified()
    await store.look_at_one_state(tx)
    awaited = await due.awaited(tx)
    now = tx.now
    try:
        async with tx.savepoint():
            schema = await store.begin_beside(tx)
            for log in logs:
                await _hear(tx, consumers, log, found)
            found.tables = await store.differences(tx, schema)
            await _judge_again(tx, awaited, found)
            raise _UndoneError
    except _UndoneError:
        tx.now = now
    return found


async def _hear(tx: Transaction, consumers: Sequence[Consumer], log: Log, found: Verified) -> None:
    async for page in log:
        for consumer in consumers:
            told = [one for one in page if one.topic == consumer.topic]
            if not told:
                continue
            streams = await read_streams(tx.connection, consumer, (one.key for one in told))
            heard = [one for one in told if one.sequence <= streams[one.key].sequence]
            found.waiting += len(told) - len(heard)
            await _apply(tx, consumer, heard, found)
        await store.forget_notes(tx)


async def _apply(tx: Transaction, consumer: Consumer, events: Sequence[Envelope], found: Verified) -> None:
    try:
        async with tx.savepoint():
            for event in events:
                await consumer.handle(tx, event)
            await tx.flush()
    except Exception as error:
        if len(events) == 1:
            found.not_applied.append(NotApplied(events[0], f"{type(error).__name__}: {error}"))
            return
        for event in events:
            await _apply(tx, consumer, [event], found)
        return
    found.applied += len(events)


async def _judge_again(tx: Transaction, awaited: Collection[UUID], found: Verified) -> None:
    """Make every scorecard again that says what is kept, as of its moment; a merged supplier's is past."""
    made = await scorecard_store.made(tx)
    merged = await suppliers.present(tx, [one.id for one in made])
    for scorecard in made:
        if scorecard.id in awaited:
            found.due += 1
            continue
        if scorecard.id in merged:
            continue
        found.scorecards += 1
        tx.now = scorecard.judged_at
        measures, card = await scorecards.made_again(tx, scorecard)
        if not scorecard.says(measures, card):
            kept = f"{scorecard.score} {scorecard.grade}"
            found.scores.append(ScoreDifference(scorecard.id, kept, f"{card.score} {card.grade}"))
