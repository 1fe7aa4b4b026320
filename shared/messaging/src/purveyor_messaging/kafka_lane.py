"""One partition's work at a consumer: what was fetched and waits, and how far it is settled."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.parked import Parking, unreadable

BATCH_EVENTS = 500
FULL = 2 * BATCH_EVENTS
LONGEST_SHOWN = 1_000
LATEST_SECONDS = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


class KafkaLane:
    """Applies a partition's messages in order, a batch a transaction, in a task of its own.

    An event that is retried holds up its own lane only; the consumer goes on polling meanwhile.
    """

    def __init__(self, inbox: Inbox, partition: int, on_settled: Callable[[], None]) -> None:
        self.partition = partition
        self.settled: int | None = None
        """The offset after the last message whose effect is committed."""
        self.fetched: int | None = None
        """The offset after the last message that was taken from the broker."""
        self._inbox = inbox
        self._topic = inbox.consumer.topic
        self._on_settled = on_settled
        self._messages: deque[Any] = deque()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be fetched for now."""
        return len(self._messages) >= FULL

    @property
    def is_idle(self) -> bool:
        """Whether there is no work in progress."""
        return self._task is None or self._task.done()

    def add(self, messages: Sequence[Any]) -> None:
        """Take messages in and work on them; raises what an earlier batch failed with."""
        self.check()
        self._messages.extend(messages)
        self.fetched = messages[-1].offset + 1
        if self.is_idle:
            self._task = asyncio.create_task(self._work())

    def check(self) -> None:
        """Raise what the work failed with, if it did."""
        if self._task is not None and self._task.done():
            self._task.result()

    async def close(self, seconds: float) -> None:
        """Finish the batch in progress, within some time; what has not begun is left for the next owner."""
        self._closing = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        while self._messages and not self._closing:
            batch = [self._messages.popleft() for _ in range(min(BATCH_EVENTS, len(self._messages)))]
            envelopes: list[Envelope] = []
            for message in batch:
                try:
                    envelopes.append(
                        Envelope.from_headers(self._topic, message.headers, message.value or b"")
                    )
                except ValueError as error:
                    await self._inbox.set_aside(_unreadable(self._topic, message, error))
            await self._inbox.apply(envelopes)
            self.settled = batch[-1].offset + 1
            self._on_settled()


def _unreadable(topic: str, message: Any, error: ValueError) -> Parking:
    return unreadable(
        topic,
        message.partition,
        message.offset,
        _time(message.timestamp),
        message.value or b"",
        f"headers: {_shown(message.headers)}\nkey: {_shown(message.key)}\n{error}",
    )


def _shown(what: Any) -> str:
    text = repr(what)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}… ({len(text)} characters)"


def _time(milliseconds: int) -> datetime:
    """Return a message's time, or the nearest that there is: whoever sent it may have written anything."""
    seconds = min(max(milliseconds / 1000, 0), LATEST_SECONDS)
    return datetime.fromtimestamp(seconds, UTC)
