"""Keyset pages: a limit and a cursor, as fast on the last page as on the first."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID
from zlib import crc32

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, JsonValue, TypeAdapter
from sqlalchemy import ColumnElement, Select, literal, tuple_

from purveyor.errors import FieldError, InvalidError

DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 200
LONGEST_CURSOR = 2000
CURSOR = r"^[A-Za-z0-9_-]+={0,2}$"
BIGINT = 2**63

KeyValue = str | int | Decimal | date | datetime | UUID
T = TypeVar("T")
R = TypeVar("R")


class Total(BaseModel):
    """How many there are on all pages together."""

    count: int = Field(description="Counted up to 100,000", examples=[312])
    exact: bool = Field(description="False: there are more than were counted", examples=[True])


class Page(BaseModel, Generic[T]):
    """One page of a list; the next one is asked for with its cursor, and so says the header `Link`."""

    items: list[T]
    next_cursor: str | None = Field(
        description="Ask for the next page with `?cursor=`; null on the last page", examples=[None]
    )
    total: Total | None = Field(
        description="Of all pages; null unless asked for with `?total=true`", examples=[None]
    )
    next_updated_after: str | None = Field(
        description="Ask with it as `?updated_after=`, once the last page is read, for what changed since "
        "the first was; null where a list does not know",
        examples=[None],
    )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page of a list a caller wants: how many items, and after which."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    def after(self, order: str, *types: type) -> tuple[KeyValue, ...] | None:
        """Return the keyset values that this page starts after; None on the first page.

        `order` names the sort (`"-ordered_on,id"`): a cursor of another sort is refused with InvalidError,
        like anything that this service did not hand out.
        """
        if self.cursor is None:
            return None
        try:
            mark, *values = json.loads(urlsafe_b64decode(self.cursor.encode()))
            if mark != _mark(order) or not all(isinstance(value, str) for value in values):
                raise ValueError("it belongs to another list or sort")
            return tuple(
                _READ[kind].validate_strings(value, strict=True)
                for kind, value in zip(types, values, strict=True)
            )
        except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
            raise InvalidError(
                "cursor_unknown",
                "The cursor is not one that this list handed out; start from the first page.",
                errors=[FieldError("/query/cursor", "Not a cursor of this list and sort")],
            ) from error

    def of(
        self,
        rows: Sequence[R],
        order: str,
        key: Callable[[R], Sequence[KeyValue]],
        show: Callable[[R], T],
    ) -> Page[T]:
        """Make the page from `limit + 1` rows read in that order; the extra one says that there is more.

        It is a page of what `show` returns: where a route has a page for suppliers, no other is taken for it.
        """
        items = [show(row) for row in rows[: self.limit]]
        more = len(rows) > self.limit
        page: Any = Page[type(items[0])] if items else Page  # type: ignore[misc]
        next_cursor = encode_cursor(order, key(rows[self.limit - 1])) if more else None
        return page(items=items, next_cursor=next_cursor, total=None, next_updated_after=None)  # type: ignore[no-any-return]


class Sort:
    """A documented order of a list: columns that are never null and together unique, all in one direction."""

    def __init__(self, name: str, *columns: ColumnElement[Any] | Any, descending: bool = False) -> None:
        self.name = name
        self.columns = columns
        self.descending = descending
        self.types = tuple(column.type.python_type for column in columns)

    def select(self, statement: Select[Any], page: PageRequest) -> Select[Any]:
        """Restrict a query to a page, plus the row that says whether there is another: `PageRequest.of`."""
        after = page.after(self.name, *self.types)
        if after is not None:
            statement = statement.where(self.beyond(after))
        return self.sorted(statement).limit(page.limit + 1)

    def sorted(self, statement: Select[Any]) -> Select[Any]:
        """Return a query whose rows come in this order."""
        order = [column.desc() if self.descending else column.asc() for column in self.columns]
        return statement.order_by(*order)

    def beyond(self, after: Sequence[KeyValue]) -> ColumnElement[bool]:
        """Return the row-value comparison `(a, b) > (x, y)`, which one index answers."""
        left = tuple_(*self.columns)
        right = tuple_(*(literal(v, c.type) for v, c in zip(after, self.columns, strict=True)))
        return left < right if self.descending else left > right


def encode_cursor(order: str, values: Sequence[KeyValue]) -> str:
    """Return the opaque cursor of a row's keyset values; raises TypeError for one that cannot be in it."""
    content: list[JsonValue] = [_mark(order)]
    for value in values:
        if isinstance(value, bool) or not isinstance(value, KeyValue):
            raise TypeError(f"{value!r} cannot be in a keyset")
        content.append(value.isoformat() if isinstance(value, date) else str(value))
    return urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def _mark(order: str) -> int:
    return crc32(order.encode())


def _within_reason(number: Decimal) -> Decimal:
    if abs(number.adjusted()) > 100:
        raise ValueError("out of range")
    return number


_READ: dict[type, TypeAdapter[Any]] = {
    str: TypeAdapter(Annotated[str, Field(pattern=r"^[^\x00]*$")]),
    int: TypeAdapter(Annotated[int, Field(ge=-BIGINT, lt=BIGINT)]),
    Decimal: TypeAdapter(Annotated[Decimal, AfterValidator(_within_reason)]),
    date: TypeAdapter(date),
    datetime: TypeAdapter(AwareDatetime),
    UUID: TypeAdapter(UUID),
}
"""How to read a value of a cursor, as a database can hold it."""
