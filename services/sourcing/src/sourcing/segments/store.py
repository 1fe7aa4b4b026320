"""Segments in SQL: those that stay what they are, those that become something else, those of two days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from purveyor.db import Transaction, new_id
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, whether
from purveyor.money import CurrencyCode
from purveyor.pending import as_json
from purveyor.sql import Statement, only
from purveyor.texts import Code
from sourcing.segments.model import SHARE, SegmentRow
from sourcing.segments.rules.segmenting import Lack, Quadrant

AT_ONCE = 2000
FIGURES = tuple(
    column.key
    for column in SegmentRow.__mapper__.column_attrs
    if column.key not in ("id", "position", "from_on", "ended_on")
)
CATEGORY = equal("category", Code, SegmentRow.category, "Of this category", example="fasteners")
SUPPLIER = equal("supplier_id", UUID, SegmentRow.supplier_id, "Of this supplier")
QUADRANT = equal("quadrant", Quadrant, SegmentRow.quadrant, "Which it is", example="bottleneck")
CURRENCY = equal("currency", CurrencyCode, SegmentRow.currency, "By what is spent in it", example="EUR")
OF_SUPPLIERS = whether(
    "of_suppliers", SegmentRow.supplier_id.is_not(None), "Whether of suppliers in categories, or of these"
)
SEGMENTS = Listing(
    name="segments",
    id=SegmentRow.id,
    filters=(CATEGORY, SUPPLIER, QUADRANT, CURRENCY, OF_SUPPLIERS),
    sorts=(*both_ways("id", SegmentRow.id), *both_ways("share", SHARE, SegmentRow.id)),
)
CURRENT = and_(SegmentRow.ended_on.is_(None), ~SegmentRow.lacks.contains([Lack.ENDED.value]))
"""Those that hold, of what is segmented still."""
MOVES = Listing(
    name="segment moves",
    filters=(CATEGORY, SUPPLIER, QUADRANT, CURRENCY, OF_SUPPLIERS),
    sorts=both_ways("from_on", SegmentRow.from_on, SegmentRow.id),
)

STATED = "jsonb_populate_recordset(NULL::segment, :stated::jsonb -> 'rows')"
END: Statement[UUID] = Statement(
    only,
    """
    UPDATE segment AS now SET ended_on = :day
    FROM {stated} AS stated
    WHERE now.position = stated.position AND now.ended_on IS NULL
      AND (now.quadrant, now.lacks) IS DISTINCT FROM (stated.quadrant, stated.lacks)
    RETURNING now.id
    """,
    stated=STATED,
)
STAY: Statement[UUID] = Statement(
    only,
    """
    UPDATE segment AS now SET ({figures}) = ROW({stated_figures})
    FROM {stated} AS stated
    WHERE now.position = stated.position AND now.ended_on IS NULL
    RETURNING now.id
    """,
    stated=STATED,
    figures=", ".join(FIGURES),
    stated_figures=", ".join(f"stated.{name}" for name in FIGURES),
)
BEGIN: Statement[UUID] = Statement(
    only,
    """
    INSERT INTO segment SELECT stated.* FROM {stated} AS stated
    ON CONFLICT (position) WHERE ended_on IS NULL DO NOTHING
    RETURNING id
    """,
    stated=STATED,
)
OVER: Statement[UUID] = Statement(
    only,
    """
    WITH over AS (
      UPDATE segment SET ended_on = :day
      WHERE ended_on IS NULL AND NOT (:ended = ANY (lacks)) AND position <> ALL (:positions::uuid[])
      RETURNING {columns}
    )
    INSERT INTO segment ({columns}, id, from_on)
    SELECT {ended_columns}, gen_random_uuid(), :day FROM over
    RETURNING id
    """,
    columns=", ".join(("position", *FIGURES)),
    ended_columns=", ".join(
        {"quadrant": "NULL", "lacks": "ARRAY[:ended::text]", "as_of": ":day"}.get(name, name)
        for name in ("position", *FIGURES)
    ),
)


async def segmented_until(tx: Transaction) -> date | None:
    """Return the last day of which there are segments."""
    return await tx.session.scalar(select(func.max(SegmentRow.as_of)))


async def keep(tx: Transaction, day: date, rows: Iterable[Mapping[str, object]]) -> None:
    """Keep the segments of a day, which comes after all others.

    What stays what it is has new figures; the rest ends, and begins as something else.
    """
    positions: list[object] = []
    rest = iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        stated = [{**row, "id": new_id(), "from_on": day, "as_of": day, "ended_on": None} for row in some]
        positions += [row["position"] for row in some]
        written = as_json({"rows": stated})
        await END.all(tx.connection, day=day, stated=written)
        await STAY.all(tx.connection, stated=written)
        await BEGIN.all(tx.connection, stated=written)
    await OVER.all(tx.connection, day=day, ended=Lack.ENDED.value, positions=positions)


async def find_segments(tx: Transaction, asked: Asked) -> Found[SegmentRow]:
    """Return a page of the segments that hold."""
    return await find(tx, select(SegmentRow).where(CURRENT), asked)


async def segments_of(tx: Transaction, suppliers: Collection[UUID]) -> Sequence[SegmentRow]:
    """Return the segments that hold of suppliers, by category and currency."""
    found = await tx.session.scalars(
        select(SegmentRow)
        .where(SegmentRow.supplier_id.in_(suppliers), CURRENT)
        .order_by(SegmentRow.category, SegmentRow.currency)
    )
    return found.all()


async def find_moves(tx: Transaction, since: date, until: date, asked: Asked) -> Found[Any]:
    """Return a page of what was something else on a day than on an earlier one: as it is, as it was.

    What was not yet segmented on the earlier day was nothing (None).
    """
    before = aliased(SegmentRow)
    was_otherwise = or_(
        before.id.is_(None),
        before.quadrant.is_distinct_from(SegmentRow.quadrant),
        before.lacks != SegmentRow.lacks,
    )
    both: list[Any] = [SegmentRow, before]
    moves = (
        select(*both)
        .outerjoin(before, and_(before.position == SegmentRow.position, _held_on(before, since)))
        .where(SegmentRow.from_on > since, _held_on(SegmentRow, until), was_otherwise)
    )
    return await find(tx, moves, asked)


def _held_on(row: Any, day: date) -> ColumnElement[bool]:
    return and_(row.from_on <= day, or_(row.ended_on.is_(None), row.ended_on > day))
