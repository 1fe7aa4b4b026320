"""How far a relay has come in the outbox: the watermark, and the ids below it that it has not seen yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

GAPS_KEPT_TIMES_TRANSACTION_TIMEOUT = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A range of ids (inclusive) that were missing below the watermark: still open, or rolled back."""

    first: int
    last: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a relay goes on: the next free position, the highest id seen, and the gaps below it."""

    next_position: int = 1
    watermark: int = 0
    gaps: tuple[Gap, ...] = ()

    def advanced(self, ids: Sequence[int], now: datetime, keep: timedelta, *, saw_all: bool) -> Self:
        """Return the progress after publishing these ids, ascending, all from one snapshot.

        `saw_all` says that the snapshot held nothing else unpublished; otherwise it was looked at up to the
        last of the ids only. What has been missing for longer than `keep` will never appear and is given up.
        """
        oldest = now - keep
        horizon = ids[-1] if ids else 0
        missing = [
            gap
            for gap in _without(self.gaps, ids)
            if gap.since > oldest or not (saw_all or gap.last <= horizon)
        ]
        watermark = self.watermark
        for id_ in ids:
            if id_ > watermark:
                if id_ > watermark + 1:
                    missing.append(Gap(watermark + 1, id_ - 1, now))
                watermark = id_
        return type(self)(self.next_position + len(ids), watermark, tuple(missing))

    def lists_as_unpublished(self, id_: int) -> bool:
        """Whether an id is still to be published if it ever appears."""
        return id_ > self.watermark or any(gap.first <= id_ <= gap.last for gap in self.gaps)


def _without(gaps: Sequence[Gap], ids: Sequence[int]) -> Iterator[Gap]:
    """Yield what is left of the gaps, both ascending, once these ids have appeared."""
    position = 0
    for gap in gaps:
        first = gap.first
        while position < len(ids) and ids[position] <= gap.last:
            found = ids[position]
            position += 1
            if found < first:
                continue
            if found > first:
                yield Gap(first, found - 1, gap.since)
            first = found + 1
        if first <= gap.last:
            yield Gap(first, gap.last, gap.since)
