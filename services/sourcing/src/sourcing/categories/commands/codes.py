"""Codes that no category has: taken over as they are, or refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from purveyor import policies
from purveyor.db import Transaction
from sourcing.categories import store
from sourcing.categories.commands.trail import begin
from sourcing.categories.queries import UNKNOWN_CATEGORIES, expect_not_retired, no_such

LANGUAGE_OF_CODES = "en"
"""In which a category that was taken over is called by its code until somebody names it."""


async def take_over(tx: Transaction, codes: Collection[str]) -> None:
    """Make categories of codes that are in use and that none has: at the top, called by their codes."""
    if not set(codes) - await store.known(tx, codes):
        return
    await store.lock_tree(tx)
    for code in sorted(set(codes) - await store.known(tx, codes)):
        stated = {
            "names": [{"language": LANGUAGE_OF_CODES, "name": code}],
            "parent": None,
            "owner": None,
            "unspsc": None,
            "cpv": None,
        }
        begin(tx, code, stated, taken_over=True)
    await tx.flush()


async def admit(tx: Transaction, codes: Sequence[str], pointer: str, before: Collection[str] = ()) -> None:
    """Let a supplier offer categories, beside those that it offered before.

    Codes that no category has become categories, unless the policy has them refused.
    """
    known = await store.called(tx, codes)
    new = {f"{pointer}/{place}": code for place, code in enumerate(codes) if code not in before}
    unknown = {place: code for place, code in new.items() if code not in known}
    policy = (await policies.history(tx, UNKNOWN_CATEGORIES)).in_force(tx.now.date())
    if unknown and policy.value.refused:
        raise await no_such(tx, unknown)
    expect_not_retired(codes, [one for one in known.values() if one.code in new.values()], pointer)
    await take_over(tx, [code for code in codes if code not in known])
