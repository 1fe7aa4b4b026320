"""Keeps processes running, as an orchestrator does: what dies is started again, and deaths are counted."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from signal import SIGKILL

from tests.integration.faults.mortal import Part, live
from tests.integration.faults.points import Fault

IMPORTED_ONCE = [
    "aiokafka.admin",
    "procurement.main",
    "purveyor_cli.services",
    "pytest",
    "sourcing.main",
    "supplier_performance.main",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
]
"""Starting a process then takes a fork instead of seconds of imports: there is time for more deaths."""
DEATH_SECONDS = 180.0


class Keeper:
    """Keeps one part of the platform running."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.deaths: Counter[Fault] = Counter()
        self._wanted: set[Fault] = set()
        self._killed = False
        self._died = asyncio.Condition()
        self._process: ForkServerProcess | None = None
        self._lifeline: Connection | None = None

    async def keep(self) -> None:
        """Start the part again whenever it was killed; raises when it ended in another way."""
        while True:
            fault = await self._live_once()
            self._wanted.discard(fault)
            async with self._died:
                self.deaths[fault] += 1
                self._died.notify_all()

    async def die_at(self, fault: Fault) -> None:
        """Have the part die at a point of its work, and wait until it did."""
        before = self.deaths[fault]
        self._wanted.add(fault)
        with suppress(OSError):  # it is dead already: the next one is told
            if self._lifeline is not None:
                self._lifeline.send(fault)
        await self._wait_for(fault, before)

    async def be_killed(self) -> None:
        """Kill the part wherever it is."""
        before = self.deaths[Fault.ANY_MOMENT]
        while self.deaths[Fault.ANY_MOMENT] == before:
            deaths = self.deaths.total()
            assert self._process is not None, "it was started by keep()"
            self._killed = True
            self._process.kill()
            async with self._died:
                await self._died.wait_for(lambda: self.deaths.total() > deaths)  # noqa: B023  # awaited here

    async def _wait_for(self, fault: Fault, before: int) -> None:
        try:
            async with asyncio.timeout(DEATH_SECONDS), self._died:
                await self._died.wait_for(lambda: self.deaths[fault] > before)
        except TimeoutError:
            raise AssertionError(f"{self.part.name} never came to pass: {fault.value}") from None

    async def _live_once(self) -> Fault:
        forks = multiprocessing.get_context("forkserver")
        its_lifeline, self._lifeline = forks.Pipe(duplex=False)
        last_words, its_last_words = forks.Pipe(duplex=False)
        process = self._process = forks.Process(
            target=live, args=(self.part, its_lifeline, its_last_words), daemon=True
        )
        self._killed = False
        try:
            process.start()
            its_lifeline.close()
            its_last_words.close()
            for fault in self._wanted:
                self._lifeline.send(fault)
            await _end_of(process)
            return self._fault(process.exitcode, last_words)
        finally:
            process.kill()
            process.join()
            process.close()
            self._lifeline.close()
            last_words.close()

    def _fault(self, exit_code: int | None, last_words: Connection) -> Fault:
        """Return what a process died of; raises when nobody wanted its death."""
        with suppress(EOFError):
            fault: Fault = last_words.recv()
            return fault
        if exit_code == -SIGKILL and self._killed:
            return Fault.ANY_MOMENT
        tail = self.part.log.read_text(errors="replace")[-3000:]
        raise AssertionError(f"{self.part.name} ended by itself with {exit_code}:\n{tail}")


async def _end_of(process: ForkServerProcess) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()


@asynccontextmanager
async def kept_running(parts: Sequence[Part]) -> AsyncIterator[Mapping[str, Keeper]]:
    """Keep parts running until the block ends, then kill them; yields their keepers by name."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(IMPORTED_ONCE)
    keepers = {part.name: Keeper(part) for part in parts}
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(keeper.keep()) for keeper in keepers.values()]
        try:
            yield keepers
        finally:
            for task in tasks:
                task.cancel()


def total_deaths(keepers: Mapping[str, Keeper]) -> Counter[Fault]:
    """Return how often anything died, by the moment at which it did."""
    deaths: Counter[Fault] = Counter()
    for keeper in keepers.values():
        deaths.update(keeper.deaths)
    return deaths
