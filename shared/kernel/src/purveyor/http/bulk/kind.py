"""An operation that takes rows, as the API declares it and the worker works on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from purveyor.bulk import Command, SetCommand
from purveyor.http.bulk.applying import ROWS_A_SET, ROWS_A_TRANSACTION, Apply, Note, in_sets, one_by_one

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Kind(Generic[ModelT]):
    """What takes rows of a model: a command of each, or of many at once, for a proposal or for good.

    Jobs name it, so its name never changes.
    """

    name: str
    model: type[ModelT]
    each: Callable[[UUID | None], Command[ModelT]] | None = None
    many: Callable[[UUID | None], SetCommand[ModelT]] | None = None

    @property
    def at_once(self) -> int:
        """How many rows a transaction takes."""
        return ROWS_A_SET if self.many is not None else ROWS_A_TRANSACTION

    def apply(self, proposal: UUID | None, note: Note) -> Apply[ModelT]:
        """Return what gives rows to the command."""
        if self.many is not None:
            return in_sets(self.many(proposal), note)
        assert self.each is not None, "a kind has a command"  # noqa: S101
        return one_by_one(self.each(proposal), note)
