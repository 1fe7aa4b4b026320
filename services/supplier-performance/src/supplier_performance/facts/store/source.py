"""The rows of a kind of fact as a relation that expressions of SQLAlchemy select from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    Boolean,
    ColumnClause,
    Date,
    DateTime,
    Numeric,
    Subquery,
    Text,
    Uuid,
    column,
    text,
)
from sqlalchemy.types import TypeEngine

from supplier_performance.deliveries.store.judged import Whose
from supplier_performance.facts.rules import Column, Kind, Type
from supplier_performance.suppliers import store as suppliers

Rows: TypeAlias = Callable[[int, Whose], str]
"""The rows of a question in SQL: by how many versions of graces there are, and whose rows are asked for."""

TYPES: Mapping[Type, TypeEngine[Any]] = {
    Type.TEXT: Text(),
    Type.ID: Uuid(),
    Type.DAY: Date(),
    Type.MOMENT: DateTime(timezone=True),
    Type.TRUTH: Boolean(),
    Type.NUMBER: Numeric(),
}
TODAY = "coalesce(:as_of::date, (:now::timestamptz AT TIME ZONE time_zone)::date)"
"""The day asked for, or today at the site."""
KNOWN = "coalesce({known_at} < :known_before::timestamptz, true)"
"""Whether something was known before the moment that is asked for, if one is."""

TOLD = """
SELECT {counted_as} AS supplier_id, {columns}
FROM ({facts}) AS fact {same}
WHERE {happened} BETWEEN :first::date AND :last::date AND {happened} <= {today} AND {known} AND {whose}
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of fact, and where its rows are."""

    kind: Kind
    rows: Rows

    def relation(self, versions: int, whose: Whose) -> Subquery:
        """Return its rows to select from; the parameters are those of `judged.arguments`."""
        # A cast's colons would be read as a parameter's.
        told = text(self.rows(versions, whose).replace("::", r"\:\:"))
        return told.columns(*(_typed(one) for one in self.kind.columns)).subquery(self.kind.name)


def told(kind: Kind, facts: str, /, **fragments: str) -> Source:
    """Return a kind of fact of which each row is of one supplier and comes from one event.

    `facts` is SQL with the kind's columns and `time_zone`, with what owners of tables declare in braces;
    whose they are by now, which window they lie in and until which day is seen to here.
    """
    columns = ", ".join(one.name for one in kind.columns if one.name != "supplier_id")

    def rows(_versions: int, whose: Whose) -> str:
        return TOLD.format(
            counted_as=whose.counted_as,
            same=whose.same.format(merged=suppliers.MERGED),
            whose=whose.whose,
            columns=columns,
            happened=kind.happened,
            today=TODAY,
            known=KNOWN.format(known_at="known_at"),
            facts=facts.format(**fragments),
        )

    return Source(kind, rows)


def _typed(one: Column) -> ColumnClause[object]:
    return column(one.name, TYPES[one.type])
