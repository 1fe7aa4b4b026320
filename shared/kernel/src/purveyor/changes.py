"""What changed since a reader looked: every row names the transaction that changed it last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from sqlalchemy import BigInteger, ColumnElement, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.errors import FieldError, InvalidError
from purveyor.postgres import Connection

THIS_TRANSACTION = "(pg_current_xact_id()::text)::bigint"
MARK = r"^[0-9a-f]{8}-[0-9]{1,18}$"
LOOK = """
SELECT left(encode(sha256(convert_to(system_identifier || '/' || timeline_id, 'UTF8')), 'hex'), 8),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
       set_config('plan_cache_mode', 'force_custom_plan', true)
FROM pg_control_system(), pg_control_checkpoint()
"""
"""Plans made for any value would sort millions of rows where the value at hand is common: none are kept."""


class Changing:
    """A row that says which transaction changed it last; `note_changes_of` in its migration keeps it so."""

    changed_in: Mapped[int] = mapped_column(BigInteger, server_default=text(THIS_TRANSACTION))


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """How far a reader has seen all changes: those of all transactions before this one, in this database."""

    incarnation: str
    transaction: int

    @classmethod
    def read(cls, written: str) -> Self:
        """Return a mark as it was handed out; raises InvalidError for what can be none."""
        if not re.fullmatch(MARK, written):
            raise _unknown()
        incarnation, _, transaction = written.partition("-")
        return cls(incarnation, int(transaction))

    def __str__(self) -> str:
        return f"{self.incarnation}-{self.transaction}"


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far all transactions have ended, and how far any may have begun, when somebody looked."""

    incarnation: str
    ended_before: int
    begun_before: int

    @property
    def mark(self) -> ChangeMark:
        """The mark of a reader who reads all rows now: who commits later is at it or above it."""
        return ChangeMark(self.incarnation, self.ended_before)

    def changed_since(self, mark: ChangeMark, column: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition of rows that changed since a mark; raises InvalidError when it is not of here.

        A database that was restored gives the numbers of transactions again that were lost.
        """
        if mark.incarnation != self.incarnation or mark.transaction > self.begun_before:
            raise _unknown()
        return and_(column >= mark.transaction, column < self.begun_before)


async def look(connection: Connection) -> Horizon:
    """Return the horizon before whatever is read next, which is then planned for the values at hand."""
    incarnation, ended, begun, _ = await connection.fetchrow(LOOK)  # type: ignore[misc]  # always one row
    return Horizon(incarnation, ended, begun)


def _unknown() -> InvalidError:
    return InvalidError(
        "updated_after_unknown",
        "This is not what `next_updated_after` said, or the database was restored since: read the whole list "
        "once, without `updated_after`, and go on from the `next_updated_after` that it answers.",
        errors=[FieldError("/query/updated_after", "Not a mark of this database as it is now")],
    )
