"""The contract that the API of every service keeps: checks that its tests run one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, TypeAdapter

from purveyor.auth import SUPPLIER
from purveyor.http import routes
from purveyor.http.described import UNTOLD
from purveyor.http.personal import MARK, models_in, shown_by
from purveyor.testing.texts import TEXTS, Check, Issuer

__all__ = ("CONTRACT", "Check", "Issuer")

NO_ID = UUID(int=0)
PROBLEM = "application/problem+json"
FIGURE = re.compile("_percent$|_ppm$|_share$|_ratio$|^score$|^average_|^mean_")
ROUNDED = re.compile(r"\[0-9\]\+(\\.\[0-9\]\{[0-9]\})?\$$")
"""A pattern whose decimals are counted."""
STATED = re.compile(r"\\.0\{1,[0-9]\}")
"""The pattern of what is stated of a hundred, whose decimals have a bound: `purveyor.decimals.form_of`."""
Json = dict[str, Any]


async def every_route_is_closed(app: FastAPI, issuer: Issuer) -> None:
    """Assert that no route but a public one answers without a token, its scope, or one of its roles."""
    demanded = [demand for route in routes.routes_of(app) for demand in routes.demands(route)]
    every_role = {role for demand in demanded for role in demand.roles} - {SUPPLIER}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for route in routes.routes_of(app):
            path = re.sub(r"\{[^}]+\}", str(NO_ID), route.path or "")
            for method in sorted(route.methods or ()):
                place = f"{method} {route.path}"
                for demand in routes.demands(route):
                    lacking = {
                        None: (401, "token_required"),
                        issuer.token("nobody", *every_role, scopes=[]): (403, "scope_required"),
                    }
                    if demand.roles:
                        without_role = issuer.token("nobody", scopes=[demand.scope])
                        lacking[without_role] = (403, "role_required")
                    for token, expected in lacking.items():
                        headers = {"Authorization": f"Bearer {token}"} if token else {}
                        response = await client.request(method, path, headers=headers)
                        answer = (response.status_code, response.json().get("code"))
                        assert answer == expected, f"{place} answers {answer}, not {expected}"  # noqa: S101


async def the_openapi_document_is_valid(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that the document is one of OpenAPI 3.1, its references, defaults and identifiers too."""
    OpenAPIV31SpecValidator(app.openapi()).validate()


async def generated_clients_compile(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that the document has none of what breaks generated clients, or that linters complain of.

    A union of number and string, above all with a default; models that differ by what they are used for; an
    enumeration by name, whose values share a space of names with those of others in Go; a parameter that may
    be null; an example without the nulls that it needs; an integer that is large and does not say so.
    """
    document = app.openapi()
    for name, schema in document["components"]["schemas"].items():
        assert not name.endswith(("-Input", "-Output")), f"{name} is two"  # noqa: S101
        assert "enum" not in schema, f"{name} is an enumeration with a name"  # noqa: S101
        for example in schema.get("examples", ()):
            lacking = set(schema.get("required", ())) - set(example)
            assert not lacking, f"the example of {name} lacks {lacking}"  # noqa: S101
    for schema in _schemas(document, "type"):
        if schema["type"] in ("integer", ["integer", "null"]) and "enum" not in schema:
            assert "exclusiveMaximum" not in schema, f"Go's bound is another: {schema}"  # noqa: S101
            large = schema.get("maximum", 2**31) >= 2**31
            assert not large or schema.get("format") == "int64", f"may be large: {schema}"  # noqa: S101
    for schema in _schemas(document, "anyOf"):
        kinds = {str(one.get("type")) for one in schema["anyOf"]}
        assert kinds in ({"None"}, {"None", "null"}), f"a union of {kinds}: {schema}"  # noqa: S101
    for place, operation in _operations(document):
        assert "security" in operation, f"{place} does not say whom it is for"  # noqa: S101
        ways = {name for way in operation["security"] for name in way}
        assert ways <= document["components"]["securitySchemes"].keys(), place  # noqa: S101
    assert all(tag.get("description") for tag in document["tags"])  # noqa: S101


def _schemas(part: Any, keyword: str) -> Iterator[Json]:
    """Yield every schema with a keyword in a part of a document."""
    if isinstance(part, list):
        for one in part:
            yield from _schemas(one, keyword)
    elif isinstance(part, dict):
        if isinstance(part.get(keyword), list | str):
            yield part
        for name, one in part.items():
            if name not in {"examples", "example"}:
                yield from _schemas(one, keyword)


async def every_operation_is_documented(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that each operation has a summary, a description, tags and an operation id of its own.

    Each of its parameters says what it means, those of its path too.
    """
    ids: set[str] = set()
    for place, operation in _operations(app.openapi()):
        for part in ("summary", "description", "tags", "operationId"):
            assert operation.get(part), f"{place} has no {part}"  # noqa: S101
        assert operation["operationId"] not in ids, f"{place} repeats an operation id"  # noqa: S101
        ids.add(operation["operationId"])
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), f"{place} says nothing of {parameter['name']}"  # noqa: S101


async def every_refusal_is_documented(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that each closed operation tells as problem details what it refuses, and what each means."""
    for place, operation in _operations(app.openapi()):
        if not operation["security"]:
            continue
        headers = {one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"}
        expected = {"401", "403", "406"} | ({"412", "428"} if "if-match" in headers else set())
        refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert refusals.keys() >= expected, f"{place} documents {sorted(refusals)} only"  # noqa: S101
        for status, answer in refusals.items():
            assert answer["description"], f"{place} does not say what {status} means"  # noqa: S101
            assert "X-Request-Id" in answer["headers"], f"{place} tells no fields of {status}"  # noqa: S101
            assert PROBLEM in answer["content"], f"{place} answers {status} otherwise"  # noqa: S101


async def every_success_is_documented(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that each success is told in words of its own, with the fields that it carries.

    What a read's ETag spares is 304, a change of a version tells the new one, and a key its replay.
    """
    phrases = {status.phrase for status in HTTPStatus} | {"Successful Response", UNTOLD}
    for place, operation in _operations(app.openapi()):
        headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        successes = {status: answer for status, answer in operation["responses"].items() if status < "300"}
        assert successes, f"{place} never succeeds"  # noqa: S101
        for status, answer in successes.items():
            told = answer["headers"].keys()
            assert answer["description"] not in phrases, f"{place} does not say what {status} is"  # noqa: S101
            assert "If-Match" not in headers or "ETag" in told, f"{place} tells no version"  # noqa: S101
            assert ("Idempotency-Key" in headers) == ("Idempotent-Replayed" in told), place  # noqa: S101
            had = place.startswith("GET") and "ETag" in told
            assert had == ("304" in operation["responses"]) == ("If-None-Match" in headers), place  # noqa: S101
        assert "Idempotency-Key" not in headers or place.startswith("POST"), place  # noqa: S101


async def every_figure_is_rounded(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that what is a quotient by its name has a fixed number of decimals: `purveyor.figures`.

    What a request states is none, and has as many as it may state.
    """
    sent = {model.__name__ for model in _models(app, "body_field")}
    for model, schema in app.openapi()["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            if FIGURE.search(name) and "string" in field.get("type", ()):
                written = field.get("pattern", "")
                is_bounded = ROUNDED.search(written) or (model in sent and STATED.search(written))
                assert is_bounded, f"{model}.{name} has any decimals"  # noqa: S101


async def every_example_is_valid(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that each example of what is sent or answered is taken by its own model."""
    for model in _models(app):
        for example in model.model_json_schema().get("examples", ()):
            model.model_validate_json(json.dumps(example))


async def every_showing_of_personal_data_is_found(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that what answers show of personal data is noted as their JSON Schema says it."""
    for route in routes.routes_of(app):
        model = getattr(route.original_route, "response_model", None)
        if model is not None:
            schema = TypeAdapter(model).json_schema(mode="serialization")
            marks = {one[MARK] for one in _schemas(schema, MARK)}
            assert shown_by(model) == (", ".join(sorted(marks)) or None), route.path  # noqa: S101


CONTRACT: tuple[Check, ...] = (
    *TEXTS,
    every_route_is_closed,
    the_openapi_document_is_valid,
    generated_clients_compile,
    every_operation_is_documented,
    every_refusal_is_documented,
    every_success_is_documented,
    every_figure_is_rounded,
    every_example_is_valid,
    every_showing_of_personal_data_is_found,
)


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


def _models(app: FastAPI, *fields: str) -> set[type[BaseModel]]:
    """Return the models of request bodies, of answers, or of both, and those of which they are made."""
    found: set[type[BaseModel]] = set()
    for route in routes.routes_of(app):
        if isinstance(route.original_route, APIRoute):
            for name in fields or ("body_field", "response_field"):
                if (field := getattr(route.original_route, name)) is not None:
                    found |= models_in(field.field_info.annotation)
    return found
