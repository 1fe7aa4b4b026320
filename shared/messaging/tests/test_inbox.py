"""The inbox: exactly once, in order, and trouble stays in its stream."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from shared.messaging.tests.orders import Grown, Ledger, envelope, grow, release_all, stream
from sqlalchemy.orm.exc import StaleDataError

from purveyor_messaging.failures import Overtaken
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.streams import read_streams, write_streams

DELIVERIES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 6)), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=DELIVERIES, cut=st.integers(1, 10))
async def test_whatever_the_order_of_arrival_effects_are_once_and_in_order(database, deliveries, cut):
    """Events of three streams arrive repeated, early and shuffled; then all of them arrive once more."""
    ledger = Ledger(f"ledger.{uuid4()}")
    keys = [str(uuid4()) for _ in range(3)]
    events = {(key, sequence): envelope(key, sequence) for key in keys for sequence in range(1, 7)}
    arriving = [events[keys[number], sequence] for number, sequence in deliveries]
    one = Inbox(database, ledger.consumer)
    for start in range(0, len(arriving), cut):
        await one.apply(arriving[start : start + cut])
    for sequences in (await ledger.entries(database)).values():
        assert sequences == list(range(1, len(sequences) + 1))
    await one.apply(list(events.values()))
    assert await ledger.entries(database) == {key: [1, 2, 3, 4, 5, 6] for key in keys}
    assert await ledger.parked(database) == []


async def test_two_members_that_apply_the_same_events_at_once_apply_them_once(open_database, database):
    ledger, keys = Ledger("ledger"), [str(uuid4()) for _ in range(8)]
    elsewhere = await open_database(database.url)
    streams = [event for key in keys for event in stream(key, 1, 12)]
    by_sequence = sorted(streams, key=lambda event: event.sequence)

    async def deliver(one: Inbox, events: list, cut: int) -> None:
        for start in range(0, len(events), cut):
            await one.apply(events[start : start + cut])

    await asyncio.gather(
        deliver(Inbox(database, ledger.consumer), streams, 7),
        deliver(Inbox(elsewhere, ledger.consumer), streams, 11),
        deliver(Inbox(elsewhere, ledger.consumer), by_sequence, 5),
    )
    assert await ledger.entries(database) == {key: list(range(1, 13)) for key in keys}
    assert await ledger.parked(database) == []


async def test_a_batch_costs_two_statements_of_the_inbox(database):
    ledger, statements = Ledger("ledger"), []
    one = Inbox(database, ledger.consumer)
    await one.apply(stream(str(uuid4()), 1, 1))
    async with database.connection() as connection:
        connection.add_query_logger(statements.append)
    events = [event for _ in range(20) for event in stream(str(uuid4()), 1, 10)]
    await one.apply(events)
    queries = [record.query for record in statements]
    assert len([query for query in queries if "inbox" in query]) == 2
    assert len([query for query in queries if "INSERT INTO toy_ledger" in query]) == 200


async def test_duplicates_alone_write_nothing(database):
    ledger, statements = Ledger("ledger"), []
    one, events = Inbox(database, ledger.consumer), stream(str(uuid4()), 1, 5)
    await one.apply(events)
    async with database.connection() as connection:
        connection.add_query_logger(statements.append)
    await one.apply(events)
    assert not [record.query for record in statements if "UPDATE" in record.query or "INSERT" in record.query]


async def test_what_a_handler_records_goes_with_its_effect_and_carries_the_trace_on(database):
    key, grown = str(uuid4()), uuid4()

    class Recording(Ledger):
        async def _handle(self, tx, event, envelope):
            await grow(tx, grown, event.amount)
            await super()._handle(tx, event, envelope)

    ledger = Recording("ledger")
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await Inbox(database, ledger.consumer).apply([envelope(key, 1)._replace(traceparent=traceparent)])
    async with database.connection() as connection:
        row = await connection.fetchrow("SELECT key, sequence, traceparent FROM outbox")
    assert (row["key"], row["sequence"]) == (str(grown), 1)
    assert row["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert not trace.get_current_span().get_span_context().is_valid


async def test_one_bad_event_of_a_batch_leaves_the_others_effects(database):
    good, bad = str(uuid4()), str(uuid4())
    ledger = Ledger("ledger")
    malformed = envelope(bad, 1)._replace(data=b'{"amount": "much"}')
    await Inbox(database, ledger.consumer).apply([*stream(good, 1, 3), malformed, *stream(good, 4, 5)])
    assert await ledger.entries(database) == {good: [1, 2, 3, 4, 5]}
    assert await ledger.parked(database) == [(bad, 1, "failed")]
    async with database.connection() as connection:
        error = await connection.fetchval("SELECT error FROM parked_event")
    assert "amount" in error


async def test_serialization_failures_and_deadlocks_pass(database):
    raised = [asyncpg.SerializationError("try again"), asyncpg.DeadlockDetectedError("try again")]
    ledger, key = Ledger("ledger"), str(uuid4())

    async def contended(_event):
        if raised:
            raise raised.pop()

    ledger.before = contended
    await Inbox(database, ledger.consumer).apply(stream(key, 1, 2))
    assert await ledger.entries(database) == {key: [1, 2]}


async def test_a_database_that_went_away_is_waited_for(open_database, database):
    ledger, cut_off, key = Ledger("ledger"), [], str(uuid4())
    admin = await open_database(database.url)

    async def cut(event):
        if event.sequence == 2 and not cut_off:
            cut_off.append(event)
            async with admin.connection() as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND backend_type = 'client backend' "
                    "AND pid <> pg_backend_pid()"
                )

    ledger.after = cut
    await Inbox(database, ledger.consumer).apply(stream(key, 1, 3))
    assert cut_off
    assert await ledger.entries(database) == {key: [1, 2, 3]}
    assert await ledger.parked(database) == []


async def test_an_argument_that_the_driver_refuses_is_no_outage(database):
    ledger, key = Ledger("ledger"), str(uuid4())
    too_large = envelope(key, 1, amount=2**40)
    await Inbox(database, ledger.consumer).apply([too_large, envelope(key, 2)])
    assert await ledger.parked(database) == [(key, 1, "failed"), (key, 2, "behind")]


async def test_a_long_queue_behind_a_gap_is_released_in_pieces(database, monkeypatch):
    monkeypatch.setattr("purveyor_messaging.release.RELEASED_AT_ONCE", 4)
    ledger, key = Ledger("ledger"), str(uuid4())
    one = Inbox(database, ledger.consumer)
    await one.apply(stream(key, 2, 12))
    await one.apply([envelope(key, 1)])
    assert await ledger.entries(database) == {key: [1, 2, 3, 4, 5]}
    await release_all(database, ledger)
    assert await ledger.entries(database) == {key: list(range(1, 13))}
    await one.apply([envelope(key, 13)])
    assert (await ledger.entries(database))[key][-1] == 13


async def test_every_stream_that_nothing_holds_up_any_more_is_released(database, monkeypatch):
    monkeypatch.setattr("purveyor_messaging.release.RELEASED_AT_ONCE", 1)
    ledger, held_up, *keys = Ledger("ledger"), *(str(uuid4()) for _ in range(4))
    one = Inbox(database, ledger.consumer)
    for key in keys:
        await one.apply([*stream(key, 2, 5), envelope(key, 1)])
    await one.apply(stream(held_up, 2, 4))
    await release_all(database, ledger)
    assert await ledger.entries(database) == {key: [1, 2, 3, 4, 5] for key in keys}
    assert {key for key, _, _ in await ledger.parked(database)} == {held_up}


async def test_who_does_not_know_that_another_member_parked_an_event_gives_way(database):
    ledger, key = Ledger("ledger"), str(uuid4())
    one = Inbox(database, ledger.consumer)
    await one.apply([envelope(key, 1)])
    async with database.transaction() as tx:
        seen = await read_streams(tx.connection, ledger.consumer, [key])
        await one.apply([envelope(key, 3)])
        seen[key].advance_to(envelope(key, 2))
        with pytest.raises(Overtaken):
            await write_streams(tx.connection, ledger.consumer, seen)
    assert await ledger.parked(database) == [(key, 3, "gap")]


async def test_events_that_change_places_within_a_batch_are_put_right(database):
    ledger, key = Ledger("ledger"), str(uuid4())
    first, second, third = stream(key, 1, 3)
    await Inbox(database, ledger.consumer).apply([third, second, first])
    assert await ledger.entries(database) == {key: [1, 2, 3]}
    assert await ledger.parked(database) == []


async def test_an_event_released_at_a_bad_moment_is_released_a_little_later(database, monkeypatch):
    monkeypatch.setattr("purveyor_messaging.parked.FIRST_PAUSE", timedelta())
    ledger, key, failures_left = Ledger("ledger"), str(uuid4()), [StaleDataError(), StaleDataError()]

    async def contended(event):
        if event.sequence == 2 and failures_left:
            raise failures_left.pop()

    ledger.before = contended
    one = Inbox(database, ledger.consumer)
    await one.apply(stream(key, 2, 3))
    await one.apply([envelope(key, 1)])
    assert await ledger.entries(database) == {key: [1]}
    assert await ledger.parked(database) == [(key, 2, "waiting"), (key, 3, "behind")]
    await release_all(database, ledger)
    assert await ledger.parked(database) == [(key, 2, "waiting"), (key, 3, "behind")]
    await release_all(database, ledger)
    assert await ledger.entries(database) == {key: [1, 2, 3]}


async def test_an_event_that_fails_when_its_gap_closes_is_parked_alone(database):
    ledger, key = Ledger("ledger"), str(uuid4())

    async def refuse(event):
        if event.sequence == 3:
            raise KeyError("no such colour")

    ledger.before = refuse
    one = Inbox(database, ledger.consumer)
    await one.apply(stream(key, 2, 4))
    await one.apply([envelope(key, 1)])
    assert await ledger.entries(database) == {key: [1, 2]}
    assert await ledger.parked(database) == [(key, 3, "failed"), (key, 4, "behind")]


async def test_two_consumers_of_a_topic_do_not_know_of_each_other(database):
    one, other, key = Ledger("one"), Ledger("other"), str(uuid4())
    await Inbox(database, one.consumer).apply(stream(key, 1, 3))
    await Inbox(database, other.consumer).apply(stream(key, 1, 2))
    assert await one.entries(database) == {key: [1, 2, 3]}
    assert await other.entries(database) == {key: [1, 2]}


async def test_an_event_with_fields_added_since_is_understood(database):
    ledger, key = Ledger("ledger"), str(uuid4())
    newer = envelope(key, 1)._replace(data=f'{{"order_id": "{key}", "amount": 1, "colour": "red"}}'.encode())
    await Inbox(database, ledger.consumer).apply([newer])
    assert await ledger.entries(database) == {key: [1]}
    assert Grown.model_validate_json(newer.data).amount == 1


async def test_what_is_handled_is_a_span_of_the_trace_that_caused_it(database, monkeypatch):
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    key, grown = str(uuid4()), uuid4()

    class Recording(Ledger):
        async def _handle(self, tx, event, envelope):
            await grow(tx, grown, event.amount)

    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    event = envelope(key, 1)._replace(traceparent=traceparent)
    await Inbox(database, Recording("ledger").consumer).apply([event])
    span, batch = exporter.get_finished_spans()
    assert (span.name, batch.name) == ("ledger Grown", "settle ledger")
    assert [f"{link.context.span_id:016x}" for link in batch.links] == ["b7ad6b7169203331"]
    assert batch.context.trace_id != span.context.trace_id
    assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    async with database.connection() as connection:
        recorded = await connection.fetchval("SELECT traceparent FROM outbox")
    assert recorded.split("-")[1:3] == [f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"]
