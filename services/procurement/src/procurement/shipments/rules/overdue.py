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

    What is open is due on the day that counts as on time. What of it is under way is due earlier where its
    shipment is expected earlier, and never later: an announced day excuses nothing. The last day is not
    overdue yet (any hour of it counts).
    """
    found = []
    for day, of_a_day in groupby(sorted(_due(line, shipments), key=_day), key=_day):
        together = list(of_a_day)
        if day < today:
            quantity = sum((one.quantity for one in together), NOTHING)
            shipped = tuple(one for late in together for one in late.shipments)
            found.append(Overdue(line.line_number, day, quantity, shipped))
    return found


def _day(late: Overdue) -> date:
    return late.due_on


def _due(line: OpenLine, shipments: Sequence[OnItsWay]) -> Iterator[Overdue]:
    """Yield all that is open of a line, each part by the day on which it is due.

    What is under way fills the parts that are due first, what is expected first before the rest.
    """
    coming = sorted(shipments, key=lambda one: one.expected_on)
    under_way = [(one, one.quantity) for one in reversed(coming)]
    for part in _open(line):
        rest = part.quantity
        while rest > 0 and under_way:
            shipment, left = under_way.pop()
            filled = min(rest, left)
            rest -= filled
            if left > filled:
                under_way.append((shipment, left - filled))
            due_on = shipment.expected_on
            if _is_known(line, part):
                due_on = min(part.due_on, due_on)
            yield Overdue(line.line_number, due_on, filled, (shipment,))
        if rest > 0 and _is_known(line, part):
            yield Overdue(line.line_number, part.due_on, rest)


def _is_known(line: OpenLine, part: Part) -> bool:
    return line.known_since is None or part.due_on >= line.known_since


def _open(line: OpenLine) -> list[Part]:
    """Return what of each part is open, the one that is due first first; what has come filled those."""
    rest, found = line.open_quantity, []
    for part in sorted(line.parts, key=lambda part: part.due_on, reverse=True):
        quantity = min(part.quantity, rest)
        rest -= quantity
        if quantity > 0:
            found.append(Part(part.due_on, quantity))
    return found[::-1]
