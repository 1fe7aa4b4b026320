"""What an operation expects of every request: parameters that it knows, and that its answer is taken."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from purveyor.auth import Requires
from purveyor.errors import LISTED_OF_A_KIND, FieldError, InvalidError, UnsupportedMediaTypeError
from purveyor.http.accepted import NotAcceptableError, takes
from purveyor.http.arrival import has_body
from purveyor.http.lists import SPARSE
from purveyor.http.preconditions import is_had

PROBLEM = "application/problem+json"
JSON = b"application/json"
OF_JSON = re.compile(r"application/([\w.-]+\+)?json")
"""As FastAPI reads them; anything else it would take for a text."""
OF_CONTENT = frozenset(
    {
        b"content-type",
        b"content-length",
        b"content-encoding",
        b"content-language",
        b"content-range",
        b"content-disposition",
    }
)


class Expecting:
    """Stands before a route: refuses what nobody would read, and sends nobody what they have.

    A dependency would do, and would cost every request; this looks only at what is there.
    """

    def __init__(self, route: APIRoute) -> None:
        self.app: ASGIApp = route.app
        self.documented = route.include_in_schema
        self.parameters = _query_parameters(route.dependant)
        self.demands = _demands(route.dependant)
        self.reads_json = bool(route.dependant.body_params)
        self.offered = _offered(route) if self.documented else ()
        self.usual = {b"*/*"} | ({JSON} if JSON.decode() in self.offered else set())
        """What most clients send: looked at no further."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; raises ProblemError for one that asks for what there is not."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        accept = headers.get(b"accept")
        if accept is not None and accept not in self.usual and self.offered:
            self._expect_that_it_takes(_all_of(scope, b"accept"))
        if scope["query_string"] and self.documented:
            await self._expect_known_parameters(scope)
        if self.reads_json and (kind := headers.get(b"content-type", b"")) != JSON:
            await self._expect_json(kind.decode("latin-1"), scope)
        if b"if-none-match" in headers and scope["method"] == "GET":
            send = _unless_had(_all_of(scope, b"if-none-match"), send)
        await self.app(scope, receive, send)

    def _expect_that_it_takes(self, accept: str) -> None:
        if not takes(accept, self.offered):
            raise NotAcceptableError(self.offered)

    async def _expect_known_parameters(self, scope: Scope) -> None:
        """Raise InvalidError naming what is not known, or is said twice and taken once.

        Before that, what stands against who asks is told.
        """
        given = Counter(name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), True))
        wrong = [name for name, times in given.items() if times > 1 or name not in self.parameters]
        wrong = [name for name in wrong if not self.parameters.get(name)]
        if not wrong:
            return
        for demand in self.demands:
            await demand(Request(scope))
        errors = [FieldError(f"/query/{_escaped(name)}", self._right(name)) for name in wrong]
        detail = "; ".join(f"{error.pointer}: {error.detail}" for error in errors[:3])
        raise InvalidError("validation_failed", detail, errors=errors[:LISTED_OF_A_KIND])

    async def _expect_json(self, kind: str, scope: Scope) -> None:
        """Raise UnsupportedMediaTypeError for a body of another kind, where there is one."""
        media_type = kind.partition(";")[0].strip().lower()
        if OF_JSON.fullmatch(media_type) or not has_body(dict(scope["headers"])):
            return
        for demand in self.demands:
            await demand(Request(scope))
        raise UnsupportedMediaTypeError(
            f"Send application/json and say so in Content-Type, not {media_type or 'nothing'}."
        )

    def _right(self, name: str) -> str:
        """Return what would be right instead of a parameter."""
        if name in self.parameters:
            return "Stands more than once; it takes one value."
        if not self.parameters:
            return "No such parameter; there is none here."
        meant = get_close_matches(name, self.parameters, 1)
        which = f"did you mean {meant[0]}? There" if meant else "there"
        return f"No such parameter; {which} are {', '.join(self.parameters)}."


def hold_to_documents(route: APIRoute) -> None:
    """Let a route refuse what its documentation does not name; once, however many apps it is adopted by."""
    if not isinstance(route.app, Expecting):
        route.app = Expecting(route)


def _escaped(name: str) -> str:
    return name[:100].replace("~", "~0").replace("/", "~1")


def _query_parameters(dependant: Dependant) -> dict[str, bool]:
    """Return the parameters of a route, and whether each takes several values."""
    own = {field.alias: _is_list(field.field_info.annotation) for field in dependant.query_params}
    for child in dependant.dependencies:
        own |= {name: several for name, several in _query_parameters(child).items() if name not in own}
    return own


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in {list, set, tuple} or any(map(_is_list, get_args(annotation)))


def _demands(dependant: Dependant) -> list[Requires]:
    calls = [child.call for child in dependant.dependencies]
    return [call for call in calls if isinstance(call, Requires)] + [
        demand for child in dependant.dependencies for demand in _demands(child)
    ]


def _offered(route: APIRoute) -> tuple[str, ...]:
    """Return the media types that a route's answers are documented to have; none where nothing is said."""
    chosen = route.response_class
    own = (chosen.value if isinstance(chosen, DefaultPlaceholder) else chosen).media_type
    others = [SPARSE] if "fields" in _query_parameters(route.dependant) else []
    others += [kind for answer in route.responses.values() for kind in answer.get("content", ())]
    kinds = dict.fromkeys([own, *others] if own else others)
    return (*kinds, PROBLEM) if kinds else ()


def _all_of(scope: Scope, field: bytes) -> str:
    """Return the values of all lines of a field, which are one list."""
    return ", ".join(value.decode("latin-1") for name, value in scope["headers"] if name == field)


def _unless_had(if_none_match: str, send: Send) -> Send:
    """Return a `send` that answers 304 when the caller has what is sent (RFC 9110, 13.1.2 and 15.4.5)."""
    had = False

    async def send_unless_had(message: Message) -> None:
        nonlocal had
        if message["type"] == "http.response.start":
            etag = dict(message["headers"]).get(b"etag")
            had = message["status"] == 200 and etag is not None and is_had(etag.decode(), if_none_match)
            if had:
                kept = [(name, value) for name, value in message["headers"] if name not in OF_CONTENT]
                message = {**message, "status": 304, "headers": kept}
        elif had:
            message = {**message, "body": b""}
        await send(message)

    return send_unless_had
