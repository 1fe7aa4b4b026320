"""Holds suppliers against lists: those that changed within seconds, all of them by runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from purveyor import policies
from purveyor.changes import look
from purveyor.db import Transaction
from sourcing.screening.commands.hits import raise_hits
from sourcing.screening.commands.indexes import Part, matches, part, parts
from sourcing.screening.queries import SCREENING, subjects_of
from sourcing.screening.rules.judging import raised
from sourcing.screening.store import lists, runs
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store import screened as suppliers

NOTED_AT_A_TIME = 2_000
DUE_AT_A_TIME = 200
SUPPLIERS_A_STEP = 500


async def note_changed(tx: Transaction) -> bool:
    """Note suppliers that are new or changed since this was done last; returns whether there are more."""
    mark = await runs.MARK.one_or_none(tx.connection)
    if mark is None:
        return False  # another worker is at it
    horizon = await look(tx.connection)
    since = (mark.transaction, mark.supplier_id)
    if mark.incarnation != horizon.incarnation:
        since = (0, runs.BEFORE_ALL)
    changed = await suppliers.changed_since(tx, since, horizon.begun_before, NOTED_AT_A_TIME)
    await runs.note(tx, [one.id for one in changed])
    # Of transactions that may still be under way, all is looked at again until they have ended.
    until = (horizon.ended_before, runs.BEFORE_ALL)
    more = len(changed) == NOTED_AT_A_TIME and changed[-1].changed_in < horizon.ended_before
    if more:
        until = (changed[-1].changed_in, changed[-1].id)
    await runs.SET_MARK.all(
        tx.connection, incarnation=horizon.incarnation, transaction=until[0], supplier_id=until[1]
    )
    return more


async def screen_due(tx: Transaction) -> bool:
    """Hold some suppliers that are due against every list; returns whether there may be more."""
    due = await runs.DUE.all(tx.connection, at_most=DUE_AT_A_TIME)
    if not due:
        return False
    found = await suppliers.some(tx, due)
    for current in await lists.LISTS.all(tx.connection):
        async for entries in parts(tx, current.code, current.version):
            await _screen(tx, current.code, current.version, entries, found)
    digests = [subject.digest for subject in await subjects_of(tx, found)]
    ids = [supplier.id for supplier in found]
    await runs.SCREENED.all(tx.connection, ids=ids, digests=digests, now=tx.now)
    await runs.DONE.all(tx.connection, ids=due)
    return len(due) == DUE_AT_A_TIME


async def step(tx: Transaction) -> bool:
    """Hold the next suppliers of the oldest run against a part of its list; says whether there was one."""
    run = await runs.NEXT.one_or_none(tx.connection)
    if run is None:
        return False
    entries = await part(tx, run.list, run.list_version, run.newer_than, run.after_entry)
    if entries is None:
        await runs.FINISH.all(tx.connection, id=run.id, now=tx.now)
        return True
    found = await suppliers.following(tx, run.after_supplier, SUPPLIERS_A_STEP)
    hits = await _screen(tx, run.list, run.list_version, entries, found)
    last = len(found) < SUPPLIERS_A_STEP
    await runs.ADVANCE.all(
        tx.connection,
        id=run.id,
        after_entry=entries.until if last else run.after_entry,
        after_supplier=runs.BEFORE_ALL if last else found[-1].id,
        comparisons=entries.entries * len(found),
        hits=hits,
    )
    return True


async def screen_daily(tx: Transaction, day: date) -> None:
    """Have all suppliers held against every list, which takes longer than a transaction may."""
    count = await suppliers.count(tx)
    for current in await lists.LISTS.all(tx.connection):
        await runs.begin(
            tx, current.code, current.version, newer_than=0, why="daily", suppliers=count, day=day
        )


async def _screen(tx: Transaction, code: str, version: int, entries: Part, found: Sequence[Supplier]) -> int:
    in_force = (await policies.history(tx, SCREENING)).in_force(tx.day)
    subjects = await subjects_of(tx, found)
    hits = 0
    for supplier, subject, judged in zip(
        found, subjects, await matches(entries.index, subjects, in_force.value), strict=True
    ):
        above = [one for one in judged if raised(one, in_force.value)]
        if above:
            hits += await raise_hits(tx, supplier.id, subject, code, version, above, in_force.number)
    return hits
