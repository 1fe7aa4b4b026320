"""The columns of CSV that stand for a model, or for a document with lines: then a line of it is a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationInfo, model_validator

from purveyor.texts import SEPARATOR

LIST_SEPARATOR = ";"
"""What separates the items of a list in a cell of CSV."""
BRACKETS = {"[": "]", "{": "}"}
QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb"}


class Document(BaseModel):
    """A row that has `lines`. In CSV each of them is a row, and those of one document stand together."""

    known_by: ClassVar[tuple[str, ...]]
    """The columns that tell a document from another, stated in each of its rows; the last is its own key."""


class InCell(BaseModel):
    """A part of a row that stands in a cell of CSV in a form of its own, as one item of a list."""

    mark: ClassVar[str | None] = None
    """What stands within an item, where what is behind it may be any text: `en: Seals`."""

    @classmethod
    def read_cell(cls, cell: str) -> Mapping[str, str]:
        """Return the fields that a cell states; what is missing is left out, and said to be."""
        raise NotImplementedError

    @classmethod
    def write_cell(cls, shown: Mapping[str, Any]) -> str:
        """Return how its fields are stated in a cell."""
        raise NotImplementedError

    @model_validator(mode="before")
    @classmethod
    def _of_cell(cls, stated: Any, info: ValidationInfo) -> Any:
        if not isinstance(stated, str) or info.mode != "python":
            return stated
        several = SEPARATOR.split(stated) if cls.mark else []
        if len(several) > 1 and all(cls.mark in one for one in several):
            raise ValueError(f"Looks like {len(several)} items: separate them by semicolons, as in a;b")
        return cls.read_cell(stated)


@dataclass(frozen=True, slots=True)
class Columns:
    """What columns there may be: of each whether it holds a list, and for what field of a line it stands."""

    lists: Mapping[str, bool]
    parts: Mapping[str, type[InCell]] = field(default_factory=dict)
    """Of the lists whose items are no texts, what they are."""
    of_line: Mapping[str, str] = field(default_factory=dict)
    known_by: Sequence[str] = ()

    @property
    def are_of_documents(self) -> bool:
        """Whether rows are lines of documents."""
        return bool(self.known_by)

    def value(self, column: str, cell: str) -> str | list[str]:
        """Return what a cell says: a text, or a list of them.

        Raises ValueError for a list with brackets around it, or quotes around its items, as JSON has them:
        they would be read as parts of what they enclose.
        """
        if not self.lists[column]:
            return cell
        parts = [part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip()]
        if parts and (sign := _around(cell.strip(), parts)):
            raise ValueError(
                f"Holds {sign} around a list or its items: write them bare, separated by semicolons: a;b"
            )
        return parts

    def rows(self, shown: Mapping[str, Any]) -> list[list[str]]:
        """Return a model as it would be written: the cells of its row, or of one for each line."""
        lines: Sequence[Mapping[str, Any]] = shown.get("lines", ()) if self.are_of_documents else ({},)
        return [
            [
                self._cell(name, line.get(self.of_line[name]) if name in self.of_line else shown.get(name))
                for name in self.lists
            ]
            for line in lines
        ]

    def _cell(self, column: str, value: Any) -> str:
        if not isinstance(value, list):
            return "" if value is None else str(value)
        part = self.parts.get(column)
        return LIST_SEPARATOR.join(map(part.write_cell, value) if part else value)


def columns_of(model: type[BaseModel]) -> Columns:
    """Return a model's columns; a line's field that the document has too is called `line_…`."""
    fields = dict(_fields(model))
    lists = {name: list in kinds for name, kinds in fields.items()}
    if not issubclass(model, Document):
        return Columns(
            lists, {name: kind for name, kinds in fields.items() for kind in kinds if _in_cell(kind)}
        )
    del lists["lines"]
    (line,) = (kind for kind in _kinds(model.model_fields["lines"].annotation) if kind is not list)
    of_line = {f"line_{name}" if name in lists else name: name for name, _ in _fields(line)}
    kinds_of = dict(_fields(line))
    lists |= {column: list in kinds_of[name] for column, name in of_line.items()}
    return Columns(lists, of_line=of_line, known_by=model.known_by)


def _around(cell: str, parts: Sequence[str]) -> str | None:
    """Return the bracket that stands around a list, or the quote around one of its items.

    Quotes that end within an item are its own: `"Nord" AG: 3"`.
    """
    if BRACKETS.get(cell[0]) == cell[-1]:
        return cell[0]
    for part in parts:
        quote = QUOTES.get(part[0])
        if quote and len(part) > 1 and part.find(quote, 1) == len(part) - 1:
            return part[0]
    return None


def _in_cell(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, InCell)


def _fields(model: type[BaseModel]) -> list[tuple[str, list[Any]]]:
    return [
        (field.alias or name, list(_kinds(field.annotation))) for name, field in model.model_fields.items()
    ]


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
