"""How a process of ours runs, API or worker: how it waits, and what it spares itself."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Iterator
from contextlib import suppress

LONGEST_PAUSE_SECONDS = 4.0
"""With what a connection may take to fail, less than ten seconds: so soon is what came back worked with."""


def look_for_cycles_rarely() -> None:
    """Have Python look for cycles more rarely: to read a service's modules takes a third less time then."""
    gc.set_threshold(50_000, 20, 50)


def spare_garbage_collection() -> None:
    """Look for cycles more rarely, and not among what a process starts with.

    A relay makes tens of thousands of short-lived tuples a second; looking through them cost it a third. An
    API makes a few hundred short-lived objects a request.
    """
    gc.collect()
    gc.freeze()
    look_for_cycles_rarely()


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
