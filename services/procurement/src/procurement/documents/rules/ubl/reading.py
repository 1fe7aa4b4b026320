"""Values of elements, each of one kind; what is missing or wrong is named by its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Self

from lxml import etree
from pydantic import TypeAdapter, ValidationError

from procurement.documents.rules.ubl.names import WITHIN
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError
from procurement.fields import Price, Quantity, QuantityOrZero
from purveyor.days import Day
from purveyor.errors import detail_of
from purveyor.texts import Line, Prose, Reference

TIME_ZONE = re.compile(r"(Z|[+-][0-9]{2}:[0-9]{2})$")
"""Behind a day it says nothing that a business day needs (XML Schema 1.0, part 2, 3.2.9)."""
LINE_NUMBER = re.compile(r"0*([1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number of somebody or something, in a scheme: a code of ISO 6523 or of Peppol's list of addresses."""

    scheme: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Party:
    """Who a document says that somebody is."""

    endpoint: Identifier | None
    identifiers: tuple[Identifier, ...]
    name: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day of something; None where it is not said."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity and its unit (UN/ECE Recommendation 20)."""

    quantity: Decimal
    unit: str | None


class Part:
    """An element, and where it stands; what paths mean by their prefixes is its syntax's."""

    within: ClassVar[dict[str, str]] = WITHIN

    def __init__(self, element: etree._Element, path: str) -> None:
        self.element = element
        self.path = path

    def parts(self, path: str) -> Iterator[Self]:
        """Yield the elements at a path, such as `cac:OrderLine/cac:LineItem`."""
        for position, found in enumerate(self.element.findall(path, self.within), start=1):
            yield type(self)(found, f"{self.path}/{path}[{position}]")

    def part(self, path: str) -> Self | None:
        """Return the first element at a path; None where there is none."""
        found = self.element.find(path, self.within)
        return None if found is None else type(self)(found, f"{self.path}/{path}")

    def one(self, path: str) -> Self:
        """Return the element at a path; raises UnreadableError where there is none."""
        found = self.part(path)
        if found is None:
            raise UnreadableError(Unreadable.VALUE_MISSING, f"{self.path}/{path} is missing.")
        return found

    @property
    def text(self) -> str:
        """What it says, without the blanks around; nothing where it says nothing."""
        return (self.element.text or "").strip()

    def attribute(self, name: str) -> str | None:
        """Return an attribute; None where it says nothing."""
        value = self.element.get(name)
        return str(value).strip() or None if value is not None else None

    def reference(self, path: str) -> str | None:
        """Return somebody's key of something at a path."""
        found: str | None = self._optional(path, Reference)
        return found

    def needed(self, path: str) -> str:
        """Return a key that has to be there."""
        return str(self._needed(path, Reference))

    def line(self, path: str) -> str | None:
        """Return a line of text."""
        found: str | None = self._optional(path, Line)
        return found

    def prose(self, path: str) -> str | None:
        """Return a text of several lines; what more than one element says is joined."""
        said = "\n".join(part.text for part in self.parts(path) if part.text)
        return None if not said else str(self._read(f"{self.path}/{path}", said[:2000], Prose))

    def day(self, path: str) -> date | None:
        """Return a day."""
        found = self.part(path)
        if found is None or not found.text:
            return None
        read: date = self._read(found.path, TIME_ZONE.sub("", found.text), Day)
        return read

    def needed_day(self, path: str) -> date:
        """Return a day that has to be there."""
        found = self.day(path)
        if found is None:
            raise UnreadableError(Unreadable.VALUE_MISSING, f"{self.path}/{path} is missing.")
        return found

    def time_of_day(self, path: str) -> time | None:
        """Return a time of a day."""
        found = self.part(path)
        if found is None or not found.text:
            return None
        read: time = self._read(found.path, TIME_ZONE.sub("", found.text), time)
        return read

    def period(self, path: str) -> Period | None:
        """Return a period; None where it has neither end."""
        found = self.part(path)
        if found is None:
            return None
        first, last = found.day("cbc:StartDate"), found.day("cbc:EndDate")
        return None if first is last is None else Period(first, last)

    def measured(self, path: str, *, or_zero: bool = False) -> Measured | None:
        """Return a quantity with its unit."""
        found = self.part(path)
        if found is None or not found.text:
            return None
        quantity: Decimal = self._read(found.path, found.text, QuantityOrZero if or_zero else Quantity)
        return Measured(quantity, found.attribute("unitCode"))

    def price(self, path: str) -> Decimal | None:
        """Return a price."""
        found: Decimal | None = self._optional(path, Price)
        return found

    def line_number(self, path: str) -> int:
        """Return the number of a line, which is ours and has to be there."""
        found = self.one(path)
        number = LINE_NUMBER.fullmatch(found.text)
        if number is None:
            raise UnreadableError(
                Unreadable.VALUE_WRONG, f"{found.path} is {found.text[:40]!r}, not the number of a line."
            )
        return int(number[1])

    def identifier(self, path: str) -> Identifier | None:
        """Return an identifier with its scheme."""
        found = self.part(path)
        if found is None or not found.text:
            return None
        return Identifier(found.attribute("schemeID"), str(self._read(found.path, found.text, Reference)))

    def party(self, path: str) -> Party | None:
        """Return who somebody is."""
        found = self.part(f"{path}/cac:Party")
        if found is None:
            return None
        numbers = (one.identifier("cbc:ID") for one in found.parts("cac:PartyIdentification"))
        legal = found.identifier("cac:PartyLegalEntity/cbc:CompanyID")
        return Party(
            found.identifier("cbc:EndpointID"),
            tuple(dict.fromkeys(number for number in (*numbers, legal) if number is not None)),
            found.line("cac:PartyLegalEntity/cbc:RegistrationName") or found.line("cac:PartyName/cbc:Name"),
        )

    def _optional(self, path: str, kind: Any) -> Any:
        found = self.part(path)
        return None if found is None or not found.text else self._read(found.path, found.text, kind)

    def _needed(self, path: str, kind: Any) -> Any:
        found = self.one(path)
        if not found.text:
            raise UnreadableError(Unreadable.VALUE_MISSING, f"{found.path} says nothing.")
        return self._read(found.path, found.text, kind)

    def _read(self, path: str, text: str, kind: Any) -> Any:
        try:
            return _adapter(kind).validate_strings(text)
        except ValidationError as error:
            why = detail_of(dict(error.errors(include_url=False)[0]))
            raise UnreadableError(Unreadable.VALUE_WRONG, f"{path} is {text[:40]!r}: {why}.") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
