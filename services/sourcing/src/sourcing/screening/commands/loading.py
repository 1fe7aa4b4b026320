"""Loads a file of a list as a version: row by row as it arrives, in force only once all of it is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import ConflictError
from sourcing.screening.queries import SCREENING
from sourcing.screening.rules.forms import Form
from sourcing.screening.rules.loading import Counts, LoadStatus, why_refused
from sourcing.screening.rules.parties import Party
from sourcing.screening.store import hits, runs
from sourcing.screening.store import lists as store
from sourcing.screening.store.lists import BrokenRow, ListVersion
from sourcing.suppliers.store import screened as suppliers

GIVEN_UP_AFTER = timedelta(minutes=2)
"""A file that brought nothing for so long is not coming any more."""


async def begin(tx: Transaction, code: str, form: Form) -> ListVersion:
    """Begin a new version of a list, which is made by its first; raises ConflictError while one is loaded."""
    await store.MAKE.all(tx.connection, list=code)
    await store.LOCK.one(tx.connection, list=code)
    other = await store.LOADING.one_or_none(tx.connection, list=code)
    if other is not None:
        if other.worked_at > tx.now - GIVEN_UP_AFTER:
            raise ConflictError(
                "list_is_being_loaded",
                f"{other.loaded_by} is loading version {other.number} of {code}: wait until that has ended.",
            )
        await _refuse(tx, other, "it stopped arriving")
    return await store.BEGIN.one(tx.connection, list=code, form=form.value, actor=tx.actor, now=tx.now)


async def take(
    tx: Transaction,
    version: ListVersion,
    parties: Sequence[tuple[int, Party]],
    broken: Sequence[BrokenRow],
    skipped: int,
) -> ListVersion:
    """Take some rows of a file, and what is wrong with others; raises ConflictError when it was given up."""
    current = await store.LOCK.one(tx.connection, list=version.list)
    refused = [*broken, *await store.take(tx, version, current.version, parties)]
    room = max(0, store.BROKEN_KEPT - version.broken)
    await store.keep_broken(tx, version, refused[:room])
    found = await store.PROGRESS.one_or_none(
        tx.connection,
        list=version.list,
        number=version.number,
        entries=len(parties) + len(broken) - len(refused),
        skipped=skipped,
        broken=len(refused),
        now=tx.now,
    )
    if found is None:
        raise ConflictError("list_is_being_loaded", "Another file of this list has been begun meanwhile.")
    return found


async def finish(tx: Transaction, version: ListVersion, *, may_shrink: bool) -> ListVersion:
    """Hold suppliers against a version of which all has arrived, or refuse it and keep the one before."""
    current = await store.LOCK.one(tx.connection, list=version.list)
    names = {"list": version.list, "number": version.number}
    made = await store.DIFFERENCE.one(tx.connection, **names, version=current.version)
    counts = Counts(version.entries, version.broken, made.before, made.gone)
    policy = (await policies.history(tx, SCREENING)).in_force(tx.day).value
    held_by = await hits.held_by_gone(tx, version.list, version.number, current.version)
    problem = why_refused(counts, held_by, policy, may_shrink=may_shrink)
    if problem is not None:
        return await _refuse(tx, version, problem)
    await store.END_ENTRIES.all(tx.connection, **names, version=current.version)
    await store.FORGET_ARRIVALS.all(tx.connection, **names)
    await store.HOLD.all(tx.connection, **names)
    ended = await store.END.one(
        tx.connection,
        **names,
        status=LoadStatus.LOADED.value,
        problem=None,
        new=made.new,
        changed=made.changed,
        gone=made.gone,
        now=tx.now,
    )
    await runs.begin(
        tx,
        version.list,
        version.number,
        newer_than=current.version,
        why="list_loaded",
        suppliers=await suppliers.count(tx),
    )
    after = {"version": ended.number, "entries": ended.entries, "broken": ended.broken}
    differences: dict[str, object] = {
        "new": ended.new,
        "changed": ended.changed,
        "gone": ended.gone,
        "may_shrink": may_shrink,
    }
    differences["held_by_gone"] = held_by
    before = {"version": current.version}
    tx.audit("load", "screening_list", version.list, before=before, after=after | differences)
    return ended


async def give_up(tx: Transaction, version: ListVersion, problem: str) -> ListVersion:
    """Refuse a version that did not arrive whole."""
    await store.LOCK.one(tx.connection, list=version.list)
    return await _refuse(tx, version, problem)


async def _refuse(tx: Transaction, version: ListVersion, problem: str) -> ListVersion:
    names = {"list": version.list, "number": version.number}
    await store.FORGET_ARRIVALS.all(tx.connection, **names)
    await store.FORGET_ENTRIES.all(tx.connection, **names)
    tx.audit("refuse", "screening_list", version.list, after={"version": version.number}, reason=problem)
    return await store.END.one(
        tx.connection,
        **names,
        status=LoadStatus.REFUSED.value,
        problem=problem,
        new=0,
        changed=0,
        gone=0,
        now=tx.now,
    )
