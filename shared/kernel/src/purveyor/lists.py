"""Lists as their resources declare them: by what they are filtered and sorted, and what changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import Field, WithJsonSchema
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from purveyor.changes import ChangeMark, Horizon, look
from purveyor.db import Transaction
from purveyor.pages import KeyValue, Page, PageRequest, Sort, Total, encode_cursor
from purveyor.texts import Line, TextKind, words_of

MOST_VALUES = 100
"""How many values one filter takes; ids in bulk are a filter."""
COUNTED = 100_000
"""How far a total is counted: more would be counted for longer than anybody waits."""
UPDATED = "updated"

R = TypeVar("R")
T = TypeVar("T")
Column = Any
"""A mapped attribute or a column: SQLAlchemy's types of both have nothing in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One query parameter: what it is called, the type of a value, and the condition that it makes of it.

    With `several` it may be repeated, and the condition is made of a list; `ours` is not for suppliers. One
    without a `test` is applied by the query itself, which knows the day.
    """

    name: str
    kind: Any
    description: str
    test: Callable[[Any], ColumnElement[bool]] | None = None
    example: Any = None
    several: bool = False
    ours: bool = False
    ends: str | None = None
    """Of the end of a range, the filter where it begins."""


def equal(
    name: str, kind: Any, column: Column, description: str, *, example: Any = None, ours: bool = False
) -> Filter:
    """Return the filter of what has one of some values: `?status=issued&status=closed`."""
    return Filter(
        name=name,
        kind=kind,
        test=lambda values: column == values[0] if len(values) == 1 else column.in_(values),
        description=description,
        example=example,
        several=True,
        ours=ours,
    )


def worded(words: Column, description: str, *, example: Any = None) -> Filter:
    """Return the filter `?q=` of what has words that begin so: `words` holds those of `words_of`."""

    def test(sought: str) -> ColumnElement[bool]:
        beginnings = " & ".join(f"'{word}':*" for word in words_of(sought))
        if not beginnings:
            return false()
        return func.array_to_tsvector(words).op("@@")(cast(cast(beginnings, Text), TSQUERY))

    return Filter(name="q", kind=Line, test=test, description=description, example=example)


def numbered(
    prefix: str, column: Column, *, read: Callable[[str], int] | None = None, name: str = "number"
) -> Filter:
    """Return the filter of what people call by a number, such as PO-000042, kept as 42."""
    pattern = rf"^{prefix}-[0-9]{{6,18}}$"
    # Said twice: what is checked behind a TextKind, pydantic leaves out of the schema.
    schema = WithJsonSchema({"type": "string", "pattern": pattern, "examples": [f"{prefix}-000042"]})
    kind = Annotated[str, TextKind(21, form="NFKC"), Field(pattern=pattern), schema]
    of_text = read or (lambda number: int(number.removeprefix(f"{prefix}-")))
    return replace(
        equal(name, kind, column, "What people call it by", example=f"{prefix}-000042"),
        test=lambda numbers: column.in_([of_text(one) for one in numbers]),
    )


def between(
    name: str,
    kind: Any,
    column: Column,
    what: str,
    *,
    directions: tuple[str, str] = ("later", "earlier"),
    nullable: Column = None,
    example: Any = None,
    ours: bool = False,
) -> tuple[Filter, Filter]:
    """Return the filters `…_from` and `…_to` of a range, both bounds in it: "Ordered on this day".

    Where a sort's expression stands for a column that may be null, `nullable` is that column.
    """
    there_is_one = (column if nullable is None else nullable).is_not(None)
    later, earlier = directions
    first = Filter(
        name=f"{name}_from",
        kind=kind,
        test=lambda value: column >= value,
        description=f"{what} or {later}",
        example=example,
        ours=ours,
    )
    last = replace(
        first,
        name=f"{name}_to",
        test=lambda value: and_(column <= value, there_is_one),
        description=f"{what} or {earlier}",
        ends=first.name,
    )
    return first, last


def whether(name: str, condition: Column, description: str, *, ours: bool = False) -> Filter:
    """Return the filter of what something holds of, or does not."""
    return Filter(
        name=name,
        kind=bool,
        test=lambda wanted: condition if wanted else ~condition,
        description=description,
        ours=ours,
    )


def both_ways(name: str, *columns: Column, falling: Sequence[Column] | None = None) -> tuple[Sort, Sort]:
    """Return the sorts `name` and `-name`: by columns that are never null and together unique."""
    return Sort(name, *columns), Sort(f"-{name}", *(falling or columns), descending=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list can be asked: a short declaration of it stands where its resource is read.

    The first sort holds where none is asked for. With `changed`, it is asked what changed since: `Changing`.
    """

    name: str
    filters: Sequence[Filter] = ()
    sorts: Sequence[Sort]
    id: Column = None
    id_name: str = "id"
    id_kind: Any = UUID
    changed: Column = None

    def all_filters(self) -> list[Filter]:
        """Return its filters, with that of ids in bulk before them."""
        if self.id is None:
            return list(self.filters)
        description = f"Those with these ids, {MOST_VALUES} at most"
        return [equal(self.id_name, self.id_kind, self.id, description), *self.filters]

    def all_sorts(self) -> dict[str, Sort]:
        """Return its sorts by name, with those by change where it knows of changes."""
        by_change = () if self.changed is None else both_ways(UPDATED, self.changed, self.id)
        return {sort.name: sort for sort in (*self.sorts, *by_change)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a caller asks of a list: values of filters by their names, in which order, which page."""

    listing: Listing
    filters: Mapping[str, Any]
    sort: str | None = None
    updated_after: str | None = None
    total: bool = False
    limit: int
    cursor: str | None = None

    @property
    def order(self) -> Sort:
        """The sort that holds: as asked, by change where changes are asked for, else the list's first."""
        sorts = self.listing.all_sorts()
        by_default = self.listing.sorts[0].name if self.updated_after is None else UPDATED
        return sorts[self.sort or by_default]

    @property
    def question(self) -> str:
        """All that a cursor is bound to: the list, its order and its filters."""
        given = sorted((name, str(value)) for name, value in self.filters.items())
        return repr((self.listing.name, self.sort, self.updated_after, given))

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what all rows must hold that are asked for."""
        return [
            one.test(self.filters[one.name])
            for one in self.listing.all_filters()
            if one.name in self.filters and one.test is not None
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[R]):
    """A page of what was found, how it goes on, and from where on to ask for changes."""

    rows: Sequence[R]
    next_cursor: str | None
    total: Total | None
    next_updated_after: str | None

    def each(self, rows: Sequence[T]) -> Found[T]:
        """Return the page with something else for each of its rows, in their order."""
        return Found(
            rows=rows,
            next_cursor=self.next_cursor,
            total=self.total,
            next_updated_after=self.next_updated_after,
        )

    def shown(self, show: Callable[[R], T]) -> Page[T]:
        """Return the page of what `show` returns: a page for suppliers is taken for no other."""
        items = [show(row) for row in self.rows]
        page: Any = Page[type(items[0])] if items else Page  # type: ignore[misc]
        return page(  # type: ignore[no-any-return]
            items=items,
            next_cursor=self.next_cursor,
            total=self.total,
            next_updated_after=self.next_updated_after,
        )


async def find(tx: Transaction, rows: Select[Any], asked: Asked) -> Found[Any]:
    """Return a page of the rows of a query that hold what is asked, and what else was asked of them.

    The mark in a walk's cursors is that of its first page: what changes while it is walked, a reader who goes
    on from there is told.
    """
    horizon = await look(tx.connection)
    wanted = selected(rows, asked, horizon)
    after = PageRequest(asked.limit, asked.cursor).after(asked.question, str, *asked.order.types)
    mark = horizon.mark
    if after is not None:
        mark, after = ChangeMark.read(str(after[0])), after[1:]
    keys = [column.label(f"key_{place}") for place, column in enumerate(asked.order.columns)]
    met = (await tx.session.execute(paged(wanted, asked, after).add_columns(*keys))).all()
    shown = met[: asked.limit]
    next_cursor = None
    if len(met) > asked.limit:
        next_cursor = encode_cursor(asked.question, (str(mark), *shown[-1][-len(keys) :]))
    return Found(
        rows=[row[0] if len(row) == 1 + len(keys) else row for row in shown],
        next_cursor=next_cursor,
        total=await counted(tx, wanted) if asked.total else None,
        next_updated_after=None if asked.listing.changed is None else str(mark),
    )


def selected(rows: Select[Any], asked: Asked, horizon: Horizon) -> Select[Any]:
    """Return the query of all rows that hold what is asked."""
    wanted = rows.where(*asked.conditions())
    if asked.updated_after is None:
        return wanted
    return wanted.where(horizon.changed_since(ChangeMark.read(asked.updated_after), asked.listing.changed))


def paged(wanted: Select[Any], asked: Asked, after: Sequence[KeyValue] | None) -> Select[Any]:
    """Return the query of a page, and of the row that says whether there is another."""
    rest = wanted if after is None else wanted.where(asked.order.beyond(after))
    return asked.order.sorted(rest).limit(asked.limit + 1)


async def counted(tx: Transaction, rows: Select[Any]) -> Total:
    """Return how many rows a query has, counted as far as totals are."""
    ones: Select[Any] = rows.with_only_columns(literal_column("1"), maintain_column_froms=True)
    some = ones.limit(COUNTED + 1).subquery()
    count = (await tx.session.scalars(select(func.count()).select_from(some))).one()
    return Total(count=min(count, COUNTED), exact=count <= COUNTED)
