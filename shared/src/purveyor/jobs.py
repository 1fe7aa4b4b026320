"""What happens because time passes: jobs of a business date, and chores that recur every moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

from purveyor.db import Transaction


@dataclass(frozen=True, slots=True)
class Job:
    """Work of a business date, done once: a missed day is caught up, a day is never done twice."""

    name: str
    run: Callable[[Transaction, date], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Chore:
    """Work that recurs: called in a transaction of its own, again at once while it returns True (more to do)."""

    name: str
    every: timedelta
    run: Callable[[Transaction], Awaitable[bool]]
