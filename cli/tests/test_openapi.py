"""One document of all services has all that theirs have, and nothing clashes."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from purveyor.http.described import METHODS
from purveyor_cli.openapi import combined, documents


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
    assert {"Problem", "EventPage", "SourcingSupplierOut", "ProcurementSupplier"} <= set(
        whole["components"]["schemas"]
    )
