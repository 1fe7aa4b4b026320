"""Statements of hot paths: their parameters have names, numbered once, and their rows have types.

    SHELF = Statement(Shelf, "SELECT code, height FROM shelf WHERE code = :code")
    shelf = await SHELF.one_or_none(tx.connection, code="A-17")

A fragment in braces is text that whoever owns the table declares: `FROM ({shelf}) AS shelf`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from asyncpg import Record
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.elements import KeyedColumnElement

from purveyor.db import Connection

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RowT = TypeVar("RowT")

POSTGRESQL = dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy annotates none
PARAMETER = re.compile(r"'(?:[^']|'')*'|--[^\n]*|(?<![:\w]):([a-z_][a-z0-9_]*)")
"""A parameter, or a text or comment in which a colon means nothing."""


class Statement(Generic[RowT]):
    """A statement, written as SQL or with SQLAlchemy's expressions, and what each of its rows is made into.

    A row is made by its columns' names, `row(**columns)`, so that a column too many or too few is an error.
    Values come from mappings and dataclasses, whose other fields are ignored, and by name.
    """

    def __init__(self, row: Callable[..., RowT], statement: str | ClauseElement, /, **fragments: str) -> None:
        constants: Mapping[str, Any] = {}
        if isinstance(statement, str):
            named = statement.format(**fragments)
        else:
            compiled = statement.compile(dialect=POSTGRESQL)
            named, constants = str(compiled), compiled.params
        self._row = row
        self._fields = _names_of(row) if isinstance(row, type) and is_dataclass(row) else None
        self.text, self.parameters = numbered(named)
        self._constants = {name: value for name, value in constants.items() if value is not None}
        self._names = frozenset(self.parameters)

    def arguments(self, *sources: Mapping[str, Any] | DataclassInstance, **values: Any) -> list[Any]:
        """Return the values in the order of their numbers; raises TypeError for one missing or unknown."""
        if not self._names.issuperset(values):
            raise TypeError(f"no parameters of this statement: {sorted(values.keys() - self._names)}")
        known = dict(self._constants)
        for source in sources:
            known.update(source if isinstance(source, Mapping) else by_name(source))
        known.update(values)
        try:
            return [known[name] for name in self.parameters]
        except KeyError:
            missing = sorted(self._names - known.keys())
            raise TypeError(f"parameters of this statement without a value: {missing}") from None

    async def all(
        self, connection: Connection, *sources: Mapping[str, Any] | DataclassInstance, **values: Any
    ) -> list[RowT]:
        """Run it and return its rows."""
        found = await connection.fetch(self.text, *self.arguments(*sources, **values))
        return [self._made(record) for record in found]

    async def one_or_none(
        self, connection: Connection, *sources: Mapping[str, Any] | DataclassInstance, **values: Any
    ) -> RowT | None:
        """Run it and return its first row, if there is one."""
        record = await connection.fetchrow(self.text, *self.arguments(*sources, **values))
        return None if record is None else self._made(record)

    async def one(
        self, connection: Connection, *sources: Mapping[str, Any] | DataclassInstance, **values: Any
    ) -> RowT:
        """Run it and return the row that it always has; raises LookupError when it has none."""
        row = await self.one_or_none(connection, *sources, **values)
        if row is None:
            raise LookupError(f"a statement that always has a row has none: {self.text}")
        return row

    def _made(self, record: Record) -> RowT:
        """Return what a record is made into; a dataclass with its very columns takes them by their places.

        That costs a third of passing each by its name.
        """
        names = tuple(record.keys())
        if names == self._fields:
            return self._row(*record)
        return self._row(**dict(zip(_interned(names), record, strict=True)))


def only(**columns: Any) -> Any:
    """Return the only column of a row: what a row of a statement that finds single values is made into."""
    (value,) = columns.values()
    return value


def numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with `$1` for its first named parameter and so on, and the names in that order."""
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        name = match[1]
        return f"${numbers.setdefault(name, len(numbers) + 1)}" if name else match[0]

    return PARAMETER.sub(number, text), tuple(numbers)


def by_name(source: DataclassInstance) -> dict[str, Any]:
    """Return a dataclass's fields by name; unlike `asdict`, without copying what they hold."""
    return {name: getattr(source, name) for name in _names_of(type(source))}


@cache
def _names_of(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _interned(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as the same objects that code has: as keywords they are found without comparing texts."""
    return tuple(map(intern, names))


def unnest(columns: Iterable[KeyedColumnElement[Any]], prefix: str = "") -> str:
    """Return an `unnest` of one array a column, as parameters of the columns' names behind a prefix."""
    arrays = (f":{prefix}{column.key}::{column.type.compile(POSTGRESQL)}[]" for column in columns)
    return f"unnest({', '.join(arrays)})"


def columnwise(rows: Sequence[Any], names: Iterable[str], prefix: str = "") -> dict[str, list[Any]]:
    """Return the fields of rows as the arrays that `unnest` takes."""
    return {prefix + name: list(map(attrgetter(name), rows)) for name in names}
