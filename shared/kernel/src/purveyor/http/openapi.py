"""An OpenAPI document as generators of clients and linters take it: the same said in the plainest way."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]
COMPONENT = "#/components/schemas/"
SENT, ANSWERED = BOTH = ("-Input", "-Output")
"""What FastAPI adds to the name of a model that it has twice: as it is sent, and as it is answered."""


def plain(document: Json, tags: Mapping[str, str]) -> Json:
    """Return a document that says the same without what makes generated clients break or linters complain.

    Decimals are strings, in which no digit is lost (a number is taken too). Enumerations stand where they are
    used: in some languages the values of all would share one space of names. What may be null is a type of
    two, not an alternative of two schemas; a body that may be left out is never null. Rows of imports are
    components as the models of other bodies are. An answer of two kinds has no title, which would be a long
    name in generated code, nor has a parameter, of which it would make a model (`list` one called `List`);
    an integer that may be large says so. Examples show the nulls that they have. A model that holds itself is
    one, whether it is sent or answered, where nothing tells both apart.
    """
    schemas: Json = document.setdefault("components", {}).setdefault("schemas", {})
    for path in document["paths"].values():
        for operation in path.values():
            _plain_operation(operation, schemas)
    enumerations = {name: schema for name, schema in schemas.items() if "enum" in schema}
    document = _everywhere(document, lambda schema: _inlined(schema, enumerations))
    document = _everywhere(document, _plain_schema)
    document = _everywhere(document, _sized)
    document = _joined(document)
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        for example in schema.get("examples", ()):
            _restore_nulls(example, schema, schemas)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    used = sorted({tag for operation in operations for tag in operation.get("tags", ())})
    document["components"]["schemas"] = _referred_to(document, schemas)
    document["tags"] = [{"name": tag} | ({"description": tags[tag]} if tag in tags else {}) for tag in used]
    return document


def _referred_to(document: Json, schemas: Json) -> Json:
    """Return the schemas that operations speak of, and those that these are made of.

    What stands where it is used now, and what pydantic would have said of a model whose schema is written by
    hand, stay behind.
    """
    spoken_of: set[str] = set()
    found = _names(document["paths"])
    while found:
        spoken_of |= found
        found = {inner for name in found for inner in _names(schemas[name])} - spoken_of
    return {name: schema for name, schema in schemas.items() if name in spoken_of}


def _names(part: Any) -> set[str]:
    if isinstance(part, list):
        return {name for one in part for name in _names(one)}
    if not isinstance(part, dict):
        return set()
    reference = part.get("$ref")
    own = (
        {reference.removeprefix(COMPONENT)}
        if isinstance(reference, str) and COMPONENT in reference
        else set()
    )
    return own | {name for one in part.values() for name in _names(one)}


def _plain_operation(operation: Json, schemas: Json) -> None:
    operation.setdefault("security", [])
    for parameter in operation.get("parameters", ()):
        parameter["schema"].pop("title", None)
    body = operation.get("requestBody")
    for content in (body or {}).get("content", {}).values():
        schema = never_null(content["schema"])
        if "$ref" in schema:
            schema.pop("title", None)
        content["schema"] = _hoisted(schema, schemas)
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            if "anyOf" in content.get("schema", {}):
                content["schema"].pop("title", None)
            elif "properties" in content.get("schema", {}):
                content["schema"] = _hoisted(content["schema"], schemas)


def _joined(document: Json) -> Json:
    """Return a document in which a model that is sent and one that is answered are one, if they say the same.

    What refers to itself refers to another name in each, and would be two for that alone.
    """
    schemas: Json = document["components"]["schemas"]
    pairs = {name.removesuffix(SENT) for name in schemas if name.endswith(SENT)}
    pairs = {name for name in pairs if f"{name}{ANSWERED}" in schemas}
    while unlike := {name for name in pairs if len({_named(schemas[name + one], pairs) for one in BOTH}) > 1}:
        pairs -= unlike
    joined: Json = json.loads(_named(document, pairs))
    for name in pairs:
        of_both = [joined["components"]["schemas"].pop(name + one) for one in BOTH]
        joined["components"]["schemas"][name] = of_both[0] | {"title": name}
    return joined


def _named(schema: Json, pairs: Iterable[str]) -> str:
    """Return a schema in which references to either of a pair are to their one name, as a text."""
    said = json.dumps(schema)
    for name in pairs:
        for one in BOTH:
            said = said.replace(f'"{COMPONENT}{name}{one}"', f'"{COMPONENT}{name}"')
    return said


def never_null(schema: Json) -> Json:
    """Return a schema without its null: what is not sent has no value, and in a query `null` is a text."""
    alternatives = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if "anyOf" not in schema or len(alternatives) != 1:
        return schema
    kept = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**alternatives[0], **kept}


def _hoisted(schema: Any, schemas: Json) -> Any:
    """Return a schema in which every titled object is a component, which is added where there is none."""
    if isinstance(schema, list):
        return [_hoisted(one, schemas) for one in schema]
    if not isinstance(schema, dict):
        return schema
    hoisted = {
        name: value if name in {"examples", "default"} else _hoisted(value, schemas)
        for name, value in schema.items()
    }
    if hoisted.get("type") != "object" or "properties" not in hoisted or "title" not in hoisted:
        return hoisted
    name = hoisted["title"]
    if schemas.setdefault(name, hoisted).keys() != hoisted.keys():
        raise ValueError(f"two models are called {name}")
    return {"$ref": f"{COMPONENT}{name}"}


def _everywhere(value: Any, change: Callable[[Json], Json]) -> Any:
    """Return a document in which every object was changed, the inner ones first; examples stay."""
    if isinstance(value, list):
        return [_everywhere(one, change) for one in value]
    if not isinstance(value, dict):
        return value
    return change(
        {
            name: one if name in {"examples", "example", "default"} else _everywhere(one, change)
            for name, one in value.items()
        }
    )


def _inlined(schema: Json, enumerations: Mapping[str, Json]) -> Json:
    reference = schema.get("$ref")
    found = enumerations.get(reference.removeprefix(COMPONENT)) if isinstance(reference, str) else None
    if found is None:
        return schema
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {name: value for name, value in found.items() if name != "title"} | beside


def _plain_schema(schema: Json) -> Json:
    alternatives = schema.get("anyOf")
    if not isinstance(alternatives, list) or not all(isinstance(one, dict) for one in alternatives):
        return schema
    kept = {name: value for name, value in schema.items() if name != "anyOf"}
    chosen = _without_numbers(alternatives)
    chosen = [one for one in chosen if {"type": one.get("type")} not in chosen or one.keys() == {"type"}]
    if len(chosen) == 1:
        return {**chosen[0], **(_as_text(kept) if chosen[0].get("type") == "string" else kept)}
    if len(chosen) == 2 and chosen[1] == {"type": "null"} and isinstance(chosen[0].get("type"), str):
        [one, _] = chosen
        nullable = {**one, "type": [one["type"], "null"]}
        if "enum" in one:
            nullable["enum"] = [*one["enum"], None]
        return {**nullable, **(_as_text(kept) if one["type"] == "string" else kept)}
    return schema


def _sized(schema: Json) -> Json:
    """Return a schema whose bounds generators read, and that says when an integer may need 64 bits."""
    if schema.get("type") not in ("integer", ["integer", "null"]) or "enum" in schema:
        return schema
    sized = dict(schema)
    if "exclusiveMaximum" in sized:
        sized["maximum"] = sized.pop("exclusiveMaximum") - 1
    if sized.get("maximum", math.inf) >= 2**31:
        sized.setdefault("format", "int64")
    return sized


def _without_numbers(alternatives: list[Json]) -> list[Json]:
    """Return alternatives without the number that a decimal may be written as beside its string."""
    kinds = [one.get("type") for one in alternatives]
    if "number" not in kinds or "string" not in kinds:
        return alternatives
    return [one for one in alternatives if one.get("type") != "number"]


def _as_text(kept: Json) -> Json:
    default = kept.get("default")
    if isinstance(default, int | float) and not isinstance(default, bool):
        return {**kept, "default": str(default)}
    return kept


def _restore_nulls(example: Any, schema: Json, schemas: Json) -> None:
    """Give an example the nulls that FastAPI takes out of the document it makes."""
    schema = never_null(schema) if example is not None else schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        schema = schemas[reference.removeprefix(COMPONENT)]
    if isinstance(example, list):
        for one in example:
            _restore_nulls(one, schema.get("items", {}), schemas)
    elif isinstance(example, dict):
        properties = schema.get("properties", {})
        for name in schema.get("required", ()):
            example.setdefault(name, None)
        for name, value in example.items():
            _restore_nulls(value, properties.get(name, {}), schemas)
