"""The AsyncAPI 3.0 document: a channel a topic, a message an event, an operation a publisher or consumer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from purveyor_contract.schemas import EXAMPLE_TIME, JsonSchema, example_of, schema_of
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event

DESCRIPTION = (
    "CloudEvents 1.0 in Kafka's binary mode. Published versions only gain optional fields; readers ignore "
    "the fields and the events that they do not know."
)

CLOUD_EVENT_HEADERS: JsonSchema = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string", "description": "The publishing service"},
        "ce_subject": {"type": "string", "description": "The stream's key, also the Kafka key"},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was recorded"},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "The event's number in its stream (topic and key), from 1, without gaps",
        },
        "ce_previous": {
            "type": "string",
            "format": "uuid",
            "description": "The id of the event before it in its stream; absent at the first",
        },
        "ce_epoch": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "The incarnation of the publisher's database; 1 until one was restored",
        },
        "ce_dataschema": {"type": "string", "description": "Where its schema is among these files"},
        "ce_traceparent": {"type": "string", "description": "W3C trace context of the cause"},
        "content-type": {"const": "application/json"},
    },
}


def asyncapi(events: Iterable[type[Event]], consumers: Mapping[str, Iterable[Consumer]]) -> dict[str, Any]:
    """Return the document of these events and of the services' consumers."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for event in events:
        messages[event.type_name()] = _message(event)
        channel = channels.setdefault(event.topic, _channel(event))
        channel["messages"][event.type_name()] = {"$ref": f"#/components/messages/{event.type_name()}"}
        sending = operations.setdefault(
            f"{event.service}.sends.{event.topic}",
            _operation("send", event.topic, f"{event.service} publishes what happens there."),
        )
        sending["messages"].append(_reference(event))
    for service, service_consumers in consumers.items():
        for consumer in service_consumers:
            receiving = _operation("receive", consumer.topic, f"{service} listens as {consumer.name}.")
            receiving["messages"] = [
                _reference(subscription.event) for subscription in consumer.subscriptions
            ]
            operations[f"{service}.receives.{consumer.topic}"] = receiving
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Purveyor's events",
            "version": "1.0.0",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"CloudEventHeaders": CLOUD_EVENT_HEADERS}},
    }


def _channel(event: type[Event]) -> dict[str, Any]:
    return {
        "address": event.topic,
        "description": f"Streams keyed by {event.key_field}: everything of one key is in order.",
        "messages": {},
    }


def _operation(action: str, topic: str, summary: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}, "summary": summary, "messages": []}


def _reference(event: type[Event]) -> dict[str, str]:
    return {"$ref": f"#/channels/{event.topic}/messages/{event.type_name()}"}


def _message(event: type[Event]) -> dict[str, Any]:
    example = example_of(event)
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid5(NAMESPACE_URL, event.type_name())),
        "ce_type": event.type_name(),
        "ce_source": event.service,
        "ce_subject": str(example[event.key_field]),
        "ce_time": EXAMPLE_TIME,
        "ce_sequence": "1",
        "ce_epoch": "1",
        "ce_dataschema": event.schema_reference(),
        "content-type": "application/json",
    }
    return {
        "name": event.type_name(),
        "title": event.__name__,
        "summary": schema_of(event)["description"],
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/CloudEventHeaders"},
        "payload": {"$ref": f"./{event.type_name()}.json"},
        "examples": [{"name": event.__name__, "headers": headers, "payload": example}],
    }
