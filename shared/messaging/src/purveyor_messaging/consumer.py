"""What a service listens to: consumers, each one topic, each event type one handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from opentelemetry import context, trace
from opentelemetry.trace import SpanKind

from purveyor.db import Transaction
from purveyor.observability import are_spans_recorded
from purveyor.tracing import context_of
from purveyor_messaging.envelope import Envelope, Event

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


@dataclass(frozen=True)
class Consumer:
    """A named reader of one topic; the name is its Kafka group and its key in the inbox: never change it."""

    name: str
    topic: str
    subscriptions: tuple[Subscription, ...]

    @property
    def service(self) -> str:
        """The service that listens: a consumer's name begins with it."""
        return self.name.partition(".")[0]

    @cached_property
    def by_type(self) -> Mapping[str, Subscription]:
        """The subscriptions by CloudEvents type."""
        return {subscription.event.type_name(): subscription for subscription in self.subscriptions}

    async def handle(self, transaction: Transaction, envelope: Envelope) -> None:
        """Do what this consumer does about an event, in its trace; nothing about an event of another type."""
        subscription = self.by_type.get(envelope.type)
        if subscription is None:
            return
        event = subscription.event.model_validate_json(envelope.data)
        cause = context_of(envelope.traceparent or "")
        if not are_spans_recorded():
            token = context.attach(cause)
            try:
                await subscription.handle(transaction, event, envelope)
            finally:
                context.detach(token)
            return
        with trace.get_tracer(__name__).start_as_current_span(
            f"{self.name} {subscription.event.__name__}",
            context=cause,
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.destination.name": envelope.topic,
                "messaging.consumer.group.name": self.name,
                "messaging.message.id": str(envelope.id),
                "messaging.kafka.message.key": envelope.key,
            },
        ):
            await subscription.handle(transaction, event, envelope)
