"""What happens around every request: its id, its limits, its time, and an end to every failure."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import nullcontext

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars
from uuid_utils.compat import uuid7

from purveyor.errors import HeadersTooLargeError, ProblemError
from purveyor.http import problems
from purveyor.http.arrival import ANY_SIZE, Arrival, has_body
from purveyor.http.browser import with_browser_headers
from purveyor.http.failures import FailedError
from purveyor.http.places import Place, Places
from purveyor.observability import bare_trace
from purveyor.quotas import Quotas
from purveyor.rates import headers_of
from purveyor.service import ServiceContext

log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestMiddleware:
    """Gives a request its id (the caller's `X-Request-Id` when it is sane), limits it, times and logs it."""

    def __init__(self, app: ASGIApp, context: ServiceContext, quotas: Quotas, traced: bool) -> None:
        self.app = app
        self.service = context.name
        self.metrics = context.metrics
        self.settings = context.settings
        self.quotas = quotas
        self.places = Places(context.settings.max_requests)
        self.traced = traced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer a problem document when it fails without an answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # What a GET would be told, which the server sends without its body (RFC 9110, 9.3.2).
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        headers: dict[bytes, bytes] = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        request_id = given.decode() if REQUEST_ID.fullmatch(given) else str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        traceparent = headers.get(b"traceparent", b"").decode("latin-1")
        with (
            bound_contextvars(request_id=request_id, service=self.service),
            nullcontext() if self.traced else bare_trace(traceparent),
        ):
            await self._answer(scope, headers, receive, send)

    async def _answer(
        self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        started = time.perf_counter()
        status = 0
        request_id = (b"x-request-id", scope["state"]["request_id"].encode())
        place = Place(self.places)
        arrival = Arrival(scope, headers, receive, self.settings, place)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                standings = scope["state"].get("standings", ())
                limits = headers_of(standings) if standings else ()
                message["headers"] = [*with_browser_headers(message.get("headers", ())), request_id, *limits]
                arrival.answered = True
                if not scope.get(ANY_SIZE):
                    # What is left is the client's: to take the answer, however slowly.
                    place.leave()
            await send(message)

        self.metrics.in_progress.inc()
        try:
            if scope["path"] not in QUIET:
                self._admit(scope, headers, place)
            await self.app(scope, arrival.receive, send_with_id)
        except ProblemError as problem:
            await problems.response_of(Request(scope), problem)(scope, receive, send_with_id)
        except Exception as error:
            log.exception("request_failed", path=scope["path"], exc_info=error)
            if status:
                raise
            response = problems.response_of(Request(scope), FailedError())
            await response(scope, receive, send_with_id)
        finally:
            place.leave()
            self._note(scope, status, time.perf_counter() - started)

    def _admit(self, scope: Scope, headers: Mapping[bytes, bytes], place: Place) -> None:
        """Let a request in; raises ProblemError when it says too much, or comes too often."""
        size = len(scope["raw_path"]) + len(scope["query_string"])
        if size + sum(len(name) + len(value) for name, value in scope["headers"]) > (
            self.settings.max_header_bytes
        ):
            raise HeadersTooLargeError(self.settings.max_header_bytes)
        self.quotas.admit_address(scope)
        if not has_body(headers):
            place.take()

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "")
        self.metrics.in_progress.dec()
        self.metrics.requests.labels(scope["method"], route, status).observe(seconds)
        if route not in QUIET:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                route=route,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
