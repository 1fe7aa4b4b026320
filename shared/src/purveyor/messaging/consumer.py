"""What a service listens to: consumers, each one topic, each event type one handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from purveyor.db import Transaction
from purveyor.messaging.envelope import Envelope, Event

EventT = TypeVar("EventT", bound=Event)
Handler = Callable[[Transaction, EventT, Envelope], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One event type and what is done about it, in the transaction that notes it as handled."""

    event: type[Event]
    handle: Handler[Any]


def on(event: type[EventT], handle: Handler[EventT]) -> Subscription:
    """Subscribe a handler to an event type; the types are checked against each other."""
    return Subscription(event, handle)


@dataclass(frozen=True, slots=True)
class Consumer:
    """A named reader of one topic; the name is its Kafka group and its row in the inbox, and never changes."""

    name: str
    topic: str
    subscriptions: tuple[Subscription, ...]

    def by_type(self) -> Mapping[str, Subscription]:
        """Return the subscriptions by CloudEvents type."""
        return {subscription.event.type_name(): subscription for subscription in self.subscriptions}
