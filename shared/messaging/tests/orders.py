"""A toy aggregate that grows on one side, and a ledger of what was seen of it on the other."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

from purveyor.db import Database, Transaction
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import Envelope, Event
from purveyor_messaging.outbox import record_numbered
from purveyor_messaging.release import releasing

TABLES = """
CREATE TABLE toy_order (id uuid PRIMARY KEY, sequence bigint NOT NULL);
CREATE TABLE toy_counter (id uuid NOT NULL, sequence bigint NOT NULL);
CREATE TABLE toy_ledger (
  entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  consumer text NOT NULL, key text NOT NULL, sequence bigint NOT NULL, amount integer NOT NULL
);
"""


class Grown(Event):
    """A toy order grew by an amount."""

    service: ClassVar[str] = "toys"
    topic: ClassVar[str] = "toys.orders"
    key_field: ClassVar[str] = "order_id"

    order_id: UUID
    amount: int


class Painted(Grown):
    """Nobody subscribes to this one."""


class GrownRestated(Grown):
    """A toy order told again: it has grown by so much in all."""


async def grow(tx: Transaction, order_id: UUID, amount: int = 1, event: type[Grown] = Grown) -> int:
    """Lock the order (or make it), count on, and record what happened; returns the event's number."""
    sequence: int = await tx.connection.fetchval(
        "INSERT INTO toy_order (id, sequence) VALUES ($1, 1) "
        "ON CONFLICT (id) DO UPDATE SET sequence = toy_order.sequence + 1 RETURNING sequence",
        order_id,
    )
    record_numbered(tx, event(order_id=order_id, amount=amount), sequence)
    return sequence


def envelope(
    key: str,
    sequence: int,
    amount: int = 1,
    event: type[Grown] = Grown,
    previous: UUID | None = None,
    epoch: int = 1,
) -> Envelope:
    """Make an event as a relay sends it."""
    data = f'{{"order_id": "{key}", "amount": {amount}}}'.encode()
    stream_ = (event.topic, key, sequence)
    now = datetime.now(UTC)
    return Envelope(uuid4(), event.type_name(), "toys", *stream_, now, data, None, previous, epoch)


def stream(
    key: str, first: int, last: int, event: type[Grown] = Grown, after: Envelope | None = None
) -> list[Envelope]:
    """Make a stretch of a stream, chained, and onto what went before if that is given."""
    events: list[Envelope] = []
    for sequence in range(first, last + 1):
        events.append(envelope(key, sequence, event=event, previous=after.id if after else None))
        after = events[-1]
    return events


class Ledger:
    """A subscriber that writes down what it handles, in the order in which it does."""

    def __init__(self, name: str, event: type[Grown] = Grown) -> None:
        self.name = name
        self.before: Callable[[Envelope], Awaitable[None]] | None = None
        """Called before an entry is written; what it raises, the handler raises."""
        self.after: Callable[[Envelope], Awaitable[None]] | None = None
        """Called once it is written, and not yet committed."""
        self.consumer = Consumer(
            name, event.topic, (on(event, self._handle), on(GrownRestated, self._handle))
        )

    async def _handle(self, tx: Transaction, event: Grown, envelope: Envelope) -> None:
        if self.before:
            await self.before(envelope)
        await tx.connection.execute(
            "INSERT INTO toy_ledger (consumer, key, sequence, amount) VALUES ($1, $2, $3, $4)",
            self.name,
            envelope.key,
            envelope.sequence,
            event.amount,
        )
        if self.after:
            await self.after(envelope)

    async def entries(self, database: Database) -> dict[str, list[int]]:
        """Return the sequences seen of each stream, in the order of their effects."""
        entries: dict[str, list[int]] = defaultdict(list)
        async with database.connection() as connection:
            for row in await connection.fetch(
                "SELECT key, sequence FROM toy_ledger WHERE consumer = $1 ORDER BY entry", self.name
            ):
                entries[row["key"]].append(row["sequence"])
        return dict(entries)

    async def parked(self, database: Database) -> list[tuple[str, int, str]]:
        """Return what is parked: key, sequence, reason."""
        async with database.connection() as connection:
            rows = await connection.fetch(
                "SELECT key, sequence, reason FROM parked_event WHERE consumer = $1 "
                "ORDER BY key, sequence, id",
                self.name,
            )
        return [tuple(row) for row in rows]


async def release_all(database: Database, ledger: Ledger) -> None:
    """Do the worker's chore as long as there is more."""
    chore, more = releasing(ledger.consumer), True
    while more:
        async with database.transaction() as tx:
            more = await chore.run(tx)


async def eventually(what: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait until something is so; fails when it takes too long."""
    async with asyncio.timeout(seconds):
        while not await what():  # noqa: ASYNC110  # the database tells nobody
            await asyncio.sleep(0.02)
