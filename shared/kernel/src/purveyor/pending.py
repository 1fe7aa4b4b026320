"""What a transaction writes beside its state, in one statement: rows of journals, such as the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from os import urandom
from typing import Any, NamedTuple, TypeAlias

import asyncpg
from pydantic_core import to_json

from purveyor.signing import value_digest

Row: TypeAlias = tuple[Any, ...]

PERSONAL = "personal"
"""The only field of what stands in an audit record for a personal value: its digest in hexadecimal."""
SALT_BYTES = 16


class Computed(NamedTuple):
    """What the database fills a column with: an expression over the columns of `row`."""

    alone: str
    among: str
    """The same where one statement writes several rows, which do not see each other in the table."""


@dataclass(frozen=True, eq=False, slots=True)
class Journal:
    """A table that commands only ever append to, and its columns with their PostgreSQL types."""

    table: str
    columns: Mapping[str, str]
    computed: Mapping[str, Computed] = field(default_factory=dict)


AUDIT = Journal(
    "audit_record",
    {
        "id": "uuid",
        "at": "timestamptz",
        "actor": "text",
        "action": "text",
        "entity": "text",
        "entity_id": "text",
        "before": "jsonb",
        "after": "jsonb",
        "reason": "text",
        "request_id": "text",
        "signature": "bytea",
    },
)
"""Who did what to which thing, what it was before and after, and why."""


AUDIT_PERSONAL = Journal(
    "audit_personal", {"record": "uuid", "digest": "bytea", "salt": "bytea", "value": "jsonb"}
)
"""What audit records have a digest of only, so that it can be erased and the trail stays whole."""


class Personal:
    """Somebody's own data in what is audited: the trail keeps its digest, and the value apart.

    No dataclass: one would be written as JSON without anybody being asked.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personal) and self.value == other.value

    __hash__ = None  # type: ignore[assignment]  # what it holds has none either


@dataclass(slots=True)
class PersonalValues:
    """Collects the personal values of one audit record; the same value has the same digest in it."""

    digests: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    def as_json(self, value: Mapping[str, Any] | None) -> str | None:
        """Return a mapping as the text of a JSON object, a digest in the place of each personal value."""
        return None if value is None else to_json(value, fallback=self._digest_of).decode()

    def _digest_of(self, value: object) -> Mapping[str, str]:
        if not isinstance(value, Personal):
            raise TypeError(f"{value!r} is not for JSON")
        text = to_json(value.value).decode()
        if text not in self.digests:
            salt = urandom(SALT_BYTES)
            self.digests[text] = value_digest(salt, text), salt
        return {PERSONAL: self.digests[text][0].hex()}


Mark: TypeAlias = tuple[dict[Journal, tuple[Row, ...]], int]
Shape: TypeAlias = tuple[tuple[Journal, bool], ...]
"""Which journals get rows, and whether each gets several."""


@dataclass(slots=True)
class PendingWrites:
    """Collects what a command has to say beside its state, until the transaction writes it."""

    rows: dict[Journal, list[Row]] = field(default_factory=dict)
    written: set[Journal] = field(default_factory=set)
    changes: list[tuple[str, str]] = field(default_factory=list)
    """Entity and action of every audit record written."""

    def add(self, journal: Journal, row: Row) -> None:
        """Note a row, its values in the order of the journal's columns."""
        self.rows.setdefault(journal, []).append(row)

    def mark(self) -> Mark:
        """Note what is collected now, for `return_to`."""
        return {journal: tuple(rows) for journal, rows in self.rows.items()}, len(self.changes)

    def return_to(self, mark: Mark) -> None:
        """Hold what was collected at the mark, even if it was written since: that has been undone as well."""
        rows, changes = mark
        self.rows = {journal: list(kept) for journal, kept in rows.items()}
        del self.changes[changes:]

    async def write(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        """Write everything collected and forget it; one round trip, none when there is nothing."""
        if not self.rows:
            return
        collected, self.rows = self.rows, {}
        shape = tuple((journal, len(rows) > 1) for journal, rows in collected.items())
        arguments: list[Any] = []
        for rows in collected.values():
            arguments += rows[0] if len(rows) == 1 else zip(*rows, strict=True)
        await connection.execute(_statement(shape), *arguments)
        self.written.update(collected)
        self.changes += [(entity, action) for _, _, _, action, entity, *_ in collected.get(AUDIT, ())]


@lru_cache(maxsize=256)
def _statement(shape: Shape) -> str:
    """Return one statement for all journals; without arrays, a single row costs a third less."""
    inserts, first = [], 1
    for journal, many in shape:
        inserts.append(_insert(journal, first, many=many))
        first += len(journal.columns)
    *others, last = inserts
    if not others:
        return last
    return f"WITH {', '.join(f'journal_{n} AS ({insert})' for n, insert in enumerate(others))} {last}"


def _insert(journal: Journal, first: int, *, many: bool) -> str:
    """Return the insert of one row, or of one array a column; its parameters are numbered from `first`."""
    kind = "[]" if many else ""
    types = enumerate(journal.columns.values(), first)
    values = [f"${number}::{type_}{kind}" for number, type_ in types]
    names = ", ".join(journal.columns)
    into = f"INSERT INTO {journal.table} ({', '.join((*journal.columns, *journal.computed))})"
    if not journal.computed:
        source = f"* FROM unnest({', '.join(values)})" if many else ", ".join(values)
        return f"{into} SELECT {source}"
    if not many:
        computed = ", ".join(each.alone for each in journal.computed.values())
        row = ", ".join(f"{value} AS {name}" for value, name in zip(values, journal.columns, strict=True))
        return f"{into} SELECT row.*, {computed} FROM (SELECT {row}) AS row"  # noqa: S608  # constants
    computed = ", ".join(each.among for each in journal.computed.values())
    rows = f"unnest({', '.join(values)}) WITH ORDINALITY AS row ({names}, nth)"
    return f"{into} SELECT {names}, {computed} FROM {rows} ORDER BY nth"  # noqa: S608  # constants


def as_json(value: Mapping[str, Any] | None) -> str | None:
    """Return a mapping as the text of a JSON object."""
    return None if value is None else to_json(value).decode()
