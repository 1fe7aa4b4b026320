"""Deputies: who decides for whom in which days, and no circle of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody decides for another from a day to a day, both in it."""

    person: str
    delegate: str
    first: date
    last: date

    def holds_on(self, day: date) -> bool:
        """Whether it does on a day."""
        return self.first <= day <= self.last


def decided_for(person: str, deputies: Collection[Deputy], day: date) -> list[str]:
    """Return for whom somebody decides on a day, the deputy's deputy too; each once, nearest first."""
    found: list[str] = []
    waiting = [person]
    while waiting:
        delegate = waiting.pop(0)
        for one in deputies:
            if one.delegate == delegate and one.holds_on(day) and one.person not in (*found, person):
                found.append(one.person)
                waiting.append(one.person)
    return found


def circle(new: Deputy, deputies: Collection[Deputy]) -> list[str] | None:
    """Return the people of a circle that a new deputy would close on some day; None when it closes none."""
    ways = [([new.person, new.delegate], new.first, new.last)]
    while ways:
        way, first, last = ways.pop()
        for one in deputies:
            begins, ends = max(first, one.first), min(last, one.last)
            if one.person != way[-1] or begins > ends:
                continue
            if one.delegate == new.person:
                return [*way, new.person]
            if one.delegate not in way:
                ways.append(([*way, one.delegate], begins, ends))
    return None
