"""A load on an HTTP server: a few connections kept alive, each one request after the other.

Written on bare streams, because a client that costs more than the server would hide what the server costs.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


class UnexpectedAnswerError(Exception):
    """The server did not answer as the benchmark needs; its figures would be worthless."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, read to its end."""

    status: int
    etag: str | None
    body: bytes

    def json(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.body)


@dataclass(slots=True)
class Connection:
    """One HTTP/1.1 connection kept alive."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Connection:
        """Connect to a server on this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, body: bytes, headers: bytes, *, expected: int) -> Answer:
        """Send a POST and read its answer; raises UnexpectedAnswerError for another status."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
        )
        self.writer.write(head.encode() + headers + b"\r\n" + body)
        head_lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head_lines[0].split(" ", 2)[1])
        fields = dict(line.lower().split(": ", 1) for line in head_lines[1:] if line)
        content = await self.reader.readexactly(int(fields.get("content-length", "0")))
        if status != expected:
            raise UnexpectedAnswerError(f"POST {path} answered {status}: {content.decode()[:500]}")
        return Answer(status, fields.get("etag"), content)

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        await self.writer.wait_closed()


async def operations_per_second(
    port: int, operation: Callable[[Connection], Awaitable[None]], *, connections: int, seconds: float
) -> float:
    """Run an operation over and over on each connection for a while; return how many a second."""
    opened = [await Connection.open(port) for _ in range(connections)]
    started = time.perf_counter()
    end = started + seconds
    completed = 0

    async def repeat(connection: Connection) -> None:
        nonlocal completed
        while time.perf_counter() < end:
            await operation(connection)
            completed += 1

    try:
        await asyncio.gather(*(repeat(connection) for connection in opened))
        return completed / (time.perf_counter() - started)
    finally:
        for connection in opened:
            await connection.close()
