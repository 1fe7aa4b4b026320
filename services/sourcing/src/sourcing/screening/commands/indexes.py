"""The lists as they are looked things up in, read once and kept: a part of a list at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from purveyor.db import Database, Transaction
from sourcing.screening.rules.judging import Judged
from sourcing.screening.rules.matching import Index
from sourcing.screening.rules.parties import Party, Subject
from sourcing.screening.rules.policy import Screening
from sourcing.screening.store import lists as store
from sourcing.screening.store.runs import BEFORE_ALL

ENTRIES_A_PART = 10_000
PARTS_KEPT = 12
"""About 30 MB each: what a longer list has beyond them is read anew each time."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some entries of a version of a list, up to one; none behind it where there is no index."""

    index: Index
    entries: int
    until: UUID


@dataclass(slots=True)
class _Kept:
    often: dict[tuple[str, int], dict[str, int]] = field(default_factory=dict)
    parts: OrderedDict[tuple[str, int, int, UUID], Part | None] = field(default_factory=OrderedDict)


_kept: WeakKeyDictionary[Database, _Kept] = WeakKeyDictionary()


async def part(tx: Transaction, code: str, version: int, newer_than: int, after: UUID) -> Part | None:
    """Return the entries of a version of a list that follow on one; None behind the last."""
    kept = _kept.setdefault(tx.database, _Kept())
    key = (code, version, newer_than, after)
    if key not in kept.parts:
        kept.parts[key] = await _read(tx, kept, *key)
        while len(kept.parts) > PARTS_KEPT:
            kept.parts.popitem(last=False)
    kept.parts.move_to_end(key)
    return kept.parts[key]


async def parts(tx: Transaction, code: str, version: int) -> AsyncIterator[Part]:
    """Go through all entries of a version of a list."""
    after = BEFORE_ALL
    while (found := await part(tx, code, version, 0, after)) is not None:
        yield found
        after = found.until


async def matches(index: Index, subjects: Sequence[Subject], policy: Screening) -> list[list[Judged]]:
    """Return whom each supplier may be, found beside the loop that others wait on."""

    def find() -> list[list[Judged]]:
        index.look_up(subjects)
        return [index.find(subject, policy) for subject in subjects]

    return await asyncio.to_thread(find)


async def _read(
    tx: Transaction, kept: _Kept, code: str, version: int, newer_than: int, after: UUID
) -> Part | None:
    names = {"list": code, "version": version}
    rows = await store.ENTRIES.all(
        tx.connection, **names, newer_than=newer_than, after=after, at_most=ENTRIES_A_PART
    )
    if not rows:
        return None
    if (code, version) not in kept.often:
        for old in [one for one in kept.often if one[0] == code]:
            del kept.often[old]
        for stale in [one for one in kept.parts if one[:2] != (code, version) and one[0] == code]:
            del kept.parts[stale]
        kept.often[code, version] = {
            found.word: found.entries for found in await store.OFTEN.all(tx.connection, **names)
        }
    often = kept.often[code, version]
    parties = [Party.kept(row.content) for row in rows]
    return Part(await asyncio.to_thread(Index, parties, often), len(rows), rows[-1].id)
