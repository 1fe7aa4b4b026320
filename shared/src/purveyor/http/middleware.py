"""What happens around every request: its id, the limit on its body, its time, and an end to every failure."""

from __future__ import annotations

import re
import time

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from purveyor.http import problems
from purveyor.http.bulk import ANY_SIZE
from purveyor.http.failures import FailedError
from purveyor.service import ServiceContext

log = structlog.get_logger(__name__)

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestMiddleware:
    """Gives a request its id (the caller's `X-Request-Id` when it is sane), limits it, times and logs it."""

    def __init__(self, app: ASGIApp, context: ServiceContext) -> None:
        self.app = app
        self.metrics = context.metrics
        self.max_body_bytes = context.settings.max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer a problem document when it fails without an answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        self.metrics.in_progress.inc()
        try:
            await self.app(scope, self._limited(scope, receive), send_with_id)
        except Exception as error:
            log.exception("request_failed", path=scope["path"], exc_info=error)
            if status:
                raise
            response = problems.response_of(Request(scope), FailedError())
            await response(scope, receive, send_with_id)
        finally:
            self._note(scope, status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Count what arrives, and stop a body that is too large whether it says so or not."""
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        left = self.max_body_bytes
        too_large = declared.isdigit() and int(declared) > left

        async def receive_within_limit() -> Message:
            nonlocal left
            if scope.get(ANY_SIZE):
                return await receive()
            if too_large:
                raise HTTPException(413, f"The body may have {self.max_body_bytes} bytes.")
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"The body may have {self.max_body_bytes} bytes.")
            return message

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


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if REQUEST_ID.fullmatch(given) else str(uuid7())
