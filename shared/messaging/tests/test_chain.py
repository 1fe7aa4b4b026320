"""A stream is a chain: what does not follow on what was applied is a fork, and never skipped."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from shared.messaging.tests.orders import (
    Grown,
    GrownRestated,
    Ledger,
    Painted,
    envelope,
    eventually,
    grow,
    stream,
)

from purveyor.errors import ConflictError
from purveyor_messaging import feed, parked, recovery
from purveyor_messaging.envelope import LONGEST_HEADER, Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.local import LocalTransport
from purveyor_messaging.outbox import record_numbered
from purveyor_messaging.relay import Relay


@pytest.fixture
def key() -> str:
    return str(uuid4())


async def decide(database, decision, ledger, number=0, **how):
    """Decide about a parked event, by its place in the list of all."""
    async with database.transaction() as tx:
        events = await parked.listed(tx.connection)
        return await decision(tx, [ledger.consumer], events[number].id, **how)


async def test_every_event_names_the_one_before_it_in_its_stream(database):
    orders = [uuid4(), uuid4()]
    for events in (1, 3, 2):
        async with database.transaction() as tx:
            for _ in range(events):
                for order in orders:
                    await grow(tx, order)
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT key, event_id, previous, epoch FROM outbox ORDER BY key, sequence"
        )
        in_order = await connection.fetch("SELECT key, sequence FROM outbox ORDER BY id")
    for order in orders:
        mine = [row for row in rows if row["key"] == str(order)]
        assert [row["previous"] for row in mine] == [None, *(row["event_id"] for row in mine[:-1])]
        assert {row["epoch"] for row in mine} == {1}
    expected = [(str(order), number) for number in range(1, 7) for order in orders]
    assert [tuple(row) for row in in_order] == expected


async def test_an_event_of_another_partition_of_the_log_is_named_too(database):
    order = uuid4()
    async with database.transaction() as tx:
        await grow(tx, order)
    async with database.connection() as connection:
        await connection.execute(
            "CREATE TABLE outbox_2 PARTITION OF outbox FOR VALUES FROM (10000001) TO (20000001)"
        )
        await connection.execute("ALTER TABLE outbox ALTER COLUMN id RESTART WITH 10000001")
    async with database.transaction() as tx:
        await grow(tx, order)
    async with database.connection() as connection:
        first, second = await connection.fetch("SELECT event_id, previous FROM outbox ORDER BY id")
    assert second["previous"] == first["event_id"]


async def test_the_chain_travels_in_the_headers_and_is_read_back():
    sent = envelope("k", 2, previous=uuid4(), epoch=3)
    assert Envelope.from_headers(sent.topic, sent.headers(), sent.data) == sent


@pytest.mark.parametrize(
    "name", ["ce_subject", "ce_type", "ce_source", "ce_id", "ce_time", "ce_streamprevious", "ce_traceparent"]
)
def test_a_header_longer_than_what_can_be_kept_is_refused(name):
    sent = envelope("k", 2)
    headers = [*(pair for pair in sent.headers() if pair[0] != name), (name, b"9" * (LONGEST_HEADER + 1))]
    with pytest.raises(ValueError, match=f"{name} has {LONGEST_HEADER + 1} bytes"):
        Envelope.from_headers(sent.topic, headers, sent.data)


async def test_the_same_number_with_another_id_is_a_fork_and_never_skipped(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 5)
    await one.apply(told)
    again = envelope(key, 4, previous=told[2].id)
    await one.apply([*told, again, envelope(key, 5, previous=again.id)])
    assert await ledger.entries(database) == {key: [1, 2, 3, 4, 5]}
    assert await ledger.parked(database) == [(key, 4, "forked"), (key, 5, "behind")]


async def test_an_event_that_follows_on_another_one_is_a_fork(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    await one.apply([*stream(key, 1, 2), envelope(key, 3, previous=uuid4())])
    assert await ledger.parked(database) == [(key, 3, "forked")]
    other = str(uuid4())
    await one.apply([envelope(other, 1, previous=uuid4())])
    assert (other, 1, "forked") in await ledger.parked(database)


@pytest.mark.parametrize("forged", [Grown, Painted])
async def test_a_forged_event_with_the_next_number_does_not_make_the_true_one_vanish(database, key, forged):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 3)
    await one.apply([*told[:2], envelope(key, 3, event=forged), told[2]])
    assert await ledger.parked(database) == [(key, 3, "forked")]
    result = await decide(database, recovery.retry, ledger, accept_fork=True)
    assert result.error is None
    assert (await ledger.entries(database))[key][-1] == 3
    await one.apply(stream(key, 4, 4, after=told[2]))
    assert await ledger.parked(database) == []


async def test_of_two_parked_events_of_one_number_none_is_lost(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 4)
    forged = envelope(key, 3, amount=1_000, previous=uuid4())
    await one.apply([told[0], forged])
    await one.apply([told[2], told[3]])
    await one.apply([told[1]])
    assert await ledger.parked(database) == [(key, 3, "forked"), (key, 3, "behind"), (key, 4, "behind")]
    await decide(database, recovery.drop, ledger, reason="Forged")
    assert await ledger.entries(database) == {key: [1, 2, 3, 4]}
    assert await ledger.parked(database) == []


async def test_a_fork_is_applied_only_by_whoever_says_so(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 3)
    other = stream(key, 2, 4, after=told[0])
    await one.apply([*told, *other])
    with pytest.raises(ConflictError) as refused:
        await decide(database, recovery.retry, ledger)
    assert refused.value.code == "stream_forked"
    result = await decide(database, recovery.retry, ledger, accept_fork=True)
    assert (result.error, result.released) == (None, 2)
    assert await ledger.entries(database) == {key: [1, 2, 3, 2, 3, 4]}
    await one.apply(stream(key, 5, 5, after=other[-1]))
    assert await ledger.parked(database) == []


async def test_a_stream_told_again_in_a_new_epoch_supersedes_what_was_applied_and_parked(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 3)
    other = stream(key, 2, 4, after=told[0])
    again = envelope(key, 5, event=GrownRestated, previous=other[-1].id, epoch=2)
    await one.apply([*told, *other])
    await one.apply([again])
    assert await ledger.parked(database) == []
    await one.apply([*told, *other, again])
    following = envelope(key, 6, previous=again.id, epoch=2)
    await one.apply([following])
    assert await ledger.entries(database) == {key: [1, 2, 3, 5, 6]}
    async with database.connection() as connection:
        record = await connection.fetchrow("SELECT * FROM audit_record WHERE action = 'restate'")
    before, after = record["before"], record["after"]
    assert record["entity_id"] == f"{Grown.topic}/{key}"
    assert (before["sequence"], before["event"], len(before["parked"])) == (3, str(told[-1].id), 3)
    assert (after["sequence"], after["epoch"]) == (5, 2)


async def test_a_stream_is_not_told_again_by_an_event_of_the_epoch_that_it_is_in(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    await one.apply([*stream(key, 1, 3), envelope(key, 2, event=GrownRestated)])
    assert await ledger.parked(database) == [(key, 2, "forked")]


async def test_a_snapshot_that_cannot_be_applied_is_parked_and_retried_before_all_else(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)

    async def fail(event: Envelope) -> None:
        raise KeyError("colour")

    told = stream(key, 1, 2)
    await one.apply([*told, envelope(key, 2)])
    ledger.before = fail
    await one.apply([envelope(key, 3, event=GrownRestated, epoch=2)])
    assert await ledger.parked(database) == [(key, 2, "forked"), (key, 3, "failed")]
    ledger.before = None
    await decide(database, recovery.retry, ledger, 1)
    assert await ledger.parked(database) == []
    assert await ledger.entries(database) == {key: [1, 2, 3]}


async def test_an_inbox_from_before_the_chain_goes_on_with_chained_events(database, key):
    ledger = Ledger("ledger")
    one = Inbox(database, ledger.consumer)
    told = stream(key, 1, 4)
    await one.apply(told[:2])
    async with database.connection() as connection:
        await connection.execute("UPDATE inbox SET recent = '{}'")
    await one.apply(told)
    assert await ledger.entries(database) == {key: [1, 2, 3, 4]}
    assert await ledger.parked(database) == []


async def test_the_log_read_over_http_tells_the_chain(database):
    async with database.transaction() as tx:
        first = Grown(order_id=uuid4(), amount=1)
        record_numbered(tx, first, 1)
        record_numbered(tx, first, 2)
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(database, "toys", LocalTransport()).run(stop))

    async def published() -> bool:
        async with database.connection() as connection:
            return await feed.last_position(connection) == 2

    await eventually(published)
    stop.set()
    await running
    async with database.connection() as connection:
        events = [event.envelope for event in await feed.read(connection, "toys", 0, 10)]
    assert [event.previous for event in events] == [None, events[0].id]
