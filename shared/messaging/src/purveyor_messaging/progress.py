"""How far a relay has come in the outbox: the watermark, and the ids below it that it has not seen yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self


@dataclass(frozen=True, slots=True)
class Gap:
    """A range of ids (inclusive) that were missing below the watermark: still open, or rolled back."""

    first: int
    last: int
    since: datetime
    fence: int | None = None
    """A transaction that began when whoever could fill this had begun; None until that is sure."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a relay goes on: the next free position, the highest id seen, and the gaps below it."""

    next_position: int = 1
    watermark: int = 0
    gaps: tuple[Gap, ...] = ()

    def advanced(self, ids: Sequence[int], now: datetime, ended: int, *, saw_all: bool) -> Self:
        """Return the progress after publishing these ids, ascending, all from one snapshot.

        Every transaction before `ended` had ended when that was taken: what none of them has filled, a gap
        whose fence is among them, will never appear and is given up. `saw_all` says that the snapshot held
        nothing else unpublished; otherwise it was looked at up to the last of the ids only.
        """
        horizon = ids[-1] if ids else 0
        missing = [
            gap
            for gap in _without(self.gaps, ids)
            if gap.fence is None or gap.fence >= ended or not (saw_all or gap.last <= horizon)
        ]
        watermark = self.watermark
        for id_ in ids:
            if id_ > watermark:
                if id_ > watermark + 1:
                    missing.append(Gap(watermark + 1, id_ - 1, now))
                watermark = id_
        return type(self)(self.next_position + len(ids), watermark, tuple(missing))

    def has_unfenced(self, seen_by: datetime) -> bool:
        """Whether there are gaps that were seen by then and have no fence yet."""
        return any(gap.fence is None and gap.since <= seen_by for gap in self.gaps)

    @property
    def has_fenced(self) -> bool:
        """Whether there are gaps that will be given up once their fence has been passed."""
        return any(gap.fence is not None for gap in self.gaps)

    def fenced(self, seen_by: datetime, fence: int) -> Self:
        """Return the progress with a fence at every gap that was seen by then and had none."""
        return replace(
            self,
            gaps=tuple(
                [
                    replace(gap, fence=fence) if gap.fence is None and gap.since <= seen_by else gap
                    for gap in self.gaps
                ]
            ),
        )

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
                yield replace(gap, first=first, last=found - 1)
            first = found + 1
        if first <= gap.last:
            yield replace(gap, first=first)
