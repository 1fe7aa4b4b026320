"""What holds for every text that any request may state: a kind it is of, and what it takes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Annotated, Any, Protocol, Union, get_args, get_origin
from urllib.parse import quote_plus
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, EmailStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from purveyor.auth import SUPPLIER
from purveyor.http import routes
from purveyor.testing import hostile
from purveyor.texts import TextKind, comparable

Json = Any
OPAQUE = {
    "query cursor": "only what a list handed out is taken",
    "header if-match": "only what ETags hold is taken",
    "Contact.email": "email-validator reads it, and knows more of addresses",
    "Invitation.email": "email-validator reads it, and knows more of addresses",
}
"""Places whose texts have no kind, and why."""
NO_ID = UUID(int=0)
SHORTEST_OF_NAMES = 300
ROUNDS = 3
NO_PROSE = frozenset(text for texts in hostile.UNSEEN.values() for text in texts)


class Issuer(Protocol):
    """Whoever signs the tokens that the service under test trusts."""

    def token(self, subject: str, *roles: str, scopes: list[str]) -> str:
        """Return a token of a person with these roles and scopes."""


Check = Callable[[FastAPI, Issuer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TextField:
    """A place in a request where a text may stand, and how it is read there."""

    place: str
    stated: type[str] | type[date]
    field: Any
    kind: TextKind | None

    def read(self, text: str) -> str | None:
        """Return the text as it is kept, None when it is refused."""
        return self.answer(text)[0]

    def answer(self, text: str) -> tuple[str | None, str]:
        """Return the text as it is kept, if it is, and what came of it."""
        try:
            return str(self.field.validate_python(text)), "taken and shown the same"
        except ValidationError as error:
            return None, error.errors()[0]["type"]


def text_fields(app: FastAPI) -> list[TextField]:
    """Return every place in an app's requests where a text may stand: bodies, rows and parameters."""
    return [one for one in _fields(app) if one.stated is str]


def _fields(app: FastAPI) -> list[TextField]:
    found = {one.place: one for model in _rows(app) for one in _texts("", model)}
    for route in _routes(app):
        for name, field in _parameters(route.dependant):
            place = f"{name} of {route.operation_id or route.name}"
            for one in _texts(place, field.annotation, field.metadata):
                found[one.place] = one
    return list(found.values())


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    for route in routes.routes_of(app):
        if isinstance(route.original_route, APIRoute):
            yield route.original_route


def _rows(app: FastAPI) -> Iterator[type[BaseModel]]:
    """Return the models of the rows that bulk routes take."""
    for route in _routes(app):
        row = getattr(route.response_class, "row", None)
        if row is not None:
            yield row


def _parameters(dependant: Any) -> Iterator[tuple[str, FieldInfo]]:
    for group in ("path", "query", "header", "cookie", "body"):
        for parameter in getattr(dependant, f"{group}_params"):
            yield group if group == "body" else f"{group} {parameter.alias}", parameter.field_info
    for child in dependant.dependencies:
        yield from _parameters(child)


def _texts(
    place: str, annotation: Any, metadata: Any = (), within: frozenset[type[BaseModel]] = frozenset()
) -> Iterator[TextField]:
    """Return the texts within a type, each with what its annotations say of it.

    `within` are the models that it stands in: one that may hold itself is looked at once.
    """
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from _texts(place, inner, (*more, *metadata), within)
    elif annotation is str or annotation is EmailStr:
        kinds = [one for one in metadata if isinstance(one, TextKind)]
        field = TypeAdapter(Annotated[annotation, *metadata] if metadata else annotation)
        yield TextField(place, str, field, kinds[0] if kinds else None)
    elif annotation is date:
        yield TextField(place, date, TypeAdapter(Annotated[date, *metadata] if metadata else date), None)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in within:
            return
        for name, part in annotation.model_fields.items():
            inside = f"{annotation.__name__}.{name}"
            yield from _texts(inside, part.annotation, part.metadata, within | {annotation})
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _texts(place, part, metadata, within)
    elif get_origin(annotation) in (list, tuple, set, frozenset):
        for part in get_args(annotation):
            yield from _texts(place, part, (), within)


async def every_text_has_a_kind(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that no text enters as it comes: each is of a kind, or of a form that has its reason."""
    loose = [one.place for one in text_fields(app) if one.kind is None and not _is_opaque(one)]
    assert not loose, f"give them a type of purveyor.texts: {loose}"  # noqa: S101


async def every_day_is_within_reason(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that no request takes a day that no document of a company has."""
    for field in _fields(app):
        if field.stated is date:
            taken = [day for day in (*hostile.DAYS, *hostile.NO_DAYS) if field.read(day) is not None]
            assert taken == hostile.DAYS, f"{field.place} takes {taken}: give it purveyor.days.Day"  # noqa: S101


def _is_opaque(field: TextField) -> bool:
    return any(field.place.startswith(place) for place in OPAQUE)


async def every_hostile_text_is_refused_or_kept_as_it_is_shown(app: FastAPI, _issuer: Issuer) -> None:
    """Assert of every field that what it takes is seen, and taken again as it is shown, in any spelling."""
    figures = Counter[str]()
    fields = [field for field in text_fields(app) if field.kind is not None]
    for field in fields:
        for text in hostile.EVERY:
            kept, outcome = field.answer(text)
            figures["tried"] += 1
            figures[outcome] += 1
            if kept is not None:
                _expect_sound(field, text, kept)
    print(f"\n{app.title}: hostile texts in {len(fields)} fields: {dict(figures)}")  # noqa: T201


def _expect_sound(field: TextField, text: str, kept: str) -> None:
    place = f"{field.place} takes {text!r} as {kept!r}"
    assert field.read(kept) == kept, f"{place}, and not again"  # noqa: S101
    decomposed = unicodedata.normalize("NFD", text)
    assert field.read(decomposed) in (kept, None), f"{place}, and otherwise decomposed"  # noqa: S101
    if field.kind and not field.kind.is_prose:
        assert text not in NO_PROSE or kept in hostile.HARMLESS, place  # noqa: S101


async def every_name_in_the_world_is_taken(app: FastAPI, _issuer: Issuer) -> None:
    """Assert that whatever takes names and lines takes those that companies bear, in any script."""
    for field in text_fields(app):
        kind = field.kind
        if kind and kind.form == "NFC" and kind.longest >= SHORTEST_OF_NAMES and kind.shortest == 1:
            refused = [name for name in hostile.NAMES if field.read(name) is None]
            assert not refused, f"{field.place} refuses {refused}"  # noqa: S101


async def no_hostile_text_breaks_a_request(app: FastAPI, issuer: Issuer) -> None:
    """Assert over HTTP that hostile texts are refused by name or kept as they are, and fail no service."""
    figures = Counter[str]()
    demands = [demand for route in routes.routes_of(app) for demand in routes.demands(route)]
    roles, scopes = {role for demand in demands for role in demand.roles}, {one.scope for one in demands}
    token = issuer.token("mallory", *sorted(roles - {SUPPLIER}), scopes=sorted(scopes))
    places = list(_places(app.openapi()))
    headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        for turn, text in enumerate(hostile.EVERY * ROUNDS):
            place = places[turn % len(places)]
            response = await client.send(place.request(client, text))
            figures[f"{response.status_code}"] += 1
            place.expect_answer(text, response)
    print(f"\n{app.title}: hostile texts over HTTP, at {len(places)} places: {dict(figures)}")  # noqa: T201


@dataclass(frozen=True, slots=True)
class Place:
    """A text in a request: a parameter, or a part of the body's example."""

    method: str
    path: str
    parameter: str | None
    body: Json
    steps: tuple[str | int, ...]
    numbers: frozenset[str] = frozenset()
    """Parameters of the path that are whole numbers."""

    def request(self, client: httpx.AsyncClient, text: str) -> httpx.Request:
        """Return the request with this text in this place."""
        path = re.sub(r"\{([^}]+)\}", lambda m: "1" if m[1] in self.numbers else str(NO_ID), self.path)
        if self.parameter is not None:
            query = f"{self.parameter}={quote_plus(text.encode(errors='surrogatepass'))}"
            return client.build_request(self.method, f"{path}?{query}")
        body = deepcopy(self.body)
        inner = body
        for step in self.steps[:-1]:
            inner = inner[step]
        inner[self.steps[-1]] = text
        content = json.dumps(body).encode()
        return client.build_request(
            self.method, path, content=content, headers={"Content-Type": "application/json"}
        )

    def expect_answer(self, text: str, response: httpx.Response) -> None:
        """Assert that the answer is no failure, names the place when it refuses, and shows what it took."""
        told = f"{self} with {text!r} answers {response.status_code} {response.text[:300]}"
        assert response.status_code < 500, told  # noqa: S101
        answer = response.json()
        if response.is_success and self.parameter is None:
            for step in self.steps:
                answer = answer.get(step) if isinstance(answer, dict) else None
            assert answer is None or comparable(answer) == comparable(text.strip()), told  # noqa: S101
        elif answer.get("code") == "validation_failed":
            steps = ("query", self.parameter) if self.parameter is not None else self.steps
            pointers = [error["pointer"] for error in answer["errors"]]
            assert any(one.startswith(f"/{steps[0]}") for one in pointers) or pointers == [""], told  # noqa: S101


def _places(document: Json) -> Iterator[Place]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query" and "string" in json.dumps(parameter["schema"]):
                    yield Place(method.upper(), path, parameter["name"], None, (), _numbers(operation))
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            example = _example(document, content["schema"]) if content else None
            for steps in _leaves(example):
                yield Place(method.upper(), path, None, example, steps, _numbers(operation))


def _numbers(operation: Json) -> frozenset[str]:
    return frozenset(
        parameter["name"]
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path" and parameter["schema"].get("type") == "integer"
    )


def _example(document: Json, schema: Json) -> Json:
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if "$ref" in one)
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return next(iter(schema.get("examples", ())), None)


def _leaves(value: Json, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str):
        yield steps
    elif isinstance(value, dict | list):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(part, (*steps, step))


TEXTS: tuple[Check, ...] = (
    every_day_is_within_reason,
    every_text_has_a_kind,
    every_hostile_text_is_refused_or_kept_as_it_is_shown,
    every_name_in_the_world_is_taken,
    no_hostile_text_breaks_a_request,
)
