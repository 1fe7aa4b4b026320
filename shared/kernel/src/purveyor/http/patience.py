"""How long a connection is waited for: uvicorn limits only the silence between two requests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Self

import uvicorn
from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from purveyor.http.upgrades import PlainProtocol
from purveyor.refusals import type_of
from purveyor.settings import Settings


@dataclass(frozen=True, slots=True)
class Patience:
    """What is granted to a connection, in seconds, and how many there may be."""

    header_timeout: float
    write_timeout: float
    max_header_bytes: int
    max_connections: int
    problems_url: str

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return what the settings grant."""
        return cls(
            settings.header_timeout.total_seconds(),
            settings.write_timeout.total_seconds(),
            settings.max_header_bytes,
            settings.max_connections,
            settings.problems_url,
        )


class PatientConfig(uvicorn.Config):
    """Tells the protocol, which uvicorn makes for each connection, what it grants."""

    def __init__(self, app: Any, *, patience: Patience, **options: Any) -> None:
        super().__init__(app, **options)
        self.patience = patience


class PatientProtocol(PlainProtocol):
    """A protocol that ends connections whose client is too slow, or has too much to say.

    The time for a body is the middleware's, which can answer; here are headers, and answers not taken.
    """

    def __init__(
        self,
        config: PatientConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.patience = config.patience
        self.idle_since: float | None = None
        """When it began to owe us (the rest of) a request; None while we owe it an answer."""
        self.answered = False
        self._headers_due: asyncio.TimerHandle | None = None
        self._end_due: asyncio.TimerHandle | None = None
        self._progress = False
        self._unread = 0

    @property
    def owes_headers(self) -> bool:
        """Whether no request is in progress."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait for a first request; where there are too many, the idlest of all must go."""
        super().connection_made(transport)
        self.idle_since = self.loop.time()
        self._expect_headers()
        if len(self.connections) > self.patience.max_connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        super().connection_lost(exc)
        self._headers_arrived()
        if self._end_due is not None:
            self._end_due.cancel()

    def data_received(self, data: bytes) -> None:
        """Read what came, unless much came of which no part was any use: headers, trailers or framing."""
        self._progress = False
        super().data_received(data)
        if self.transport.is_closing():
            self._end_soon()
            return
        if self.owes_headers:
            self._expect_headers()
        self._unread = 0 if self._progress else self._unread + len(data)
        if self._unread > self.patience.max_header_bytes:
            self._refuse(431, "headers_too_large", "Headers too large", "The headers are too large.")

    def on_headers_complete(self) -> None:
        """Begin a request, or queue it behind the one before."""
        self._progress = True
        self._headers_arrived()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the request is all there."""
        self._progress = True
        self.idle_since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, but not for ever until the client has taken its last answer."""
        super().on_response_complete()
        if self.idle_since is not None and not self.transport.is_closing():
            self._expect_headers()  # answered before all of it came: the rest is waited for as a beginning is
        self.answered = True
        self.idle_since = self.loop.time()
        self._end_soon()

    def pause_writing(self) -> None:
        """Wait for a client that does not take its answer, but not for ever."""
        super().pause_writing()
        self._end_within_timeout()

    def resume_writing(self) -> None:
        """Go on with a client that has taken some of its answer."""
        super().resume_writing()
        if self._end_due is not None and not self.transport.is_closing():
            self._end_due.cancel()
            self._end_due = None

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which no further request came."""
        super().timeout_keep_alive_handler()
        self._end_soon()

    def shutdown(self) -> None:
        """End the connection after the answer that it waits for."""
        super().shutdown()
        self._end_soon()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400, "bad_request", "The request was refused", msg)

    def _expect_headers(self) -> None:
        if self._headers_due is None:
            self._headers_due = self.loop.call_later(self.patience.header_timeout, self._headers_missing)

    def _headers_arrived(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _headers_missing(self) -> None:
        if self._unread and self.owes_headers:
            self._refuse(408, "headers_too_slow", "Timed out", "The headers came too slowly.")
        elif not self.transport.is_closing():
            self.transport.close()
        self._end_soon()

    def _refuse(self, status: int, code: str, title: str, detail: str) -> None:
        """Answer a request that never became one, and hang up."""
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
            return
        problem = {
            "type": type_of(code, self.patience.problems_url),
            "title": title,
            "status": status,
            "code": code,
            "detail": detail,
        }
        content = to_json(problem)
        headers = b"content-type: application/problem+json\r\nconnection: close\r\ncontent-length: "
        self.transport.write(STATUS_LINE[status] + headers + b"%d\r\n\r\n%s" % (len(content), content))
        self.transport.close()
        self._end_soon()

    def _end_soon(self) -> None:
        """See that a connection that is being closed does not stay open for what its client never takes."""
        if self.transport.is_closing():
            self._end_within_timeout()

    def _end_within_timeout(self) -> None:
        if self._end_due is None:
            self._end_due = self.loop.call_later(self.patience.write_timeout, self.transport.abort)

    def _make_room(self) -> None:
        """End the connection that was waited for longest, this one if all others are at work.

        Who has had an answer goes after everybody who has not yet asked.
        """
        idle = (one for one in self.connections if isinstance(one, PatientProtocol) and one.is_idle)
        idlest = min(idle, key=lambda one: (one.answered, one.idle_since), default=self)
        idlest.transport.abort()

    @property
    def is_idle(self) -> bool:
        """Whether it owes us a request, or the rest of one."""
        return self.idle_since is not None and not self.transport.is_closing()
