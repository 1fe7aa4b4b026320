"""What a kind of fact is: its columns, of which type and unit, and its two times. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """What the values of a column are; only values of one type are compared."""

    TEXT = "text"
    ID = "id"
    DAY = "day"
    MOMENT = "moment"
    TRUTH = "truth"
    NUMBER = "number"


class Unit(StrEnum):
    """What a number counts; numbers of different units are neither compared, added nor divided.

    What is in `money` is in the currency that the fact names, and a `quantity` in its unit of measure: they
    are added up by currency, and by unit of measure.
    """

    COUNT = "count"
    DAYS = "days"
    MONEY = "money"
    QUANTITY = "quantity"
    POINTS = "points"


NAMED_BY: Mapping[Unit, str] = {Unit.MONEY: "currency", Unit.QUANTITY: "unit"}
"""The column that says in what a number is; each has a sum of its own."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind of fact."""

    name: str
    type: Type
    what: str
    unit: Unit | None = None
    """Of a number; None of everything else."""
    ours: bool = False
    """Whether it says a rule of ours, which no supplier is shown beside its facts."""


@dataclass(frozen=True)
class Kind:
    """A kind of fact, with all that a definition may name of it."""

    name: str
    what: str
    columns: tuple[Column, ...]
    happened: str
    """The day when it was so, which periods are of."""
    known: str
    """When it was known, in words: a moment of each fact, or of each of the events that it rests on."""
    events: Sequence[str]
    """The names of the events that it comes from."""
    key: tuple[str, ...]
    """The columns that together name a fact."""
    ours: bool = False
    """Whether no supplier is shown anything that is made of it."""

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Its columns by their names."""
        return {column.name: column for column in self.columns}


def text(name: str, what: str) -> Column:
    """Return a column of texts, such as a code."""
    return Column(name, Type.TEXT, what)


def day(name: str, what: str) -> Column:
    """Return a column of business days at the site."""
    return Column(name, Type.DAY, what)


def truth(name: str, what: str) -> Column:
    """Return a column of what is so or not."""
    return Column(name, Type.TRUTH, what)


def identity(name: str, what: str) -> Column:
    """Return a column of ids."""
    return Column(name, Type.ID, what)


def number(name: str, unit: Unit, what: str, *, ours: bool = False) -> Column:
    """Return a measure, in a unit."""
    return Column(name, Type.NUMBER, what, unit, ours)


SUPPLIER = identity("supplier_id", "The supplier; of one that was merged, the one that it is at present")
ORDER = (
    identity("order_id", "The order"),
    text("order_number", "The order's number"),
    text("site", "Where it is delivered"),
    text("business_unit", "Who buys"),
    text("currency", "ISO 4217, of the order"),
)
LINE = (
    Column("line_number", Type.NUMBER, "Of the order", Unit.COUNT),
    text("item", "What is bought"),
    text("category", "In which category that lies"),
    text("unit", "UN/ECE Recommendation 20, of quantities"),
)
SOURCE = (
    identity("event_id", "The event that it comes from"),
    text("event_type", "What that is"),
    Column("event_sequence", Type.NUMBER, "That event's number in its stream", Unit.COUNT),
    Column("known_at", Type.MOMENT, "When it was known"),
)
KNOWN_ON = day("known_on", "The day at the site on which it was known")
