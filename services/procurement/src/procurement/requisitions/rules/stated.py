"""What a requisition states: its lines, to what they are charged, and what of it cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from procurement.amounts.rules.lines import HUNDRED, exact_gross
from procurement.amounts.rules.spread import spread
from procurement.items.rules.units import units
from purveyor.decimals import shortest
from purveyor.errors import FieldError, InvalidError
from purveyor.money import round_amount

MOST_LINES = 200
MOST_ASSIGNMENTS = 50
LARGEST_AMOUNT = Decimal(10) ** 15
"""No requisition is worth as much; above it a typing error is certain."""


class LineKind(StrEnum):
    """What a line asks for."""

    ITEM = "item"
    FREE_TEXT = "free_text"
    SERVICE = "service"


class PriceSource(StrEnum):
    """Where an estimated price comes from."""

    ESTIMATE = "estimate"
    LAST_PAID = "last_paid"
    CATALOGUE = "catalogue"
    QUOTE = "quote"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Assignment:
    """To what a share of a line is charged."""

    cost_centre: str
    project: str | None
    share: Decimal
    """In percent; those of a line add up to 100."""

    @property
    def charged(self) -> tuple[str, str | None]:
        """What is charged."""
        return self.cost_centre, self.project


@dataclass(frozen=True, slots=True)
class LineContent:
    """What a line asks for, as its author states it, but for its number and its day."""

    kind: LineKind
    item: str | None
    description: str
    category: str
    quantity: Decimal
    unit: str
    site: str
    price: Decimal
    """Estimated, for `price_base_quantity` units, in the requisition's currency."""
    price_base_quantity: Decimal
    price_source: PriceSource
    supplier_id: UUID | None
    """Suggested; the buyer decides."""
    justification: str | None
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class NamedItem:
    """What a line says of the item that it names."""

    item: str
    category: str
    unit: str


@dataclass(frozen=True, slots=True)
class RequestedLine(LineContent):
    """A line as its author states it."""

    line_number: int
    need_by: date

    def named_item(self) -> NamedItem:
        """Return what it says of its item; of a line that names none, nothing that is one."""
        return NamedItem(self.item or "", self.category, self.unit)

    def amount(self, currency: str) -> Decimal:
        """Return what it is estimated to cost, rounded to the minor unit."""
        return round_amount(exact_gross(self.quantity, self.price, self.price_base_quantity), currency)


@dataclass(frozen=True, slots=True)
class Request:
    """A requisition as its author states it."""

    title: str
    business_unit: str
    currency: str
    justification: str | None
    requested_for: str | None
    lines: tuple[RequestedLine, ...]

    def content(self) -> dict[str, Any]:
        """Return what it states, by name."""
        return {name: getattr(self, name) for name in Request.__slots__}


@dataclass(frozen=True, slots=True)
class TemplateLine(LineContent):
    """A line of a template: it is needed so many days after the requisition is drafted."""

    line_number: int
    need_in_days: int


@dataclass(frozen=True, slots=True)
class Template:
    """What is needed again and again, as it was stated."""

    title: str
    business_unit: str
    currency: str
    justification: str | None
    lines: tuple[TemplateLine, ...]

    def request(self, today: date, need_by: date | None) -> Request:
        """Return what somebody requests with it today, needed by one day where that is said."""
        names = LineContent.__slots__
        lines = tuple(
            RequestedLine(
                line_number=line.line_number,
                need_by=need_by or today + timedelta(days=line.need_in_days),
                **{name: getattr(line, name) for name in names},
            )
            for line in self.lines
        )
        return Request(self.title, self.business_unit, self.currency, self.justification, None, lines)


def check_request(request: Request | Template) -> None:
    """Raise InvalidError naming all that a requisition, or a template of one, cannot say by itself."""
    if problems := list(_problems(request.lines, request.currency)):
        raise InvalidError("requisition_invalid", "The requisition breaks rules.", errors=problems)


def _problems(lines: Sequence[RequestedLine | TemplateLine], currency: str) -> Iterator[FieldError]:
    used = Counter(line.line_number for line in lines)
    total = Decimal(0)
    for index, line in enumerate(lines):
        at = f"/lines/{index}"
        if used[line.line_number] > 1:
            yield FieldError(f"{at}/line_number", f"line number {line.line_number} is used twice")
        if line.unit not in units():
            why = f"{line.unit!r} is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM"
            yield FieldError(f"{at}/unit", why)
        if line.kind == LineKind.ITEM and line.item is None:
            yield FieldError(f"{at}/item", "a line of the kind item names one")
        if line.kind != LineKind.ITEM and line.item is not None:
            yield FieldError(f"{at}/item", f"a line of the kind {line.kind} names none")
        exact = exact_gross(line.quantity, line.price, line.price_base_quantity)
        total += exact
        if exact >= LARGEST_AMOUNT:
            yield FieldError(f"{at}/price", f"the line would be worth {exact:.0f} {currency}")
        yield from _share_problems(f"{at}/assignments", line.assignments)
    if total >= LARGEST_AMOUNT:
        yield FieldError("/lines", f"the requisition would be worth {total:.0f} {currency}")


def _share_problems(at: str, assignments: Sequence[Assignment]) -> Iterator[FieldError]:
    whole = sum((one.share for one in assignments), Decimal(0))
    if whole != HUNDRED:
        yield FieldError(at, f"the shares add up to {shortest(whole)} %, not to 100 %")
    used = Counter(one.charged for one in assignments)
    for index, one in enumerate(assignments):
        if used[one.charged] > 1:
            yield FieldError(f"{at}/{index}/cost_centre", "the same is charged twice: add up its shares")


def check_needs(lines: Sequence[RequestedLine], today: Mapping[str, date]) -> None:
    """Raise InvalidError for what is needed on a day that is over at its site."""
    problems = [
        FieldError(f"/lines/{index}/need_by", f"lies before today, which is {today[line.site]} at the site")
        for index, line in enumerate(lines)
        if line.need_by < today[line.site]
    ]
    if problems:
        raise InvalidError("requisition_invalid", "The requisition breaks rules.", errors=problems)


def charged_amounts(amount: Decimal, assignments: Sequence[Assignment], currency: str) -> list[Decimal]:
    """Return what of a line's amount falls on each assignment; they add up to it.

    The last cents go to the largest remainders (Hamilton's method), of equal ones to the first named.
    """
    parts = spread(amount, {place: one.share for place, one in enumerate(assignments)}, currency)
    return [parts[place] for place in range(len(assignments))]
