"""Parts of a line or an order that are kept with it as JSON: most have none, and nobody looks for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

PartT = TypeVar("PartT")


class Kept(TypeDecorator[tuple[PartT, ...]], Generic[PartT]):
    """Some parts of one kind, none as null."""

    impl = JSONB(none_as_null=True)
    cache_ok = True

    def __init__(self, part: type[PartT]) -> None:
        super().__init__()
        self.part = part
        self._parts: TypeAdapter[tuple[PartT, ...]] = TypeAdapter(tuple[part, ...])  # type: ignore[valid-type]

    def process_bind_param(self, value: Sequence[PartT] | None, dialect: Dialect) -> Any:
        """Return parts as JSON has them."""
        return self._parts.dump_python(tuple(value), mode="json") if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[PartT, ...]:
        """Return parts as they were kept."""
        return self.read(value)

    def write(self, parts: Sequence[PartT]) -> str | None:
        """Return parts as a parameter of a statement."""
        return self._parts.dump_json(tuple(parts)).decode() if parts else None

    def read(self, kept: Any) -> tuple[PartT, ...]:
        """Return parts from a column of a statement."""
        return self._parts.validate_python(kept) if kept else ()
