"""A row as it was sent, and as what it is to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, ValidationError

from purveyor.errors import detail_of, few_of_each_kind, pointer

TOO_LONG = "Longer than a row may be (PURVEYOR_MAX_BULK_LINE_BYTES)"
OF_LINE = re.compile(r"/lines/(\d+)(?:/|$)")

ModelT = TypeVar("ModelT", bound=BaseModel)


class RowError(BaseModel):
    """One thing that was wrong with a row."""

    pointer: str = Field(
        description="JSON pointer into the row, of CSV to the column; empty: the row as a whole",
        examples=["/apples"],
    )
    detail: str = Field(description="What was wrong and what would be right")
    line: int | None = Field(
        default=None,
        description="Of CSV, whose rows are lines of documents: where it stands",
        examples=[None],
    )


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was sent: a line of JSON, the cells of CSV by column, or why it is neither.

    `places` are the lines of the body that the lines of a document stand in, where that is CSV.
    """

    line: int
    size: int
    content: bytes | Mapping[str, Any] | list[RowError]
    places: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Row(Generic[ModelT]):
    """A row: its content, or why it cannot be read as such."""

    line: int
    size: int
    content: ModelT | list[RowError]
    places: Sequence[int] = ()

    def error(self, pointer: str, detail: str) -> RowError:
        """Return what is wrong with it, and where that stands."""
        return _placed(pointer, detail, self.places)


def as_model(raw: RawRow, model: type[ModelT]) -> Row[ModelT]:
    """Read a row as a model."""
    content = raw.content if isinstance(raw.content, list) else _read(raw.content, model, raw.places)
    return Row(raw.line, raw.size, content, raw.places)


def _read(
    content: bytes | Mapping[str, Any], model: type[ModelT], places: Sequence[int]
) -> ModelT | list[RowError]:
    try:
        if isinstance(content, bytes):
            return model.model_validate_json(content)
        return model.model_validate(content)
    except ValidationError as error:
        return [
            _placed(pointer(item["loc"]), detail_of(item), places)
            for item in few_of_each_kind(error.errors(include_url=False))
        ]


def _placed(pointer: str, detail: str, places: Sequence[int]) -> RowError:
    match = OF_LINE.match(pointer)
    nth = int(match[1]) if match else len(places)
    return RowError(pointer=pointer, detail=detail, line=places[nth] if nth < len(places) else None)
