"""Whether a schema may take the place of a released one: fields are only added, optional."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from purveyor_contract.schemas import JsonSchema

ANNOTATIONS = frozenset({"title", "description", "examples", "default", "$schema", "$defs"})


def incompatibilities(released: JsonSchema, now: JsonSchema) -> list[str]:
    """Return every change that could break a reader of new events, or the reading of old ones."""
    return list(_changes(_shape(released), _shape(now), ""))


def _shape(schema: JsonSchema) -> JsonSchema:
    """Return a schema without its annotations and with its references filled in."""

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return plain(schema["$defs"][node["$ref"].removeprefix("#/$defs/")])
        return {
            keyword: {name: plain(field) for name, field in value.items()}
            if keyword == "properties"
            else plain(value)
            for keyword, value in node.items()
            if keyword not in ANNOTATIONS
        }

    shape: JsonSchema = plain(schema)
    return shape


def _changes(released: JsonSchema, now: JsonSchema, at: str) -> Iterator[str]:
    """Tell every difference that is not a new optional field; `at` is the place in the event."""
    for keyword in sorted(released.keys() | now.keys()):
        match keyword, released.get(keyword), now.get(keyword):
            case "properties", dict(before), dict(after):
                yield from (f"{at}/{name} was removed" for name in sorted(before.keys() - after.keys()))
                for name in sorted(before.keys() & after.keys()):
                    yield from _changes(before[name], after[name], f"{at}/{name}")
            case "required", before, after:
                yield from _changes_of_required(released, set(before or ()), set(after or ()), at)
            case "items", dict(before), dict(after):
                yield from _changes(before, after, f"{at}/*")
            case "anyOf", list(before), list(after) if len(before) == len(after):
                for one, other in zip(before, after, strict=True):
                    yield from _changes(one, other, at)
            case _, before, after if before != after:
                yield f"{at or '/'}: {keyword} was {json.dumps(before)} and is {json.dumps(after)}"


def _changes_of_required(released: JsonSchema, before: set[str], after: set[str], at: str) -> Iterator[str]:
    fields = released.get("properties", {})
    for name in sorted(after - before):
        yield f"{at}/{name} became required" if name in fields else f"{at}/{name} was added, but not optional"
    for name in sorted(before - after):
        yield f"{at}/{name} is no longer always there"
