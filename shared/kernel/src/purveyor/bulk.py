"""What commands make of rows that come in bulk: an outcome each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel

from purveyor.db import Transaction
from purveyor.errors import ProblemError

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What a row's command did, and to what."""

    status: Literal["created", "updated", "unchanged", "proposed"]
    id: UUID | str | None = None


Command = Callable[[Transaction, ModelT], Awaitable[BulkOutcome]]
SetCommand = Callable[[Transaction, Sequence[ModelT]], Awaitable[Sequence[BulkOutcome | ProblemError]]]
"""Does what a command does for many rows at once; what it has against one is returned, and costs no other."""
