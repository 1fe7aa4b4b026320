"""The answer to a bulk request, sent while the request may still arrive."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from typing import IO, ClassVar

import structlog
from pydantic import BaseModel
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from purveyor.http.bulk.results import BulkResult, as_ndjson
from purveyor.http.rows import NDJSON

log = structlog.get_logger(__name__)

IN_MEMORY = 1_048_576
AT_A_TIME = 65_536


class BulkResponse(Response):
    """Results as NDJSON, sent while the request may still arrive."""

    media_type = NDJSON
    row: ClassVar[type[BaseModel] | None] = None
    """What a row of the request is, in the class that a route declares."""

    def __init__(self, batches: AsyncIterator[list[BulkResult]], status_code: int = 200) -> None:
        super().__init__(status_code=status_code)
        del self.headers["content-length"]
        self.batches = batches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send results as they come.

        Rows never wait for a client that sends everything before it reads anything: what it has not read
        yet waits in a temporary file.
        """
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        more = asyncio.Event()
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as results:
            try:
                async with asyncio.TaskGroup() as group:
                    work = group.create_task(self._work(results, more))
                    work.add_done_callback(lambda _: more.set())
                    group.create_task(_send_all(results, more, work, send))
            except* ClientDisconnect:
                log.info("bulk_client_left")
        await send({"type": "http.response.body", "body": b""})

    async def _work(self, results: IO[bytes], more: asyncio.Event) -> None:
        async for batch in self.batches:
            results.seek(0, os.SEEK_END)
            results.write(as_ndjson(batch))
            more.set()


async def _send_all(results: IO[bytes], more: asyncio.Event, work: asyncio.Task[None], send: Send) -> None:
    sent = 0
    while True:
        await more.wait()
        more.clear()
        done = work.done()
        results.seek(sent)
        while part := results.read(AT_A_TIME):
            sent += len(part)
            await send({"type": "http.response.body", "body": part, "more_body": True})
            results.seek(sent)
        results.seek(0)
        results.truncate()
        sent = 0
        if done:
            return


class KeptResponse(Response):
    """Results that are all there, in a file, which is closed when they are sent."""

    media_type = NDJSON

    def __init__(self, results: IO[bytes]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self.results = results

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self.results:
            self.results.seek(0)
            while part := self.results.read(AT_A_TIME):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
