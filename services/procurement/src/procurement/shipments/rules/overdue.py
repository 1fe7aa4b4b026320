"""What of an order line is overdue on a day: what was announced for before it, and what was promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a line is due by a day: a schedule of it, or all."""

    due_on: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an order of which more is to come, with its parts."""

    line_number: int
    parts: Sequence[Part]
    open_quantity: Decimal
    under_way_quantity: Decimal
    known_since: date | None = None
    """Of an order of another system: what was due before it came here, nobody here let fall due."""


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """How much of a line is under way with a shipment, and when that is expected."""

    shipment_id: UUID
    despatch_reference: str
    expected_on: date
    line_number: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Overdue:
    """What of a line should have come by a day and has not."""

    line_number: int
    due_on: date
    quantity: Decimal
    shipments: tuple[OnItsWay, ...] = ()


def overdue(line: OpenLine, shipments: Sequence[OnItsWay], today: date) -> list[Overdue]:
    """Return what of a line is overdue today, by the day that it was due on, the longest overdue first.

    What is under way is due on the day that its shipment is expected; what is open beside that on the day
    that counts as on time. The last day is not overdue yet (any hour of it counts).
    """
    due = [Overdue(line.line_number, one.expected_on, one.quantity, (one,)) for one in shipments]
    due += [Overdue(line.line_number, part.due_on, part.quantity) for part in _unannounced(line)]
    found = []
    for day, of_a_day in groupby(sorted(due, key=_day), key=_day):
        together = list(of_a_day)
        quantity = min(sum((one.quantity for one in together), NOTHING), line.open_quantity)
        if day < today and quantity > 0:
            shipped = tuple(one for late in together for one in late.shipments)
            found.append(Overdue(line.line_number, day, quantity, shipped))
    return found


def _day(late: Overdue) -> date:
    return late.due_on


def _unannounced(line: OpenLine) -> Iterator[Part]:
    """Yield what of each part is open and not under way.

    What has come fills the parts that were due first, and so does what is under way.
    """
    rest = max(line.open_quantity - line.under_way_quantity, NOTHING)
    for part in sorted(line.parts, key=lambda part: part.due_on, reverse=True):
        quantity = min(part.quantity, rest)
        rest -= quantity
        if quantity > 0 and (line.known_since is None or part.due_on >= line.known_since):
            yield Part(part.due_on, quantity)
