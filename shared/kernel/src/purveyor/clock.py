"""The time that a service goes by: its database's, which all of its processes share, not its machine's."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from purveyor.postgres import Connection

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

TOLERANCE_SECONDS = 30.0
"""How far a machine's clock may be from its database's before a process says so."""
SLOWEST_LOOK_SECONDS = 1.0
"""A look that took longer says less than what is known already."""


class ClockError(Exception):
    """The machine's clock is not its database's; logs, traces and the age of tokens go by it."""


def utc_now() -> datetime:
    """Return the time of the machine."""
    return datetime.now(UTC)


class DatabaseClock:
    """A database's time, kept between two looks at it by the monotonic clock, which nobody can set.

    A process whose machine is a year ahead so decides, and writes, as all the others do. Until the first
    look, which comes with the first connection, it has only the machine's time.
    """

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._looked = 0.0

    def __call__(self) -> datetime:
        """Return the time now."""
        if self._at is None:
            return utc_now()
        return self._at + timedelta(seconds=time.monotonic() - self._looked)

    async def look(self, connection: Connection) -> None:
        """Ask the database what time it is; each new connection does, and each probe."""
        asked = time.monotonic()
        at: datetime = await connection.fetchval("SELECT clock_timestamp()")
        answered = time.monotonic()
        if self._at is not None and answered - asked > SLOWEST_LOOK_SECONDS:
            return
        first = self._at is None
        self._at, self._looked = at, (asked + answered) / 2
        if first and abs(self.seconds_ahead()) > TOLERANCE_SECONDS:
            log.error("clock_differs_from_database", ahead_seconds=round(self.seconds_ahead(), 3))

    def seconds_ahead(self) -> float:
        """Return how far the machine's clock is ahead of the database's; below zero when it is behind."""
        return (utc_now() - self()).total_seconds()

    def expect_the_machine_to_agree(self) -> None:
        """Raise ClockError when the machine's clock differs from the database's by more than is tolerated."""
        seconds = self.seconds_ahead()
        if abs(seconds) > TOLERANCE_SECONDS:
            where = "ahead of" if seconds > 0 else "behind"
            raise ClockError(f"this machine's clock is {abs(seconds):.0f} s {where} its database's")
