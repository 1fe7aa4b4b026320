"""What an operator decides about a parked event: apply it again, or give it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from purveyor.db import Transaction
from purveyor.errors import ConflictError
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.failures import Overtaken
from purveyor_messaging.parked import ParkedEvent, Reason, locked
from purveyor_messaging.release import attempt, release, supersede
from purveyor_messaging.streams import Stream, Turn, read_streams, write_streams


@dataclass(frozen=True, slots=True)
class Retried:
    """What came of a retry: the error when it failed again, and how many events behind it went on too."""

    error: str | None
    released: int = 0


async def retry(
    transaction: Transaction,
    consumers: Sequence[Consumer],
    parked_id: int,
    *,
    accept_gap: bool = False,
    accept_fork: bool = False,
) -> Retried:
    """Apply the first parked event of a stream again, and those behind it when it succeeds.

    Events missing before it are given up when `accept_gap` says so, and those that were applied instead of
    it count as undone when `accept_fork` does; what failed again stays parked.
    """
    event, consumer, streams = await _first_of_its_stream(transaction, consumers, parked_id)
    stream = streams[event.envelope.key]
    if stream.place_of(event.envelope) is not Turn.RESTATED:
        _accept_gap(event, stream, accept_gap)
    turn = stream.place_of(event.envelope)
    if turn is Turn.FORK and not accept_fork:
        raise ConflictError(
            "stream_forked",
            f"Event {event.envelope.sequence} of this stream does not follow on what was applied here. Have "
            f"the stream told again by {event.envelope.source} (purveyor events recover), drop the event, or "
            "apply it all the same (accept_fork).",
            applied_sequence=stream.sequence,
        )
    error = None if turn is Turn.DUPLICATE else await attempt(transaction, consumer, event)
    released = 0
    if error is None:
        if turn is Turn.RESTATED:
            await supersede(transaction, consumer, stream, event.envelope)
        else:
            await _take_out(transaction, event, stream)
        released = await release(transaction, consumer, stream)
    await _write(transaction, consumer, streams)
    transaction.audit(
        "retry",
        "parked_event",
        str(parked_id),
        before=_facts(event),
        after={"error": error, "released": released},
    )
    return Retried(error, released)


async def drop(
    transaction: Transaction,
    consumers: Sequence[Consumer],
    parked_id: int,
    *,
    reason: str,
    accept_gap: bool = False,
) -> Retried:
    """Give up an event, as if it had been handled, and go on with those behind it."""
    event = await locked(transaction.connection, parked_id)
    released = 0
    if event.reason is Reason.UNREADABLE:
        await _delete(transaction, event)
    else:
        event, consumer, streams = await _first_of_its_stream(transaction, consumers, parked_id)
        stream = streams[event.envelope.key]
        if stream.place_of(event.envelope) in (Turn.FORK, Turn.RESTATED):
            await _delete(transaction, event)
        else:
            _accept_gap(event, stream, accept_gap)
            await _take_out(transaction, event, stream)
        released = await release(transaction, consumer, stream)
        await _write(transaction, consumer, streams)
    transaction.audit(
        "drop",
        "parked_event",
        str(parked_id),
        before=_facts(event),
        after={"released": released},
        reason=reason,
    )
    return Retried(None, released)


async def _first_of_its_stream(
    transaction: Transaction, consumers: Sequence[Consumer], parked_id: int
) -> tuple[ParkedEvent, Consumer, dict[str, Stream]]:
    event = await locked(transaction.connection, parked_id)
    consumer = next((consumer for consumer in consumers if consumer.name == event.consumer), None)
    if consumer is None:
        raise ConflictError(
            "consumer_not_here", f"The consumer {event.consumer} does not belong to this service."
        )
    if event.reason is Reason.UNREADABLE:
        raise ConflictError(
            "event_unreadable", "This message is not an event of ours; it can only be dropped."
        )
    streams = await read_streams(transaction.connection, consumer, [event.envelope.key])
    stream = streams[event.envelope.key]
    first = stream.parked_from
    if first != event.envelope.sequence and stream.place_of(event.envelope) is not Turn.RESTATED:
        raise ConflictError(
            "event_parked_behind",
            f"Event {first} of this stream is parked before it; decide about that one first.",
            first_sequence=first,
        )
    return event, consumer, streams


def _accept_gap(event: ParkedEvent, stream: Stream, accepted: bool) -> None:
    """Give up what is missing before an event; raises ConflictError when nobody has accepted that."""
    missing = event.envelope.sequence - stream.sequence - 1
    if missing > 0 and not accepted:
        raise ConflictError(
            "events_missing",
            f"{missing} event(s) before it are missing. Replay them from {event.envelope.source}, "
            "or accept the gap (accept_gap).",
            missing_from=stream.sequence + 1,
            missing_to=event.envelope.sequence - 1,
        )
    stream.give_up_before(event.envelope.sequence)


async def _take_out(transaction: Transaction, event: ParkedEvent, stream: Stream) -> None:
    await _delete(transaction, event)
    stream.advance_to(event.envelope)


async def _delete(transaction: Transaction, event: ParkedEvent) -> None:
    await transaction.connection.execute("DELETE FROM parked_event WHERE id = $1", event.id)


async def _write(transaction: Transaction, consumer: Consumer, streams: Mapping[str, Stream]) -> None:
    try:
        await write_streams(transaction.connection, consumer, streams)
    except Overtaken as error:
        raise ConflictError(
            "stream_moved", "The stream moved meanwhile; look again and decide again."
        ) from error


def _facts(event: ParkedEvent) -> dict[str, Any]:
    envelope = event.envelope
    return {
        "consumer": event.consumer,
        "type": envelope.type,
        "key": envelope.key,
        "sequence": envelope.sequence,
        "reason": event.reason.value,
    }
