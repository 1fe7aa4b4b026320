"""The event catalogue: a page that says of every event what it means, who tells it and who listens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from purveyor_contract.schemas import JsonSchema, example_of, schema_of
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event

PAGE = Path(__file__).with_name("catalogue.html")
"""Where the page is written, among the code: services answer it at `/events`."""
TEMPLATE = "catalogue.html.j2"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an event, as the page shows it."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, as the page shows it."""

    name: str
    type: str
    version: int
    meaning: str
    consumers: tuple[str, ...]
    fields: tuple[Field, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A topic and the events on it."""

    topic: str
    service: str
    key: str
    entries: tuple[Entry, ...]


def catalogue(events: Sequence[type[Event]], consumers: Mapping[str, Iterable[Consumer]]) -> str:
    """Return the page of these events and of the services' consumers, as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE).render(streams=_streams(events, consumers))


def _streams(events: Sequence[type[Event]], consumers: Mapping[str, Iterable[Consumer]]) -> list[Stream]:
    listening = [one for each in consumers.values() for one in each]
    by_topic: dict[str, list[type[Event]]] = {}
    for event in events:
        by_topic.setdefault(event.topic, []).append(event)
    return [
        Stream(
            topic,
            told[0].service,
            told[0].key_field,
            tuple(_entry(event, listening) for event in told),
        )
        for topic, told in sorted(by_topic.items())
    ]


def _entry(event: type[Event], consumers: Iterable[Consumer]) -> Entry:
    schema = schema_of(event)
    required = set(schema.get("required", ()))
    return Entry(
        name=event.__name__,
        type=event.type_name(),
        version=event.major,
        meaning=schema["description"],
        consumers=tuple(
            sorted(one.name for one in consumers if event in {each.event for each in one.subscriptions})
        ),
        fields=tuple(
            Field(name, kind_of(field), name in required, field.get("description", ""))
            for name, field in schema["properties"].items()
        ),
        example=json.dumps(example_of(event), indent=2, ensure_ascii=False),
    )


def kind_of(schema: JsonSchema) -> str:
    """Return what a field is in a few words: `list of OrderedLine`, `date or null`."""
    kind: Any
    match schema:
        case {"$ref": str(reference)}:
            kind = reference.rpartition("/")[2]
        case {"anyOf": [*alternatives]}:
            kind = " or ".join(map(kind_of, alternatives))
        case {"type": "array", "items": items}:
            kind = f"list of {kind_of(items)}"
        case {"enum": [*values]}:
            kind = " or ".join(map(str, values))
        case {"const": value}:
            kind = str(value)
        case {"format": kind}:
            pass
        case {"type": "string", "pattern": _}:
            kind = "decimal"
        case {"type": kind}:
            pass
        case _:
            kind = "anything"
    return str(kind)
