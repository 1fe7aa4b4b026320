"""How a process of ours waits, API or worker."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress

LONGEST_PAUSE_SECONDS = 4.0
"""With what a connection may take to fail, less than ten seconds: so soon is what came back worked with."""


async def wait_or_stop(stop: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, but no longer than this; returns whether it has happened."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()


def growing_pauses(first: float = 0.02, longest: float = LONGEST_PAUSE_SECONDS) -> Iterator[float]:
    """Yield ever longer pauses in seconds, with jitter so that many do not come back at once."""
    pause = first
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, hides nothing
        pause = min(pause * 2, longest)
