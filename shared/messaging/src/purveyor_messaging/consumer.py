"""What a service listens to: consumers, each one topic, each event type one handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags

from purveyor.db import Transaction
from purveyor_messaging.envelope import Envelope, Event

EventT = TypeVar("EventT", bound=Event)
Handler = Callable[[Transaction, EventT, Envelope], Awaitable[None]]

tracer = trace.get_tracer(__name__)


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
        if not isinstance(trace.get_tracer_provider(), TracerProvider):
            token = context.attach(_parent(envelope.traceparent))
            try:
                await subscription.handle(transaction, event, envelope)
            finally:
                context.detach(token)
            return
        with tracer.start_as_current_span(
            f"{self.name} {subscription.event.__name__}",
            context=_parent(envelope.traceparent),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.destination.name": envelope.topic,
                "messaging.message.id": str(envelope.id),
                "messaging.kafka.message.key": envelope.key,
            },
        ):
            await subscription.handle(transaction, event, envelope)


@lru_cache(maxsize=1024)
def _parent(traceparent: str | None) -> Context:
    """Return a context whose span is the remote one that recorded the event; an empty one without it."""
    parts = (traceparent or "").split("-")
    if len(parts) != 4:
        return Context()
    try:
        span = SpanContext(int(parts[1], 16), int(parts[2], 16), True, TraceFlags(int(parts[3], 16)))
    except ValueError:
        return Context()
    return trace.set_span_in_context(NonRecordingSpan(span), Context())
