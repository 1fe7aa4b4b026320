"""Numbers that are given once: a package's to one shipment in a year, a single thing's to one on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from procurement.shipments.rules.advising import AdvisedLine, Package
from purveyor.errors import ConflictError, FieldError

FREE_AFTER = timedelta(days=365)
"""For how long an SSCC names one package, from the day it was sent (GS1 General Specifications, 2.2.1)."""

Thing = tuple[str, str]
"""A single thing: what a line of an order calls it, and its serial number."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The shipment that a number was sent with."""

    shipment: str
    supplier_id: UUID

    def called_by(self, supplier_id: UUID) -> str:
        """Name it to its supplier; what others send nobody is told."""
        return self.shipment if supplier_id == self.supplier_id else "another shipment"


def taken_from(shipped_on: date) -> tuple[date, date]:
    """Return the first and the last day on which no package was sent under a number that is used anew."""
    return shipped_on - FREE_AFTER + timedelta(1), shipped_on + FREE_AFTER - timedelta(1)


def things(lines: Sequence[AdvisedLine], items: Mapping[tuple[UUID, int], str]) -> list[tuple[Thing, str]]:
    """Return the single things that an advice names, each with where; `items` are what its lines are of."""
    return [
        ((items[line.order_id, line.line_number], serial), f"/lines/{place}/serials/{nth}")
        for place, line in enumerate(lines)
        for nth, serial in enumerate(line.serials)
    ]


def check_given_once(
    supplier_id: UUID,
    packages: Sequence[Package],
    sent_packages: Mapping[str, Sent],
    named: Sequence[tuple[Thing, str]],
    under_way: Mapping[Thing, Sent],
) -> None:
    """Raise ConflictError naming the numbers of an advice that were given before."""
    problems = [
        *_of_packages(supplier_id, packages, sent_packages),
        *_of_things(supplier_id, named, under_way),
    ]
    if problems:
        raise ConflictError(
            "number_used",
            "The despatch advice names packages or single things that another was sent with.",
            errors=problems,
        )


def _of_packages(
    supplier_id: UUID, packages: Sequence[Package], sent: Mapping[str, Sent]
) -> Iterator[FieldError]:
    for place, package in enumerate(packages):
        if (by := sent.get(package.sscc)) is not None:
            why = f"{package.sscc} was used within a year, for {by.called_by(supplier_id)}"
            yield FieldError(f"/packages/{place}/sscc", why)


def _of_things(
    supplier_id: UUID, named: Sequence[tuple[Thing, str]], under_way: Mapping[Thing, Sent]
) -> Iterator[FieldError]:
    before: set[Thing] = set()
    for thing, pointer in named:
        if (by := under_way.get(thing)) is not None:
            yield FieldError(pointer, f"{thing[1]} is under way already, with {by.called_by(supplier_id)}")
        elif thing in before:
            yield FieldError(pointer, f"{thing[1]} is named before, of the same item")
        before.add(thing)
