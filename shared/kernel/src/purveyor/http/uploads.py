"""A request whose body is a file: taken in piece by piece, and given to a command when all of it is there."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import IO, Annotated, Any

from fastapi import Depends, Header, Request

from purveyor.auth import Caller
from purveyor.db import Transaction
from purveyor.files import DECLARABLE, FileKind, judge
from purveyor.http.arrival import MOST_BYTES
from purveyor.http.places import Place, Places
from purveyor.http.transaction import IDEMPOTENCY_KEY, begin
from purveyor.settings import Settings
from purveyor.texts import HeaderKey

IN_MEMORY = 1_048_576
BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
"""What declares content that is bytes and nothing else."""
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file's bytes as they are. Its content says what it is; its name's ending and "
        "`Content-Type`, where that says anything, have to agree.",
        "content": {str(kind): BYTES for kind in DECLARABLE},
    }
}
"""What declares the body of an upload: a route's `openapi_extra`."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file, all of it, and what it is by its content."""

    content: IO[bytes]
    kind: FileKind
    size: int
    sha256: bytes


class UploadRequest:
    """A file on its way; `upload: Upload` in a route."""

    def __init__(
        self,
        request: Request,
        caller: Caller,
        idempotency_key: Annotated[
            HeaderKey | None,
            Header(
                alias=IDEMPOTENCY_KEY,
                description="The same key and file answer the same response for a day",
            ),
        ] = None,
    ) -> None:
        self.request = request
        self.caller = caller
        self.key = idempotency_key
        self.settings: Settings = request.app.state.context.settings
        request.scope[MOST_BYTES] = self.settings.max_file_bytes

    @asynccontextmanager
    async def arrived(self, name: str) -> AsyncIterator[Arrived]:
        """Yield the file once all of it is there, in a temporary file.

        Raises InvalidError for what is not taken, and OverloadedError while too many others come.
        """
        uploads: Places = self.request.app.state.uploads
        place, digest, size = Place(uploads), hashlib.sha256(), 0
        place.take()
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as content:
                async for part in self.request.stream():
                    digest.update(part)
                    size += len(part)
                    content.write(part)
                declared = self.request.headers.get("content-type", "")
                kind = await asyncio.to_thread(judge, content, name, declared)
                yield Arrived(content, kind, size, digest.digest())
        finally:
            place.leave()

    @asynccontextmanager
    async def announcing(self, arrived: Arrived) -> AsyncIterator[Transaction]:
        """Begin a transaction of its own that says what is about to be kept; a key is answered as before."""
        async with self.request.app.state.database.transaction() as tx:
            await begin(tx, self.request, self.caller, self.key, arrived.sha256)
            yield tx

    async def transaction(self, arrived: Arrived) -> Transaction:
        """Begin the request's transaction, which its route ends with its answer."""
        transactions: AsyncExitStack = self.request.state.transactions
        tx: Transaction = await transactions.enter_async_context(
            self.request.app.state.database.transaction()
        )
        await begin(tx, self.request, self.caller, self.key, arrived.sha256)
        return tx


Upload = Annotated[UploadRequest, Depends()]
