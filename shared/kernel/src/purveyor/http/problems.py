"""RFC 9457 problem documents: every refusal has a stable code and names the fields that were wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from purveyor.errors import FieldError, InvalidError, ProblemError, detail_of, few_of_each_kind
from purveyor.errors import pointer as pointer_to
from purveyor.http import preconditions
from purveyor.http.failures import DATABASE_ERRORS, problem_of
from purveyor.refusals import type_of
from purveyor.security import SecurityRecords

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
VALUE_SHOWN_AT_MOST = 100
HTTP_PROBLEMS = {
    400: ("body_unreadable", "The body cannot be read"),
    404: ("path_unknown", "Not found"),
    405: ("method_not_allowed", "Method not allowed"),
    408: ("body_too_slow", "Timed out"),
    413: ("body_too_large", "Too large"),
    503: ("overloaded", "Temporarily unavailable"),
}


class ProblemField(BaseModel):
    """A field that was wrong."""

    line: int | None = Field(
        default=None,
        description="Of a body of rows: in which of its lines, from 1; otherwise left out",
        examples=[2],
    )
    pointer: str = Field(
        description="JSON pointer into the request, or into the row", examples=["/lines/0/quantity"]
    )
    detail: str = Field(description="What was wrong and what would be right")


class Problem(BaseModel):
    """A refusal (RFC 9457); some have members of their own, which are not listed."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="Where this kind of problem is explained; relative to the service, unless it says more",
        json_schema_extra={"format": "uri-reference"},
        examples=["/problems#validation_failed"],
    )
    title: str
    status: int
    code: str = Field(description="Stable, for programs", examples=["validation_failed"])
    detail: str
    request_id: str | None = None
    errors: list[ProblemField] = []


def response_of(request: Request, problem: ProblemError) -> JSONResponse:
    """Return the response that tells a caller of a problem."""
    content: dict[str, Any] = {
        "type": type_of(problem.code, request.app.state.context.settings.problems_url),
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": getattr(request.state, "request_id", None),
    }
    if problem.errors:
        content["errors"] = [error.shown() for error in problem.errors]
    return JSONResponse(content | problem.extensions, problem.status, problem.headers, MEDIA_TYPE)


def pointer(location: Sequence[str | int]) -> str:
    """Return a JSON pointer (RFC 6901) into the request: body fields from the root, others by kind."""
    parts = location[1:] if location and location[0] == "body" else location
    # A parameter that may be repeated is no list to who sends it once.
    return pointer_to(parts[:2] if parts and parts[0] == "query" else parts)


def install(app: FastAPI) -> None:
    """Answer every refusal of an app with a problem document; what is no refusal is the middleware's."""

    @app.exception_handler(ProblemError)
    async def refused(request: Request, error: ProblemError) -> JSONResponse:
        security: SecurityRecords = request.app.state.security
        security.note_problem(request, error)
        return response_of(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        condition = preconditions.refusal_of(error.errors())
        if condition is not None:
            return response_of(request, condition)
        errors = [_field_error(item, error.body) for item in few_of_each_kind(error.errors())]
        detail = "; ".join(f"{item.pointer}: {item.detail}".removeprefix(": ") for item in errors[:3])
        return response_of(request, InvalidError("validation_failed", detail, errors=errors))

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = _methods_at(request.app, request.scope)
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=headers)
            error.detail = f"{request.method} is not possible here, but {headers['Allow']}."
        response = response_of(request, _HttpError(error))
        response.headers.update(headers)
        return response

    async def failed(request: Request, error: Exception) -> JSONResponse:
        problem = problem_of(error)
        if problem is None:
            raise error
        log.warning("request_refused_by_database", code=problem.code, exc_info=error)
        return response_of(request, problem)

    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, failed)


class _HttpError(ProblemError):
    """What the framework refuses by itself: unknown paths and methods, bodies too large or unreadable."""

    def __init__(self, error: HTTPException) -> None:
        code, self.title = HTTP_PROBLEMS.get(error.status_code, ("bad_request", "The request was refused"))
        self.status = error.status_code
        detail = str(error.detail)
        cause = error.__cause__
        if error.status_code == 400 and cause is not None:
            detail = f"{detail}, which has to be JSON in UTF-8: {_said(cause)}"
        super().__init__(code, detail)


def _methods_at(app: FastAPI, scope: Scope) -> str:
    """Return what `Allow` says of an address: the methods of all routes there, not of the first alone.

    The middleware turns HEAD into GET, and OPTIONS comes here.
    """
    there = (route for route in app.routes if route.matches(scope)[0] is not Match.NONE)
    methods = {method for route in there for method in getattr(route, "methods", None) or ()}
    return ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))


def _said(cause: BaseException) -> str:
    """Return what a caller may know of why a body could not be read: where it is wrong, not how we read."""
    if isinstance(cause, UnicodeDecodeError):
        return f"at byte {cause.start} it is not"
    return "it is nested too deeply" if isinstance(cause, RecursionError) else "it is not"


def _field_error(error: Any, body: Any) -> FieldError:
    if error["type"] == "json_invalid":
        return FieldError("", f"Not JSON, at character {error['loc'][-1]}: {error['ctx']['error']}")
    detail = detail_of(error)
    value = error.get("input")
    if isinstance(value, str | int | float | bool) and error["type"] != "missing":
        detail = f"{detail} (got {str(value)[:VALUE_SHOWN_AT_MOST]!r})"
    location = error["loc"]
    if location and location[0] == "body" and isinstance(body, Mapping | list):
        location = sent(location[1:], body, missing=error["type"] == "missing")
    return FieldError(pointer(location), detail)


def sent(location: Sequence[str | int], body: Any, *, missing: bool) -> list[str | int]:
    """Return where something stands in what was sent.

    Of what may be of several kinds a location also says as which it was read, and nobody sent that.
    """
    found: list[str | int] = []
    for place, part in enumerate(location, start=1):
        is_last = place == len(location)
        if isinstance(body, Mapping) and part not in body:
            if is_last and missing:
                found.append(part)
            continue
        inside: Any = body[part] if isinstance(body, Mapping | list) else None  # type: ignore[index]  # as sent
        if is_last or isinstance(inside, Mapping | list):
            found.append(part)
            body = inside
    return found
