"""A stream told again, when it cannot be applied at once, or when others have forged what was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from shared.messaging.tests.orders import Grown, GrownRestated, Ledger, envelope, release_all, stream

from purveyor_messaging import epochs, inbox, parked, recovery
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import LARGEST_EPOCH, LARGEST_SEQUENCE, Envelope, Restated, ToldEvent
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.restating import Retelling, retold


class OrderRestated(Restated):
    service: ClassVar[str] = "toys"
    topic: ClassVar[str] = Grown.topic
    key_field: ClassVar[str] = "order_id"

    order_id: UUID


@pytest.fixture
def key() -> str:
    return str(uuid4())


@pytest.fixture
def no_patience(monkeypatch) -> None:
    """Park at once what may pass."""
    monkeypatch.setattr(inbox, "PATIENCE_SECONDS", 0.0)


def refusing_snapshots(error: Exception, times: int = 1) -> Callable[[Envelope], Awaitable[None]]:
    left = [error] * times

    async def before(event: Envelope) -> None:
        if left and event.restates:
            raise left.pop()

    return before


async def retry(database, ledger):
    async with database.transaction() as tx:
        first = (await parked.listed(tx.connection))[0]
        return await recovery.retry(tx, [ledger.consumer], first.id)


async def time_passes(database, consumer) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE parked_event SET retry_at = now() - interval '1 hour'")
    await release_all(database, consumer)


async def test_what_came_after_a_snapshot_that_failed_follows_when_it_is_retried(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 3)
    snapshot = envelope(key, 9, event=GrownRestated, epoch=2)
    ledger.before = refusing_snapshots(KeyError("colour"))
    for events in (told, [snapshot], [envelope(key, 10, previous=snapshot.id, epoch=2)]):
        await one.apply(events)
    assert await ledger.parked(database) == [(key, 9, "failed"), (key, 10, "behind")]
    assert (await retry(database, ledger)).error is None
    assert await ledger.entries(database) == {key: [1, 2, 3, 9, 10]}
    assert await ledger.parked(database) == []


@pytest.mark.parametrize("number", [4, 9])
async def test_a_snapshot_that_waits_is_tried_again_by_itself_and_supersedes_on_record(
    database, key, no_patience, number
):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 3)
    ledger.before = refusing_snapshots(asyncpg.LockNotAvailableError("locked"))
    snapshot = envelope(key, number, event=GrownRestated, epoch=2)
    await one.apply([*told, envelope(key, 3), snapshot])
    await time_passes(database, ledger)
    assert await ledger.entries(database) == {key: [1, 2, 3, number]}
    assert await ledger.parked(database) == []
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT recent FROM inbox") == [snapshot.id]
        assert await connection.fetchval("SELECT count(*) FROM audit_record WHERE action = 'restate'") == 1


async def test_a_later_part_of_a_history_waits_for_the_first(database, key, no_patience):
    seen: list[object] = []
    refusals = [asyncpg.LockNotAvailableError("locked")]

    async def forget(_tx, _order_id) -> None:
        if refusals:
            raise refusals.pop()
        seen.append("forgotten")

    async def grown(_tx, _event, told: Envelope) -> None:
        seen.append(told.sequence)

    handled = on(Grown, grown)
    consumer = Consumer("parts", Grown.topic, (handled, retold(OrderRestated, forget, handled)))
    first = part(key, 1, 4, None, [101, 102])
    for events in (stream(key, 1, 3), [first], [part(key, 2, 5, first.id, [103])]):
        await Inbox(database, consumer).apply(events)
    assert seen == [1, 2, 3]
    ledger = Ledger("parts")
    ledger.consumer = consumer
    await time_passes(database, ledger)
    assert seen == [1, 2, 3, "forgotten", 101, 102, 103]


@pytest.mark.parametrize(
    "forged",
    [
        {"key": "not-a-uuid", "sequence": 4},
        {"key": str(uuid4()).upper(), "sequence": 4},
        {"sequence": LARGEST_SEQUENCE},
        {"sequence": 4, "epoch": LARGEST_EPOCH},
    ],
    ids=["key", "spelling", "number", "epoch"],
)
async def test_no_forged_event_keeps_anybody_from_recovering_or_makes_it_jump(database, key, forged):
    event = envelope(forged.pop("key", key), **forged)

    async def nothing(_tx, _order_id) -> None:
        return None

    for again in (1, 2):
        recovered = await epochs.recover(
            database, [[event]], [Retelling(OrderRestated, nothing)], by="ada", reason="forged"
        )
        assert recovered.epoch == 2, f"time {again}"
    async with database.connection() as connection:
        assert await epochs.unknown(connection, [event]) == []
        assert await connection.fetchval("SELECT coalesce(max(sequence), 0) FROM outbox") <= 5


async def test_a_recovery_that_stopped_half_way_is_not_taken_for_one_that_was_finished(database, key):
    event = envelope(key, 4)
    async with database.transaction() as tx:
        await epochs.begin(tx, [[event]], by="ada", reason="restored")
    async with database.connection() as connection:
        assert await epochs.unknown(connection, [event]) == [event]
        with pytest.raises(epochs.DivergedError, match="events recover --service toys"):
            await epochs.check(connection, "toys", Silent(), [event.topic])


class Silent:
    """Knows of nothing that was told."""

    async def since(self, *_):
        for nothing in ():
            yield nothing


def part(key: str, number: int, sequence: int, previous: UUID | None, numbers: list[int]) -> Envelope:
    now = datetime.now(UTC)
    told = [
        ToldEvent(
            id=uuid4(),
            type=Grown.type_name(),
            sequence=each,
            time=now,
            data={"order_id": key, "amount": 1},
        )
        for each in numbers
    ]
    event = OrderRestated(order_id=UUID(key), reason="restored", part=number, parts=2, events=tuple(told))
    place = (event.topic, key, sequence)
    data = event.model_dump_json().encode()
    return Envelope(uuid4(), event.type_name(), "toys", *place, now, data, None, previous, 2)
