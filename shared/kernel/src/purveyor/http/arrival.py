"""How a request's body arrives: bounded in size and time, and worked on when all of it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from purveyor.http.places import OverloadedError, Place
from purveyor.settings import Settings

ANY_SIZE = "purveyor.any_size"
"""Key in an ASGI scope: this body is read in bounded memory, so the limit on bodies does not apply."""
MOST_BYTES = "purveyor.most_bytes"
"""Key in an ASGI scope: how large this body may be, where that is not what bodies may be."""
CLOSE = {"Connection": "close"}


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request says that a body follows."""
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


class _Rest:
    """What is left of an awaitable whose first step has shown that it has to wait.

    A body that is there already, as almost all are, then costs no timeout, which is a hundredth of a request.
    """

    def __init__(self, arriving: Generator[Any, Any, Message], first: Any) -> None:
        self._arriving = arriving
        self._first = first

    def __await__(self) -> Generator[Any, Any, Message]:
        try:
            yield self._first
        except BaseException as error:
            try:
                step = self._arriving.throw(error)
            except StopIteration as there:
                message: Message = there.value
                return message
            yield step
        return (yield from self._arriving)


class Arrival:
    """Counts what arrives of a body, and for how long it was waited for.

    While the service does not ask for more, because it is busy with what it has, no time passes.
    """

    def __init__(
        self,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        receive: Receive,
        settings: Settings,
        place: Place,
    ) -> None:
        self._scope = scope
        self._receive = receive
        self._place = place
        self._most = settings.max_body_bytes
        self._bytes_a_second = settings.body_bytes_a_second
        self._seconds_left = settings.body_timeout.total_seconds()
        declared = headers.get(b"content-length", b"")
        self._declared = int(declared) if declared.isdigit() else 0
        self._size = 0
        self._complete = False
        self.answered = False

    async def receive(self) -> Message:
        """Return the next part of a body; raises HTTPException for one that is too large or too slow.

        FastAPI, which reads bodies, takes anything else for a body that cannot be parsed.
        """
        if self._complete:
            return await self._receive()
        any_size = self._scope.get(ANY_SIZE, False)
        self._most = self._scope.get(MOST_BYTES, self._most)
        if any_size:
            self._take_place()
        elif self._declared > self._most:
            raise self._too_large()
        try:
            message = await self._next()
        except TimeoutError:
            if self.answered:
                return {"type": "http.disconnect"}
            raise HTTPException(408, "The body came too slowly.", CLOSE) from None
        size = len(message.get("body", b""))
        self._size += size
        self._seconds_left += size / self._bytes_a_second
        if self._size > self._most and not any_size:
            raise self._too_large()
        if not message.get("more_body", False):
            self._complete = True
            self._take_place()
        return message

    def _take_place(self) -> None:
        try:
            self._place.take()
        except OverloadedError as error:
            raise HTTPException(error.status, error.detail, error.headers) from error

    async def _next(self) -> Message:
        arriving = self._receive().__await__()
        try:
            first = next(arriving)
        except StopIteration as there:
            message: Message = there.value
            return message
        clock = asyncio.get_running_loop().time
        asked = clock()
        async with asyncio.timeout_at(asked + self._seconds_left):
            message = await _Rest(arriving, first)
        self._seconds_left -= clock() - asked
        return message

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"The body may have {self._most} bytes.")
