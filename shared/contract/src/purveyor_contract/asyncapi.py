"""The AsyncAPI 3.1 document: a channel a topic, a message an event, an operation a publisher or consumer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from purveyor_contract.schemas import EXAMPLE_TIME, JsonSchema, example_of, schema_of
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, Event, dataschema

DESCRIPTION = """\
CloudEvents 1.0 in Kafka's binary mode.

**Order.** All events of one key (`ce_subject`, also the Kafka key) are in order: `ce_streamsequence` counts
them from 1 without gaps, and `ce_streamprevious` is the id of the one before. The same event may come twice;
skip what has an id that you have. `ce_streamepoch` grows when the publisher's database was restored: a
`…Restated` event of a higher epoch then says which events of the stream hold.

**Versions.** A version of an event, the `v1` of its type, only ever gains optional fields: ignore what you do
not know. Anything else is a new version, published beside the old one for twelve months at least; the old one
is marked deprecated here from that day.

**Retention.** Topics keep all events, so that a new subscriber reads the whole past. Older ones than an
operator archives are answered by no API.
"""

DOCUMENT = Path(__file__).with_name("asyncapi.yaml")
"""Where it is written, and answered from."""
PARTITIONS = 12
KAFKA_BINDING = "0.5.0"
"""Of the AsyncAPI bindings for Kafka that this is written in."""
SERVERS: dict[str, Any] = {
    "kafka": {
        "host": "{brokers}",
        "protocol": "kafka-secure",
        "description": "The organisation's Kafka; where several environments share it, topics have a prefix.",
        "variables": {
            "brokers": {"description": "host:port of the brokers", "default": "kafka:9093"},
        },
        "security": [
            {"$ref": "#/components/securitySchemes/certificate"},
            {"$ref": "#/components/securitySchemes/password"},
            {"$ref": "#/components/securitySchemes/token"},
        ],
        "tags": [{"name": "production"}],
    },
    "local": {
        "host": "localhost:9092",
        "protocol": "kafka",
        "description": "A broker of the try-out stack, without encryption or login.",
        "tags": [{"name": "development"}],
    },
}
SECURITY_SCHEMES: dict[str, Any] = {
    "certificate": {"type": "X509", "description": "Mutual TLS"},
    "password": {"type": "scramSha512", "description": "SASL/SCRAM over TLS"},
    "token": {
        "type": "oauth2",
        "description": "SASL/OAUTHBEARER over TLS",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "https://identity.example/oauth2/token",
                "availableScopes": {"kafka": "To log in to the brokers"},
            }
        },
        "scopes": ["kafka"],
    },
}

CLOUD_EVENT_HEADERS: JsonSchema = {
    "type": "object",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_subject",
        "ce_time",
        "ce_dataschema",
        "ce_streamsequence",
        "ce_streamepoch",
        "content-type",
    ],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string", "description": "The publishing service"},
        "ce_subject": {"type": "string", "description": "The stream's key, also the Kafka key"},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it was recorded"},
        "ce_streamsequence": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "The event's number in its stream (topic and key), from 1, without gaps",
        },
        "ce_streamprevious": {
            "type": "string",
            "format": "uuid",
            "description": "The id of the event before it in its stream; absent at the first",
        },
        "ce_streamepoch": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "The incarnation of the publisher's database; 1 until one was restored",
        },
        "ce_dataschema": {"type": "string", "format": "uri", "description": "The schema of the content"},
        "ce_traceparent": {"type": "string", "description": "W3C trace context of the cause"},
        "traceparent": {"type": "string", "description": "The same, where tracers look for it"},
        "content-type": {"const": "application/json"},
    },
}


def asyncapi(events: Sequence[type[Event]], consumers: Mapping[str, Iterable[Consumer]]) -> dict[str, Any]:
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
            receiving["bindings"] = {
                "kafka": {
                    "groupId": {"type": "string", "const": consumer.name},
                    "bindingVersion": KAFKA_BINDING,
                }
            }
            receiving["messages"] = [
                _reference(subscription.event) for subscription in consumer.subscriptions
            ]
            name = f"{service}.receives.{consumer.topic}"
            if name in operations:  # a service may listen to a topic twice, each time for another purpose
                name = f"{name}.{consumer.name.removeprefix(f'{service}.')}"
            operations[name] = receiving
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Purveyor's events",
            "version": "1.0.0",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "tags": [{"name": service} for service in sorted({event.service for event in events})],
        },
        "servers": SERVERS,
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "schemas": {"CloudEventHeaders": CLOUD_EVENT_HEADERS},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _channel(event: type[Event]) -> dict[str, Any]:
    return {
        "address": event.topic,
        "description": f"Streams keyed by {event.key_field}: everything of one key is in order.",
        "servers": [{"$ref": f"#/servers/{name}"} for name in SERVERS],
        "messages": {},
        "tags": [{"name": event.service}],
        "bindings": {
            "kafka": {
                "topic": event.topic,
                "partitions": PARTITIONS,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": KAFKA_BINDING,
            }
        },
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
        "ce_streamsequence": "1",
        "ce_streamepoch": "1",
        "ce_dataschema": dataschema(event.type_name(), DEFAULT_SCHEMAS),
        "content-type": "application/json",
    }
    return {
        "name": event.type_name(),
        "title": event.__name__,
        "summary": schema_of(event)["description"],
        "contentType": "application/json",
        "tags": [{"name": event.service}],
        "bindings": {"kafka": {"key": {"type": "string", "format": "uuid"}, "bindingVersion": KAFKA_BINDING}},
        "headers": {"$ref": "#/components/schemas/CloudEventHeaders"},
        "payload": {"$ref": f"./schemas/{event.type_name()}"},
        "examples": [{"name": event.__name__, "headers": headers, "payload": example}],
    }
