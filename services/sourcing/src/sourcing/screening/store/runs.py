"""Runs in SQL, and which suppliers are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction, new_id
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find
from purveyor.sql import Statement, only
from purveyor.texts import Code
from sourcing.screening.model.runs import ScreeningRun
from sourcing.screening.store.lists import COUNT

BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Run:
    """All suppliers held against a version of a list, and how far that has come."""

    id: UUID
    list: str
    list_version: int
    newer_than: int
    after_entry: UUID
    after_supplier: UUID
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which transaction changes of suppliers were noted, in which database."""

    incarnation: str
    transaction: int
    supplier_id: UUID


BEGIN = Statement(
    only,
    """
    INSERT INTO screening_run (id, list, list_version, newer_than, why, business_date, begun_at, after_entry,
      after_supplier, of_comparisons)
    VALUES (:id, :list, :version, :newer_than, :why, :day, :now, :before_all, :before_all, :of_comparisons)
    """,
)
OVERTAKE = Statement(
    only,
    """
    UPDATE screening_run SET finished_at = :now WHERE list = :list AND finished_at IS NULL
    RETURNING newer_than
    """,
)
"""A run of the same list that has not ended: the next one does what is left of it, and more."""
NEXT = Statement(
    Run,
    """
    SELECT {columns} FROM screening_run WHERE finished_at IS NULL ORDER BY id LIMIT 1
    FOR UPDATE SKIP LOCKED
    """,
    columns=", ".join(Run.__slots__),
)
ADVANCE = Statement(
    only,
    """
    UPDATE screening_run SET after_entry = :after_entry, after_supplier = :after_supplier,
      comparisons = comparisons + :comparisons, hits = hits + :hits
    WHERE id = :id
    """,
)
FINISH = Statement(only, "UPDATE screening_run SET finished_at = :now WHERE id = :id")
MARK = Statement(
    Mark, "SELECT incarnation, transaction, supplier_id FROM screening_mark FOR UPDATE SKIP LOCKED"
)
SET_MARK = Statement(
    only,
    """
    UPDATE screening_mark
    SET incarnation = :incarnation, transaction = :transaction, supplier_id = :supplier_id
    """,
)
NOTE = Statement(
    only,
    """
    INSERT INTO screening_due (supplier_id, noted_at) SELECT unnest(:ids::uuid[]), :now ON CONFLICT DO NOTHING
    """,
)
DUE = Statement(
    only, "SELECT supplier_id FROM screening_due ORDER BY supplier_id LIMIT :at_most FOR UPDATE SKIP LOCKED"
)
DONE = Statement(only, "DELETE FROM screening_due WHERE supplier_id = ANY(:ids::uuid[])")
SCREENED = Statement(
    only,
    """
    INSERT INTO screened_supplier (supplier_id, digest, screened_at)
    SELECT id, digest, :now FROM unnest(:ids::uuid[], :digests::bytea[]) AS row (id, digest)
    ON CONFLICT (supplier_id) DO UPDATE SET digest = excluded.digest, screened_at = excluded.screened_at
    """,
)
RUNS = Listing(
    name="screening-runs",
    id=ScreeningRun.id,
    filters=(equal("list", Code, ScreeningRun.list, "Of this list", example="ofac"),),
    sorts=both_ways("begun", ScreeningRun.id)[::-1],
)


async def begin(
    tx: Transaction,
    code: str,
    version: int,
    *,
    newer_than: int,
    why: str,
    suppliers: int,
    day: date | None = None,
) -> None:
    """Have all suppliers held against a version of a list, or against what came after another."""
    left = await OVERTAKE.all(tx.connection, list=code, now=tx.now)
    names = {"list": code, "version": version, "newer_than": min([newer_than, *left])}
    entries = await COUNT.one(tx.connection, **names)
    await BEGIN.all(
        tx.connection,
        **names,
        id=new_id(),
        why=why,
        day=day,
        now=tx.now,
        before_all=BEFORE_ALL,
        of_comparisons=entries * suppliers,
    )


async def note(tx: Transaction, supplier_ids: Sequence[UUID]) -> None:
    """Note suppliers that are to be held against the lists."""
    await NOTE.all(tx.connection, ids=list(supplier_ids), now=tx.now)


async def find_runs(tx: Transaction, asked: Asked) -> Found[ScreeningRun]:
    """Return a page of runs."""
    return await find(tx, select(ScreeningRun), asked)
