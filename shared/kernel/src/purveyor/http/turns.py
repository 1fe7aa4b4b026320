"""Of those who want to change one thing at once, a few have a connection; the others wait outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from purveyor.errors import BusyError

AT_ONCE = 2
"""One works, and one stands at the row, so that it is never idle."""
MOST_WAITING = 64


@dataclass(slots=True)
class _Queue:
    inside: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    present: int = 0


class Turns:
    """Who may change which thing now, in this process.

    Thirty receipts of one order would otherwise take every connection, to wait for its row in the database.
    """

    def __init__(self, patience_seconds: float) -> None:
        self.patience_seconds = patience_seconds
        self._queues: dict[str, _Queue] = {}

    @property
    def waiting(self) -> int:
        """How many wait outside now."""
        return sum(max(0, queue.present - AT_ONCE) for queue in self._queues.values())

    @asynccontextmanager
    async def take(self, thing: str) -> AsyncIterator[None]:
        """Wait for a turn at a thing; raises BusyError when too many wait, or one waits for too long."""
        queue = self._queues.setdefault(thing, _Queue())
        if queue.present >= AT_ONCE + MOST_WAITING:
            raise BusyError
        queue.present += 1
        try:
            if queue.inside.locked():
                await self._wait(queue.inside)
            else:
                await queue.inside.acquire()
            try:
                yield
            finally:
                queue.inside.release()
        finally:
            queue.present -= 1
            if not queue.present:
                del self._queues[thing]

    async def _wait(self, inside: asyncio.Semaphore) -> None:
        """Stand in line for a while; who finds a place free pays for no timeout."""
        try:
            async with asyncio.timeout(self.patience_seconds):
                await inside.acquire()
        except TimeoutError:
            raise BusyError from None
