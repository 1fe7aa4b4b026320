"""What happens around every request: its id, the limit on its body, its time, and an end to every failure."""

from __future__ import annotations

import re
import time
from contextlib import nullcontext

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars
from uuid_utils.compat import uuid7

from purveyor.http import problems
from purveyor.http.bulk import ANY_SIZE
from purveyor.http.failures import FailedError
from purveyor.observability import bare_trace
from purveyor.service import ServiceContext

log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestMiddleware:
    """Gives a request its id (the caller's `X-Request-Id` when it is sane), limits it, times and logs it."""

    def __init__(self, app: ASGIApp, context: ServiceContext, traced: bool) -> None:
        self.app = app
        self.metrics = context.metrics
        self.max_body_bytes = context.settings.max_body_bytes
        self.traced = traced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer a problem document when it fails without an answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        request_id = given.decode() if REQUEST_ID.fullmatch(given) else str(uuid7())
        scope.setdefault("state", {})["request_id"] = request_id
        traceparent = headers.get(b"traceparent", b"").decode("latin-1")
        with (
            bound_contextvars(request_id=request_id),
            nullcontext() if self.traced else bare_trace(traceparent),
        ):
            declared = headers.get(b"content-length", b"")
            await self._answer(scope, self._limited(scope, receive, declared), send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        status = 0
        request_id = (b"x-request-id", scope["state"]["request_id"].encode())

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), request_id]
            await send(message)

        self.metrics.in_progress.inc()
        try:
            await self.app(scope, receive, send_with_id)
        except Exception as error:
            log.exception("request_failed", path=scope["path"], exc_info=error)
            if status:
                raise
            response = problems.response_of(Request(scope), FailedError())
            await response(scope, receive, send_with_id)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _limited(self, scope: Scope, receive: Receive, declared: bytes) -> Receive:
        """Count what arrives, and stop a body that is too large whether it says so or not."""
        left = self.max_body_bytes
        too_large = declared.isdigit() and int(declared) > left

        async def receive_within_limit() -> Message:
            nonlocal left
            if scope.get(ANY_SIZE):
                return await receive()
            if not too_large:
                message = await receive()
                left -= len(message.get("body", b""))
                if left >= 0:
                    return message
            raise HTTPException(413, f"The body may have {self.max_body_bytes} bytes.")

        return receive_within_limit

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
