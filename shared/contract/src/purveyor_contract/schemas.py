"""Every event of the contract as a JSON Schema, with an example made of its fields' examples."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from purveyor_contract import events
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, Event, dataschema

JsonSchema: TypeAlias = dict[str, Any]

DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
"""Validators know no format of decimals, and a number of JSON is read as a binary one, which 0.1 is not."""
EXAMPLE_TIME = "2026-03-02T09:30:00Z"


class _EventSchema(GenerateJsonSchema):
    """Decimals are strings of digits; titles, which only repeat the names, are left out."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "string", "pattern": DECIMAL}

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def published_events() -> tuple[type[Event], ...]:
    """Return every event type of the contract by name: the classes of `purveyor.events` but bases."""
    found: list[type[Event]] = []
    for module_found in pkgutil.walk_packages(events.__path__, f"{events.__name__}."):
        members = vars(importlib.import_module(module_found.name)).values()
        classes = [
            member
            for member in members
            if isinstance(member, type)
            and issubclass(member, Event)
            and member.__module__ == module_found.name
        ]
        bases = {base for event in classes for base in event.__mro__[1:]}
        found.extend(event for event in classes if event not in bases)
    return tuple(sorted(found, key=lambda event: event.type_name()))


def schema_of(event: type[Event], schemas: str = DEFAULT_SCHEMAS) -> JsonSchema:
    """Return the JSON Schema of an event's data, as published; its `$id` is the events' `dataschema`."""
    schema = event.model_json_schema(mode="serialization", schema_generator=_EventSchema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": dataschema(event.type_name(), schemas),
        **schema,
        "title": event.type_name(),
    }


def example_of(event: type[Event]) -> dict[str, Any]:
    """Return an example of an event's data; raises ValueError for a field whose example nobody gave."""
    schema = schema_of(event)
    example = _example(schema, schema.get("$defs", {}), event.__name__)
    return event.model_validate(example).model_dump(mode="json")


def _example(schema: JsonSchema, definitions: JsonSchema, name: str) -> Any:
    example: Any
    match schema:
        case {"examples": [given, *_]} | {"enum": [given, *_]}:
            example = given
        case {"$ref": str(reference)}:
            example = _example(definitions[reference.removeprefix("#/$defs/")], definitions, name)
        case {"anyOf": [alternative, *_]}:
            example = _example(alternative, definitions, name)
        case {"properties": dict(properties)}:
            example = {field: _example(inner, definitions, field) for field, inner in properties.items()}
        case {"items": items}:
            example = [_example(items, definitions, name)]
        case {"type": "boolean"}:
            example = schema.get("default", True)
        case {"format": "uuid"}:
            example = str(uuid5(NAMESPACE_URL, name))
        case {"format": "date"}:
            example = EXAMPLE_TIME[:10]
        case {"format": "date-time"}:
            example = EXAMPLE_TIME
        case _:
            raise ValueError(f"the field {name!r} has no example: add Field(examples=[…]) to it")
    return example
