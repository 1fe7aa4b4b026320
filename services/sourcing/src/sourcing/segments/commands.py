"""Segmenting all categories and suppliers, day by day."""

from __future__ import annotations

from datetime import date

from purveyor import policies
from purveyor.db import Transaction
from sourcing.segments import store
from sourcing.segments.model import columns_of
from sourcing.segments.queries import SEGMENTS, known_on
from sourcing.segments.rules.segmenting import segments


async def segment_day(tx: Transaction, day: date) -> None:
    """Find where categories and suppliers stand on a day, and keep what has become something else.

    A day before one that was segmented changes nothing: what was known then is not known any more.
    """
    until = await store.segmented_until(tx)
    if until is not None and day < until:
        return
    policy = (await policies.history(tx, SEGMENTS)).in_force(day)
    found = segments(await known_on(tx, day, policy.value), policy.value)
    rows = (columns_of(segment) | {"policy_version": policy.number} for segment in found)
    await store.keep(tx, day, rows)
