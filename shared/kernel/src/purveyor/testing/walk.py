"""Asks an API all that it can be asked, rightly and wrongly, and looks for what its answers must not say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from purveyor.http.described import METHODS
from purveyor.http.routes import demands, routes_of

PAGES = 3
"""How many pages of a list are turned over."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and what had been asked."""

    operation: str
    asked: str
    response: httpx.Response

    @property
    def said(self) -> str:
        """All that the answer says, headers and body, in small letters."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.response.headers.items())
        return f"{headers}\n{self.response.text}".casefold()


async def everything(
    app: FastAPI, client: httpx.AsyncClient, ids: Mapping[str, Sequence[str]]
) -> list[Answer]:
    """Return the answers to every operation, with each of the `ids` of a path's parameters (else 1).

    What is read is also asked for page by page and with wrong parameters; what would change something is
    asked for with an empty body and a version that may be right, may be wrong, or is left out.
    """
    document = app.openapi()
    return [
        Answer(f"{method.upper()} {path}", str(request.url), await client.send(request))
        for path, operations in document["paths"].items()
        for method in sorted(METHODS & operations.keys())
        for request in _requests(client, document, method, path, operations[method], ids)
    ] + [
        answer
        for path, operations in document["paths"].items()
        if "get" in operations
        async for answer in _page_by_page(client, path, ids)
    ]


def for_suppliers(app: FastAPI) -> set[str]:
    """Return the operations that read something and let suppliers in."""
    return {
        f"GET {route.path}"
        for route in routes_of(app)
        if "GET" in (route.methods or ()) and any(demand.suppliers_too for demand in demands(route))
    }


def successes(answers: Collection[Answer]) -> list[Answer]:
    """Return the answers of the business that are no refusals; what operates the service is not of it."""
    return [answer for answer in answers if answer.response.is_success and " /v1/" in answer.operation]


def answered(answers: Collection[Answer]) -> set[str]:
    """Return which operations of the business answered otherwise than with a refusal."""
    return {answer.operation for answer in successes(answers)}


def leaks(answers: Collection[Answer], secrets: Collection[str]) -> list[str]:
    """Return which answers say a secret, and which."""
    return [
        f"{answer.operation} ({answer.asked}, {answer.response.status_code}) says {secret}"
        for answer in answers
        for secret in secrets
        if secret.casefold() in answer.said
    ]


def _places(path: str, ids: Mapping[str, Sequence[str]]) -> Iterator[str]:
    names = re.findall(r"\{(\w+)\}", path)
    for values in itertools.product(*(ids.get(name, ("1",)) for name in names)):
        yield path.format(**dict(zip(names, values, strict=True)))


def _requests(
    client: httpx.AsyncClient,
    document: Json,
    method: str,
    path: str,
    operation: Json,
    ids: Mapping[str, Sequence[str]],
) -> Iterator[httpx.Request]:
    needed = [_choices(document, one, ids) for one in operation.get("parameters", ()) if _is_needed(one)]
    for place in _places(path, ids):
        if method == "get":
            for chosen in itertools.product(*needed):
                yield client.build_request("GET", place, params=dict(chosen))
            for wrong in ({"limit": "0"}, {"cursor": "x"}, {"after": "9999999"}, {"unknown": "1"}):
                yield client.build_request("GET", place, params=wrong)
        else:
            for headers in ({}, {"If-Match": '"1"'}, {"If-Match": '"99"'}):
                yield client.build_request(method.upper(), place, json={}, headers=headers)


def _is_needed(parameter: Json) -> bool:
    return parameter["in"] == "query" and bool(parameter.get("required"))


EXAMPLES = {"day": "2026-03-02", "amount": "1", "currency": "EUR", "into": "USD", "name": "a.pdf"}
"""What to ask for where a parameter is needed and its schema names no value."""


def _choices(document: Json, parameter: Json, ids: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    name, schema = parameter["name"], parameter["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    values = schema.get("enum") or schema.get("examples") or ids.get(name) or [EXAMPLES[name]]
    return [(name, value) for value in values]


async def _page_by_page(client: httpx.AsyncClient, path: str, ids: Mapping[str, Sequence[str]]) -> Any:
    for place in _places(path, ids):
        cursor: str | None = None
        for _ in range(PAGES):
            params = {"limit": "1"} | ({} if cursor is None else {"cursor": cursor})
            response = await client.get(place, params=params)
            yield Answer(f"GET {path}", str(response.request.url), response)
            if response.status_code != httpx.codes.OK or "json" not in response.headers["content-type"]:
                break
            body = response.json()
            cursor = body.get("next_cursor") if isinstance(body, dict) else None
            if cursor is None:
                break
