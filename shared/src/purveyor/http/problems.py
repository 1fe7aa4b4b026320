"""RFC 9457 problem documents: every refusal has a stable code and names the fields that were wrong."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from purveyor.errors import FieldError, ProblemError

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
VALUE_SHOWN_AT_MOST = 100


class ProblemField(BaseModel):
    """A field that was wrong."""

    pointer: str = Field(description="JSON pointer into the request", examples=["/lines/0/quantity"])
    detail: str = Field(description="What was wrong and what would be right")


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = Field(examples=["urn:purveyor:problem:validation_failed"])
    title: str
    status: int
    code: str = Field(description="Stable, for programs", examples=["validation_failed"])
    detail: str
    request_id: str | None = None
    errors: list[ProblemField] = []


def problem_response(
    request: Request,
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
    **extensions: Any,
) -> JSONResponse:
    """Build a problem document's response."""
    content: dict[str, Any] = {
        "type": f"urn:purveyor:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": getattr(request.state, "request_id", None),
    }
    if errors:
        content["errors"] = [{"pointer": error.pointer, "detail": error.detail} for error in errors]
    return JSONResponse(content | extensions, status, headers, MEDIA_TYPE)


def pointer(location: Sequence[str | int]) -> str:
    """Return a JSON pointer (RFC 6901) for a place in the request: body fields from the root, others by kind."""
    parts = location[1:] if location and location[0] == "body" else location
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def install(app: FastAPI) -> None:
    """Answer every error of an app with a problem document."""

    @app.exception_handler(ProblemError)
    async def refused(request: Request, error: ProblemError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return problem_response(
            request,
            error.status,
            error.code,
            error.title,
            error.detail,
            error.errors,
            headers,
            **error.extensions,
        )

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [_field_error(item) for item in error.errors()]
        return problem_response(
            request,
            422,
            "validation_failed",
            "The request is not valid",
            "; ".join(f"{item.pointer}: {item.detail}" for item in errors[:3]),
            errors,
        )

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(error.status_code).phrase
        headers = dict(error.headers) if error.headers else None
        code = phrase.lower().replace(" ", "_")
        return problem_response(request, error.status_code, code, phrase, str(error.detail), headers=headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", path=request.url.path, exc_info=error)
        return problem_response(
            request,
            500,
            "internal_error",
            "The service failed",
            "Something went wrong on our side; nothing was changed. Quote the request id when you report it.",
        )


def _field_error(error: Any) -> FieldError:
    detail = str(error["msg"]).removeprefix("Value error, ")
    value = error.get("input")
    if isinstance(value, str | int | float | bool) and error["type"] != "missing":
        detail = f"{detail} (got {str(value)[:VALUE_SHOWN_AT_MOST]!r})"
    return FieldError(pointer(error["loc"]), detail)
