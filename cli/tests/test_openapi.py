"""One document of all services has all that theirs have, and nothing clashes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY
from openapi_spec_validator import OpenAPIV31SpecValidator

from purveyor.http.described import METHODS
from purveyor_cli.openapi import combined, documents

VOCABULARIES = (
    "core",
    "applicator",
    "unevaluated",
    "validation",
    "meta-data",
    "format-annotation",
    "content",
)
WORDS = {"discriminator"} | {
    word
    for name in VOCABULARIES
    for word in REGISTRY.contents(f"https://json-schema.org/draft/2020-12/meta/{name}")["properties"]
}
VALUES = {"const", "default", "enum", "example", "examples"}
NAMED = {"properties", "patternProperties", "schemas"}


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): parts[method]
        for path, parts in document["paths"].items()
        for method in METHODS & parts.keys()
    }


def resolved(part: Any, document: dict[str, Any]) -> Any:
    """Return a part of a document with one step of what it refers to, without the names."""
    if isinstance(part, list):
        return [resolved(one, document) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        _, _, section, name = part["$ref"].split("/")
        found = document["components"][section][name]
        return {key: value for key, value in found.items() if key != "title" and "$ref" not in str(value)}
    return {key: resolved(value, document) for key, value in part.items()}


def test_the_document_of_all_services_answers_every_operation_of_each_as_it_does() -> None:
    whole, parts = combined(), documents()
    theirs = {
        (method, f"/{service}{path}"): resolved(operation, document)
        for service, document in parts.items()
        for (method, path), operation in operations(document).items()
    }
    ours = {place: resolved(operation, whole) for place, operation in operations(whole).items()}
    named = {"operationId", "tags", "security"}
    assert {place: {k: v for k, v in one.items() if k not in named} for place, one in ours.items()} == {
        place: {k: v for k, v in one.items() if k not in named} for place, one in theirs.items()
    }
    assert [bool(one["security"]) for one in ours.values()] == [
        bool(theirs[place]["security"]) for place in ours
    ]


def test_in_the_document_of_all_services_nothing_clashes_and_everything_refers_to_something() -> None:
    whole = combined("https://gateway.example")
    OpenAPIV31SpecValidator(whole).validate()
    assert whole["servers"][0]["url"] == "https://gateway.example"
    identifiers = Counter(one["operationId"] for one in operations(whole).values())
    assert identifiers.most_common(1)[0][1] == 1
    tags = [tag["name"] for tag in whole["tags"]]
    assert len(tags) == len(set(tags))
    assert {tag for one in operations(whole).values() for tag in one["tags"]} == set(tags)
    schemes = set(whole["components"]["securitySchemes"])
    assert {name for one in operations(whole).values() for way in one["security"] for name in way} == schemes
    said = json.dumps(whole)
    assert all(
        f'"#/components/{section}/{name}"' in said
        for section, parts in whole["components"].items()
        if section != "securitySchemes"
        for name in parts
    ), "what nothing refers to"
    referred = re.findall(r'"#/components/(\w+)/([^"]+)"', said)
    assert [to for to in referred if to[1] not in whole["components"][to[0]]] == [], "refers to nothing"
    assert {"Problem", "EventPage", "SourcingSupplierOut", "ProcurementSupplier"} <= set(
        whole["components"]["schemas"]
    )


def schemas(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through all schemas of a part of a document, which are what stands in place of one."""
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from schemas(one, f"{place}/{number}")
    elif isinstance(part, dict):
        for name, one in part.items():
            if name in NAMED:
                for each, schema in one.items():
                    yield f"{place}/{name}/{each}", schema
                    yield from schemas(schema, f"{place}/{name}/{each}")
            elif name not in VALUES:
                if name in {"schema", "items"} and isinstance(one, dict):
                    yield f"{place}/{name}", one
                if name in {"allOf", "anyOf", "oneOf"}:
                    yield from ((f"{place}/{name}/{number}", each) for number, each in enumerate(one))
                yield from schemas(one, f"{place}/{name}")


def test_examples_are_what_their_schemas_say() -> None:
    wrong = []
    for service, document in documents().items():
        models = document["components"]["schemas"]
        for name, model in models.items():
            known = Draft202012Validator(model | {"components": {"schemas": models}})
            wrong += [
                (service, name, error.message)
                for example in model.get("examples", ())
                for error in known.iter_errors(example)
            ]
    assert wrong == []


def test_schemas_are_in_the_words_of_json_schema() -> None:
    """What pydantic does not know how to say in them, it says in words of its own, such as `gt`."""
    found = [
        (f"{service}{place}", {word for word in schema if not word.startswith("x-")})
        for service, document in documents().items()
        for place, schema in schemas(document)
    ]
    assert len(found) > len(combined()["components"]["schemas"])
    assert {place: words - WORDS for place, words in found if words - WORDS} == {}
