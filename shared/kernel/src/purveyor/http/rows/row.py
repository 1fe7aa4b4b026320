"""A row as it was sent, and as what it is to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Field, ValidationError

from purveyor.errors import detail_of, few_of_each_kind, pointer

TOO_LONG = "Longer than a row may be (PURVEYOR_MAX_BULK_LINE_BYTES)"
LIST_SEPARATOR = ";"
"""What separates the items of a list in a cell of CSV."""

ModelT = TypeVar("ModelT", bound=BaseModel)


class RowError(BaseModel):
    """One thing that was wrong with a row."""

    pointer: str = Field(
        description="JSON pointer into the row, of CSV to the column; empty: the row as a whole",
        examples=["/apples"],
    )
    detail: str = Field(description="What was wrong and what would be right")


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was sent: a line of JSON, the cells of CSV by column, or why it is neither."""

    line: int
    size: int
    content: bytes | Mapping[str, Any] | list[RowError]


@dataclass(frozen=True, slots=True)
class Row(Generic[ModelT]):
    """A row: its content, or why it cannot be read as such."""

    line: int
    size: int
    content: ModelT | list[RowError]


def as_model(raw: RawRow, model: type[ModelT]) -> Row[ModelT]:
    """Read a row as a model."""
    if isinstance(raw.content, list):
        return Row(raw.line, raw.size, raw.content)
    return Row(raw.line, raw.size, _read(raw.content, model))


def _read(content: bytes | Mapping[str, Any], model: type[ModelT]) -> ModelT | list[RowError]:
    try:
        if isinstance(content, bytes):
            return model.model_validate_json(content)
        return model.model_validate(content)
    except ValidationError as error:
        return [
            RowError(pointer=pointer(item["loc"]), detail=detail_of(item))
            for item in few_of_each_kind(error.errors(include_url=False))
        ]


def columns_of(model: type[BaseModel]) -> dict[str, bool] | None:
    """Return a model's columns, each with whether it holds a list; None for a model that is not flat."""
    columns = {}
    for name, field in model.model_fields.items():
        kinds = list(_kinds(field.annotation))
        if any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds):
            return None
        columns[field.alias or name] = list in kinds
    return columns


def _kinds(annotation: Any) -> Iterator[Any]:
    """Go through what a value may be: through alternatives, and into lists."""
    kind = get_origin(annotation)
    if kind is list:
        yield list
    if kind is None:
        yield annotation
    elif kind is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif kind in (Union, UnionType, list):
        for part in get_args(annotation):
            yield from _kinds(part)


def cell_value(cell: str, is_list: bool) -> str | list[str]:
    """Return what a cell of CSV says: a text, or a list of them."""
    if not is_list:
        return cell
    return [part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip()]
