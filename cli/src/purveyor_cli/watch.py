"""Watches what a running stack stands on: says when it cannot be reached, and when it can again."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from purveyor.http.health import Check
from purveyor.process import wait_or_stop

LOOK_EVERY_SECONDS = 2.0
ANSWER_SECONDS = 3.0
LONGEST_REASON = 200


class Watch:
    """Looks at things by name; each change of one is said once, those with one reason in one sentence."""

    def __init__(self, checks: Mapping[str, Check], say: Callable[[str], None]) -> None:
        self._checks = dict(checks)
        self._say = say
        self._away: dict[str, float] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Look until stopped."""
        while not await wait_or_stop(stop, LOOK_EVERY_SECONDS):
            await self.look()

    async def look(self) -> None:
        """Look at everything once, and say what has changed."""
        found = await asyncio.gather(*map(_trouble_with, self._checks.values()))
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        back: list[str] = []
        for name, trouble in zip(self._checks, found, strict=True):
            if trouble is not None and name not in self._away:
                self._away[name] = time.monotonic()
                reasons[trouble].append(name)
            elif trouble is None and name in self._away:
                back.append(name)
        for trouble, names in reasons.items():
            self._say(f"Cannot be reached, and is waited for: {_listed(names)} ({trouble})")
        if back:
            seconds = time.monotonic() - min(self._away.pop(name) for name in back)
            self._say(f"Can be reached again, after {seconds:.0f} seconds: {_listed(back)}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


async def _trouble_with(check: Check) -> str | None:
    """Return why something does not work, in a line; None when it does."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await check()
    except TimeoutError:
        return f"no answer within {ANSWER_SECONDS:.0f} seconds"
    except Exception as error:  # whatever it is, a person is told
        first, *_ = [*str(error).splitlines(), ""]
        return (first or type(error).__name__)[:LONGEST_REASON]
    return None
